"""The circuit as a graph, and its reactions in words.

In: the network of the design. Out: the picture, with the list of reactions as its text.
"""

from __future__ import annotations

from compiler.report.blocks import Block, Note, Picture, Section, table
from compiler.report.drawings import uri
from compiler.report.folder import Results
from compiler.report.text import number
from dsd.draw_strand import readable

LISTED = 600
"""Reactions that are listed; a larger circuit is in the text that ``compile`` prints."""


def section(r: Results) -> Section | None:
    """The clocked circuit, or the formal one where no pot was trained."""
    if "circuit" not in r.facts:
        return None
    clocked = r.facts["clocked"]
    found, level = clocked or r.facts["formal"], "clocked" if clocked else "formal"
    lead = f"The {level} circuit has {found['species']} species and {found['reactions']} reactions."
    reactions = r.facts["reactions"]
    picture, blocks = r.facts["circuit"], list[Block]()
    if "svg" in picture:
        alt = f"Graph of the {level} circuit; its reactions are listed below."
        blocks.append(Picture("The circuit", alt, uri(picture["svg"])))
    else:
        blocks.append(Note(f"The circuit is not drawn: {picture['reason']}"))
    rows = [[stage, readable(text), number(k)] for stage, text, k in reactions[:LISTED]]
    note = (
        f"'strandgrad compile {r.design} --to {level}' prints all {len(reactions)}." if len(reactions) > LISTED else ""
    )
    heads = ("stage", "reaction", "rate constant, formal units")
    blocks.append(table(f"Reactions ({len(reactions)})", heads, rows, folded=True, note=note))
    return Section("circuit", "The circuit", lead, tuple(blocks))
