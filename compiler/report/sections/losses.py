"""Losses of every level as training goes on.

In: losses by epoch, and the validations within the last one. Out: one chart over iterations.
"""

from __future__ import annotations

from markupsafe import Markup

from compiler.report.axes import linear, logarithmic
from compiler.report.blocks import Chart, Charts, Section, Table, table
from compiler.report.charts import Plot, Series, chart, mark
from compiler.report.folder import Level, Results
from compiler.report.text import LEVELS, LONG, listed, number, percent


def section(r: Results) -> Section | None:
    """Validation loss (lines) and mean training loss of each epoch (hollow marks); accuracy where there are classes."""
    shown = [level for level in r.levels if level.entry["validation_loss"]]
    if not shown:
        return None
    series = tuple(Series(level.name, LEVELS[level.name], validation(level), "both") for level in shown)
    trained = {level.name: training(level) for level in shown}
    end = max(level.entry["iterations"] for level in shown)
    x = linear("iteration (one sample each)", (0.0, float(end)), pad=0.02, whole=True)
    y = logarithmic("loss ½ Σ (ŷ − y)², formal units", [p[1] for s in series for p in s.points] + _all(trained))
    plot = Plot("loss", "Loss", x, y, series, cursor="iteration", scrubbed=True)
    plot = Plot("loss", "Loss", x, y, series, cursor="iteration", scrubbed=True, extra=_hollow(plot, trained))
    said = listed([f"{LONG[level.name]} from {_ends(level)}" for level in shown])
    charts = [chart(plot, f"Validation loss of {said}.", _table(shown))]
    if any(level.entry.get("validation_accuracy") for level in shown):
        charts.append(_accuracy(shown, end))
    lead = "Lines are the mean loss over the validation samples, hollow marks the mean of an epoch's training samples."
    return Section("losses", "Loss", lead, (Charts(tuple(charts)),), training=True)


def validation(level: Level) -> tuple[tuple[float, float], ...]:
    """Validation loss by iteration: at the ends of epochs, and where the last one was looked at more closely."""
    entry = level.entry
    if trace := entry.get("validation_trace"):
        return tuple((float(at), float(loss)) for at, loss in trace)
    per = _epoch(level)
    return tuple((i * per, float(loss)) for i, loss in enumerate(entry["validation_loss"]))


def training(level: Level) -> tuple[tuple[float, float], ...]:
    """Mean training loss of each epoch, in its middle."""
    per = _epoch(level)
    return tuple(((i + 0.5) * per, float(loss)) for i, loss in enumerate(level.entry["train_loss"]))


def _epoch(level: Level) -> float:
    """Iterations of an epoch."""
    done = len(level.entry["validation_loss"]) - 1
    trace = level.entry.get("validation_trace")
    if level.state == "unfinished" and trace:
        return float(trace[-1][0]) / max(1, len(trace) - 1)
    return float(level.entry["iterations"]) / max(1, done)


def _all(trained: dict[str, tuple[tuple[float, float], ...]]) -> list[float]:
    return [loss for points in trained.values() for _, loss in points]


def _hollow(plot: Plot, trained: dict[str, tuple[tuple[float, float], ...]]) -> Markup:
    out = []
    for name, points in trained.items():
        marks = Markup("").join(mark(name, *plot.at(p), more="hollow") for p in points[:: max(1, len(points) // 20)])
        out.append(Markup('<g class="series s-{}" data-key="{}">{}</g>').format(name, name, marks))
    return Markup("").join(out)


def _ends(level: Level) -> str:
    losses = level.entry["validation_loss"]
    return f"{number(losses[0])} to {number(losses[-1])}"


def _accuracy(shown: list[Level], end: int) -> Chart:
    series = tuple(
        Series(
            level.name, LEVELS[level.name], tuple((i * _epoch(level), 100.0 * v) for i, v in enumerate(right)), "both"
        )
        for level in shown
        if (right := level.entry.get("validation_accuracy"))
    )
    x = linear("iteration (one sample each)", (0.0, float(end)), pad=0.02, whole=True)
    y = linear("accuracy, %", (0.0, 100.0), pad=0.03)
    said = listed(
        [f"{s.name} {percent(s.points[0][1] / 100)} before and {percent(s.points[-1][1] / 100)} after" for s in series]
    )
    return chart(
        Plot("accuracy", "Accuracy on validation samples", x, y, series, cursor="iteration", scrubbed=True),
        f"Accuracy: {said}.",
    )


def _table(shown: list[Level]) -> Table:
    """Losses at the end of each epoch."""
    longest = max(len(level.entry["validation_loss"]) for level in shown)
    heads = ["epoch", *(f"{LEVELS[level.name]}, validation" for level in shown)]
    heads += [f"{LEVELS[level.name]}, training" for level in shown]
    right = [level for level in shown if level.entry.get("validation_accuracy")]
    heads += [f"{LEVELS[level.name]}, accuracy" for level in right]
    rows = [
        [
            str(i),
            *_at(shown, "validation_loss", i),
            *_at(shown, "train_loss", i - 1),
            *_at(right, "validation_accuracy", i),
        ]
        for i in range(longest)
    ]
    return table("The same as a table", heads, rows, folded=True)


def _at(shown: list[Level], key: str, i: int) -> list[str]:
    return [number(level.entry[key][i]) if 0 <= i < len(level.entry[key]) else "–" for level in shown]
