"""Propensities laid out for exact sampling: partial propensities in sum trees, one tree for each hub.

In: the propensity of each reaction as a :class:`Product` of integer quantities, and the changes each makes to them.
Out: a :class:`Plan`, the arrays that :mod:`dsd.ssa` walks.

Hub species (a clock, a common strand) take part in hundreds of reactions, whose propensities would all change with
every event. So a propensity is kept as ``hub * partial``, where the partial does not depend on the hub: all partials
of a hub stand in one tree, and a change of the hub touches only its total (partial propensities after Ramaswamy,
González-Segredo and Sbalzarini, J. Chem. Phys. 130, 244104, 2009). A tree of the totals chooses the hub. Trees are
summed from their leaves at each change, so no rounding error builds up and no propensity that should be zero is not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Hub = tuple[int, int]
"""A quantity, and the quantity it is divided by (-1: by none)."""

NO_HUB: Hub = (-1, -1)


@dataclass(frozen=True, slots=True)
class Product:
    """``coefficient * prod(q[i] - off for (i, off) in over) / prod(q[i] - off for (i, off) in under)``.

    A factor that is not positive makes it zero. ``hubs`` are the factors with offset 0 that can be taken out as a hub.
    """

    coefficient: float
    over: tuple[tuple[int, int], ...] = ()
    under: tuple[tuple[int, int], ...] = ()
    hubs: tuple[Hub, ...] = ()

    def without(self, hub: Hub) -> Product:
        """What is left when ``hub`` is taken out."""
        if hub == NO_HUB:
            return self
        over, under = list(self.over), list(self.under)
        over.remove((hub[0], 0))
        if hub[1] >= 0:
            under.remove((hub[1], 0))
        return Product(self.coefficient, tuple(over), tuple(under))

    @property
    def quantities(self) -> tuple[int, ...]:
        """Every quantity it depends on, once."""
        return tuple(dict.fromkeys(i for i, _ in self.over + self.under))


class Products(NamedTuple):
    """Products end to end: ``k`` (P,); factors ``*_idx``, ``*_off`` of each from ``*_ptr`` (P+1,)."""

    k: Floats
    over_ptr: Ints
    over_idx: Ints
    over_off: Ints
    under_ptr: Ints
    under_idx: Ints
    under_off: Ints


class Plan(NamedTuple):
    """Arrays for R reactions in G groups, a group being the reactions of one hub.

    ``partials`` (R products); ``group``, ``leaf`` (R,) a reaction's group and where its partial stands; ``base``,
    ``width`` (G,) where a group's tree begins and how many leaves it has (node n has the children 2 n and 2 n + 1, the
    root is 1); ``members`` from ``first`` (G,) the reactions by leaf;
    ``hub``, ``hub_under`` (G,) quantities (-1: none). A firing of reaction j changes quantities ``net_idx`` by
    ``net_val``, and with them the partials ``dep_idx`` and the totals of groups ``tot_idx``.
    """

    partials: Products
    group: Ints
    leaf: Ints
    base: Ints
    width: Ints
    first: Ints
    members: Ints
    hub: Ints
    hub_under: Ints
    net_ptr: Ints
    net_idx: Ints
    net_val: Ints
    dep_ptr: Ints
    dep_idx: Ints
    tot_ptr: Ints
    tot_idx: Ints

    @property
    def nodes(self) -> int:
        """Length of the array that holds all trees of partials."""
        return int(2 * self.width.sum())

    @property
    def tops(self) -> int:
        """Length of the tree of totals."""
        return 2 * _width(self.hub.size)


def plan(terms: Sequence[Product], changes: Sequence[Mapping[int, int]]) -> Plan:
    """Lay out reactions whose propensities are ``terms`` and whose firings change quantities by ``changes``.

    Each goes to the candidate hub that most reactions share; of equals, to the one with the lowest index.
    """
    degree = Counter(hub for t in terms for hub in t.hubs)
    chosen = [max(t.hubs, key=lambda h: (degree[h], -h[0]), default=NO_HUB) for t in terms]
    hubs = sorted(set(chosen))
    number = {hub: g for g, hub in enumerate(hubs)}
    members: list[list[int]] = [[] for _ in hubs]
    for j, hub in enumerate(chosen):
        members[number[hub]].append(j)
    width = [_width(len(rows)) for rows in members]
    base = np.cumsum([0, *(2 * w for w in width)])[:-1].tolist()
    leaf = {j: b + w + i for rows, b, w in zip(members, base, width, strict=True) for i, j in enumerate(rows)}
    partials = [t.without(hub) for t, hub in zip(terms, chosen, strict=True)]
    group = [number[hub] for hub in chosen]
    dependents, totals = _dependencies(partials, group, hubs, changes)
    nets = [sorted(change.items()) for change in changes]
    first, flat = _pack(members)
    return Plan(
        pack(partials), _ints(group), _ints(leaf[j] for j in range(len(terms))),
        _ints(base), _ints(width), first, flat,
        _ints(h for h, _ in hubs), _ints(u for _, u in hubs),
        *_pack([[i for i, _ in net] for net in nets]), _ints(v for net in nets for _, v in net),
        *_pack(dependents), *_pack(totals),
    )  # fmt: skip


def pack(products: Sequence[Product]) -> Products:
    """The same products as arrays."""
    over_ptr, over_idx = _pack([[i for i, _ in p.over] for p in products])
    under_ptr, under_idx = _pack([[i for i, _ in p.under] for p in products])
    return Products(
        np.array([p.coefficient for p in products], dtype=np.float64),
        over_ptr, over_idx, _ints(off for p in products for _, off in p.over),
        under_ptr, under_idx, _ints(off for p in products for _, off in p.under),
    )  # fmt: skip


def _dependencies(
    partials: Sequence[Product], group: Sequence[int], hubs: Sequence[Hub], changes: Sequence[Mapping[int, int]]
) -> tuple[list[list[int]], list[list[int]]]:
    """For each reaction, the reactions whose partials it changes and the groups whose totals it changes."""
    uses: dict[int, list[int]] = {}
    for j, p in enumerate(partials):
        for i in p.quantities:
            uses.setdefault(i, []).append(j)
    heads: dict[int, list[int]] = {}
    for g, hub in enumerate(hubs):
        for i in hub:
            heads.setdefault(i, []).append(g)
    dependents = [sorted({j for i in change for j in uses.get(i, ())}) for change in changes]
    totals = [
        sorted({group[j] for j in touched} | {g for i in change for g in heads.get(i, ())})
        for touched, change in zip(dependents, changes, strict=True)
    ]
    return dependents, totals


def _width(leaves: int) -> int:
    """The power of two that holds so many leaves."""
    return 1 << max(leaves - 1, 0).bit_length()


def _pack(rows: Sequence[Sequence[int]]) -> tuple[Ints, Ints]:
    """Rows end to end, and where each begins."""
    ptr = np.zeros(len(rows) + 1, dtype=np.int64)
    ptr[1:] = np.cumsum([len(row) for row in rows])
    return ptr, _ints(x for row in rows for x in row)


def _ints(values: Iterable[int]) -> Ints:
    return np.array(list(values), dtype=np.int64)
