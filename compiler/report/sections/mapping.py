"""The mapping: which rate each reaction was to have, which it got, and how much of each signal stays free.

In: the solved mapping of the facts. Out: two tables, with the worst residual in words.
"""

from __future__ import annotations

from compiler.report.blocks import Section, table
from compiler.report.folder import Results
from compiler.report.sections.fuel import bar
from compiler.report.text import number, percent
from dsd.draw_strand import readable

TITLE = "Rates and free signals"
LISTED, FIRST = 400, 8
"""Reactions that are listed, and signals in sight."""

UNITS = {0: "nM/s", 1: "/s", 2: "/nM/s", 3: "/nM²/s", 4: "/nM³/s"}


def section(r: Results) -> Section | None:
    """Target and achieved rate constants, and free fractions."""
    dna = r.facts.get("dna")
    if not dna or "reason" in dna:
        return None
    records, free = dna["mapping"], sorted(dna["free"], key=lambda pair: (pair[1], pair[0]))
    worst = max(records, key=lambda m: abs(m["residual"]))
    lead = (
        f"All {len(records)} rate constants are met to {_off(worst['residual'])}"
        f"{'' if abs(worst['residual']) < 1e-9 else ', the worst that of ' + readable(worst['reaction'])}. "
        f"{free[0][0]} is held back most: {percent(free[0][1], 0)} of it stays free."
    )
    shares = [[name, percent(share), bar(share)] for name, share in free]
    heads = ("signal", "free", "")
    more = (table(f"The other {len(free) - FIRST} signals", heads, shares[FIRST:], folded=True),)
    blocks = (
        table("Signals that are held back most: the part that is free at rest", heads, shares[:FIRST]),
        *(more if len(free) > FIRST else ()),
        table("Reactions: rate constants wanted and achieved, on total concentrations",
              ("reaction", "as", "target", "achieved", "off by", "unit", "gate, nM", "helper, nM", "fork, nM"),
              [_row(m) for m in records[:LISTED]], folded=True,
              note=f"{LISTED} of {len(records)} are listed; report.json has all." if len(records) > LISTED else ""),
    )  # fmt: skip
    return Section("mapping", TITLE, lead, blocks)


def _row(m: dict[str, object]) -> list[str]:
    amounts = [number(float(str(m[key])), 3) if m[key] else "–" for key in ("gate_nM", "helper_nM", "fork_nM")]
    order = int(str(m["order"]))
    rates = [number(float(str(m[key])), 4) for key in ("target", "achieved")]
    return [readable(str(m["reaction"])), str(m["kind"]), *rates, _off(float(str(m["residual"]))),
            UNITS.get(order, f"nM^{1 - order}/s"), *amounts]  # fmt: skip


def _off(residual: float) -> str:
    """A relative deviation; rounding error counts as none."""
    return "rounding" if abs(residual) < 1e-9 else f"{100 * residual:+.2g} %".replace("-", "−")
