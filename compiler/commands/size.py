"""``strandgrad size``: what a design amounts to at every level, gating strategies side by side."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from compiler.sizes import Counts, Sizes, Strategy

EXAMPLE = """\b
Example:
  strandgrad size linreg2d --json
"""


@click.command("size", epilog=EXAMPLE)
@click.argument("design")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def command(design: str, as_json: bool) -> None:
    """Count what DESIGN amounts to at every level, under both gating strategies.

    Species and reactions for each level, reactions by their number of reactants, and for the DNA: strands, gates and
    fuels, domains, nucleotides, and the concentration of all strands together.
    """
    from compiler.design import load_design
    from compiler.progress import waiting
    from compiler.sizes import sizes

    loaded = load_design(design)
    with waiting("compiling under both gating strategies"):
        found = sizes(loaded)
    if as_json:
        click.echo(json.dumps(found.to_dict(), indent=2))
    else:
        _print(found)


def _print(sizes: Sizes) -> None:
    from rich.table import Table

    from compiler.commands.outputs import console

    table = Table(title=f"{sizes.design}; its gating is {sizes.gating}")
    table.add_column("")
    for name in sizes.strategies:
        table.add_column(name, justify="right")
    columns = [_column(sizes.formal, strategy) for strategy in sizes.strategies.values()]
    for key in dict.fromkeys(key for column in columns for key in column):
        table.add_row(key, *(column.get(key, "-") for column in columns), end_section=key.endswith("reactants"))
    out = console()
    out.print(table)
    for name, strategy in sizes.strategies.items():
        if strategy.reason:
            fact = f"needs a clock {strategy.slowdown} times slower" if strategy.slowdown else "has no DNA"
            out.print(f"{name} {fact}: {strategy.reason}", markup=False)


def _column(formal: Counts, strategy: Strategy) -> dict[str, str]:
    cells = _counted("formal", formal) | _counted("clocked", strategy.clocked)
    if strategy.network:
        cells |= _counted("network", strategy.network)
    if strategy.dsd:
        for key, value in strategy.dsd.as_dict().items():
            if key == "total_strand_nM":
                cells["total strands, µM"] = f"{value / 1000:.1f}"
            elif key not in ("species", "reactions"):
                cells[key.replace("_", " ")] = str(value)
    return cells


def _counted(level: str, counts: Counts) -> dict[str, str]:
    orders = ", ".join(f"{number} of {order}" for order, number in counts.by_reactants)
    return {
        f"{level} species": str(counts.species),
        f"{level} reactions": str(counts.reactions),
        f"{level} reactions by reactants": orders,
    }
