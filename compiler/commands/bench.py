"""``strandgrad bench``: tables of many runs, and of integrators."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from compiler.commands.bench_engine import command as engine
from compiler.commands.bench_pots import gating, gradients
from compiler.commands.bench_schemes import schemes
from compiler.commands.bench_simulation import reduced, ssa
from compiler.commands.bench_small import compiling, convergence, sequences
from compiler.commands.bench_survival import survival
from compiler.commands.options import CLUSTER, check_place, placed, reporting
from compiler.training import LEVELS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from compiler.bench.paper import Row
    from compiler.bench.replicates import Drill
    from compiler.bench.runs import Job
    from compiler.tasks.task import Record

EXAMPLES = """\b
Examples:
  strandgrad bench paper -o out/paper
  strandgrad bench survival -o out/survival --designs linear2d,cubic-xor
  strandgrad bench engine -o out/engine
"""

EXAMPLE = f"""\b
Examples:
  strandgrad bench paper -o out/paper
  strandgrad bench paper -o out/xor --designs cubic-xor,hidden-xor --seeds 3
  strandgrad bench replicates linear2d --scheduler tcp://HOST:8786 -o out
  strandgrad bench replicates linear2d -n 200 --drill -o out/drill

{CLUSTER}"""


@click.group("bench", epilog=EXAMPLES)
def command() -> None:
    """Train many designs, or one many times, and tabulate them; or simulate or build networks in several ways.

    Runs that are in the folder already are not repeated: after Ctrl-C or a crash the same command goes on where it
    stopped.
    """


for other in (engine, convergence, compiling, gating, gradients, sequences, reduced, schemes, ssa, survival):
    command.add_command(other)


@command.command("paper", epilog=EXAMPLE)
@click.option("-o", "--output", required=True, help="Folder for paper.csv, paper.md, runs.csv and a file per run.")
@click.option(
    "--seeds", type=click.IntRange(1, 10**5), metavar="N", default=5, show_default=True, help="Seeds, from 0 upwards."
)
@placed
@click.option("--designs", help="Designs, separated by commas. [default: all that come with Strandgrad]")
@click.option("--quick", is_flag=True, help="Two epochs and 50 test samples at most: does it run at all?")
def paper(
    output: str, seeds: int, workers: int | None, scheduler: str | None, designs: str | None, quick: bool
) -> None:
    """Every design of the paper at the formal level, over several seeds, beside the authors' figures.

    paper.csv has a row a design, runs.csv a row a run. The exit code is 1 if a run failed.
    """
    from compiler.bench.authors import AUTHORS
    from compiler.bench.paper import csv_table, jobs, markdown, rows
    from dsd.files import write_atomic

    check_place(workers, scheduler)
    names = [n.strip() for n in designs.split(",") if n.strip()] if designs else list(AUTHORS)
    out = Path(output)
    records = _run(jobs(names, range(seeds), quick=quick), out, "runs.csv", workers, scheduler)
    table = rows(records)
    write_atomic(out / "paper.csv", csv_table(table))
    write_atomic(out / "paper.md", markdown(table, seeds))
    _show(table)
    click.echo(f"The table is in {output}: paper.csv and paper.md; runs.csv has every run.")
    if any(record["error"] for record in records):
        click.echo("Some runs failed; paper.md says which and why.", err=True)
        raise click.exceptions.Exit(1)


@command.command("replicates", epilog=EXAMPLE)
@click.argument("design")
@click.option(
    "-n",
    "--count",
    type=click.IntRange(1, 10**5),
    metavar="N",
    default=20,
    show_default=True,
    help="Seeds, from 0 upwards.",
)
@click.option("--level", type=click.Choice(LEVELS), default="formal", show_default=True, help="What is trained.")
@click.option("--epochs", type=click.IntRange(1, 10**5), metavar="N", help="Replaces the design's number of epochs.")
@placed
@click.option(
    "--drill", is_flag=True,
    help="Start a Dask cluster of --workers processes here, and end one by SIGKILL half-way: is anything lost?",
)  # fmt: skip
@click.option("-o", "--output", required=True, help="Folder for replicates.csv and a file per run.")
def replicates(
    design: str, count: int, level: str, epochs: int | None, workers: int | None, scheduler: str | None, drill: bool,
    output: str,
) -> None:  # fmt: skip
    """Train DESIGN from many seeds, which draw its samples, weights and order anew.

    The exit code is 1 unless every seed has one result, and one only, that did not fail.
    """
    from compiler.bench import replicates as of
    from compiler.design import load_design

    check_place(workers, scheduler)
    if drill and scheduler:
        raise click.UsageError("--drill starts a cluster of its own, to end a worker of it; leave --scheduler out")
    jobs, out = of.replicates(load_design(design), count, level=level, epochs=epochs), Path(output)
    if drill:
        records = _drilled(jobs, out, workers)
    else:
        records = _run(jobs, out, "replicates.csv", workers, scheduler)
    found = of.tally(jobs, records, out / "runs")
    click.echo(
        f"{found.files} results of {found.wanted} replicates, {found.seeds} different seeds, {found.failed} failed."
    )
    click.echo(f"{of.spread(records)}. The table is in {output}: replicates.csv.")
    if found.failed or not found.complete:
        raise click.exceptions.Exit(1)


def _drilled(jobs: Sequence[Job], out: Path, workers: int | None) -> Sequence[Record]:
    """Run jobs on a cluster of our own, and end a worker half-way."""
    import os

    from compiler.bench.replicates import drill

    with drill(workers or max(2, os.cpu_count() or 1)) as exercise:
        records = _run(jobs, out, "replicates.csv", None, exercise.address, exercise)
    if exercise.killed:
        click.echo(f"Worker process {exercise.killed} was ended after {exercise.done_when_killed} of {len(jobs)} runs.")
    return records


def _run(
    jobs: Sequence[Job], out: Path, table: str, workers: int | None, scheduler: str | None, drill: Drill | None = None
) -> Sequence[Record]:
    """Run jobs with a bar, and write a row for each."""
    from compiler.bench.runs import run_jobs, runs_table
    from compiler.tasks.task import Where
    from compiler.tasks.tidy import tidy
    from dsd.files import write_atomic

    with reporting(len(jobs)) as report:
        watched = drill.watching(report) if drill else report
        records = run_jobs(jobs, out / "runs", Where(workers, scheduler), report=watched)
    write_atomic(out / table, tidy(runs_table(jobs, records)))
    return records


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
