"""``strandgrad sequences``: nucleotide sequences for every strand, and what a laboratory orders and pipettes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from compiler.ordering import Order

EXAMPLE = """\b
Examples:
  strandgrad sequences linreg2d-minimal --seed 1 -o out/order
  strandgrad sequences pot.pil --seed 1 > sequences.csv
"""


@click.command("sequences", epilog=EXAMPLE)
@click.argument("source", metavar="DESIGN|FILE")
@click.option("--seed", type=click.IntRange(min=0), required=True, help="Same seed, same sequences.")
@click.option("-o", "--output", help="Folder to write. [default: print the domains]")
@click.option("--candidates", type=click.IntRange(1, 10**5), help="Sets to design and rank. [default: the design's]")
@click.option("--design", help="Design whose [dna] and [sequences] a FILE goes by.")
@click.option("--volume", "volume_uL", type=float, help="µL of the pot. [default: [dna] volume_uL]")
@click.option("--stock", "stock_uM", type=float, help="µM of strand stocks. [default: [dna] stock_uM]")
@click.option("--prices", help="Price table (TOML). [default: the shipped estimate]")
def command(
    source: str,
    seed: int,
    output: str | None,
    candidates: int | None,
    design: str | None,
    volume_uL: float | None,
    stock_uM: float | None,
    prices: str | None,
) -> None:
    """Design sequences for DESIGN, or for a .pil or .crn FILE.

    The folder holds sequences.csv (domains), order.csv and plates.xlsx (strands), strands.fasta, protocol.md and
    .csv (annealing, mixing, doses), and quality.md (energies, and how the sets compare).
    """
    from compiler import ordering
    from compiler.progress import bars
    from dsd.files import write_atomic

    if output:
        ordering.writable(output)
    table, wanted = ordering.price_table(prices), ordering.source(source, design, candidates)
    with bars() as progress:
        order = ordering.place(wanted, seed, volume_uL=volume_uL, stock_uM=stock_uM, prices=table, progress=progress)
    for warning in order.warnings:
        click.echo(f"warning: {warning}", err=True)
    if not output:
        click.echo(order.files["sequences.csv"], nl=False)
        return
    for name, content in order.files.items():
        write_atomic(Path(output) / name, content)
    _print(order, output)


def _print(order: Order, output: str) -> None:
    from rich.table import Table

    from compiler.commands.outputs import console
    from dsd.sequences.quality_text import headings, rows

    shown = Table(title=f"{len(order.lines)} strands in {output}, kcal/mol")
    shown.add_column("")
    for heading in headings(order.candidates):
        shown.add_column(heading, justify="right")
    columns = [dict(rows(c.quality)) for c in order.candidates]
    for key in columns[0]:
        shown.add_row(key, *(column[key] for column in columns))
    out = console()
    out.print(shown)
    out.print(order.candidates[0].quality.conditions, markup=False)
