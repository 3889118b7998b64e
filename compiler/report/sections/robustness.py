"""Robustness: survival under leak, scattered rates and concentration errors of growing strength.

In: ``robustness.json`` as ``strandgrad robustness`` writes it. Out: a chart for each fault, and what fails first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from compiler.report.axes import linear, logarithmic
from compiler.report.blocks import Chart, Charts, Section, missing, table
from compiler.report.charts import Plot, Series, chart
from compiler.report.folder import Results
from compiler.report.text import number, percent, sentence
from compiler.robustness import FAILED, UNITS, Point, falls, first
from dsd.errors import InputError

TITLE = "Robustness"
STRENGTHS = {
    "leak": "leak rate constant, /M/s",
    "scatter": "σ of log₁₀ of the rates",
    "concentration": "σ of ln of the amounts",
}
"""What the strength of each fault counts, in the words of an axis."""


def section(r: Results) -> Section | None:
    """A chart for each fault that was tried."""
    if r.robustness is None:
        command = f"strandgrad robustness {r.design} -o {r.place}/robustness"
        return missing(
            "robustness",
            TITLE,
            "How strong a fault this design stands was not tried in this folder; this tries it, and takes hours:",
            command,
        )
    points = _points(r.robustness, r)
    faults = [f for f in UNITS if any(p.fault == f and not p.only for p in points)]
    lead = " ".join(_said(points, fault) for fault in faults)
    charts = Charts(tuple(_chart(points, fault) for fault in faults))
    heads = ("fault", "strength", "in", "survival, mean", "worst", "period drift", "what happened")
    rows = [
        [p.fault or "none", number(p.strength, 3), p.only or "all gates", percent(p.survival), percent(p.worst),
         percent(p.drift), p.note or "–"]
        for p in points
    ]  # fmt: skip
    return Section("robustness", TITLE, lead, (charts, table("Every fault tried", heads, rows, folded=True)))


def _points(found: Mapping[str, Any], r: Results) -> tuple[Point, ...]:
    try:
        return tuple(Point(**p) for p in found["points"])
    except (KeyError, TypeError) as error:
        raise InputError(
            f"robustness.json in {r.folder} is not what 'robustness' writes ({error}); write it again"
        ) from None


def _said(points: Sequence[Point], fault: str) -> str:
    limit, module = falls(points, fault), first(points, fault)
    if limit is None:
        return sentence(f"{fault}: survival stays at {FAILED:g} or more at every strength tried")
    what = f"; '{module.only}' fails first" if module else ""
    return sentence(f"{fault}: survival falls under {FAILED:g} at {number(limit.strength, 3)}{what}")


def _chart(points: Sequence[Point], fault: str) -> Chart:
    mine = [p for p in points if p.fault == fault and not p.only]
    mean = tuple((p.strength, p.survival) for p in mine)
    worst = tuple((p.strength, p.worst) for p in mine)
    title = f"{fault.capitalize()}: {UNITS[fault]}"
    x = logarithmic(STRENGTHS[fault], [p.strength for p in mine])
    y = linear("survival", [0.0, 1.0, *(p.worst for p in mine)], pad=0.06)
    series = (Series("mean", "mean", mean, "both"), Series("worst", "worst draw", worst, "both"))
    legend = (("mean", "mean"), ("worst", "worst draw"))
    plot = Plot(f"fault-{fault}", title, x, y, series)
    (x0, y0), (x1, _) = plot.at((x.low, FAILED)), plot.at((x.high, FAILED))
    limit = Markup('<line class="limit" x1="{}" x2="{}" y1="{}" y2="{}"/>').format(x0, x1, y0, y0)
    plot = Plot(f"fault-{fault}", title, x, y, series, cursor="strength", extra=limit, legend=legend)
    return chart(plot, _said(points, fault))
