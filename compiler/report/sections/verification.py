"""Verification: does each gate do what its reaction says?

In: the report of ``verify``, or the shorter one of ``compare``. Out: a table of gate shapes, and every fault.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from compiler.report.blocks import Block, Note, Section, missing, table
from compiler.report.folder import Results
from dsd.draw_strand import readable
from dsd.shape_report import COMMON

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
    lead = (
        f"{held} of {len(g['shapes'])} shapes of gates, for {g['modules']} reactions, are verified against "
        "Peppercorn's enumeration."
    )
    blocks: list[Block] = [_shapes(g)]
    blocks += [Note(f"Fault: {fault}") for fault in g["faults"]]
    if g.get("conserved"):
        blocks.append(Note(_conserved(g["conserved"])))
    if not g.get("pairs"):
        blocks.append(Note("Pairs of gates in one tube were not enumerated; this adds them:", (command,)))
    return Section("verification", TITLE, lead, tuple(blocks))


def _shapes(g: Mapping[str, Any]) -> Block:
    heads = ["shape", "as", "gates", "notion", "verdict", "crnverifier", "network"]
    premises = [s["assumption"].removeprefix(f"assuming that {COMMON}").removeprefix(", ") for s in g["shapes"]]
    rows = [
        [readable(s["shape"]), s["kind"], str(s["modules"]), s["notion"], "holds" if s["holds"] else "FAILS",
         "agrees" if s["crnverifier"] == s["holds"] else "differs",
         "equals Peppercorn's" if s["equals_peppercorn"] else "differs", *([premise] if any(premises) else [])]
        for s, premise in zip(g["shapes"], premises, strict=True)
    ]  # fmt: skip
    heads += ["assuming also"] if any(premises) else []
    return table("Gate shapes", heads, rows, note=f"All assume that {COMMON}.")


def _conserved(found: Mapping[str, Any]) -> str:
    return (
        f"Strands: {found['strands']} are conserved, and {found['spanned_by_strands']} of the {found['laws']} "
        "conservation laws of the network follow from that."
    )
