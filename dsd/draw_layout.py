"""A network laid out for drawing: species in columns, and between them the reactions of each stage, in a lane each.

In: a :class:`Network`. Out: a :class:`Layout`: what is where, in pixels from the left column and the first row.

The lanes follow the stages in the order of the reactions. A species stands left of the first lane that uses it, or
right of the first that makes it; one that is made further right than it stands appears there again as its own *echo*,
so that a loop reads as a line. A line that passes a column has a row of its own there. Clock species stand nowhere:
they gate.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from dsd.network import Network, Reaction

COLUMN, ROW, NODE_ROW = 250.0, 40.0, 24.0
"""Distance of columns, and least distances of species and of reactions in one column."""

SWEEPS = 12
"""Passes of the barycentre heuristic (Sugiyama, Tagawa & Toda, IEEE Trans. SMC 11:109, 1981)."""

K = TypeVar("K")
Place = tuple[str, int]
"""A species and the column where it, or its echo, stands."""


@dataclass(frozen=True)
class Node:
    """A reaction in a lane: where its species stand, and what gates it ("" for nothing)."""

    lane: int
    takes: tuple[Place, ...]
    catalysts: tuple[Place, ...]
    makes: tuple[Place, ...]
    gate: str


def passes(node: Node) -> tuple[Place, ...]:
    """Where lines to a reaction pass a column on the way, as places named ``>species``."""
    return tuple((f">{s}", k) for s, c in (*node.takes, *node.catalysts) for k in range(c + 1, node.lane + 1))


@dataclass(frozen=True)
class Layout:
    """``lanes`` are stage tags; ``places`` and ``nodes`` have their y; ``home`` is a species' own column.

    ``pairs`` annihilate each other; ``sinks`` are places with the gates that flush them; ``ring`` is the clock in
    order; ``height`` and ``columns`` are the extent.
    """

    lanes: tuple[str, ...]
    home: Mapping[str, int]
    places: Mapping[Place, float]
    nodes: tuple[tuple[Node, float], ...]
    pairs: tuple[tuple[Place, Place], ...]
    sinks: tuple[tuple[Place, str], ...]
    ring: tuple[str, ...]
    height: float

    @property
    def columns(self) -> int:
        """Number of columns of species."""
        return 1 + max((column for _, column in self.places), default=0)


def layout(network: Network) -> Layout:
    """Lay a network out."""
    ring = network.role("clock")
    clock = frozenset(ring)
    drawn = [r for r in network if not clock.issuperset(r.species)]
    flows = [r for r in drawn if _makes(r, clock)]
    lanes = tuple(dict.fromkeys(r.stage for r in flows))
    home = _homes(flows, drawn, lanes, clock)
    nodes = [_node(r, lanes.index(r.stage), home, clock) for r in flows]
    places = dict.fromkeys((s, c) for s, c in home.items())
    places |= dict.fromkeys(p for n in nodes for p in (*n.makes, *passes(n)))
    pairs, sinks = _ends(drawn, clock, home, places)
    y, at = _ordered(tuple(places), nodes, pairs)
    height = max([*y.values(), *at, 0.0])
    return Layout(lanes, home, y, tuple(zip(nodes, at, strict=True)), pairs, sinks, ring, height)


def _makes(r: Reaction, clock: frozenset[str]) -> bool:
    """Whether a reaction has products beside the clock."""
    return any(p not in clock for p in r.products)


def _homes(
    flows: list[Reaction], drawn: list[Reaction], lanes: tuple[str, ...], clock: frozenset[str]
) -> dict[str, int]:
    """Column of every species: left of the lane that first uses it, right of the one that first makes it."""
    home: dict[str, int] = {}
    for r in flows:
        lane, net = lanes.index(r.stage), r.net()
        for s in r.species:
            if s not in clock:
                column = lane + 1 if s not in r.reactants and net.get(s, 0) > 0 else lane
                home[s] = min(home.get(s, column), column)
    for r in drawn:
        for s in r.species:
            if s not in clock:
                home.setdefault(s, 0)
    return home


def _node(r: Reaction, lane: int, home: Mapping[str, int], clock: frozenset[str]) -> Node:
    net = r.net()
    inputs = [s for s in dict.fromkeys(r.reactants) if s not in clock]
    made = [s for s in dict.fromkeys(r.products) if s not in clock and net.get(s, 0) > 0]
    return Node(
        lane,
        tuple((s, home[s]) for s in inputs if net.get(s, 0) < 0),
        tuple((s, home[s]) for s in inputs if net.get(s, 0) >= 0),
        tuple((s, home[s] if home[s] > lane else lane + 1) for s in made),
        next((s for s in r.reactants if s in clock and s in r.products), ""),
    )


def _ends(
    drawn: list[Reaction], clock: frozenset[str], home: Mapping[str, int], places: Iterable[Place]
) -> tuple[tuple[tuple[Place, Place], ...], tuple[tuple[Place, str], ...]]:
    """Annihilations as pairs in one column where they share one, and what is flushed by which gate."""
    columns: dict[str, list[int]] = {}
    for s, c in places:
        columns.setdefault(s, []).append(c)
    pairs, sinks = [], []
    for r in drawn:
        left = [s for s in r.reactants if s not in clock]
        if _makes(r, clock) or not left:
            continue
        if len(left) == 1:
            gate = next((s for s in r.reactants if s in clock), "")
            sinks.append(((left[0], home[left[0]]), gate))
            continue
        a, b = left[0], left[-1]
        shared = sorted(set(columns[a]) & set(columns[b]))
        pairs.append(((a, shared[0] if shared else home[a]), (b, shared[0] if shared else home[b])))
    return tuple(pairs), tuple(sinks)


def _ordered(
    places: tuple[Place, ...], nodes: list[Node], pairs: tuple[tuple[Place, Place], ...]
) -> tuple[dict[Place, float], list[float]]:
    """Rows of places and nodes: each drawn to the middle of its neighbours, column by column, to and fro."""
    linked: dict[Place, list[int]] = {p: [] for p in places}
    for i, n in enumerate(nodes):
        for p in dict.fromkeys((*n.takes, *n.catalysts, *n.makes, *passes(n))):
            linked[p].append(i)
    partner = dict(pairs) | {b: a for a, b in pairs}
    columns = range(1 + max((c for _, c in places), default=0))
    y: dict[Place, float] = {}
    for c in columns:
        y |= {p: i * ROW for i, p in enumerate(p for p in places if p[1] == c)}
    at = [0.0] * len(nodes)
    for sweep in range(SWEEPS):
        order = columns if sweep % 2 == 0 else reversed(columns)
        for c in order:
            if sweep:
                wish = {p: _mean([at[i] for i in linked[p]] + _from(p, y), y[p]) for p in places if p[1] == c}
                wish = {p: (w + wish.get(partner.get(p, p), w)) / 2 + 1e-6 * w for p, w in wish.items()}
                y |= _spread(wish, ROW)
            lane = {i: _mean([y[p] for p in _near(n)], 0.0) for i, n in enumerate(nodes)}
            for k in range(len(columns)):
                for i, row in _spread({i: v for i, v in lane.items() if nodes[i].lane == k}, NODE_ROW).items():
                    at[i] = row
    low = min([*y.values(), *at], default=0.0)
    return {p: v - low for p, v in y.items()}, [v - low for v in at]


def _from(place: Place, y: Mapping[Place, float]) -> list[float]:
    """Where the line that passes here comes from, one column to the left; nothing for a species."""
    name, column = place
    if not name.startswith(">"):
        return []
    return [y[p] for p in ((name, column - 1), (name[1:], column - 1)) if p in y]


def _near(n: Node) -> tuple[Place, ...]:
    """What a reaction's lines lead to in the columns on its either side."""
    inputs = ((s, c) if c == n.lane else (f">{s}", n.lane) for s, c in (*n.takes, *n.catalysts))
    return (*inputs, *n.makes)


def _mean(values: list[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def _spread(wish: Mapping[K, float], gap: float) -> dict[K, float]:
    """Rows at least ``gap`` apart, in the order of the wishes, and as a whole where they are wished."""
    order = sorted(wish, key=lambda k: wish[k])
    rows: list[float] = []
    for k in order:
        rows.append(max(wish[k], rows[-1] + gap) if rows else wish[k])
    shift = _mean([wish[k] - row for k, row in zip(order, rows, strict=True)], 0.0)
    return {k: row + shift for k, row in zip(order, rows, strict=True)}
