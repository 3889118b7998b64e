"""Gates that are no duplex of nicks, as SVG: a bottom strand with strands on it, their free ends slanting away.

In: a :class:`~dsd.kernel.Structure`. A structure that is no such comb (hairpins, two bottoms) is written in kernel
notation instead. Coordinates as in :mod:`dsd.draw_strand`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dsd.domains import Sequence, complement
from dsd.draw_strand import GAP, NICK, RUNG, Look, head, line, name, text
from dsd.kernel import Structure, print_kernel

SLANT, RISE, LETTER = 0.55, 20.0, 5.6
"""Width of a free end by its length, its height, and the width of a letter, in pixels."""


@dataclass(frozen=True)
class Tooth:
    """A strand on the bottom: ``before`` and ``after`` are its free ends, ``bound`` lies from ``offset`` on."""

    offset: int
    before: Sequence
    bound: Sequence
    after: Sequence


def teeth(s: Structure) -> tuple[Tooth, ...] | None:
    """The strands of a comb from left to right; None for any other structure."""
    found, at, total = [], 0, len(s.pairs)
    for strand in s.strands[:-1]:
        places = [i for i in range(len(strand)) if s.pairs[at + i] >= 0]
        partners = [s.pairs[at + i] for i in places]
        first = partners[0] if partners else 0
        if not places or partners != [first - k for k in range(len(places))] or places[-1] - places[0] >= len(places):
            return None
        if partners[-1] < total - len(s.strands[-1]):
            return None
        i, j = places[0], places[-1] + 1
        found.append(Tooth(total - 1 - first, strand[:i], strand[i:j], strand[j:]))
        at += len(strand)
    return tuple(found) if found else None


def width(look: Look, s: Structure) -> float:
    """Of the drawing, in pixels."""
    comb = teeth(s)
    if comb is None:
        return LETTER * len(print_kernel(s))
    return _left(look, comb) + look.width(s.strands[-1]) + SLANT * look.width(comb[-1].after)


def draw_folded(g: Any, look: Look, x: float, y: float, s: Structure) -> None:
    """The structure, its lower line at ``y + GAP``."""
    comb = teeth(s)
    if comb is None:
        text(g, print_kernel(s), x, y + GAP, 10, text_anchor="start")
        return
    bottom = complement(s.strands[-1])
    edges = [x + _left(look, comb)]
    for d in bottom:
        edges.append(edges[-1] + look.width((d,)))
    covered = {p for t in comb for p in range(t.offset, t.offset + len(t.bound))}
    for p, d in enumerate(bottom):
        line(g, edges[p], y + GAP, edges[p + 1], y + GAP, look.colours[d.rstrip("*")])
        if p not in covered:
            name(g, complement((d,))[0], (edges[p] + edges[p + 1]) / 2, y + GAP + 15, edges[p + 1] - edges[p], look)
    head(g, edges[0], y + GAP, look.colours[bottom[0].rstrip("*")], -1)
    for t in comb:
        _tooth(g, look, y, t, edges)


def _left(look: Look, comb: tuple[Tooth, ...]) -> float:
    """Room for the first free end, if it reaches over the bottom's left end."""
    return SLANT * look.width(comb[0].before) if not comb[0].offset else 0.0


def _tooth(g: Any, look: Look, y: float, t: Tooth, edges: list[float]) -> None:
    left, right = edges[t.offset], edges[t.offset + len(t.bound)] - NICK
    line(g, left + 2, y + GAP / 2, right - 2, y + GAP / 2, RUNG, GAP - 2, stroke_dasharray="1,4")
    for k, d in enumerate(t.bound):
        a, b = edges[t.offset + k], min(edges[t.offset + k + 1], right)
        line(g, a, y, b, y, look.colours[d.rstrip("*")])
        name(g, d, (a + b) / 2, y - 8, b - a, look)
    _free(g, look, left, y, tuple(reversed(t.before)), -1)
    end = _free(g, look, right, y, t.after, 1)
    last = (*t.bound, *t.after)[-1]
    head(g, *end, look.colours[last.rstrip("*")], 1)


def _free(g: Any, look: Look, x: float, y: float, domains: Sequence, way: int) -> tuple[float, float]:
    """A free end that slants up and away from (x, y); returns where it ends."""
    rise = RISE / max(len(domains), 1)
    for d in domains:
        span = SLANT * look.width((d,))
        line(g, x, y, x + way * span, y - rise, look.colours[d.rstrip("*")])
        name(g, d, x + way * span / 2, y - rise / 2 - 6, span, look)
        x, y = x + way * span, y - rise
    return x, y
