"""Charts as SVG in the page's own colours: lines, points and their axes.

In: series of values, and axes. Out: :class:`~compiler.report.blocks.Chart`. Colours are classes, so that light and
dark differ in the style sheet alone; a series differs from others in dash and marker too.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from compiler.report.axes import Axis
from compiler.report.blocks import Chart, Table

Point = tuple[float, float]


@dataclass(frozen=True)
class Frame:
    """Size of a drawing and of the margins about its plot, in units of the drawing."""

    width: float
    height: float
    left: float = 66.0
    right: float = 14.0
    top: float = 12.0
    bottom: float = 46.0


WIDE, SMALL = Frame(420, 270), Frame(300, 180, 50, 10, 10, 40)
SQUARE, SMALL_SQUARE = Frame(420, 400), Frame(300, 290, 50, 10, 10, 40)

MARKS = 7
"""Markers along a line, at most."""


@dataclass(frozen=True)
class Series:
    """Points of one line or cloud: ``key`` is its style and what switches it, ``name`` what a reader calls it.

    ``drawn`` is ``"line"``, ``"points"`` or ``"both"``; ``read`` leaves it out of the values that a cursor reads.
    """

    key: str
    name: str
    points: tuple[Point, ...]
    drawn: str = "line"
    read: bool = True

    def __post_init__(self) -> None:
        """A value that is not finite has no place: the line goes on to the next."""
        object.__setattr__(self, "points", tuple(p for p in self.points if math.isfinite(p[0]) and math.isfinite(p[1])))


@dataclass(frozen=True)
class Plot:
    """A chart to be drawn: ``extra`` is markup beneath its series; ``cursor`` unit names what x counts."""

    name: str
    title: str
    x: Axis
    y: Axis
    series: tuple[Series, ...]
    frame: Frame = WIDE
    cursor: str = ""
    scrubbed: bool = False
    extra: Markup = field(default_factory=Markup)
    legend: tuple[tuple[str, str], ...] = ()
    focus: bool = True
    more: Mapping[str, Any] = field(default_factory=dict)

    def at(self, point: Point) -> tuple[float, float]:
        """A point in units of the drawing."""
        f = self.frame
        x = f.left + self.x.share(point[0]) * (f.width - f.left - f.right)
        y = f.height - f.bottom - self.y.share(point[1]) * (f.height - f.top - f.bottom)
        return round(x, 1), round(y, 1)


def chart(plot: Plot, description: str, table: Table | None = None) -> Chart:
    """Draw a plot; ``description`` says in words what it shows."""
    f = plot.frame
    body = Markup("").join([_axes(plot), plot.extra, *(_series(plot, i) for i in range(len(plot.series)))])
    cursor = Markup('<g class="cursor" hidden><line y1="{}" y2="{}"/></g>').format(f.top, f.height - f.bottom)
    svg = Markup(
        '<svg class="chart" viewBox="0 0 {w:g} {h:g}" role="img" aria-labelledby="{n}-title {n}-desc">'
        '<title id="{n}-title">{title}</title><desc id="{n}-desc">{desc}</desc>{body}{cursor}</svg>'
    ).format(w=f.width, h=f.height, n=plot.name, title=plot.title, desc=description, body=body, cursor=cursor)
    return Chart(plot.name, plot.title, svg, _data(plot), table, plot.legend, plot.focus)


def polyline(points: Iterable[tuple[float, float]]) -> str:
    """Points of the drawing as the path of a line."""
    return "M" + "L".join(f"{x:g},{y:g}" for x, y in points)


def mark(key: str, x: float, y: float, more: str = "") -> Markup:
    """The marker of a style, a symbol of the page."""
    use = '<use href="#mark-{}" class="mark s-{} {}" x="{}" y="{}"/>'
    return Markup(use).format(key, key, more, x, y)


def thinned(points: Sequence[Point], limit: int = 200) -> tuple[Point, ...]:
    """About ``limit`` of the points at most: the lowest and the highest of each stretch, so that no peak is lost."""
    if len(points) <= limit:
        return tuple(points)
    size, kept = 2 * len(points) / limit, {0, len(points) - 1}
    for k in range(limit // 2):
        stretch = range(int(k * size), min(len(points), int((k + 1) * size)))
        kept |= {min(stretch, key=lambda i: points[i][1]), max(stretch, key=lambda i: points[i][1])}
    return tuple(points[i] for i in sorted(kept))


def _series(plot: Plot, index: int) -> Markup:
    """A series; the marks along lines that may lie on each other are at places of their own."""
    s = plot.series[index]
    at, inner = [plot.at(p) for p in s.points], []
    if s.drawn != "points" and len(at) > 1:
        inner.append(Markup('<path class="line" d="{}"/>').format(polyline(at)))
    every = max(1, -(-len(at) // MARKS))
    chosen = at if s.drawn == "points" else at[index * every // len(plot.series) :: every] if s.drawn == "both" else []
    inner += [mark(s.key, x, y) for x, y in chosen]
    return Markup('<g class="series s-{}" data-key="{}">{}</g>').format(s.key, s.key, Markup("").join(inner))


def _axes(plot: Plot) -> Markup:
    f, out = plot.frame, []
    bottom = f.height - f.bottom
    for value, name in zip(plot.y.ticks, plot.y.names(), strict=True):
        y = plot.at((plot.x.low, value))[1]
        out.append(
            Markup('<line class="grid" x1="{}" x2="{}" y1="{}" y2="{}"/>').format(f.left, f.width - f.right, y, y)
        )
        out.append(Markup('<text class="tick end" x="{}" y="{}">{}</text>').format(f.left - 6, y + 4, name))
    for value, name in zip(plot.x.ticks, plot.x.names(), strict=True):
        x = plot.at((value, plot.y.low))[0]
        out.append(Markup('<line class="tick" x1="{}" x2="{}" y1="{}" y2="{}"/>').format(x, x, bottom, bottom + 4))
        out.append(Markup('<text class="tick mid" x="{}" y="{}">{}</text>').format(x, bottom + 17, name))
    out.append(
        Markup('<line class="axis" x1="{}" x2="{}" y1="{}" y2="{}"/>').format(f.left, f.width - f.right, bottom, bottom)
    )
    middle, across = (f.left + f.width - f.right) / 2, (f.top + bottom) / 2
    out.append(Markup('<text class="label mid" x="{}" y="{}">{}</text>').format(middle, f.height - 8, plot.x.label))
    if plot.y.label:
        turned = '<text class="label mid" transform="translate(13 {}) rotate(-90)">{}</text>'
        out.append(Markup(turned).format(across, plot.y.label))
    return Markup("").join(out)


def _data(plot: Plot) -> dict[str, Any]:
    """What the script needs to read values and to move the cursor."""
    f = plot.frame
    return {
        "frame": [f.left, f.width - f.right, f.top, f.height - f.bottom, f.width],
        "x": [plot.x.low, plot.x.high, plot.x.log],
        "y": [plot.y.low, plot.y.high, plot.y.log],
        "unit": plot.cursor,
        "scrubbed": plot.scrubbed,
        "series": [
            {"key": s.key, "name": s.name, "x": [_short(p[0]) for p in s.points], "y": [_short(p[1]) for p in s.points]}
            for s in plot.series
            if s.read
        ],
        **plot.more,
    }


def _short(value: float) -> float:
    """Five significant digits: what a reader is shown."""
    return float(f"{value:.5g}")
