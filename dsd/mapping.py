"""Technology mapping: which concentrations make gates run at the rates a network asks for.

In: a network and a :class:`Lowering`. Out: a :class:`Mapping`, one record a reaction and one free fraction a species.

Target rates are on total concentrations, so a gate must run at the target over the free fractions of its reactants
(:mod:`dsd.gate_model`); since free fractions depend on gates, both are solved together by fixed point.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, replace

from dsd.errors import InputError, MappingError
from dsd.gate_model import Gate, Model
from dsd.lowering import Lowering
from dsd.network import NANOMOLAR, Network, Reaction, describe

__all__ = ["Lowering", "Mapped", "Mapping", "solve"]


@dataclass(frozen=True, slots=True)
class Mapped:
    """How one reaction is met: ``target`` and ``achieved`` rate constants on totals, in nM^(1-n)/s.

    ``kind`` is join, annihilator, sink or source. ``gate_nM`` is each gate's concentration (``mirror``: there are
    two), ``helper_nM`` the helper's or initiator's (0: none), ``fork_nM`` the fork's (0: none). ``loads`` says how much
    of a signal its gates hold, relative to what is free.
    """

    index: int
    text: str
    kind: str
    mirror: bool
    target: float
    achieved: float
    gate_nM: float
    helper_nM: float
    fork_nM: float
    loads: tuple[tuple[str, float], ...] = ()

    @property
    def residual(self) -> float:
        """achieved / target - 1; 0 where both vanish."""
        return self.achieved / self.target - 1 if self.target else 0.0


@dataclass(frozen=True)
class Mapping:
    """The solved mapping: a record per reaction, and the free fraction of every species."""

    records: tuple[Mapped, ...]
    free: tuple[tuple[str, float], ...]

    def free_fraction(self, name: str) -> float:
        """Free signal over total, at rest."""
        return dict(self.free)[name]


def solve(network: Network, options: Lowering) -> Mapping:
    """Concentrations for every reaction of ``network``.

    Raises :class:`MappingError` where a gate would exceed ``max_gate_nM`` or sequestration grows without bound.
    """
    check_units(network, options)
    network = ordered(network, options)
    model = Model(options, {s.name: s.role for s in network.species})
    gates = [_plan(network, i, r, options) for i, r in enumerate(network)]
    free = _settle(network, gates, model)
    scarce = [g for g in gates if model.scarce(g)]
    for g in scarce:
        g.kind, g.mirror = "join", False
    if scarce:
        free = _settle(network, gates, model)
    _check_amounts(gates, options)
    return Mapping(tuple(_record(g, model, free) for g in gates), tuple(free.items()))


def ordered(network: Network, options: Lowering) -> Network:
    """The network with its species in the order gates bind and release them.

    A join binds a clock species last, which is then only in flight; a fork releases it first, or it would be away for
    as long as the fork takes. Of two inputs the one of the larger pool comes first: at the same rate it has more gates.
    Of three or more, the first is held back in proportion to the pool of the second: so the first is the one in the
    fewest such reactions, and the second has the smallest pool.
    """
    role = {s.name: s.role for s in network.species}
    uses = Counter(name for r in network if r.products and r.order > 2 for name in set(r.reactants))

    def joined(r: Reaction) -> Reaction:
        products = sorted(r.products, key=lambda name: role[name] != "clock")
        clock = tuple(x for x in r.reactants if role[x] == "clock")
        rest = sorted((x for x in r.reactants if role[x] != "clock"), key=lambda x: -options.pool(role[x]))
        if len(rest) > 2:
            first = min(rest, key=lambda x: uses[x])
            rest.remove(first)
            rest = [first, *reversed(rest)]
        return replace(r, reactants=(*rest, *clock), products=tuple(products))

    return replace(network, reactions=tuple(joined(r) if r.products else r for r in network.reactions))


def _settle(network: Network, gates: list[Gate], model: Model) -> dict[str, float]:
    """Size all gates and find the free fractions they leave: a fixed point, approached from nothing bound."""
    free = dict.fromkeys(network.names, 1.0)
    for _ in range(2000):
        for gate in gates:
            model.size(gate, free)
        updated = _free_fractions(network, gates)
        change = max((abs(updated[x] - free[x]) / free[x] for x in free), default=0.0)
        free = updated
        if change < 1e-13 or any(g.gate > 100 * model.o.max_gate_nM for g in gates):
            return free
    raise MappingError("sequestration and gate amounts do not settle; lower the rates or raise unit_s")


def check_units(network: Network, options: Lowering) -> None:
    """A network in nM and s takes no conversion; any other must be unitless."""
    scaled = options.unit_nM != 1.0 or options.unit_s != 1.0
    if network.units == NANOMOLAR and scaled:
        raise InputError("the network is in nM and s already; set unit_nM and unit_s to 1")
    unknown = [x for x in options.dosed if x not in network.index]
    if unknown:
        raise InputError(f"dosed names {', '.join(unknown)}, no species of the network; correct the names")


def _plan(network: Network, index: int, r: Reaction, options: Lowering) -> Gate:
    """What gate a reaction needs, and its rate constant in nM^(1-n)/s."""
    if not r.reactants and not r.products:
        raise InputError(f"reaction {index} is empty; remove it")
    target = r.k / (options.unit_nM ** (r.order - 1) * options.unit_s)
    kind = "join" if r.products else ("sink" if r.order == 1 else "annihilator")
    if not r.reactants:
        kind = "source"
    pair = kind == "annihilator" and r.order == 2 and len(set(r.reactants)) == 2
    mirror = pair and len({network.species[network.index[x]].role for x in r.reactants}) == 1
    return Gate(index, r, kind, mirror, target)


def _free_fractions(network: Network, gates: list[Gate]) -> dict[str, float]:
    load = dict.fromkeys(network.names, 0.0)
    for gate in gates:
        for x, amount in gate.loads:
            load[x] += amount
    return {x: 1.0 / (1.0 + amount) for x, amount in load.items()}


def _check_amounts(gates: list[Gate], options: Lowering) -> None:
    worst = max(gates, key=lambda g: g.gate, default=None)
    if worst is None or worst.gate <= options.max_gate_nM:
        return
    name, remedy = f"reaction {worst.index} ({describe(worst.reaction)})", "lower its rate or raise unit_s"
    if worst.kind == "annihilator":
        remedy += ", or set annihilator_gate_nM and take the rate it gives"
    if worst.gate > 100 * options.max_gate_nM:
        fact = f"cannot run this fast with any amount of its {worst.kind}, which holds back its inputs"
        raise MappingError(f"{name} {fact}; {remedy}")
    fact = f"needs {worst.gate:.4g} nM of its {worst.kind}, more than max_gate_nM = {options.max_gate_nM:g}"
    raise MappingError(f"{name} {fact}; {remedy}, or raise max_gate_nM")


def _record(g: Gate, model: Model, free: dict[str, float]) -> Mapped:
    achieved = model.rate(g) * math.prod(free[x] for x in g.reaction.reactants)
    fork = model.o.fork(g.reaction.stage) if g.kind == "join" else 0.0
    text = describe(g.reaction)
    return Mapped(g.index, text, g.kind, g.mirror, g.target, achieved, g.gate, g.helper, fork, g.loads)
