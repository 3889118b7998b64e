"""``strandgrad controls``: is it the chemistry that learns?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from compiler.controls import Control
    from compiler.design import Design

EXAMPLE = """\b
Example:
  strandgrad controls linreg2d -o out/controls.json
"""


@click.command("controls", epilog=EXAMPLE)
@click.argument("design")
@click.option("--iterations", type=click.IntRange(min=4), default=82, show_default=True, help="Samples of each run.")
@click.option("--validation", type=click.IntRange(min=3), default=25, show_default=True, help="Samples that judge.")
@click.option("--workers", type=click.IntRange(min=1), help="Processes; one a core if not given.")
@click.option("-o", "--output", required=True, help="JSON file for the results.")
def command(design: str, iterations: int, validation: int, workers: int | None, output: str) -> None:
    """Run DESIGN's control experiments at the DNA level.

    Leaves out every gate family in turn, shuffles or withholds targets, starts from other weights, and changes the
    target half-way (that run is 2.5 times as long). Exits 1 if one does not come out as it must.
    """
    from compiler.commands.outputs import console
    from compiler.controls import table
    from compiler.design import load_design
    from dsd.files import write_json_atomic

    rows = table(_all(load_design(design), iterations, validation, workers))
    write_json_atomic(output, {"design": design, "iterations": iterations, "controls": rows})
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


def _all(design: Design, iterations: int, validation: int, workers: int | None) -> list[Control]:
    """All experiments, in processes of their own, in the order of the plans."""
    import os
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    from compiler.controls import plans, run
    from compiler.progress import bars

    chosen = plans(design)
    with (
        bars() as task,
        ProcessPoolExecutor(workers or os.cpu_count(), mp_context=get_context("spawn")) as pool,
    ):
        move = task("controls")
        runs = []
        for plan in chosen:
            length = round(iterations * 2.5) if len(plan.parts) > 1 else iterations
            runs.append(pool.submit(run, design, plan, iterations=length, validation=validation))
        found = []
        for done, future in enumerate(runs, 1):
            found.append(future.result())
            move(done, len(runs))
    return found
