"""The clock of each pot: one period, its measures, and how long every iteration took.

In: the last period as ``compare`` keeps it, and what was measured over the run. Out: charts and a table.
"""

from __future__ import annotations

from compiler.report.axes import linear
from compiler.report.blocks import Block, Chart, Charts, Section, Table, table
from compiler.report.charts import Plot, Series, chart, thinned
from compiler.report.folder import Level, Results
from compiler.report.text import LEVELS, duration, listed, number, percent

UNITS = ((3 * 86400.0, 86400.0, "days"), (3 * 3600.0, 3600.0, "h"), (180.0, 60.0, "min"), (0.0, 1.0, "s"))
"""From this many seconds on, an axis counts in a unit of so many seconds."""

POINTS = 260


def section(r: Results) -> Section | None:
    """The clocks of all pots; None where no pot was trained."""
    traced = [level for level in r.levels if level.clock]
    if not traced:
        return None
    charts = [_period(level) for level in traced]
    charts += [_lengths(level) for level in traced if level.dna and len(level.entry.get("period_s", ())) > 1]
    measured = [level for level in traced if level.entry.get("clock")]
    lead = (
        "Phase 1 computes, phase 2 takes the error and feeds it back, phase 3 updates the weights and flushes. Samples "
        "are dosed when phase 3 has faded."
    )
    blocks: list[Block] = [Charts(tuple(charts))]
    if measured:
        blocks.append(_measures(measured))
    return Section("clock", "The clock", lead, tuple(blocks))


def _period(level: Level) -> Chart:
    """The last period of training."""
    end = level.clock[-1][0] - level.clock[0][0]
    per, unit = _unit(end) if level.dna else (1.0, "formal units")
    amount = "nM" if level.dna else "formal units"
    rows = [(row[0] / per, *row[1:]) for row in level.clock]
    series = tuple(
        Series(f"phase{i + 1}", f"O{i + 1}", thinned(_spread([(row[0], row[i + 1]) for row in rows]), POINTS), "both")
        for i in range(3)
    )
    x = linear(f"time ({unit})", [row[0] for row in rows], pad=0)
    y = linear(f"concentration ({amount})", [0.0, *(v for row in rows for v in row[1:])], pad=0.03)
    legend = tuple((s.key, f"{s.name}, phase {i + 1}") for i, s in enumerate(series))
    title = f"One period, {LEVELS[level.name]}"
    plot = Plot(f"clock-{level.name}", title, x, y, series, cursor=f"time, {unit},", legend=legend)
    peaks = listed([f"O{i + 1} peaks at {number(max(row[i + 1] for row in rows), 3)}" for i in range(3)])
    every = rows[:: max(1, len(rows) // 24)]
    values = table("The period as a table", [f"time ({unit})", *(f"O{i} ({amount})" for i in (1, 2, 3))],
                   [[number(v, 4) for v in row] for row in every], folded=True,
                   note=f"{level.name}-clock.csv has every step.")  # fmt: skip
    return chart(plot, f"{title}: {peaks} {amount}, one after the other, over {number(end / per, 3)} {unit}.", values)


def _spread(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Steps at least a fraction of the period apart: an adaptive integrator takes thousands at a handover."""
    least, kept = (points[-1][0] - points[0][0]) / POINTS, points[:1]
    for p in points[1:]:
        if p[0] - kept[-1][0] >= least:
            kept.append(p)
    return kept


def _lengths(level: Level) -> Chart:
    """Length of every iteration."""
    periods = level.entry["period_s"]
    per, unit = _unit(max(periods))
    points = tuple((i + 1.0, p / per) for i, p in enumerate(periods))
    x = linear("iteration", (1.0, float(len(points))), pad=0.02, whole=True)
    y = linear(f"length of an iteration ({unit})", [p[1] for p in points], pad=0.25)
    plot = Plot(f"period-{level.name}", f"Length of each iteration, {LEVELS[level.name]}", x, y,
                (Series(level.name, LEVELS[level.name], thinned(points), "both"),), cursor="iteration")  # fmt: skip
    every = [p for i, p in enumerate(points) if i % max(1, len(points) // 24) == 0]
    values = table(
        "Lengths as a table",
        ["iteration", f"length ({unit})"],
        [[str(int(i)), number(p)] for i, p in every],
        folded=True,
        note="metrics.json has all of them, in seconds.",
    )
    first, last = points[0][1], points[-1][1]
    return chart(
        plot, f"The first iteration takes {number(first, 3)} {unit}, the last {number(last, 3)} {unit}.", values
    )


def _measures(levels: list[Level]) -> Table:
    """What was measured of every clock over the whole run."""
    rows = []
    for level in levels:
        c = level.entry["clock"]
        mean = sum(c["periods"]) / len(c["periods"])
        unit = " nM" if level.dna else ""
        rows.append([
            LEVELS[level.name], duration(mean) if level.dna else number(mean), percent(c["drift"]),
            f"{c['drift_cycles'][0]} to {c['drift_cycles'][1]}", percent(max(c["overlap"])),
            percent(c["handover_fraction"]), ", ".join(f"{100 * d:.1f}" for d in c["duty"]),
            f"{number(min(c['trough']), 2)}{unit}", f"{number(c['amplitude'])}{unit}",
        ])  # fmt: skip
    heads = ("clock", "mean period", "drift", "over cycles", "overlap / period", "handover / phase",
             "time of each phase, %", "deepest trough", "amplitude")  # fmt: skip
    note = (
        "Drift is the change of the period between the cycles named. Overlap is the largest of ∫ min(Oᵢ, Oⱼ) dt over "
        "amplitude times period; handover the longest rise from 10 to 90 % over a third of the period."
    )
    return table("The clocks measured", heads, rows, note=note)


def _unit(seconds: float) -> tuple[float, str]:
    return next((per, name) for least, per, name in UNITS if seconds >= least)
