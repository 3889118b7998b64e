"""``strandgrad compare``: several levels of a design side by side, and whether learning survived."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from compiler.commands.options import check_place, chosen_levels, placed
from compiler.training import LEVELS

if TYPE_CHECKING:
    from compiler.comparison import Comparison
    from compiler.design import Design

EXAMPLE = """\b
Examples:
  strandgrad compare linreg2d -o out
  strandgrad compare linreg2d -o out --resume
  strandgrad compare linreg2d --levels formal,dsd-reduced,dsd -o out
"""


@click.command("compare", epilog=EXAMPLE)
@click.argument("design")
@click.option(
    "--levels", default=",".join(LEVELS), show_default=True, callback=chosen_levels, help="Levels, separated by commas."
)
@click.option("--epochs", type=click.IntRange(1, 10**5), metavar="N", help="Replaces the design's number of epochs.")
@click.option(
    "--seed", type=click.IntRange(min=0), metavar="N", help="Replaces the design's seed, which shuffles the samples."
)
@placed
@click.option(
    "--checkpoint-every",
    "every",
    type=click.IntRange(1, 10**5),
    metavar="N",
    help="Iterations between checkpoints. [default: by time]",
)
@click.option("--resume", is_flag=True, help="Go on from the checkpoints in the folder.")
@click.option("-o", "--output", required=True, help="Folder for the report, tables, figures.")
def command(
    design: str, levels: tuple[str, ...], epochs: int | None, seed: int | None, workers: int | None,
    scheduler: str | None, every: int | None, resume: bool, output: str,
) -> None:  # fmt: skip
    """Train DESIGN at several levels and compare what they learnt.

    Survival is the part of formal's improvement on the validation samples that a level keeps. The exit code is 1 if it
    is below the design's survival_min at any level, if a level fails (its history until then is kept), or if a gate of
    the DNA does not verify.

    After Ctrl-C or a crash the same command with --resume goes on from the checkpoints in the folder, which the workers
    of a cluster must share.
    """
    from compiler.commands.outputs import save, show, weight_names
    from compiler.comparison import check_checkpoints, partials
    from compiler.design import load_design
    from compiler.progress import waiting
    from compiler.report.page import write_report
    from compiler.report.run import begin, describe
    from compiler.tasks.task import Where
    from compiler.training.checkpoint import place
    from compiler.verification import summary

    check_place(workers, scheduler)
    loaded, folder = load_design(design), Path(output)
    check_checkpoints(folder, levels, resume)
    begin(folder, describe(loaded, design, levels, epochs, seed), resume=resume)
    options = {"epochs": epochs, "seed": seed, "where": Where(workers, scheduler), "every": every, "resume": resume}
    found = _run(loaded, levels, folder, **options)
    save(output, loaded, found.histories, found.metrics, partials(found.outcomes))
    for level in found.histories:
        place(folder, level).unlink(missing_ok=True)
    show(found.metrics, weight_names(loaded))
    with waiting("writing the report"):
        page = write_report(output, loaded)
    click.echo(f"The report is {page}; beside it are result.png, metrics.json and tables.")
    if kept := _kept(folder, levels):
        click.echo(f"Kept for --resume: {', '.join(kept)}; delete them to train anew in this folder.", err=True)
    if found.gates:
        click.echo(summary(found.gates))
    for sentence in found.faults:
        click.echo(f"Check failed: {sentence}.", err=True)
    if not found.ok:
        raise click.exceptions.Exit(1)


def _kept(folder: Path, levels: tuple[str, ...]) -> list[str]:
    """The checkpoints that are there."""
    from compiler.training.checkpoint import place

    return [str(place(folder, level)) for level in levels if place(folder, level).exists()]


def _run(design: Design, levels: tuple[str, ...], folder: Path, **options: Any) -> Comparison:
    """Compare, with a bar per level; Ctrl-C says what it leaves."""
    from compiler.comparison import compare
    from compiler.progress import bars

    with bars() as task:
        update = {level: task(level) for level in levels}

        def report(level: str, done: int, total: int) -> None:
            update[level](done, total)

        def note(sentence: str) -> None:
            click.echo(sentence, err=True)

        try:
            return compare(design, levels, folder=folder, report=report, note=note, **options)
        except KeyboardInterrupt:
            if kept := _kept(folder, levels):
                said = f"Stopped; the same command with --resume goes on from {', '.join(kept)}."
                click.echo(f"\n{said}", err=True)
                raise click.exceptions.Exit(130) from None
            raise
