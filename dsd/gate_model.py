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

    def __init__(self, options: Lowering) -> None:
        rates, t, long = profile(options.profile), options.toehold_nt, options.long_nt
        self.o = options
        self.kf = self.kr = per_nM(rates.exchange(t, t, long))
        self.kd = per_nM(rates.displacement(t, long))
        self.kh = self.kd if scheme(options.scheme).irreversible else self.kf
        self.k0 = per_nM(rates.toeless)
        self.bound = self.kf / (self.kr * options.reverse_nM)

    def rate(self, g: Gate) -> float:
        """Rate constant on free signals, nM^(1-n)/s."""
        if g.kind == "source":
            return self.k0 * g.gate * g.helper
        upstream = self.bound ** (g.reaction.order - 1)
        if g.kind != "join":
            return g.gate * upstream * self.kd * (2 if g.mirror else 1)
        return g.gate * upstream * self.kf * self._flux(g.helper)

    def _flux(self, helper: float) -> float:
        """The part of the inputs that go on with the helper rather than back."""
        return self.kh * helper / (self.kr * self.o.reverse_nM + self.kh * helper)

    def _balance(self, through: float) -> float:
        """The J = H with ``J * flux(H) = through``: the slow join with the most firings in it."""
        half = through / 2
        return half + math.sqrt(half * half + through * self.kr * self.o.reverse_nM / self.kh)

    def size(self, g: Gate, free: dict[str, float]) -> None:
        """Choose the gate's concentrations for the current free fractions, and note its loads."""
        g.wanted = g.target / math.prod(free[x] for x in g.reaction.reactants)
        g.gate, g.helper = 1.0, {"join": self.o.helper_nM, "source": self.o.initiator_nM}.get(g.kind, 0.0)
        g.gate = g.wanted / per_gate if (per_gate := self.rate(g)) else 0.0
        if g.kind == "annihilator" and self.o.annihilator_gate_nM is not None:
            g.gate = self.o.annihilator_gate_nM
        if g.kind == "join" and 0 < g.gate < self.o.min_gate_nM:
            through = g.gate * self._flux(g.helper)
            plenty = max(g.gate, min(self.o.min_gate_nM, self._balance(through)))
            flux = through / plenty
            g.gate, g.helper = plenty, flux / (1 - flux) * self.kr * self.o.reverse_nM / self.kh
        g.loads = self._loads(g)

    def _loads(self, g: Gate) -> tuple[tuple[str, float], ...]:
        if g.kind in ("source", "sink"):
            return ()
        load = g.gate * self.bound
        if g.kind == "join" and g.reaction.order == 1:
            load = g.gate * self.kf / (self.kr * self.o.reverse_nM + self.kh * g.helper)
        return tuple((x, load) for x in g.reaction.reactants[: 2 if g.mirror else 1])

    def scarce(self, g: Gate) -> bool:
        """Whether a gate without outputs is so slow that it would run out; a join can be slow and plentiful."""
        given = g.kind == "annihilator" and self.o.annihilator_gate_nM is not None
        return g.kind in ("annihilator", "sink") and not given and 0 < g.gate < self.o.min_gate_nM
