"""Weights of every level as training goes on, a small chart each.

In: weights after every iteration. Out: a chart for each weight, the first of them in sight.
"""

from __future__ import annotations

from compiler.report.axes import linear
from compiler.report.blocks import Block, Chart, Charts, Note, Section, table
from compiler.report.charts import SMALL, WIDE, Plot, Series, chart, thinned
from compiler.report.folder import Level, Results
from compiler.report.text import LEVELS, listed, number, weight

SHOWN = 24
"""Weights that are drawn; the tables beside the report have all."""

FEW = 2
"""Up to so many weights have a large chart each."""


def section(r: Results) -> Section | None:
    """A chart for each weight; of pots it is the effective weight in formal units."""
    shown = [level for level in r.levels if len(level.weights) > 1]
    if not shown:
        return None
    width = min(len(level.weights[0]) for level in shown)
    names = [weight(r.names[i]) if i < len(r.names) else f"weight {i + 1}" for i in range(width)]
    few = width <= FEW
    charts = tuple(_chart(shown, names[i], i, few) for i in range(min(width, SHOWN)))
    blocks: list[Block] = [Charts(charts, small=not few), _table(shown, names)]
    if width > SHOWN:
        blocks.append(Note(f"{SHOWN} of {width} weights are drawn; *-weights.csv beside this file has all of them."))
    lead = (
        "Each line is one level. Weights of a pot are read from its concentrations, in formal units; they scale with "
        "the length of its phases, so they follow the formal circuit's without having to coincide with them."
    )
    return Section("weights", "Weights", lead, tuple(blocks), training=True)


def _chart(shown: list[Level], name: str, i: int, few: bool) -> Chart:
    curves = {level.name: [(float(k), row[i]) for k, row in enumerate(level.weights)] for level in shown}
    series = tuple(
        Series(key, LEVELS[key], thinned(points), "both" if few else "line") for key, points in curves.items()
    )
    end = max(len(level.weights) for level in shown) - 1
    x = linear("iteration (one sample each)", (0.0, float(end)), pad=0.02, whole=True, ticks=4)
    # Where there is little room the caption stands for the label of the axis.
    label, title = (f"{name}, formal units", name) if few else ("", f"{name}, formal units")
    y = linear(label, [v for p in curves.values() for _, v in p], ticks=5 if few else 3)
    said = listed([f"{s.name} {number(s.points[0][1])} to {number(s.points[-1][1])}" for s in series])
    plot = Plot(f"weight-{i}", title, x, y, series, WIDE if few else SMALL, "iteration", True, focus=few)
    return chart(plot, f"{name} while training: {said}.")


def _table(shown: list[Level], names: list[str]) -> Block:
    """Weights before and after, by level."""
    heads = ["weight", *(f"{LEVELS[level.name]}, {when}" for level in shown for when in ("before", "after"))]
    rows = [
        [name, *(number(level.weights[at][i], 5) for level in shown for at in (0, -1))] for i, name in enumerate(names)
    ]
    return table("Weights before and after training", heads, rows, folded=True)
