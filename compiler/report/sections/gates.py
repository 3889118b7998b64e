"""A few gates, strand by strand.

In: the drawings of the facts. Out: one picture for each kind of reaction, folded.
"""

from __future__ import annotations

from compiler.report.blocks import Note, Picture, Section
from compiler.report.drawings import uri
from compiler.report.folder import Results
from dsd.draw_strand import readable


def section(r: Results) -> Section | None:
    """A reaction of each stage as the gates that carry it out."""
    dna = r.facts.get("dna")
    if not dna or "reason" in dna or not dna["gates"]:
        return None
    pictures = [
        Picture(f"{readable(g['reaction'])} — {g['what']}",
                f"Reaction {g['number']}, {readable(g['reaction'])}: the states of its gates from fresh to spent, with "
                f"the strands that come and leave.", uri(g["svg"]), folded=True)
        for g in dna["gates"]
    ]  # fmt: skip
    modules = len(dna["mapping"])
    gates = f"{dna['size']['gate_complexes']} gates of scheme {dna['scheme']}"
    lead = f"{modules} reactions become {gates}. Open one to see it work."
    note = Note("Every strand, gate and fuel on one sheet, and any reaction:",
                (f"strandgrad draw {r.design} -o {r.place}",))  # fmt: skip
    return Section("gates", "Gates", lead, (*pictures, note))
