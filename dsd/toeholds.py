"""Palettes of toeholds: which of k toeholds stands in front of and behind each long domain.

In: a system made with one universal toehold, and k. Out: a :class:`~dsd.schemes.two_domain.Sided` to lower again with.

A strand sits on every open toehold complementary to its own (:mod:`dsd.occlusion`). What may differ is limited: a
reverse strand is ``<x t>`` in every gate, so the toehold behind x must be the one in front of whatever follows x in any
gate. The two sides of all long domains therefore fall into *classes* that must agree, the components of the graph of
such neighbours. Classes are coloured with k toeholds so that as few open toeholds as possible have a bystander: two
classes conflict as much as the free strands of each cover open toeholds of the other. The heaviest class comes first,
each takes the colour that costs least, and then single classes move for as long as that helps.

The end strand alone may have several toeholds: there is one end domain for each.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from dsd.domains import Sequence
from dsd.errors import InputError
from dsd.lower import lower
from dsd.lowering import Lowering
from dsd.network import Network
from dsd.occlusion import bound_share, occlusion
from dsd.rates import toehold_dissociation_nM
from dsd.schemes.two_domain import Sided, Toehold, universal_toehold
from dsd.system import System

Palette = int | Literal["universal", "per-signal"]
Side = tuple[str, str]
"""``("front", x)`` or ``("back", x)``: the toehold on that side of the long domain x."""


@dataclass
class Group:
    """Sides that must have one toehold: ``free_nM`` of it on free strands, ``open_nM`` of its complement on gates."""

    sides: set[Side]
    free_nM: float = 0.0
    open_nM: float = 0.0


@dataclass
class _Colour:
    """What has been given one toehold so far."""

    free: float = 0.0
    open: float = 0.0
    members: int = 0


def assigned(network: Network, options: Lowering, palette: Palette) -> Toehold:
    """The toeholds to lower ``network`` with; one universal toehold, k of them, or one for every class.

    Raises :class:`InputError` for a palette that is none, and as :func:`dsd.lower.lower` does.
    """
    if palette in ("universal", 1):
        return universal_toehold
    return coloured(lower(network, options)[0], palette)


def coloured(system: System, palette: Palette) -> Toehold:
    """The toeholds for a ``system`` that was lowered with the universal one."""
    if (isinstance(palette, str) and palette != "per-signal") or (isinstance(palette, int) and palette < 1):
        raise InputError(f"a palette of {palette} toeholds cannot be used; give universal, per-signal, or 1, 2, ...")
    found = groups(system)
    nt = next(d.length for d in system.domains if d.toehold)
    count = len(found) if isinstance(palette, str) else palette
    colour = list(range(count)) if palette == "per-signal" else _colours(found, count, toehold_dissociation_nM(nt))
    order = {c: i for i, c in enumerate(dict.fromkeys(colour))}
    label = {side: f"t{order[c] + 1}" for group, c in zip(found, colour, strict=True) for side in group.sides}
    first = label[min(label)] if label else "t"
    return Sided(lambda d: label.get(("front", d), first), lambda d: label.get(("back", d), first))


def groups(system: System) -> tuple[Group, ...]:
    """The classes of sides, in order of appearance, with what stands open and what is free of each."""
    ends = {d for s in system.strands if s.role == "end" for d in s.domains if d not in system.toeholds}
    parent: dict[Side, Side] = {}

    def root(side: Side) -> Side:
        parent.setdefault(side, side)
        while parent[side] != side:
            parent[side] = parent[parent[side]]
            side = parent[side]
        return side

    for sequence in _sequences(system):
        for sides in _sides(sequence, system.toeholds, ends).values():
            first = root(sides[0])
            for side in sides[1:]:
                parent[root(side)] = first
    found: dict[Side, Group] = {}
    for side in parent:
        found.setdefault(root(side), Group(set())).sides.add(side)
    for side, free, open_ in _amounts(system, ends):
        found[root(side)].free_nM += free
        found[root(side)].open_nM += open_
    return tuple(found.values())


def share(system: System) -> float:
    """The part of all open toeholds of a system that has a bystander."""
    found = occlusion(system)
    total = math.fsum(o.open_nM for o in found)
    return math.fsum(o.share * o.open_nM for o in found) / total if total else 0.0


def _sequences(system: System) -> list[Sequence]:
    """Everything in which neighbouring domains must fit: bottoms in the top sense, and single strands."""
    singles = [s.domains for s in system.strands if s.role != "bottom"]
    return [*(c.duplex.bottom for c in system.complexes), *singles]


def _sides(sequence: Sequence, toeholds: frozenset[str], ends: set[str]) -> Mapping[int, list[Side]]:
    """Position of every toehold -> the sides of long domains it is; none for an end domain, which has several."""
    out: dict[int, list[Side]] = {}
    for p, domain in enumerate(sequence):
        if domain in toeholds:
            near = [("back", sequence[p - 1])] if p and sequence[p - 1] not in ends else []
            near += [("front", sequence[p + 1])] if p + 1 < len(sequence) else []
            if near:
                out[p] = near
    return out


def _amounts(system: System, ends: set[str]) -> list[tuple[Side, float, float]]:
    """(side, free nM, open nM) of every toehold; an end strand's by the fork it ends, shared among all forks."""
    found: list[tuple[Side, float, float]] = []
    for s in system.strands:
        if s.initial > 0:
            found += [(near[0], s.initial, 0.0) for near in _sides(s.domains, system.toeholds, ends).values()]
    for c in system.complexes:
        places = _sides(c.duplex.bottom, system.toeholds, ends)
        found += [(places[p][0], 0.0, c.initial) for p in c.duplex.exposed if p in places]
    fronts = dict.fromkeys(
        sides[0]
        for c in system.complexes
        for p, sides in _sides(c.duplex.bottom, system.toeholds, ends).items()
        if p and c.duplex.bottom[p - 1] in ends
    )
    supplied = math.fsum(s.initial for s in system.strands if s.role == "end")
    return found + [(side, supplied / len(fronts), 0.0) for side in fronts]


def _colours(found: tuple[Group, ...], count: int, dissociation: float) -> list[int]:
    """A colour of ``count`` for every group."""
    colours = [_Colour() for _ in range(count)]
    chosen = [0] * len(found)

    def bound(free: float, open_: float) -> float:
        return open_ * bound_share(free, open_, dissociation)

    def cost(c: _Colour, g: Group) -> float:
        """Open toeholds that have a bystander more, with the group of that colour."""
        more = bound(c.free + g.free_nM, c.open + g.open_nM) - bound(c.free, c.open)
        return round(more, 9)

    def cheapest(g: Group) -> int:
        """The colour that costs least; of equals the one that fewest classes have."""
        return min(range(count), key=lambda c: (cost(colours[c], g), colours[c].members, c))

    def move(i: int, to: int, sign: int) -> None:
        colours[to].free += sign * found[i].free_nM
        colours[to].open += sign * found[i].open_nM
        colours[to].members += sign

    for i in sorted(range(len(found)), key=lambda i: -(found[i].free_nM + found[i].open_nM)):
        chosen[i] = cheapest(found[i])
        move(i, chosen[i], 1)
    helped = True
    while helped:
        helped = False
        for i, group in enumerate(found):
            move(i, chosen[i], -1)
            best = cheapest(group)
            if cost(colours[best], group) < cost(colours[chosen[i]], group) - 1e-6:
                chosen[i], helped = best, True
            move(i, chosen[i], 1)
    return chosen
