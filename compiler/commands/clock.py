"""``strandgrad clock``: measure an oscillator on its own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from clock.measure import ClockReport
    from compiler.oscillate import Oscillation

FAMILIES = ("ring", "crnpp", "limit-cycle", "external")

EXAMPLE = """\b
Examples:
  strandgrad clock ring -o out/ring
  strandgrad clock limit-cycle --level dsd --cycles 300 -o out/clock
"""


@click.command("clock", epilog=EXAMPLE)
@click.argument("family", type=click.Choice(FAMILIES))
@click.option("--level", type=click.Choice(["formal", "dsd"]), default="formal", show_default=True)
@click.option("--cycles", type=click.IntRange(3, 10**5), default=12, show_default=True, help="Cycles to run.")
@click.option("--period", type=click.FloatRange(min=0, min_open=True), default=1.5, show_default=True, help="Formal.")
@click.option("--design", help="Take amplitude, trough and [dna] from this design, not the defaults of both sections.")
@click.option("-o", "--output", required=True, help="Folder for clock.json, clock.png and clock.svg.")
def command(family: str, level: str, cycles: int, period: float, design: str | None, output: str) -> None:
    """Run the clock FAMILY alone; report period, drift, duty, overlap, handover and trough.

    At level dsd it runs as strands and gates in nM and s, fuels topped up once a cycle. Exits 1 if the clock does not
    hold: a period that strays by more than 5 %, or a trough by more than a decade, after the first cycle.
    """
    from clock.families import clock_for_period
    from clock.measure import measure
    from compiler.design import load_design
    from compiler.oscillate import held, oscillate
    from compiler.progress import bars
    from compiler.schema import Clock, Dna
    from dsd.files import write_json_atomic

    settings = load_design(design) if design else None
    chosen, dna = (settings.clock, settings.dna) if settings else (Clock(), Dna())
    clock = clock_for_period(family, period, chosen.amplitude, chosen.trough)
    with bars() as task:
        run = oscillate(clock, cycles, dna if level == "dsd" else None, task(f"{family}, {level}"))
    report = measure(run.t, run.o, run.amplitude)
    good, why = held(run, report)
    out = Path(output)
    write_json_atomic(out / "clock.json", _record(family, level, run, report, good, why))
    _plot(f"{family}, level {level}", run, report, out)
    _show(run, report)
    click.echo(f"{'The clock holds' if good else 'The clock does not hold'}: {why}. The report is in {output}.")
    if not good:
        raise click.exceptions.Exit(1)


def _record(family: str, level: str, run: Oscillation, report: ClockReport, good: bool, why: str) -> dict[str, Any]:
    return {
        "family": family,
        "level": level,
        "units": {"concentration": run.units[0], "time": run.units[1]},
        "nominal_period": run.period,
        "species": run.species,
        "reactions": run.reactions,
        "fuel_uM": run.fuel_uM,
        "stopped": run.stopped,
        "held": good,
        "outcome": why,
        **report.to_dict(),
    }


def _show(run: Oscillation, report: ClockReport) -> None:
    from compiler.commands.outputs import console

    concentration, time = ("", "") if run.units == ("1", "1") else tuple(f" {u}" for u in run.units)
    out = console()
    rows = (
        ("species, reactions", f"{run.species}, {run.reactions}"),
        ("cycles", f"{len(report.periods)}"),
        ("period, first to last", f"{report.periods[0]:.5g} to {report.periods[-1]:.5g}{time}"),
        ("nominal period", f"{run.period:.5g}{time}"),
        (f"drift, cycle {report.drift_cycles[0]} to {report.drift_cycles[1]}", f"{report.drift:+.2%}"),
        ("duty of each phase", ", ".join(f"{d:.3f}" for d in report.duty)),
        ("overlap over amplitude times period", ", ".join(f"{d:.3g}" for d in report.overlap)),
        ("handover 10-90 % over phase", f"{report.handover_fraction:.3f}"),
        ("trough, first to last", f"{report.trough[0]:.3g} to {report.trough[-1]:.3g}{concentration}"),
        ("peak, first to last", f"{report.peak[0]:.4g} to {report.peak[-1]:.4g}{concentration}"),
        ("fuel added", f"{run.fuel_uM:.4g} uM"),
    )
    for label, value in rows:
        out.print(f"{label:36}{value}", markup=False)


def _plot(title: str, run: Oscillation, report: ClockReport, out: Path) -> None:
    from matplotlib.figure import Figure

    from clock.measure import plot_period
    from compiler.figures import rendered
    from dsd.files import write_atomic

    concentration, time = ("", "") if run.units == ("1", "1") else run.units
    figure = Figure(figsize=(10, 6.5), layout="constrained")
    figure.suptitle(title)
    (first, last), (periods, troughs) = figure.subplots(2, 2)
    for ax, cycle in ((first, 0), (last, len(report.periods) - 1)):
        plot_period(ax, run.t, run.o, cycle, unit=concentration, amplitude=run.amplitude)
        ax.set_title(f"cycle {cycle + 1}")
    numbers = range(1, len(report.periods) + 1)
    periods.plot(numbers, report.periods, color="#0072B2")
    periods.set(xlabel="cycle", ylabel=f"period ({time})" if time else "period")
    periods.set_ylim(0, 1.2 * max(report.periods))
    troughs.semilogy(numbers, report.trough, color="#D55E00")
    troughs.set(xlabel="cycle", ylabel=f"trough ({concentration})" if concentration else "trough")
    low, high = min(report.trough), max(report.trough)
    troughs.set_ylim(low / 10, high * 10)
    for form in ("png", "svg"):
        write_atomic(out / f"clock.{form}", rendered(figure, form))
