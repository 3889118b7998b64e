"""``strandgrad controls``: is it the chemistry that learns?"""

from __future__ import annotations

from pathlib import Path

import click

from compiler.commands.options import check_place, placed, reporting

EXAMPLE = """\b
Examples:
  strandgrad controls linreg2d -o out/controls.json
  strandgrad controls linreg2d --workers 2 -o out/controls.json
"""


@click.command("controls", epilog=EXAMPLE)
@click.argument("design")
@click.option(
    "--iterations", type=click.IntRange(min=4), metavar="N", default=82, show_default=True, help="Samples of each run."
)
@click.option(
    "--validation", type=click.IntRange(min=3), metavar="N", default=25, show_default=True, help="Samples that judge."
)
@placed
@click.option("-o", "--output", required=True, help="JSON file for the results; a CSV table is beside it.")
def command(
    design: str, iterations: int, validation: int, workers: int | None, scheduler: str | None, output: str
) -> None:
    """Run DESIGN's control experiments at the DNA level.

    Leaves out every gate family in turn, shuffles or withholds targets, starts from other weights, and changes the
    target half-way (that run is 2.5 times as long). Exits 1 if one does not come out as it must. Runs that are in the
    folder beside the file already are not repeated.
    """
    from compiler.commands.outputs import console
    from compiler.control_runs import columns, controls, tasks
    from compiler.controls import table
    from compiler.design import load_design
    from compiler.tasks.store import run_tasks
    from compiler.tasks.task import Where
    from compiler.tasks.tidy import tidy
    from dsd.files import write_atomic, write_json_atomic

    check_place(workers, scheduler)
    loaded, file = load_design(design), Path(output)
    wanted = tasks(loaded, iterations, validation)
    with reporting(len(wanted)) as report:
        records = run_tasks(wanted, file.with_name(f"{file.stem}-runs"), Where(workers, scheduler), report=report)
    rows = table(controls(records))
    write_json_atomic(file, {**columns(loaded), "design": design, "iterations": iterations, "controls": rows})
    write_atomic(file.with_suffix(".csv"), tidy([{**t.about, **row} for t, row in zip(wanted, rows, strict=True)]))
    from rich.table import Table

    shown = Table(title=f"{design}: control experiments, {iterations} iterations")
    for heading in ("experiment", "passed", "outcome"):
        shown.add_column(heading, overflow="fold")
    for row in rows:
        shown.add_row(str(row["name"]), "yes" if row["passed"] else "NO", str(row["outcome"]))
    console().print(shown)
    click.echo(f"The numbers are in {output}.")
    if not all(row["passed"] for row in rows):
        raise click.exceptions.Exit(1)
