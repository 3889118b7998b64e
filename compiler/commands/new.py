"""``strandgrad new``: a folder with a first design, for the user's own table or for a small example."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from compiler.starter import Plan

EXAMPLE = """\b
Examples:
  strandgrad new yield --data yield.csv --target yield
  strandgrad new flowers --data iris.csv --target species --kind classes
  strandgrad new first
"""


@click.command("new", epilog=EXAMPLE)
@click.argument("name")
@click.option("--data", metavar="CSV", help="Table of samples with a header line. [default: a made-up one]")
@click.option("--target", metavar="COLUMN", help="The column to be learnt.")
@click.option("--inputs", metavar="A,B", help="Columns to learn from. [default: all others that hold numbers]")
@click.option(
    "--kind", type=click.Choice(["regression", "binary", "classes"]),
    help="A number, one of two classes, or of more. [default: what the target leaves no doubt about]",
)  # fmt: skip
@click.option("--reference", is_flag=True, help="Name the table where it lies instead of copying it.")
def command(
    name: str, data: str | None, target: str | None, inputs: str | None, kind: str | None, reference: bool
) -> None:
    """Write the folder NAME with a commented design.toml, ready for compare and sequences.

    The circuit is linear. Split, scaling, labels, learning rate, epochs and concentrations are chosen from the table
    so that what is learnt survives in DNA. Nothing is ever overwritten: NAME must not exist yet.
    """
    from compiler.starter_folder import example, start

    if data is None:
        for option, value in (("--target", target), ("--inputs", inputs), ("--kind", kind), ("--reference", reference)):
            if value:
                raise click.UsageError(f"{option} is about a table; give it by --data, or leave {option} out.")
        _say(name, example(name))
        return
    if target is None:
        raise click.UsageError("Name the column to be learnt by --target.")
    chosen = tuple(part.strip() for part in (inputs or "").split(",") if part.strip())
    _say(name, start(name, Path(data), target, chosen, kind, reference=reference))  # type: ignore[arg-type]


def _say(name: str, plan: Plan) -> None:
    """What was chosen, what to expect, and what to do next."""
    found, samples = plan.columns, plan.data
    what = f"in {len(found.classes)} classes" if found.classes else "a number"
    click.echo(f"{name}/design.toml learns {found.target}, {what}, from {', '.join(found.inputs)}.")
    parts = {"training": samples.train_x, "validation": samples.validation_x, "test": samples.test_x}
    counts = ", ".join(f"{len(x)} for {part}" for part, x in parts.items() if len(x))
    click.echo(f"Of {found.rows} rows, {counts}; {plan.epochs} epochs of training.")
    for column, reason in found.left_out:
        click.echo(f"Left out: {column}, which {reason}.")
    if plan.attainable is not None:
        fit = (
            f"an R2 of {plan.attainable:.3f}"
            if found.kind == "regression"
            else f"{plan.attainable:.1%} of classes right"
        )
        click.echo(f"The circuit is linear; least squares reaches {fit} on the validation rows.")
    click.echo(
        f"Next:\n  strandgrad compare {name} -o {name}/out\n  strandgrad sequences {name} --seed 1 -o {name}/order"
    )
