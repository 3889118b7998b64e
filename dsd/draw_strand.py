"""Strands and duplexes as SVG, the way the field draws them.

A strand is a line, 5' to 3', with half an arrowhead at its 3' end; each domain has its colour and its name; a duplex is
two lines with rungs between, its top strands from left to right, its bottom strand from right to left. Widths grow with
the length in nt. Coordinates are pixels; (x, y) is the left end of the (upper) line.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dsd.domains import Duplex, Sequence
from dsd.optional import optional
from dsd.palette import domain_colours
from dsd.system import System

_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
FONT = "Helvetica, Arial, DejaVu Sans, sans-serif"
INK, FAINT, RUNG = "#22262b", "#6b7280", "#c4c9d1"
LINE = 2.8
GAP = 11.0
"""Between the two lines of a duplex."""

NICK = 3.0
"""Between neighbouring top strands, so that the ends show."""


@dataclass(frozen=True)
class Look:
    """What drawing needs to know of a system: widths of its domains in pixels, and their colours."""

    widths: Mapping[str, float]
    colours: Mapping[str, str]

    def width(self, domains: Sequence) -> float:
        """Of a row of domains."""
        return sum(self.widths[d.rstrip("*")] for d in domains)


def look(system: System) -> Look:
    """The look of a system: 10 px and 2.4 px a nt for each domain."""
    return Look({d.name: 10 + 2.4 * d.length for d in system.domains}, domain_colours(system))


def svg() -> Any:
    """The drawing library; raises :class:`dsd.errors.InputError` where it is missing."""
    return optional("drawsvg", "export")


def canvas(width: float, height: float) -> Any:
    """A white drawing of that size in pixels."""
    drawing = svg().Drawing(round(width), round(height), font_family=FONT, text_anchor="middle")
    drawing.append(svg().Rectangle(0, 0, round(width), round(height), fill="#ffffff"))
    return drawing


def rendered(drawing: Any) -> str:
    """The SVG text of a drawing, the same each time."""
    text: str = drawing.as_svg()
    return text + "\n"


def amount(nM: float) -> str:
    """A concentration with its unit, to three digits."""
    return f"{nM:.3g} nM" if nM < 1000 else f"{nM / 1000:.3g} µM"


def power(value: float) -> str:
    """A number as a power of ten, to two digits: ``10⁶``, ``7.6·10⁵``, ``1.4``."""
    mantissa, exponent = f"{value:.1e}".split("e")
    if not int(exponent):
        return mantissa
    ten = "10" + str(int(exponent)).translate(_RAISED)
    return ten if mantissa == "1.0" else f"{mantissa.removesuffix('.0')}·{ten}"


def readable(reaction: str) -> str:
    """A reaction's text with an arrow, and ``∅`` for nothing."""
    before, _, after = reaction.partition("->")
    return f"{before.strip() or '∅'} → {after.strip() or '∅'}"


def line(g: Any, x0: float, y0: float, x1: float, y1: float, colour: str, width: float = LINE, **more: Any) -> None:
    """A straight line."""
    points = (round(v, 1) for v in (x0, y0, x1, y1))
    g.append(svg().Line(*points, stroke=colour, stroke_width=width, **more))


def text(g: Any, words: str, x: float, y: float, size: float = 10, colour: str = INK, **more: Any) -> None:
    """Text with its baseline at y, centred on x unless ``text_anchor`` says otherwise."""
    g.append(svg().Text(words, round(size, 1), round(x, 1), round(y, 1), fill=colour, **more))


def draw_strand(g: Any, look: Look, x: float, y: float, domains: Sequence) -> float:
    """A free strand; returns its width."""
    at = x
    for d in domains:
        w = look.widths[d.rstrip("*")]
        line(g, at, y, at + w, y, look.colours[d.rstrip("*")])
        name(g, d, at + w / 2, y - 8, w, look)
        at += w
    head(g, at, y, look.colours[domains[-1].rstrip("*")], 1)
    return at - x


def draw_duplex(g: Any, look: Look, x: float, y: float, duplex: Duplex) -> float:
    """A duplex, its lower line at ``y + GAP``; returns its width."""
    edges = [x]
    for d in duplex.bottom:
        edges.append(edges[-1] + look.widths[d])
    for top in duplex.tops:
        line(
            g,
            edges[top.offset] + 2,
            y + GAP / 2,
            edges[top.end] - 2,
            y + GAP / 2,
            RUNG,
            GAP - 2,
            stroke_dasharray="1,4",
        )
    for p, d in enumerate(duplex.bottom):
        line(g, edges[p], y + GAP, edges[p + 1], y + GAP, look.colours[d])
        if p in duplex.exposed:
            name(g, d + "*", (edges[p] + edges[p + 1]) / 2, y + GAP + 15, edges[p + 1] - edges[p], look)
    head(g, x, y + GAP, look.colours[duplex.bottom[0]], -1)
    for top in duplex.tops:
        for p in range(top.offset, top.end):
            d, end = duplex.bottom[p], edges[p + 1] - (NICK if p + 1 == top.end else 0)
            line(g, edges[p], y, end, y, look.colours[d])
            name(g, d, (edges[p] + edges[p + 1]) / 2, y - 8, edges[p + 1] - edges[p], look)
        head(g, edges[top.end] - NICK, y, look.colours[duplex.bottom[top.end - 1]], 1)
    return edges[-1] - x


def head(g: Any, x: float, y: float, colour: str, way: int) -> None:
    """Half an arrowhead at a 3' end: up and to the left on an upper line (way 1), the same turned around below (-1)."""
    line(g, x, y, x - 7 * way, y - 4.5 * way, colour, 2.2, stroke_linecap="round")


def name(g: Any, domain: str, x: float, y: float, width: float, look: Look) -> None:
    """A domain's name in its colour, no wider than the domain."""
    size = min(10.0, 1.6 * width / max(len(domain), 1))
    text(g, domain, x, y, size, look.colours[domain.rstrip("*")])
