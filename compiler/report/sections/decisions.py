"""What a trained circuit answers: where it decides, or how its predictions compare with the targets.

In: the validation samples with each level's predictions, and the lines of :mod:`compiler.report.boundary`. Out: a chart
of the decision for classes of two features, predictions against targets for regressions, and answers counted by class.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from compiler.report.axes import linear
from compiler.report.blocks import Block, Chart, Charts, Section, Table, table
from compiler.report.charts import SMALL_SQUARE, SQUARE, Frame, Plot, Series, chart, mark, polyline
from compiler.report.folder import Level, Results
from compiler.report.reading import Samples
from compiler.report.text import LEVELS, LONG, listed, number

LISTED = 200
"""Samples that are listed."""

CLASSES = 6
"""Classes that have a marker of their own."""


def section(r: Results) -> Section | None:
    """Decisions or predictions, whichever the task has."""
    about = r.facts.get("about")
    shown = [level for level in r.levels if level.samples is not None]
    if not shown:
        return None
    if about is None or about["kind"] == "regression":
        return _regression(shown)
    names = classes(about)
    blocks: list[Block] = []
    lead, drawn = "", r.facts.get("boundaries")
    if drawn and len(names) <= CLASSES and shown[-1].samples:
        blocks.append(Charts((_decision(r, shown[-1], about, names, drawn),)))
        lead = (
            "Lines show where the neural ODE with a level's weights decides between classes; move the iteration to see "
            f"them form. Marks are validation samples; those that {LONG[shown[-1].name]} itself answers wrongly after "
            "training are ringed. A pot computes a little differently from the neural ODE, so a ring may lie on the "
            "right side."
        )
    blocks += [_counted(level, about, names) for level in shown]
    return Section("decisions", "What it decides", lead, tuple(blocks), training=bool(lead))


def classes(about: Mapping[str, Any]) -> tuple[str, ...]:
    """Names of the classes, of a generator its labels."""
    return tuple(about["classes"]) or tuple(number(v) for v in about["labels"])


def answer(about: Mapping[str, Any], outputs: Sequence[float]) -> int:
    """The class that outputs or targets (m,) mean, as :func:`compiler.scores.score` reads them."""
    if about["kind"] == "binary":
        return int(outputs[0] >= about["cut"])
    return max(range(len(outputs)), key=lambda k: (outputs[k], -k))


def _decision(
    r: Results, last: Level, about: Mapping[str, Any], names: Sequence[str], drawn: Mapping[str, Any]
) -> Chart:
    """Boundaries of every level at a few moments, over the validation samples."""
    samples = last.samples
    assert samples is not None
    (x0, x1), (y0, y1) = drawn["range"]
    a, b = about["inputs"]
    truth = [answer(about, y) for y in samples.y]
    wrong = [answer(about, found) != t for found, t in zip(samples.after, truth, strict=True)]
    series = tuple(
        Series(
            f"class{k}", name, tuple((x[0], x[1]) for x, t in zip(samples.x, truth, strict=True) if t == k), "points"
        )
        for k, name in enumerate(names)
    )
    x, y = linear(a, (x0, x1), pad=0), linear(b, (y0, y1), pad=0)
    legend = tuple((f"class{k} dots", f"class {name}") for k, name in enumerate(names))
    moments = sorted({m["iteration"] for level in drawn["levels"].values() for m in level})
    plot = Plot("decision", "Decision", x, y, (), SQUARE)
    rings = Markup("").join(
        Markup('<circle class="ring" cx="{}" cy="{}" r="7"/>').format(*plot.at((s[0], s[1])))
        for s, bad in zip(samples.x, wrong, strict=True)
        if bad
    )
    lines = Markup("").join(
        _boundary(plot, level, drawn["levels"][level.name]) for level in r.levels if level.name in drawn["levels"]
    )
    plot = Plot("decision", "Decision", x, y, series, SQUARE, extra=lines + rings, legend=legend, focus=False,
                more={"moments": moments, "series": []})  # fmt: skip
    told = f"{sum(wrong)} of {len(wrong)} validation samples are answered wrongly by {LONG[last.name]} after training."
    return chart(
        plot, f"Validation samples by {a} and {b}, and where each level decides. {told}", _samples_table(samples)
    )


def _boundary(plot: Plot, level: Level, moments: Sequence[Mapping[str, Any]]) -> Markup:
    """The lines of a level, a group for each moment, the last of them in sight."""
    out = []
    for m in moments:
        paths = [
            Markup('<path class="line" d="{}"/>').format(polyline(plot.at((p[0], p[1])) for p in line))
            for line in m["lines"] or ()
        ]
        hidden = Markup("") if m is moments[-1] else Markup(" hidden")
        out.append(Markup('<g data-moment="{}"{}>{}</g>').format(m["iteration"], hidden, Markup("").join(paths)))
    return Markup('<g class="series s-{}" data-key="{}">{}</g>').format(level.name, level.name, Markup("").join(out))


def _counted(level: Level, about: Mapping[str, Any], names: Sequence[str]) -> Table:
    """How often each class got each answer."""
    samples = level.samples
    assert samples is not None
    counts = [[0] * len(names) for _ in names]
    for y, found in zip(samples.y, samples.after, strict=True):
        counts[answer(about, y)][answer(about, found)] += 1
    rows = [[name, *(str(n) for n in row)] for name, row in zip(names, counts, strict=True)]
    heads = ["class", *(f"answered {name}" for name in names)]
    title = f"Answers to the validation samples, {LEVELS[level.name]}"
    return table(title, heads, rows, folded=True)


def _regression(shown: list[Level]) -> Section:
    """Predictions against targets: each level after training, the lowest one before it too."""
    drawn = [level for level in shown if level.name != "reference" or len(shown) == 1]
    charts = tuple(_predictions(level, SQUARE if len(drawn) < 3 else SMALL_SQUARE) for level in drawn)
    return Section("decisions", "Predictions", "Validation samples; on the line, prediction and target agree.",
                   (Charts(charts, small=len(charts) > 2),))  # fmt: skip


def _predictions(level: Level, frame: Frame) -> Chart:
    samples = level.samples
    assert samples is not None
    before, after = _pairs(samples.y, samples.before), _pairs(samples.y, samples.after)
    values = [v for pair in (*before, *after) for v in pair]
    x, y = linear("target y", values), linear("prediction ŷ", values)
    name = f"predictions-{level.name}"
    plot = Plot(name, LEVELS[level.name], x, y, (), frame)
    ends = [plot.at((v, v)) for v in (max(x.low, y.low), min(x.high, y.high))]
    diagonal = Markup('<path class="diagonal" d="{}"/>').format(polyline(ends))
    marks = Markup("").join(mark(level.name, *plot.at(p), more="hollow faint") for p in before)
    series = (Series(level.name, "after training", after, "points"),)
    legend = ((f"{level.name} dots", "after training"), (f"{level.name} hollow", "before"))
    plot = Plot(name, LEVELS[level.name], x, y, series, frame, extra=diagonal + marks, legend=legend, focus=False)
    rms = (sum((a - b) ** 2 for a, b in after) / len(after)) ** 0.5
    was = (sum((a - b) ** 2 for a, b in before) / len(before)) ** 0.5
    described = f"{LONG[level.name]}: root mean square error {number(was, 3)} before, {number(rms, 3)} after training."
    return chart(plot, described, _samples_table(samples))


def _pairs(y: Sequence[Sequence[float]], found: Sequence[Sequence[float]]) -> tuple[tuple[float, float], ...]:
    return tuple((a, b) for row, answers in zip(y, found, strict=True) for a, b in zip(row, answers, strict=True))


def _samples_table(samples: Samples) -> Table:
    heads = [*samples.inputs, "target", "before", "after"]
    rows = [
        [*(number(v) for v in x), listed([number(v) for v in y]), *(", ".join(number(v) for v in f) for f in (b, a))]
        for x, y, b, a in zip(samples.x, samples.y, samples.before, samples.after, strict=True)
    ]
    note = (
        f"{LISTED} of {len(rows)} are listed; the *-validation.csv beside this page have all."
        if len(rows) > LISTED
        else ""
    )
    return table("Validation samples", heads, rows[:LISTED], folded=True, note=note)
