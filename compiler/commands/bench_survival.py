"""``strandgrad bench survival``: does learning survive the translation into DNA?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from compiler.commands.options import check_place, chosen_levels, placed, reporting

if TYPE_CHECKING:
    from compiler.tasks.task import Record

EXAMPLE = """\b
Examples:
  strandgrad bench survival -o out/survival
  strandgrad bench survival -o out/survival --designs linear2d,cubic-xor --levels formal,clocked,dsd-reduced
  strandgrad bench survival -o out/literature --designs linreg2d,linear2d --profile literature
"""


@click.command("survival", epilog=EXAMPLE)
@click.option("-o", "--output", required=True, help="Folder for survival.csv, survival.md and a file per run.")
@click.option("--designs", help="Designs, separated by commas. [default: all that come with Strandgrad]")
@click.option(
    "--levels", default="formal,clocked,dsd", show_default=True, callback=chosen_levels,
    help="Levels, separated by commas.",
)  # fmt: skip
@click.option("--iterations", type=click.IntRange(min=1), metavar="N", default=300, show_default=True, help="At most.")
@click.option("--tests", type=click.IntRange(1, 10**5), metavar="N", default=200, show_default=True, help="At most.")
@click.option("--profile", metavar="NAME", help="Kinetics of the DNA. [default: the design's]")
@click.option("--full", is_flag=True, help="The design's whole schedule, formal and in the reduced mode only.")
@placed
def survival(
    output: str, designs: str | None, levels: tuple[str, ...], iterations: int, tests: int, profile: str | None,
    full: bool, workers: int | None, scheduler: str | None,
) -> None:  # fmt: skip
    """Does learning survive the translation? Every design at the formal, clocked and DNA level, side by side.

    The exit code is 1 if a run failed or learning did not survive in one.
    """
    from compiler.bench.authors import AUTHORS
    from compiler.bench.survival import FULL, rows, tasks
    from compiler.bench.survival_text import markdown
    from compiler.tasks.store import run_tasks
    from compiler.tasks.task import Where
    from compiler.tasks.tidy import tidy
    from dsd.files import write_atomic

    check_place(workers, scheduler)
    names = [n.strip() for n in designs.split(",") if n.strip()] if designs else list(AUTHORS)
    changes = {"dna.profile": profile} if profile else {}
    few = None if full else iterations
    wanted = tasks(names, FULL if full else levels, iterations=few, tests=tests, changes=changes)
    out = Path(output)
    with reporting(len(wanted)) as report:
        records = run_tasks(wanted, out / "runs", Where(workers, scheduler), describe=_loss, report=report)
    table = rows(wanted, records)
    write_atomic(out / "survival.csv", tidy(table))
    write_atomic(out / "survival.md", markdown(table))
    click.echo(markdown(table))
    click.echo(f"The table is in {output}: survival.md and survival.csv.")
    if any(row["survives"] is False for row in table):
        raise click.exceptions.Exit(1)


def _loss(record: Record) -> str:
    return f"validation loss {record['validation_loss'][-1]:.4g}, {record['wall_s']:.0f} s"
