"""``strandgrad bench``: tables of many training runs, and of integrators."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from compiler.commands.bench_engine import command as engine
from compiler.commands.bench_small import compiling, convergence

if TYPE_CHECKING:
    from compiler.bench.paper import Row

EXAMPLE = """\b
Examples:
  strandgrad bench paper -o out/paper
  strandgrad bench paper -o out/xor --designs cubic-xor,hidden-xor --seeds 3
  strandgrad bench engine -o out/engine
"""


@click.group("bench", epilog=EXAMPLE)
def command() -> None:
    """Train many designs, or integrate their networks, and tabulate them."""


for other in (engine, convergence, compiling):
    command.add_command(other)


@command.command("paper", epilog=EXAMPLE)
@click.option("-o", "--output", required=True, help="Folder for paper.csv, paper.md and a file per run.")
@click.option("--seeds", type=click.IntRange(min=1), default=5, show_default=True, help="Seeds, from 0 upwards.")
@click.option("--workers", type=click.IntRange(min=1), help="Runs at a time. [default: one a core]")
@click.option("--designs", help="Designs, separated by commas. [default: all that come with Strandgrad]")
@click.option("--quick", is_flag=True, help="Two epochs and 50 test samples at most: does it run at all?")
def paper(output: str, seeds: int, workers: int | None, designs: str | None, quick: bool) -> None:
    """Every design of the paper at the formal level, over several seeds, beside the authors' figures.

    Runs that are in the folder already are not repeated: after Ctrl-C the same command goes on where it stopped. The
    exit code is 1 if a run failed.
    """
    from compiler.bench.authors import AUTHORS
    from compiler.bench.paper import csv_table, jobs, markdown, rows
    from compiler.bench.runs import run_jobs
    from compiler.progress import bars
    from dsd.files import write_atomic

    names = [n.strip() for n in designs.split(",") if n.strip()] if designs else list(AUTHORS)
    wanted = jobs(names, range(seeds), quick=quick)
    out = Path(output)
    with bars() as task:
        update = task(f"{len(wanted)} runs")

        def report(done: int, total: int, sentence: str) -> None:
            update(done, total)
            click.echo(f"[{done}/{total}] {sentence}", err=True)

        records = run_jobs(wanted, out / "runs", workers=workers, report=report)
    table = rows(records)
    write_atomic(out / "paper.csv", csv_table(table))
    write_atomic(out / "paper.md", markdown(table, seeds))
    _show(table)
    click.echo(f"The table is in {output}: paper.csv and paper.md.")
    if any(record["error"] for record in records):
        click.echo("Some runs failed; paper.md says which and why.", err=True)
        raise click.exceptions.Exit(1)


def _show(table: tuple[Row, ...]) -> None:
    """The most telling columns on the terminal."""
    from rich.table import Table

    from compiler.commands.outputs import console

    shown = Table(title="fresh test set: median [range] over the seeds")
    for heading in ("design", "species", "reactions", "validation loss", "fresh test", "authors"):
        shown.add_column(heading, justify="left" if heading == "design" else "right")
    for row in table:
        percent = row.measure == "accuracy"
        score = row.authors.score
        theirs = "-" if score is None else f"{100 * score:.1f}" if percent else f"{score:.3f}"
        shown.add_row(
            row.design, str(row.paper[0]), str(row.paper[1]),
            row.validation_loss.text() if row.validation_loss else "-",
            row.test.text(".3f", percent).replace("[", r"\[") if row.test else "-", theirs,
        )  # fmt: skip
    console().print(shown)
