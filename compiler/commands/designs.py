"""``strandgrad designs``: the shipped designs, and what each is for."""

from __future__ import annotations

import json
from typing import Any

import click

EXAMPLE = """\b
Examples:
  strandgrad designs          a table
  strandgrad designs --json   the same, for a program
"""


@click.command("designs", epilog=EXAMPLE)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def command(as_json: bool) -> None:
    """List the shipped designs: task, dynamics, species and reactions of the formal circuit, and what each is for.

    Every command takes their names. They lie in the folder designs, each with a README; copy one to change it.
    """
    from rich.table import Table

    from compiler.commands.outputs import console
    from compiler.progress import waiting
    from designs import shipped

    with waiting("reading the designs"):
        rows = [_row(name) for name in shipped()]
    if as_json:
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    table = Table()
    for heading in ("name", "task", "dynamics"):
        table.add_column(heading, no_wrap=heading == "name")
    table.add_column("species,\nreactions", justify="right", no_wrap=True)
    table.add_column("what for")
    for row in rows:
        size = f"{row['species']}, {row['reactions']}"
        table.add_row(row["name"], row["task"], row["dynamics"], size, row["description"])
    console().print(table)


def _row(name: str) -> dict[str, Any]:
    """What is said about one design."""
    from compiler.design import load_design
    from compiler.sizes import counts

    design = load_design(name)
    counted = counts(design.circuit().network)
    return {
        "name": name,
        "task": design.task.kind,
        "dynamics": design.dynamics.text,
        "species": counted.species,
        "reactions": counted.reactions,
        "description": design.file.design.description,
    }
