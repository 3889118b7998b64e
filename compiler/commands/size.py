"""``strandgrad size``: what a design amounts to at every level, or how families of circuits grow with the dimension."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from compiler.commands.options import schemed
from compiler.commands.size_file import counted, measure, sized

if TYPE_CHECKING:
    from compiler.families import Growth
    from compiler.sizes import Counts, Sizes, Strategy

EXAMPLE = """\b
Examples:
  strandgrad size linreg2d --iterations 3
  strandgrad size any.crn --scheme four-domain
  strandgrad size --compare
  strandgrad size --dimensions 1..64 -o out
"""


@click.command("size", epilog=EXAMPLE)
@click.argument("design", metavar="DESIGN|FILE", required=False)
@click.option("--dimensions", help="Grow every family of circuits instead: 1..64 (doubling), or 2,3,5.")
@click.option("--families", help="Families to grow, by commas. [default: all]")
@click.option("-o", "--output", help="Folder for size.csv, size.png and size.svg of --dimensions.")
@click.option("--compare", is_flag=True, help="Set DESIGN beside the learning circuits of the literature.")
@click.option("--iterations", type=click.IntRange(min=0), default=0, help="Run so many to measure fuels and hours.")
@click.option("--prices", help="Price table (TOML). [default: shipped]")
@schemed
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def command(
    design: str | None,
    dimensions: str | None,
    families: str | None,
    output: str | None,
    compare: bool,
    iterations: int,
    prices: str | None,
    scheme: str | None,
    as_json: bool,
) -> None:
    """Count what DESIGN amounts to at every level, under operand and per-reaction gating, and its own.

    Species and reactions for each level; for the DNA strands, gates, domains, nucleotides, concentrations, cost, and
    occluded toeholds. A FILE, or DESIGN with --scheme, is counted as it is, with its DNA and the network of that. With
    --dimensions, count the paper's families as it counts.
    """
    if compare:
        _compare(design, as_json)
        return
    if (design is None) == (dimensions is None):
        raise click.UsageError("Give a DESIGN to measure, or --dimensions to grow the families; one of the two.")
    if dimensions is not None:
        _grow(dimensions, families, output, as_json)
        return
    if scheme is not None or str(design).endswith((".crn", ".pil")):
        measure(str(design), scheme, as_json)
        return
    from compiler.commands.bills import billed, show
    from compiler.design import load_design
    from compiler.ordering import price_table
    from compiler.progress import waiting
    from compiler.sizes import sizes

    table, loaded = price_table(prices), load_design(design or "")
    with waiting("compiling under each gating strategy"):
        found = sizes(loaded)
        bill, reason = billed(loaded, table, iterations)
    if as_json:
        values = bill.to_dict() if bill else {"reason": reason}
        click.echo(json.dumps(found.to_dict() | {"bill": values}, indent=2))
        return
    _print(found)
    show(bill, reason)


def _compare(design: str | None, as_json: bool) -> None:
    """Our circuits and those of the literature, one a row."""
    from compiler.commands.bills import show_works
    from compiler.design import load_design
    from compiler.literature import DEFAULTS, LITERATURE, ours
    from compiler.progress import waiting

    with waiting("compiling"):
        works = [*(ours(load_design(d)) for d in ((design,) if design else DEFAULTS)), *LITERATURE]
    if as_json:
        click.echo(json.dumps([asdict(w) for w in works], indent=2))
    else:
        show_works(works)


def _grow(dimensions: str, families: str | None, output: str | None, as_json: bool) -> None:
    """Count families over the dimension; write and print what was found."""
    from compiler.families import FAMILIES, growth
    from compiler.families import dimensions as read
    from compiler.progress import waiting
    from dsd.errors import InputError

    names = [n.strip() for n in families.split(",") if n.strip()] if families else list(FAMILIES)
    for name in names:
        if name not in FAMILIES:
            raise InputError(f"--families: no family '{name}'; there are {', '.join(FAMILIES)}")
    sizes = read(dimensions)
    with waiting("deriving circuits"):
        table = [growth(name, sizes) for name in names]
    if output:
        _save(table, output)
    if as_json:
        click.echo(json.dumps([asdict(g) for g in table], indent=2))
    else:
        _print_growth(table, sizes)


def _save(table: list[Growth], output: str) -> None:
    from matplotlib.figure import Figure

    from compiler.families import csv_table, draw
    from compiler.figures import rendered
    from dsd.files import write_atomic

    figure = Figure(figsize=(8, 5), layout="constrained")
    draw(figure.subplots(), table)
    out = Path(output)
    write_atomic(out / "size.csv", csv_table(table))
    for form in ("png", "svg"):
        write_atomic(out / f"size.{form}", rendered(figure, form))


def _print_growth(table: list[Growth], sizes: tuple[int, ...]) -> None:
    from rich.table import Table

    from compiler.commands.outputs import console

    shown = Table(title="species / reactions by dimension, as the paper counts")
    shown.add_column("family")
    for d in sizes:
        shown.add_column(str(d), justify="right")
    shown.add_column("slope", justify="right")
    for g in table:
        points = dict(zip(g.dimensions, zip(g.species, g.reactions, strict=True), strict=True))
        cells = [f"{points[d][0]} / {points[d][1]}" if d in points else "-" for d in sizes]
        shown.add_row(g.family, *cells, "-" if g.exponent is None else f"{g.exponent:.2f}")
    console().print(shown)


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
    cells = counted("formal", formal) | counted("clocked", strategy.clocked)
    if strategy.network:
        cells |= counted("network", strategy.network)
    return cells | sized(strategy.dsd) if strategy.dsd else cells
