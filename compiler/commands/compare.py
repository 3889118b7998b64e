"""``strandgrad compare``: several levels of a design side by side, and whether learning survived."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from compiler.training import LEVELS

if TYPE_CHECKING:
    from compiler.compare import Outcome
    from compiler.design import Design

EXAMPLE = """\b
Examples:
  strandgrad compare linreg2d -o out
  strandgrad compare design.toml --levels formal,clocked --epochs 2 -o out
"""


def _levels(ctx: click.Context, parameter: click.Parameter, value: str) -> tuple[str, ...]:
    wanted = tuple(dict.fromkeys(part.strip() for part in value.split(",") if part.strip()))
    unknown = [level for level in wanted if level not in LEVELS]
    if unknown or not wanted:
        raise click.BadParameter(f"'{', '.join(unknown)}' is no level; give some of {','.join(LEVELS)}")
    return tuple(level for level in LEVELS if level in wanted)


@click.command("compare", epilog=EXAMPLE)
@click.argument("design")
@click.option(
    "--levels", default=",".join(LEVELS), show_default=True, callback=_levels, help="Levels, separated by commas."
)
@click.option("--epochs", type=click.IntRange(min=1), help="Replaces the design's number of epochs.")
@click.option("--seed", type=click.IntRange(min=0), help="Replaces the design's seed, which shuffles the samples.")
@click.option("--jobs", type=click.IntRange(min=1), help="Levels trained at a time. [default: one a core]")
@click.option("-o", "--output", required=True, help="Folder for metrics.json, tables and figures.")
def command(
    design: str, levels: tuple[str, ...], epochs: int | None, seed: int | None, jobs: int | None, output: str
) -> None:
    """Train DESIGN at several levels and compare what they learnt.

    Survival is the part of formal's improvement on the validation samples that a level keeps. The exit code is 1 if it
    is below the design's survival_min at any level, if a level fails (its history until then is kept), or if a gate of
    the DNA does not verify.
    """
    from compiler.commands.outputs import save, show, weight_names
    from compiler.compare import failures, histories, partials
    from compiler.design import load_design
    from compiler.metrics import below, metrics
    from compiler.verification import proof, summary

    loaded = load_design(design)
    outcomes = _run(loaded, levels, epochs, seed, jobs)
    found, failed, partial = histories(outcomes), failures(outcomes), partials(outcomes)
    result = metrics(loaded, found, seed=seed, failed=failed, partial=partial)
    result["gates"] = proof(design) if "dsd" in levels else None
    save(output, loaded, found, result, partial)
    show(result, weight_names(loaded))
    click.echo(f"The report is in {output}: result.png, metrics.json and tables.")
    missed = below(result, loaded.check.survival_min)
    if result["gates"]:
        click.echo(summary(result["gates"]))
        missed += tuple(result["gates"].get("faults", ()))
    for sentence in missed:
        click.echo(f"Check failed: {sentence}.", err=True)
    if missed or failed:
        raise click.exceptions.Exit(1)


def _run(
    design: Design, levels: tuple[str, ...], epochs: int | None, seed: int | None, jobs: int | None
) -> tuple[Outcome, ...]:
    """Compare, with a bar per level."""
    from compiler.compare import compare
    from compiler.progress import bars

    with bars() as task:
        update = {level: task(level) for level in levels}

        def report(level: str, done: int, total: int) -> None:
            update[level](done, total)

        return compare(design, levels, epochs=epochs, seed=seed, workers=jobs, report=report)
