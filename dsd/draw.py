"""System -> one sheet with every part: signals, the gates and fuels of each reaction, and the fuels they share.

In: a :class:`System`. Out: SVG text. The sheet grows downwards: names are as large for 300 signals as for three.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from dsd.domains import Duplex
from dsd.draw_folded import draw_folded, width
from dsd.draw_strand import (
    FAINT,
    GAP,
    Look,
    amount,
    canvas,
    draw_duplex,
    draw_strand,
    line,
    look,
    readable,
    rendered,
    text,
)
from dsd.system import BOTTOM, Complex, Strand, System

WIDTH, MARGIN, SPACE = 1240.0, 30.0, 34.0
"""Of the sheet, of its border, and between parts, in pixels."""

ROW = 62.0
"""Height of a row of parts."""


@dataclass(frozen=True)
class Cell:
    """A part to place: how wide it is, and how to draw it at (x, y) of its upper line."""

    width: float
    draw: Callable[[Any, float, float], object]
    caption: str


def parts(system: System, title: str = "") -> str:
    """The sheet of every part that is supplied, with its concentration in nM; strands that only arise are left out."""
    view = look(system)
    placed: list[tuple[Cell, float, float]] = []
    headings: list[tuple[str, float, bool]] = []
    y = MARGIN + (34 if title else 0)
    for heading, cells, major in _sections(system, view):
        y += 30 if major else 16
        headings.append((heading, y, major))
        y = _flow(placed, cells, y + (34 if major else 30)) if cells else y + 8
    drawing = canvas(WIDTH, y + MARGIN)
    if title:
        text(drawing, title, MARGIN, MARGIN + 16, 17, text_anchor="start", font_weight="bold")
    for heading, at, major in headings:
        _heading(drawing, heading, at, major)
    for cell, x, at in placed:
        cell.draw(drawing, x, at)
        text(drawing, cell.caption, x + cell.width / 2, at + GAP + 24, 9, FAINT)
    return rendered(drawing)


def _sections(system: System, view: Look) -> Iterable[tuple[str, list[Cell], bool]]:
    """Headings with their cells; major headings begin a chapter."""
    strands = {s.name: s for s in system.strands}
    complexes = {c.name: c for c in system.complexes}
    signals = [s for s in system.strands if s.role == "signal"]
    own = {fuel for m in system.modules for fuel in m.fuels if strands[fuel].reaction is not None}
    yield f"Signals ({len(signals)})", [_strand(view, s) for s in signals], True
    yield f"Gates and their fuels ({len(complexes)} gates, {len(system.modules)} reactions)", [], True
    for m in system.modules:
        cells = [_complex(view, complexes[g]) for g in m.gates]
        cells += [_strand(view, strands[f]) for f in m.fuels if f in own]
        yield f"{m.index + 1}.  {readable(m.text)}", cells, False
    loose = [c for c in system.complexes if not any(c.name in m.gates for m in system.modules)]
    if loose:
        yield "Further gates", [_complex(view, c) for c in loose], False
    shared = [s for s in system.strands if s.initial > 0 and s.role not in ("signal", BOTTOM) and s.name not in own]
    yield f"Fuels that gates share ({len(shared)})", [_strand(view, s) for s in shared], True


def _flow(placed: list[tuple[Cell, float, float]], cells: list[Cell], y: float) -> float:
    """Place cells from left to right, line by line; returns where the next heading may stand."""
    x = MARGIN
    for cell in cells:
        if x > MARGIN and x + cell.width > WIDTH - MARGIN:
            x, y = MARGIN, y + ROW
        placed.append((cell, x, y))
        x += cell.width + SPACE
    return y + GAP + 30


def _strand(view: Look, s: Strand) -> Cell:
    width, name = view.width(s.domains), s.name if s.role == "signal" else f"{s.role} {s.name}"
    return Cell(width, lambda g, x, y: draw_strand(g, view, x, y + GAP, s.domains), _caption(name, s.initial))


def _complex(view: Look, c: Complex) -> Cell:
    caption, shape = _caption(f"{c.role} {c.name}", c.initial), c.shape
    if isinstance(shape, Duplex):
        return Cell(view.width(shape.bottom), lambda g, x, y: draw_duplex(g, view, x, y, shape), caption)
    return Cell(width(view, shape), lambda g, x, y: draw_folded(g, view, x, y, shape), caption)


def _caption(name: str, nM: float) -> str:
    return f"{name}, {amount(nM)}" if nM else name


def _heading(g: Any, words: str, y: float, major: bool) -> None:
    size = 13 if major else 11
    text(g, words, MARGIN, y, size, text_anchor="start", font_weight="bold" if major else "normal")
    if major:
        line(g, MARGIN, y + 7, WIDTH - MARGIN, y + 7, "#d5d9df", 1)
