"""Size and cost: how much chemistry a design is, and what its strands cost.

In: counts, concentrations and prices of the facts. Out: a table, with its price list named.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from compiler.report.blocks import Section, missing, table
from compiler.report.folder import Results
from compiler.report.text import number, percent, sentence

TITLE = "Size and cost"


def section(r: Results) -> Section | None:
    """The design at every level, and one filled pot priced."""
    if "formal" not in r.facts:
        return None
    dna = r.facts.get("dna")
    if dna is None:
        return missing(
            "cost",
            TITLE,
            "No level of DNA was asked for; what it would take is printed by",
            f"strandgrad size {r.design}",
        )
    if "reason" in dna:
        return missing("cost", TITLE, f"There is no DNA to count: {sentence(dna['reason'])}")
    size = dna["size"]
    rows = [[f"{name} network: species, reactions", _counts(found)] for name, found in _networks(r, dna)]
    rows += [
        [
            "signal strands, gates, fuel strands",
            f"{size['signal_strands']}, {size['gate_complexes']}, {size['fuel_strands']}",
        ],
        ["distinct strands to order, their nucleotides", f"{size['distinct_strands']}, {size['nucleotides']:,}"],
        ["toehold domains, long domains", f"{size['toehold_domains']}, {size['long_domains']}"],
        ["strands in the pot at the start", f"{number(size['total_strand_nM'] / 1000, 3)} µM"],
        [
            "slowdown of the clock, for gates to keep up",
            "none" if dna["slowdown"] == 1 else f"{number(dna['slowdown'], 3)}-fold",
        ],
        ["kinetics profile", dna["profile"]],
    ]
    rows += [
        [f"toehold {t['toehold']}, {t['length']} nt: occluded", percent(t["share"])] for t in dna["toeholds"]
    ] + _cost(dna)
    note = f"Prices are {dna['cost']['note']}, of {dna['cost']['date']}."
    return Section("cost", TITLE, blocks=(table("Size and cost", ("", ""), rows, note=note),))


def _networks(r: Results, dna: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    found = [("formal", r.facts["formal"]), ("clocked", r.facts["clocked"]), ("DNA", dna["network"])]
    return [(name, counts) for name, counts in found if counts]


def _counts(found: Mapping[str, Any]) -> str:
    return f"{found['species']:,}, {found['reactions']:,}"


def _cost(dna: Mapping[str, Any]) -> list[list[str]]:
    cost = dna["cost"]
    kinds = ", ".join(f"{n} {name}" for name, n in cost["by_purification"].items() if n)
    rows = [
        [f"DNA to fill a pot of {number(dna['volume_uL'])} µL", f"{number(cost['need_nmol'], 3)} nmol"],
        [
            "price of these strands",
            f"{cost['currency']}{cost['price']:,.0f} for {cost['syntheses']} syntheses ({kinds})",
        ],
    ]
    if cost["too_long"]:
        rows.append(["strands too long for the price table", ", ".join(cost["too_long"])])
    return rows
