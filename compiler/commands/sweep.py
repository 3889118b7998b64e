"""``strandgrad sweep``: final loss over the control parameters of a design."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from compiler.commands.options import check_place, placed, reporting

if TYPE_CHECKING:
    from compiler.design import Design
    from compiler.sweep import Point, Variation

EXAMPLE = """\b
Examples:
  strandgrad sweep cubic-xor --vary T=0.3..1.5 --vary d=3..5 -o out
  strandgrad sweep quadratic-xor --vary alpha=0.05,0.15,0.5 --seeds 3 -o out
  strandgrad sweep cubic-xor --vary T=1,2 --scheduler tcp://HOST:8786 -o out
"""


@click.command("sweep", epilog=EXAMPLE)
@click.argument("design")
@click.option("--vary", multiple=True, required=True, help="T, eta, alpha or d and its values; may be repeated.")
@click.option("--level", type=click.Choice(["reference", "formal"]), default="formal", show_default=True)
@click.option("--epochs", type=click.IntRange(1, 10**5), metavar="N", help="Replaces the design's number of epochs.")
@click.option(
    "--seeds", type=click.IntRange(1, 10**5), metavar="N", default=1, show_default=True, help="Seeds, from 0 upwards."
)
@placed
@click.option("-o", "--output", required=True, help="Folder for table, figure and a file per run.")
def command(
    design: str, vary: tuple[str, ...], level: str, epochs: int | None, seeds: int, workers: int | None,
    scheduler: str | None, output: str,
) -> None:  # fmt: skip
    """Train DESIGN for each value of one parameter at a time, the others as the design has them.

    T is the duration of a phase, eta the learning rate, alpha the coefficient of the last term - c*z**q of the
    dynamics, d the dimension of x, lengthened by padding. Runs that are in the folder already are not repeated.
    """
    from compiler.bench.runs import run_jobs
    from compiler.design import load_design
    from compiler.sweep import jobs, points, rows, variation
    from compiler.tasks.task import Where
    from compiler.tasks.tidy import tidy
    from dsd.files import write_atomic

    check_place(workers, scheduler)
    loaded = load_design(design)
    variations = [variation(text) for text in vary]
    wanted = jobs(loaded, variations, range(seeds), level=level, epochs=epochs)
    out = Path(output)
    with reporting(len(wanted)) as report:
        records = run_jobs(wanted, out / "runs", Where(workers, scheduler), report=report)
    table = points(variations, range(seeds), records)
    write_atomic(out / "sweep.csv", tidy(rows(table, wanted, records)))
    _draw(loaded, variations, table, out)
    click.echo(f"The sweep is in {output}: sweep.csv, sweep.png and sweep.svg.")
    failed = sum(bool(p.error) for p in table)
    if failed:
        click.echo(f"{failed} of {len(table)} runs failed; sweep.csv says why.", err=True)


def _draw(design: Design, variations: list[Variation], table: tuple[Point, ...], out: Path) -> None:
    from matplotlib.figure import Figure

    from compiler.figures import rendered
    from compiler.sweep import draw
    from dsd.files import write_atomic

    own = {"T": design.model.T, "eta": design.model.learning_rate}
    figure = Figure(figsize=(4.5 * len(variations), 3.6), layout="constrained")
    figure.suptitle(design.name)
    for ax, v in zip(figure.subplots(1, len(variations), squeeze=False)[0], variations, strict=True):
        draw(ax, v.name, table, own.get(v.name))
    for form in ("png", "svg"):
        write_atomic(out / f"sweep.{form}", rendered(figure, form))
