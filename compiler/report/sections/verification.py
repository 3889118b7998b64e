"""Verification: does each gate do what its reaction says?

In: the report of ``verify``, or the shorter one of ``compare``. Out: a table of gate shapes, and every fault.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from compiler.report.blocks import Block, Note, Section, missing, table
from compiler.report.folder import Results
from dsd.draw_strand import readable

TITLE = "Verification"


def section(r: Results) -> Section | None:
    """Every shape of gate, whether it is a bisimulation of its reaction, and what holds for the gates together."""
    command = f"strandgrad report {r.place} --verify"
    if r.gates is None:
        return missing("verification", TITLE, "The gates of this design were not verified; this does it:", command)
    if r.gates.get("ok") is None:
        return missing(
            "verification", TITLE, f"The gates were not verified: {r.gates.get('reason', 'no reason is given')}"
        )
    g = r.gates
    held = sum(s["fault"] is None for s in g["shapes"])
    lead = f"{held} of {len(g['shapes'])} shapes of gates, for {g['modules']} reactions, are verified against Peppercorn's enumeration."
    blocks: list[Block] = [_shapes(g)]
    blocks += [Note(f"Fault: {fault}") for fault in g["faults"]]
    if g.get("conserved"):
        blocks.append(Note(_conserved(g["conserved"])))
    if not g.get("pairs"):
        blocks.append(Note("Pairs of gates in one tube were not enumerated; this adds them:", (command,)))
    return Section("verification", TITLE, lead, tuple(blocks))


def _shapes(g: Mapping[str, Any]) -> Block:
    heads = ("shape", "as", "gates", "notion", "verdict", "crnverifier", "network", "assuming")
    rows = [
        [readable(s["shape"]), s["kind"], str(s["modules"]), s["notion"], "holds" if s["holds"] else "FAILS",
         "agrees" if s["crnverifier"] == s["holds"] else "differs",
         "equals Peppercorn's" if s["equals_peppercorn"] else "differs", s["assumption"].removeprefix("assuming that ")]
        for s in g["shapes"]
    ]  # fmt: skip
    return table("Gate shapes", heads, rows)


def _conserved(found: Mapping[str, Any]) -> str:
    return (
        f"Strands: {found['strands']} are conserved, and {found['spanned_by_strands']} of the {found['laws']} conservation "
        f"laws of the network follow from that."
    )
