"""``strandgrad bench gradients`` and ``bench gating``: what pots compute, and what they cost."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from compiler.commands.options import check_place, placed, reporting

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from compiler.tasks.task import Record, Task

DESIGNS = "Designs, separated by commas. [default: all that come with Strandgrad]"


@click.command("gradients", epilog="\b\nExample:\n  strandgrad bench gradients -o out/gradients --designs cubic-xor")
@click.option("-o", "--output", required=True, help="Folder for gradients.csv, gradients.md and a file per design.")
@click.option("--designs", help=DESIGNS)
@click.option(
    "--level", type=click.Choice(("clocked", "dsd")), default="dsd", show_default=True, help="Which pot is looked at."
)
@click.option("--samples", type=click.IntRange(min=1), metavar="N", default=8, show_default=True, help="A design.")
@placed
def gradients(
    output: str, designs: str | None, level: str, samples: int, workers: int | None, scheduler: str | None
) -> None:
    """Does a pot change its weights along the gradient of its own loss? Updates against finite differences.

    A first-order gradient is not that of the loss, by design. The exit code is 1 if a run failed.
    """
    from compiler.bench.gradients import markdown, rows, tasks

    check_place(workers, scheduler)
    wanted = tasks(names_of(designs), level, samples)
    records = carried_out(wanted, output, workers, scheduler, _cosine)
    table = rows(wanted, records)
    write_table(output, "gradients", table, markdown(table))
    if any(row["error"] for row in table):
        raise click.exceptions.Exit(1)


@click.command("gating", epilog="\b\nExample:\n  strandgrad bench gating -o out/gating --designs linreg2d,linear2d")
@click.option("-o", "--output", required=True, help="Folder for gating.csv, gating.md and a file per run.")
@click.option("--designs", help=DESIGNS)
@click.option("--iterations", type=click.IntRange(min=1), metavar="N", default=60, show_default=True, help="At most.")
@click.option("--tests", type=click.IntRange(min=1), metavar="N", default=40, show_default=True, help="At most.")
@placed
def gating(
    output: str, designs: str | None, iterations: int, tests: int, workers: int | None, scheduler: str | None
) -> None:
    """Clock the operands, or every reaction? What either costs in DNA, and how well it learns.

    A pot that cannot be made, or that stops, is a result; the exit code is 0.
    """
    from compiler.bench.gatings import gating_rows, gating_tasks, markdown

    check_place(workers, scheduler)
    wanted = gating_tasks(names_of(designs), iterations=iterations, tests=tests)
    table = gating_rows(wanted, carried_out(wanted, output, workers, scheduler, loss_of))
    write_table(output, "gating", table, markdown(table))


def names_of(designs: str | None) -> list[str]:
    """The names in an option, or of all designs that come with Strandgrad."""
    from compiler.bench.authors import AUTHORS

    return [n.strip() for n in designs.split(",") if n.strip()] if designs else list(AUTHORS)


def carried_out(
    wanted: Sequence[Task], output: str, workers: int | None, scheduler: str | None, describe: Callable[[Record], str]
) -> Sequence[Record]:
    """The records of tasks, one file each in the folder's ``runs``, with a bar."""
    from compiler.tasks.store import run_tasks
    from compiler.tasks.task import Where

    with reporting(len(wanted)) as report:
        return run_tasks(wanted, Path(output) / "runs", Where(workers, scheduler), describe=describe, report=report)


def write_table(output: str, name: str, table: Sequence[Record], text: str) -> None:
    """Write ``NAME.csv`` and ``NAME.md`` into the folder, and show the text."""
    from compiler.tasks.tidy import tidy
    from dsd.files import write_atomic

    write_atomic(Path(output) / f"{name}.csv", tidy(table))
    write_atomic(Path(output) / f"{name}.md", text)
    click.echo(text)
    click.echo(f"The table is in {output}: {name}.md and {name}.csv.")


def _cosine(record: Record) -> str:
    cosines = sorted(sample["cosine"] for sample in record["samples"])
    return f"cosines from {cosines[0]:.4f} to {cosines[-1]:.4f}, {record['wall_s']:.0f} s"


def loss_of(record: Record) -> str:
    """How a training run ended, in a few words."""
    return f"validation loss {record['validation_loss'][-1]:.4g}, {record['wall_s']:.0f} s"
