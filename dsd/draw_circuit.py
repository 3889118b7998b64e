"""Network -> its circuit as a graph: species, the reactions of each stage between them, and what gates those.

In: a :class:`Network`, formal or clocked. Out: SVG text. Species have the colours of their strands. A dot is a
reaction, filled with the colour of the clock species that gates it; full lines are used up, dashed ones are catalysts,
arrows lead to products; crossed arcs annihilate, and ∅ below a species has the colour of what flushes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dsd.draw_layout import COLUMN, Layout, Node, Place, layout
from dsd.draw_strand import FAINT, INK, canvas, line, rendered, svg, text
from dsd.network import Network
from dsd.palette import signal_colour

LEFT, TOP, BOX = 70.0, 150.0, (58.0, 24.0)
RED = "#d62728"


def circuit(network: Network, title: str = "") -> str:
    """The graph as SVG."""
    found = layout(network)
    colour = {name: signal_colour(i) for i, name in enumerate(network.names)}
    width = LEFT * 2 + COLUMN * (found.columns - 1) + 50
    drawing = canvas(max(width, 560), TOP + found.height + 110)
    text(drawing, title or network.get("design"), LEFT - 30, 40, 16, text_anchor="start", font_weight="bold")
    _clock(drawing, found.ring, colour, max(width, 560) - 190)
    for lane, stage in enumerate(found.lanes):
        gates = dict.fromkeys(n.gate for n, _ in found.nodes if n.lane == lane and n.gate)
        _lane(drawing, lane, stage, tuple(gates), colour, found.height)
    for node, y in found.nodes:
        _edges(drawing, found, node, y, colour)
    for a, b in found.pairs:
        _annihilation(drawing, found, a, b)
    for node, y in found.nodes:
        fill = colour[node.gate] if node.gate else "#ffffff"
        x = _lane_x(node.lane)
        drawing.append(svg().Circle(round(x, 1), round(y + TOP, 1), 4.5, fill=fill, stroke=INK, stroke_width=1.2))
    for place in (p for p in found.places if not p[0].startswith(">")):
        _species(drawing, found, place, colour)
    _legend(drawing, TOP + found.height + 76, bool(found.ring), bool(found.pairs), bool(found.sinks))
    return rendered(drawing)


def _x(column: int) -> float:
    return LEFT + COLUMN * column


def _lane_x(lane: int) -> float:
    return LEFT + COLUMN * (lane + 0.5)


def _lane(g: Any, lane: int, stage: str, gates: tuple[str, ...], colour: Mapping[str, str], height: float) -> None:
    """The band of a stage, its tag, and the clock species that gate it."""
    x = _lane_x(lane)
    tint = colour[gates[0]] if gates else "#9aa0a8"
    box = {"fill": tint, "fill_opacity": 0.08, "rx": 8}
    g.append(svg().Rectangle(round(x - 40, 1), TOP - 74, 80, round(height + 104, 1), **box))
    text(g, stage or "reactions", x, TOP - 54, 12, font_weight="bold")
    for i, gate in enumerate(gates):
        _chip(g, x + 40 * (i - (len(gates) - 1) / 2), TOP - 38, gate, colour[gate])


def _chip(g: Any, x: float, y: float, name: str, colour: str) -> None:
    w = max(26.0, 7.0 * len(name) + 10)
    g.append(svg().Rectangle(round(x - w / 2, 1), round(y - 8, 1), round(w, 1), 16, rx=8, fill=colour))
    text(g, name, x, y + 3.5, 10, "#ffffff", font_weight="bold")


def _clock(g: Any, ring: tuple[str, ...], colour: Mapping[str, str], x: float) -> None:
    """The oscillator: its species in the order in which they take over, and back to the first."""
    if not ring:
        return
    step = 54.0
    for i, name in enumerate(ring):
        _chip(g, x + step * i, 36, name, colour[name])
        if i:
            _arrow(g, x + step * (i - 1) + 18, 36, x + step * i - 18, 36, INK)
    last = x + step * (len(ring) - 1)
    path = svg().Path(stroke=INK, stroke_width=1.3, fill="none")
    g.append(path.M(round(last, 1), 48).C(round(last, 1), 66, round(x, 1), 66, round(x, 1), 50))
    line(g, x, 48, x - 3.5, 54, INK, 1.3)
    line(g, x, 48, x + 3.5, 54, INK, 1.3)


def _edges(g: Any, found: Layout, node: Node, y: float, colour: Mapping[str, str]) -> None:
    x = _lane_x(node.lane)
    for places, dash in ((node.takes, None), (node.catalysts, "4,3")):
        for place in places:
            more = {"stroke_dasharray": dash} if dash else {}
            right, row = _x(place[1]) + BOX[0] / 2, found.places[place]
            for column in range(place[1] + 1, node.lane + 1):
                on = found.places[f">{place[0]}", column]
                left = _x(column) - BOX[0] / 2
                _wire(g, right, row, left, on, colour[place[0]], **more)
                _wire(g, left, on, left + BOX[0], on, colour[place[0]], **more)
                right, row = left + BOX[0], on
            _wire(g, right, row, x - 5, y, colour[place[0]], **more)
    for place in node.makes:
        end = _x(place[1]) - BOX[0] / 2
        _wire(g, x + 5, y, end - 2, found.places[place], colour[place[0]])
        _tip(g, end, found.places[place] + TOP, colour[place[0]])


def _wire(g: Any, x0: float, y0: float, x1: float, y1: float, colour: str, **more: Any) -> None:
    """A curve that is level at both ends."""
    path = svg().Path(stroke=colour, stroke_width=1.5, stroke_opacity=0.75, fill="none", **more)
    y0, y1, bend = y0 + TOP, y1 + TOP, min(70.0, (x1 - x0) / 2)
    points = (x0 + bend, y0, x1 - bend, y1, x1, y1)
    g.append(path.M(round(x0, 1), round(y0, 1)).C(*(round(v, 1) for v in points)))


def _tip(g: Any, x: float, y: float, colour: str) -> None:
    points = (x, y, x - 7, y - 3.5, x - 7, y + 3.5)
    g.append(svg().Lines(*(round(v, 1) for v in points), fill=colour, close=True))


def _arrow(g: Any, x0: float, y0: float, x1: float, y1: float, colour: str) -> None:
    line(g, x0, y0, x1 - 5, y1, colour, 1.3)
    _tip(g, x1, y1, colour)


def _annihilation(g: Any, found: Layout, a: Place, b: Place) -> None:
    """A red arc from side to side, crossed in the middle."""
    (x0, y0), (x1, y1) = ((_x(p[1]) + BOX[0] / 2, found.places[p] + TOP) for p in (a, b))
    out = max(x0, x1) + 20
    path = svg().Path(stroke=RED, stroke_width=1.4, fill="none")
    g.append(path.M(round(x0, 1), round(y0, 1)).C(*(round(v, 1) for v in (out, y0, out, y1, x1, y1))))
    x, y = (x0 + x1) / 8 + 0.75 * out, (y0 + y1) / 2
    line(g, x - 4, y - 4, x + 4, y + 4, RED, 1.4)
    line(g, x - 4, y + 4, x + 4, y - 4, RED, 1.4)


def _species(g: Any, found: Layout, place: Place, colour: Mapping[str, str]) -> None:
    """A box with the name; dashed where it is an echo, with ∅ and the colour of its gate where it is flushed."""
    name, column = place
    x, y = _x(column), found.places[place] + TOP
    own = found.home[name] == column
    style = {"stroke": colour[name], "stroke_width": 1.8, "fill": "#ffffff", "rx": 6}
    if not own:
        style |= {"stroke_dasharray": "3,2"}
    g.append(svg().Rectangle(round(x - BOX[0] / 2, 1), round(y - BOX[1] / 2, 1), *BOX, **style))
    text(g, name, x, y + 4, min(12.0, 88.0 / len(name)), colour[name], font_weight="bold" if own else "normal")
    for i, gate in enumerate(gate for at, gate in found.sinks if at == place):
        text(g, "∅", x + 12 * i - 4, y + BOX[1] / 2 + 11, 11, colour.get(gate, FAINT), font_weight="bold")


def _legend(g: Any, y: float, clock: bool, pairs: bool, sinks: bool) -> None:
    words = [
        "● a reaction" + (", in the colour of what gates it" if clock else ""),
        "— used up",
        "┄ catalyst",
        "→ made",
    ]
    words += ["dashed box: the species of that name, further left"]
    words += ["red arc: annihilate"] * pairs + ["∅ flushed" + (", in the colour of its gate" if clock else "")] * sinks
    text(g, "\u2003".join(words), LEFT - 30, y, 10, FAINT, text_anchor="start")
