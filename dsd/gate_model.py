"""Closed forms of gates: the rate constant a gate has, and the signal it holds back.

Closed forms (kf, kr rates of the exchanges forward and back, kd of irreversible steps, kh of the helper's step; E
reverse strand, J gate, H helper; all pools taken as constant):

- join of n inputs: ``k = J (kf / kr E)^(n-1) kf kh H / (kr E + kh H)``;
- annihilator of n >= 2 inputs: ``k = J (kf / kr E)^(n-1) kd``; the two gates of a mirror pair give half each;
- sink: ``k = J kd``;
- source: ``k = k0 [source] [initiator]``.

A species is held back by the gates that list it first, each with a load of ``kf J / kr E``, or of
``kf J / (kr E + kh H)`` for a join of one input; a sink holds nothing back. Its free fraction is
``1 / (1 + sum of loads)``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from dsd.lowering import Lowering
from dsd.network import Reaction
from dsd.rates import per_nM, profile
from dsd.schemes import scheme


@dataclass(slots=True)
class Gate:
    """A reaction on its way to a :class:`Mapped`; ``target`` is on totals, ``wanted`` on free signals."""

    index: int
    reaction: Reaction
    kind: str
    mirror: bool
    target: float
    wanted: float = 0.0
    gate: float = 0.0
    helper: float = 0.0
    loads: tuple[tuple[str, float], ...] = field(default=())


class Model:
    """The closed forms of the module, for one set of options."""

    def __init__(self, options: Lowering, roles: Mapping[str, str]) -> None:
        rates, t, long = profile(options.profile), options.toehold_nt, options.long_nt
        self.o = options
        self.kf = self.kr = per_nM(rates.exchange(t, t, long))
        self.kd = per_nM(rates.displacement(t, long))
        self.kh = self.kd if scheme(options.scheme).irreversible else self.kf
        self.k0 = per_nM(rates.toeless)
        self._least = dict(options.least)
        self._pool = {name: options.pool(role) for name, role in roles.items()}

    def bound(self, species: str) -> float:
        """Inputs bound per gate and free input, at rest: ``kf / (kr E)``, 1/nM."""
        return self.kf / (self.kr * self._pool[species])

    def rate(self, g: Gate) -> float:
        """Rate constant on free signals, nM^(1-n)/s."""
        if g.kind == "source":
            return self.k0 * g.gate * g.helper
        upstream = math.prod(self.bound(x) for x in g.reaction.reactants[:-1])
        if g.kind != "join":
            return g.gate * upstream * self.kd * (2 if g.mirror else 1)
        return g.gate * upstream * self.kf * self._flux(g)

    def _last(self, g: Gate) -> float:
        """The helper concentration at which half of the last inputs go on rather than back."""
        return self.kr * self._pool[g.reaction.reactants[-1]] / self.kh

    def _flux(self, g: Gate) -> float:
        """The part of the inputs that go on with the helper rather than back."""
        return g.helper / (self._last(g) + g.helper)

    def _balance(self, through: float, last: float) -> float:
        """The J = H with ``J * flux(H) = through``: the slow join with the most firings in it."""
        half = through / 2
        return half + math.sqrt(half * half + through * last)

    def _lasting(self, g: Gate) -> float:
        """Least amount of the gate (nM), so that it does not run out: for its stage, and for its own firings."""
        return max(self.o.least_gate(g.reaction.stage), self._least.get(g.index, 0.0))

    def _enlarge(self, g: Gate) -> None:
        """More gate and less helper at the same rate, where the gate alone would run down."""
        through, last = g.gate * self._flux(g), self._last(g)
        least = max(self._lasting(g), self.o.slow_load / self.bound(g.reaction.reactants[0]))
        if not 0 < g.gate < least:
            return
        g.gate = max(g.gate, min(least, self._balance(through, last)))
        flux = through / g.gate
        g.helper = flux / (1 - flux) * last

    def size(self, g: Gate, free: dict[str, float]) -> None:
        """Choose the gate's concentrations for the current free fractions, and note its loads."""
        g.wanted = g.target / math.prod(free[x] for x in g.reaction.reactants)
        g.gate, g.helper = (
            1.0,
            {"join": self.o.helper(g.reaction.stage), "source": self.o.initiator_nM}.get(g.kind, 0.0),
        )
        if g.kind == "join":
            g.helper = max(g.helper, self.o.helper_ratio * self._last(g))
        g.gate = g.wanted / per_gate if (per_gate := self.rate(g)) else 0.0
        if g.kind == "annihilator" and self.o.annihilator_gate_nM is not None:
            g.gate = self.o.annihilator_gate_nM
        if g.kind == "join":
            self._enlarge(g)
        g.loads = self._loads(g)

    def _loads(self, g: Gate) -> tuple[tuple[str, float], ...]:
        if g.kind in ("source", "sink"):
            return ()
        held = g.reaction.reactants[: 2 if g.mirror else 1]
        if g.kind == "join" and g.reaction.order == 1:
            return ((held[0], g.gate * self.kf / (self.kh * (self._last(g) + g.helper))),)
        return tuple((x, g.gate * self.bound(x)) for x in held)

    def scarce(self, g: Gate) -> bool:
        """Whether a gate without outputs is so slow that it would run out; a join can be slow and plentiful."""
        least = max(self.o.min_gate_nM, self._least.get(g.index, 0.0))
        given = g.kind == "annihilator" and self.o.annihilator_gate_nM is not None
        return g.kind in ("annihilator", "sink") and not given and 0 < g.gate < least
