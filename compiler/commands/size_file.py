"""The table of ``strandgrad size`` for a file, or for a design by another scheme; and how sizes are spelled."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from compiler.sizes import Counts, Measured
    from dsd.size import Size


def measure(source: str, scheme: str | None, as_json: bool) -> None:
    """One source by one scheme."""
    from compiler.progress import waiting
    from compiler.sizes import measured
    from compiler.texts import read_source

    with waiting(f"compiling {source}"):
        found = measured(read_source(source, scheme=scheme))
    if as_json:
        click.echo(json.dumps(found.to_dict(), indent=2))
    else:
        _print(found)


def _print(found: Measured) -> None:
    from rich.table import Table

    from compiler.commands.outputs import console

    click.echo(f"{found.source} as {found.scheme} gates")
    table = Table(show_header=False)
    table.add_column("")
    table.add_column("", justify="right")
    cells = counted("given", found.given) if found.given else {}
    for key, value in (cells | counted("network", found.network) | sized(found.dsd)).items():
        table.add_row(key, value, end_section=key.endswith("reactants"))
    console().print(table)


def sized(size: Size) -> dict[str, str]:
    """Cells of the DNA's size, by what they count."""
    cells = {}
    for key, value in size.as_dict().items():
        if key == "total_strand_nM":
            cells["total strands, µM"] = f"{value / 1000:.1f}"
        elif key not in ("species", "reactions"):
            cells[key.replace("_", " ")] = str(value)
    return cells


def counted(level: str, counts: Counts) -> dict[str, str]:
    """Cells of a network's size, by what they count."""
    orders = ", ".join(f"{number} of {order}" for order, number in counts.by_reactants)
    return {
        f"{level} species": str(counts.species),
        f"{level} reactions": str(counts.reactions),
        f"{level} reactions by reactants": orders,
    }
