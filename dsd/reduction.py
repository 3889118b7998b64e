"""What is fast in a network, and the slow quantities that are left when it is taken to be in equilibrium.

In: a network. Out: a :class:`Reduction`. Three things are fast in a compiled network, and all of them are found in its
reactions, not in the network it was compiled from:

- *loading*: a strand and its reverse strand change places with the gates, even exchange in equilibrium
  (:mod:`dsd.quasi`). What is left of it are the sum of the strands and the number of places of each kind;
- *intermediates*: what stands in the middle of a join or a fork is used up by fuels. They enter every reaction one at
  a time, so their steady state solves linear equations in the other concentrations (elimination of a noninteracting
  set: Feliu and Wiuf, SIAM J. Appl. Math. 72:959, 2012);
- what is *in flight* in them is small but not nothing. Each intermediate counts as what it will become (or, where it
  can still go back, what it came from), so quantities are totals that only slow steps change: the total
  quasi-steady-state (Borghans, de Boer and Segel, Bull. Math. Biol. 58:43, 1996). A translator on its way to its fork
  is already its products, and the delay of a fork is accounted for to first order.

What is fast lags a little behind what is slow; that is corrected for to first order (:mod:`dsd.reduced_lift`), so with
``s`` the ratio of fast to slow times, the error is O(s^2). Nothing is corrected for the first moments after a dose.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from dsd.chain import Exchange, sides
from dsd.errors import InputError
from dsd.network import Network, Reaction, Threshold
from dsd.quasi import exchanges
from dsd.turnover import turnover

Amounts = Mapping[int, int]
"""Quantity -> how often."""


@dataclass(frozen=True, eq=False)
class Reduction:
    """Fast parts of ``network`` and what is left of it.

    ``exchanges`` are in equilibrium; ``blocks`` are groups of intermediates that turn into each other, ``outcomes``
    what each intermediate counts as, in quantities. Quantities are numbered: first the ``plain`` species, then for each
    exchange its strands and each kind of its places. ``reactions`` are those that are no exchange.
    """

    network: Network
    exchanges: tuple[Exchange, ...]
    blocks: tuple[tuple[str, ...], ...]
    outcomes: tuple[tuple[str, Amounts], ...]
    plain: tuple[str, ...]
    reactions: tuple[Reaction, ...]

    @cached_property
    def size(self) -> int:
        """Number of quantities."""
        return len(self.plain) + sum(1 + len(e.places) for e in self.exchanges)

    @cached_property
    def intermediates(self) -> frozenset[str]:
        """All species that are eliminated for being intermediates."""
        return frozenset(n for block in self.blocks for n in block)

    @cached_property
    def quantities(self) -> dict[str, tuple[int, ...]]:
        """The quantities that each species which is no intermediate counts in."""
        return _quantities(self.plain, self.exchanges)

    def change(self, r: Reaction) -> dict[int, int]:
        """What a firing of ``r`` does to the quantities; nothing for a step that is on the way anyway."""
        return _change(r, self.quantities, dict(self.outcomes))

    @cached_property
    def slow(self) -> tuple[Reaction, ...]:
        """The reactions that change a quantity."""
        return tuple(r for r in self.reactions if self.change(r))

    def lag(self) -> float:
        """The longest mean life of an intermediate, with the initial amounts of what consumes it (time units).

        Rates that feed on it are late by about as much.
        """
        rates = drains(self.network, self.intermediates)
        return max((1 / rates[n] for n in self.intermediates), default=0.0)


def reduction(network: Network) -> Reduction:
    """Find what is fast in ``network``. Raises :class:`InputError` if nothing is."""
    found = exchanges(network)
    fast = {side for e in found for side in sides(e)}
    left = tuple(r for r in network.reactions if (tuple(sorted(r.reactants)), tuple(sorted(r.products))) not in fast)
    members = {n for e in found for place in e.places for n in place}
    chosen = _noninteracting(left, _candidates(network, members), drains(network, frozenset()))
    chosen = _leaving(left, chosen)
    plain = tuple(n for n in network.names if n not in members and n not in chosen)
    if not found and not chosen:
        raise InputError(
            "this network has no fast exchange and no intermediates to eliminate; use another method than reduced"
        )
    outcomes = _outcomes(left, chosen, _quantities(plain, found))
    return Reduction(network, found, _blocks(left, list(outcomes)), tuple(outcomes.items()), plain, left)


def drains(network: Network, among: Iterable[str]) -> dict[str, float]:
    """The rate per molecule at which each species is used up by what is there at the start and what is dosed.

    Of ``among`` none counts as there.
    """
    amount = {s.name: s.initial for s in network.species}
    for d in network.doses:
        amount[d.species] += d.amount
    amount |= dict.fromkeys(among, 0.0)
    return turnover(network.reactions, amount)


def _candidates(network: Network, members: set[str]) -> list[str]:
    """What may be an intermediate: not there at the start, no signal, not dosed or watched, and used up by a fuel."""
    seen = {d.species for d in network.doses}
    seen |= {n for d in network.doses if isinstance(d.at, Threshold) for n in d.at.species}
    fuelled = replace(network, reactions=tuple(r for r in network.reactions if r.order > 1))
    rate = drains(fuelled, ())
    return [
        s.name
        for s in network.species
        if s.initial == 0 and s.role != "signal" and s.name not in members | seen and rate[s.name] > 0
    ]


def _noninteracting(reactions: Iterable[Reaction], names: list[str], rate: Mapping[str, float]) -> list[str]:
    """Of candidates that meet in a reaction or come from one together, the fastest."""
    kept = dict.fromkeys(names)
    for r in reactions:
        for side in (r.reactants, r.products):
            met = sorted((n for n in side if n in kept), key=lambda n: -rate[n])
            for name in met if len(set(met)) < len(met) else met[1:]:
                kept.pop(name, None)
    return list(kept)


def _leaving(reactions: tuple[Reaction, ...], names: list[str]) -> list[str]:
    """Those from which some way leads out."""
    reached = set(_distances(reactions, names))
    return [n for n in names if n in reached]


def _distances(reactions: tuple[Reaction, ...], names: Iterable[str]) -> dict[str, tuple[Reaction, str | None]]:
    """For each intermediate the first reaction of a shortest way out, and the intermediate that it leads to, if any.

    Nearest first, so each one's next is listed before it.
    """
    chosen = dict.fromkeys(names)
    arcs = [(a, b, r) for r in reactions for a in r.reactants if a in chosen for b in (_one(r.products, chosen),)]
    found: dict[str, tuple[Reaction, str | None]] = {}
    while True:
        near = {a: (r, b) for a, b, r in reversed(arcs) if a not in found and r.k > 0 and (b is None or b in found)}
        if not near:
            return found
        found |= near


def _one(names: Iterable[str], chosen: Mapping[str, None]) -> str | None:
    return next((n for n in names if n in chosen), None)


def _outcomes(
    reactions: tuple[Reaction, ...], chosen: list[str], quantities: Mapping[str, tuple[int, ...]]
) -> dict[str, Amounts]:
    """What each intermediate counts as: the net effect of a shortest way out on the quantities."""
    found: dict[str, Amounts] = {}
    for name, (r, _) in _distances(reactions, chosen).items():
        found[name] = _change(r, quantities, found | {name: {}})
    return found


def _change(r: Reaction, quantities: Mapping[str, tuple[int, ...]], outcomes: Mapping[str, Amounts]) -> dict[int, int]:
    change: Counter[int] = Counter()
    for name, n in r.net().items():
        counts = outcomes[name] if name in outcomes else dict.fromkeys(quantities[name], 1)
        for q, times in counts.items():
            change[q] += n * times
    return {q: n for q, n in sorted(change.items()) if n}


def _quantities(plain: tuple[str, ...], found: tuple[Exchange, ...]) -> dict[str, tuple[int, ...]]:
    numbers: dict[str, tuple[int, ...]] = {n: (i,) for i, n in enumerate(plain)}
    strands = len(plain)
    for e in found:
        for place, (partner, strand) in enumerate(e.places, start=strands + 1):
            numbers[partner], numbers[strand] = (place,), (strands, place)
        strands += 1 + len(e.places)
    return numbers


def _blocks(reactions: tuple[Reaction, ...], chosen: list[str]) -> tuple[tuple[str, ...], ...]:
    """Groups of intermediates that turn into each other, those nearest a way out first."""
    group = {n: i for i, n in enumerate(chosen)}
    for r in reactions:
        met = sorted({group[n] for n in r.species if n in group})
        if len(met) > 1:
            group = {n: met[0] if g in met else g for n, g in group.items()}
    return tuple(tuple(n for n in chosen if group[n] == g) for g in sorted(set(group.values())))
