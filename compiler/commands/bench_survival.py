"""``strandgrad bench survival``: does learning survive the translation into DNA?"""

from __future__ import annotations

import click

from compiler.commands.bench_pots import carried_out, loss_of, names_of, write_table
from compiler.commands.options import check_place, chosen_levels, placed

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
    from compiler.bench.survival import FULL, rows, tasks
    from compiler.bench.survival_text import markdown

    check_place(workers, scheduler)
    names = names_of(designs)
    changes = {"dna.profile": profile} if profile else {}
    few = None if full else iterations
    wanted = tasks(names, FULL if full else levels, iterations=few, tests=tests, changes=changes)
    table = rows(wanted, carried_out(wanted, output, workers, scheduler, loss_of))
    write_table(output, "survival", table, markdown(table))
    if any(row["survives"] is False for row in table):
        raise click.exceptions.Exit(1)
