"""``strandgrad robustness``: how strong a fault a design stands, and what fails first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from compiler.commands.options import check_place, placed, reporting

if TYPE_CHECKING:
    from compiler.bench.runs import Job
    from compiler.design import Design
    from compiler.robustness import Point
    from compiler.tasks.task import Where

FAULTS = ("leak", "scatter", "concentration")

EXAMPLE = """\b
Example:
  strandgrad robustness linreg2d -o out/robust
"""

Run = Callable[["Sequence[Job]"], "tuple[Point, ...]"]


@click.command("robustness", epilog=EXAMPLE)
@click.argument("design")
@click.option("--faults", default=",".join(FAULTS), show_default=True, help="Faults to try, separated by commas.")
@click.option("--epochs", type=click.IntRange(1, 10**5), default=1, show_default=True)
@click.option("--seeds", type=click.IntRange(1, 10**5), default=3, show_default=True, help="Draws a random fault.")
@click.option("--tests", type=click.IntRange(3, 10**5), default=25, show_default=True, help="Samples that judge a run.")
@placed
@click.option("-o", "--output", required=True, help="Folder for robustness.json, robustness.png, .svg and the runs.")
def command(
    design: str, faults: str, epochs: int, seeds: int, tests: int, workers: int | None, scheduler: str | None,
    output: str,
) -> None:  # fmt: skip
    """Train DESIGN at level dsd under leak, rate scatter and concentration errors of growing strength.

    Says at which strength survival falls under 0.9. There, each gate family is given the fault alone: the one that
    costs most survival fails first. Runs that are in the folder already are not repeated.
    """
    from compiler.design import load_design
    from compiler.tasks.task import Where
    from dsd.errors import InputError
    from dsd.files import write_json_atomic

    check_place(workers, scheduler)

    chosen = [f.strip() for f in faults.split(",") if f.strip()]
    if unknown := [f for f in chosen if f not in FAULTS]:
        raise InputError(f"--faults: no fault '{unknown[0]}'; choose from {', '.join(FAULTS)}")
    loaded, out = load_design(design), Path(output)
    table = _all(loaded, chosen, seeds, epochs, tests, _runner(out, Where(workers, scheduler)))
    write_json_atomic(out / "robustness.json", {"design": design, "points": [asdict(p) for p in table]})
    _draw(loaded.name, chosen, table, out)
    _show(chosen, table)
    click.echo(f"The report is in {output}.")


def _all(design: Design, faults: Sequence[str], seeds: int, epochs: int, tests: int, run: Run) -> tuple[Point, ...]:
    """All strengths, then the families at the strength where each fault becomes too much."""
    from compiler.gate_families import families_of
    from compiler.pipeline import dsd
    from compiler.robustness import falls, family_jobs, level_jobs

    table = run(level_jobs(design, faults, seeds, epochs, tests))
    families = tuple(families_of(dsd(design)))
    wanted = [family_jobs(design, p.fault, p.strength, families, seeds, epochs, tests) for f in faults
              if (p := falls(table, f))]  # fmt: skip
    return table + run([job for jobs in wanted for job in jobs])


def _runner(out: Path, where: Where) -> Run:
    from compiler.robustness import points, task
    from compiler.tasks.store import run_tasks

    def run(jobs: Sequence[Job]) -> tuple[Point, ...]:
        if not jobs:
            return ()
        with reporting(len(jobs)) as report:
            records = run_tasks([task(j) for j in jobs], out / "runs", where, describe=_described, report=report)
        return points(jobs, records)

    return run


def _described(record: Mapping[str, Any]) -> str:
    return f"survival {record['survival'] or 0.0:.3f}, {record['wall_s']:.0f} s"


def _show(faults: Sequence[str], table: Sequence[Point]) -> None:
    from rich.table import Table

    from compiler.commands.outputs import console
    from compiler.robustness import FAILED, UNITS, falls, first

    out = console()
    for fault in faults:
        shown = Table(title=f"{fault} ({UNITS[fault]})")
        for heading in ("strength", "in", "survival", "worst", "period drift", "trough x", "what happened"):
            shown.add_column(heading, overflow="fold")
        for p in table:
            if p.fault in ("", fault):
                shown.add_row(
                    f"{p.strength:g}", p.only or ("all gates" if p.fault else "intact"), f"{p.survival:.3f}",
                    f"{p.worst:.3f}", "-" if p.drift is None else f"{p.drift:+.1%}",
                    "-" if p.trough is None else f"{p.trough:.3g}", p.note.split(";")[0][:90],
                )  # fmt: skip
        out.print(shown)
        limit, module = falls(table, fault), first(table, fault)
        if limit is None:
            out.print(f"{fault}: survival stays at {FAILED:g} or more at every strength tried", markup=False)
        elif module is not None:
            alone = "which alone is enough" if module.survival < FAILED else "though no module alone is enough"
            out.print(
                f"{fault}: survival falls under {FAILED:g} at {limit.strength:g}; first fails '{module.only}' "
                f"({module.survival:.3f} if only it is affected, {alone})",
                markup=False,
            )


def _draw(name: str, faults: Sequence[str], table: Sequence[Point], out: Path) -> None:
    from matplotlib.figure import Figure

    from compiler.figures import rendered
    from compiler.robustness import FAILED, UNITS
    from dsd.files import write_atomic

    figure = Figure(figsize=(4.2 * len(faults), 3.6), layout="constrained")
    figure.suptitle(f"{name}: survival under faults")
    for ax, fault in zip(figure.subplots(1, len(faults), squeeze=False)[0], faults, strict=True):
        mine = [p for p in table if p.fault == fault and not p.only]
        ax.semilogx([p.strength for p in mine], [p.survival for p in mine], "o-", color="#0072B2", label="mean")
        ax.semilogx([p.strength for p in mine], [p.worst for p in mine], ":", color="#0072B2", label="worst draw")
        ax.axhline(FAILED, color="0.6", linestyle="--", linewidth=1)
        ax.set(title=fault, xlabel=UNITS[fault], ylabel="survival", ylim=(-0.5, 1.1))
        ax.legend()
    for form in ("png", "svg"):
        write_atomic(out / f"robustness.{form}", rendered(figure, form))
