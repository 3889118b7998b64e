"""``strandgrad draw``: strands and gates, a reaction's pathway, and the circuit, as SVG."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from compiler.commands.options import schemed

if TYPE_CHECKING:
    from compiler.texts import Source

PICTURES = ("parts", "pathway", "circuit")

EXAMPLE = """\b
Examples:
  strandgrad draw linreg2d -o out
  strandgrad draw linreg2d --what pathway --reaction 8 -o join.svg
  strandgrad draw pot.pil --what parts -o parts.svg
"""


@click.command("draw", epilog=EXAMPLE)
@click.argument("source", metavar="DESIGN|FILE")
@click.option(
    "--what", "wanted", multiple=True, type=click.Choice(PICTURES), help="[default: all that the source allows]"
)
@click.option("--reaction", type=click.IntRange(1, 10**5), default=1, show_default=True, help="Whose pathway, from 1.")
@schemed
@click.option("-o", "--output", required=True, help="Folder, or an .svg file for one picture.")
def command(source: str, wanted: tuple[str, ...], reaction: int, scheme: str | None, output: str) -> None:
    """Draw DESIGN, or a .pil or .crn FILE.

    parts is a sheet of every signal, gate and fuel; pathway is one reaction as a storyboard, strand by strand; circuit
    is the graph of species and reactions, and what gates them. A .pil has no circuit; a .crn has nothing else, unless
    --scheme makes gates of it.
    """
    from compiler.progress import waiting
    from compiler.texts import read_source
    from dsd.errors import InputError
    from dsd.files import write_atomic
    from dsd.translate import is_folded

    begun = read_source(source, scheme=scheme)
    gates = begun.network is None or scheme is not None
    possible = [p for p in PICTURES if (p == "circuit" and begun.system is None) or (p != "circuit" and gates)]
    if is_folded(begun.scheme or (begun.system.get("scheme") if begun.system else "")):
        possible = [p for p in possible if p != "pathway"]
    for what in wanted:
        if what not in possible:
            remedy = "use a two-domain scheme" if gates else "compile it to dsd first"
            remedy = "give its design or its .crn" if what == "circuit" else remedy
            raise InputError(f"--what {what}: {source} has no such picture; {remedy}")
    chosen = tuple(dict.fromkeys(wanted)) or tuple(possible)
    alone = output.endswith(".svg")
    if alone and len(chosen) > 1:
        raise InputError(f"{output} is one file for {len(chosen)} pictures; choose one by --what, or name a folder")
    with waiting(f"drawing {source}"):
        pictures = _drawn(begun, chosen, reaction)
    for name, svg in pictures.items():
        write_atomic(output if alone else Path(output) / name, svg)
    click.echo(f"{', '.join(pictures)} {'is' if len(pictures) == 1 else 'are'} in {output}.")


def _drawn(begun: Source, chosen: tuple[str, ...], reaction: int) -> dict[str, str]:
    """SVG texts by file name."""
    from compiler.texts import circuit_network, system_of
    from dsd.draw import parts
    from dsd.draw_circuit import circuit
    from dsd.draw_pathway import pathway

    title = begun.design.name if begun.design else Path(begun.name).stem
    system = system_of(begun) if set(chosen) & {"parts", "pathway"} else None
    pictures = {}
    for what in chosen:
        if system is not None and what == "parts":
            pictures["parts.svg"] = parts(system, title)
        elif system is not None and what == "pathway":
            pictures[f"pathway-{reaction}.svg"] = pathway(system, reaction - 1)
        else:
            pictures["circuit.svg"] = circuit(circuit_network(begun), title)
    return pictures
