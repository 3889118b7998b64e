"""Accelerated stochastic simulation: fast, even exchange of strands is taken to be in equilibrium.

In: a network. Out: the :class:`~dsd.chain.Exchange` list that may be left out of its chain.

In a compiled network nearly all events are one strand loading onto a gate and coming off again, ``gate + signal <->
loaded + reverse`` at one rate constant both ways, with gate and reverse strand in excess. Such an exchange moves
nothing but labels: each place (free in solution, or in a gate) holds either a signal or a reverse strand, and all
arrangements are equally likely. So its equilibrium is a multivariate hypergeometric law with known factorial moments,
and the slow reactions can be simulated with their propensities averaged over it: the slow-scale approximation (Cao,
Gillespie and Petzold, J. Chem. Phys. 122, 014116, 2005), here with an equilibrium that is exact. It becomes exact as
the exchange becomes fast beside what changes it; :func:`separation` measures by how much it is.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from dsd.chain import Exchange, sides
from dsd.network import Network, Reaction
from dsd.turnover import turnover

RATIO = 20.0
"""An exchange is left out if it relaxes at least so many times faster than any slow reaction drains one of its species.

In compiled networks the loading of a gate is 100 to 10,000 times faster; the later steps are no faster than what
follows them.
"""


@dataclass(frozen=True, slots=True)
class _Pair:
    """``bare + strand <-> loaded + partner``, at ``k`` both ways."""

    strand: str
    partner: str
    bare: str
    loaded: str
    k: float

    @property
    def species(self) -> tuple[str, ...]:
        return self.strand, self.partner, self.bare, self.loaded

    def relaxation(self, amount: Mapping[str, float]) -> float:
        """The rate at which what stands in a gate changes places."""
        return self.k * (amount[self.strand] + amount[self.partner])


def exchanges(network: Network, ratio: float = RATIO) -> tuple[Exchange, ...]:
    """The exchanges of ``network`` that are at least ``ratio`` times faster than what drains their species.

    Judged by the highest concentrations known beforehand: the initial ones with all doses added. Where two share a gate
    the one with more of it goes first.
    """
    amount = {s.name: s.initial for s in network.species}
    for d in network.doses:
        amount[d.species] += d.amount
    pairs, before = _exclusive(_pairs(network.reactions), amount), -1
    while len(pairs) != before:
        before, drained = len(pairs), _drained(network, pairs, amount)
        pairs = [p for p in pairs if p.relaxation(amount) > 0 and _ratio(p, drained, amount) >= ratio]
    return _grouped(pairs)


def separation(network: Network, found: Sequence[Exchange], *amounts: Mapping[str, float]) -> float:
    """How many times faster the slowest of the exchanges relaxes than a slow reaction drains one of its species.

    The least at any of the concentrations ``amounts``; infinite where nothing is drained. Rates that feed on the
    exchange are off by about one part in so many.
    """
    mine = {(e.strand, e.partner, *gate) for e in found for gate in e.gates}
    pairs = [p for p in _pairs(network.reactions) if p.species in mine]
    drains = [_drained(network, pairs, amount) for amount in amounts if pairs]
    ratios = (_ratio(p, drained, a) for drained, a in zip(drains, amounts, strict=False) for p in pairs)
    return min(ratios, default=math.inf)


def _ratio(p: _Pair, drained: Mapping[str, float], amount: Mapping[str, float]) -> float:
    most = max(drained[name] for name in p.species)
    return p.relaxation(amount) / most if most > 0 else math.inf


def _drained(network: Network, pairs: Sequence[_Pair], amount: Mapping[str, float]) -> dict[str, float]:
    """The rate per molecule at which reactions other than those of ``pairs`` consume each species."""
    fast = {side for e in _grouped(pairs) for side in sides(e)}
    return turnover((r for r in network.reactions if (_sorted(r.reactants), _sorted(r.products)) not in fast), amount)


def _pairs(reactions: Iterable[Reaction]) -> list[_Pair]:
    """Even exchanges. Which two species are the strands is told by how many pairs share them."""
    found: dict[tuple[tuple[str, ...], tuple[str, ...]], list[Reaction]] = {}
    for r in reactions:
        if len(r.reactants) == len(r.products) == 2 and len(r.species) == 4:
            found.setdefault((_sorted(r.reactants), _sorted(r.products)), []).append(r)
    even = [
        forward[0]
        for (before, after), forward in found.items()
        if before < after
        and len(forward) == 1
        and [r.k for r in forward] == [r.k for r in found.get((after, before), ())]
    ]
    shared = Counter(_sorted((x, y)) for r in even for x in r.reactants for y in r.products)
    return [_oriented(r, shared) for r in even]


def _oriented(r: Reaction, shared: Counter[tuple[str, ...]]) -> _Pair:
    """Of equals the last of the reactants and of the products are the strands, as compiled networks write them."""
    candidates = [(x, y) for x in reversed(r.reactants) for y in reversed(r.products)]
    strand, partner = max(candidates, key=lambda pair: shared[_sorted(pair)])
    bare, loaded = (next(n for n in side if n not in (strand, partner)) for side in (r.reactants, r.products))
    if strand < partner:
        return _Pair(strand, partner, bare, loaded, r.k)
    return _Pair(partner, strand, loaded, bare, r.k)


def _exclusive(pairs: list[_Pair], amount: Mapping[str, float]) -> list[_Pair]:
    """Pairs in which every species has one part to play: a strand of one exchange or a gate of one pair."""
    part: dict[str, tuple[str, ...]] = {}
    kept = []
    for p in sorted(pairs, key=lambda p: -max(amount[p.bare], amount[p.loaded])):
        key = (p.strand, p.partner)
        parts = dict(zip(p.species, (("s", *key), ("p", *key), p.species, p.species), strict=True))
        if all(part.get(name, wanted) == wanted for name, wanted in parts.items()):
            part |= parts
            kept.append(p)
    chosen = set(kept)
    return [p for p in pairs if p in chosen]


def _grouped(pairs: Iterable[_Pair]) -> tuple[Exchange, ...]:
    gates: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for p in pairs:
        gates.setdefault((p.strand, p.partner), []).append((p.bare, p.loaded))
    return tuple(Exchange(strand, partner, tuple(g)) for (strand, partner), g in gates.items())


def _sorted(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(names))
