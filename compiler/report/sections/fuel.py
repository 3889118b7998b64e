"""Fuels: what a training run used up, and how much of each.

In: ``fuel_used`` of the DNA levels, nM of the pot's first volume. Out: a table with bars, the largest first.
"""

from __future__ import annotations

from markupsafe import Markup

from compiler.report.blocks import Section, table
from compiler.report.folder import Level, Results
from compiler.report.text import LONG, number

FIRST = 12
"""Fuels in sight; the others are folded."""


def section(r: Results) -> Section | None:
    """Fuels of the lowest level that has any."""
    burnt = [level for level in r.levels if level.entry.get("fuel_used")]
    return _used(r, burnt[-1]) if burnt else None


def _used(r: Results, level: Level) -> Section:
    used = sorted(level.entry["fuel_used"].items(), key=lambda item: (-item[1], item[0]))
    dna = r.facts.get("dna") or {}
    roles, volume = dna.get("roles", {}), dna.get("volume_uL")
    top, total = used[0][1], sum(nM for _, nM in used)
    heads = ["fuel or gate", "role", "µM", *(["nmol"] if volume else []), "share of the largest"]
    rows = [
        [name, roles.get(name, "–"), number(nM / 1000, 3), *([number(nM * volume * 1e-6, 3)] if volume else []),
         bar(nM / top)]
        for name, nM in used
    ]  # fmt: skip
    each = total / 1000 / max(1, level.entry["iterations"])
    lead = (
        f"In {level.entry['iterations']} iterations {LONG[level.name]} used {number(total / 1000, 3)} µM of "
        f"{len(used)} fuels and gates, {number(each, 3)} µM an iteration; the pot's volume grew by "
        f"{100 * level.entry.get('volume_growth', 0.0):.0f} % with what was added."
    )
    blocks = [table("Fuels used most", heads, rows[:FIRST])]
    if len(rows) > FIRST:
        blocks.append(table(f"The other {len(rows) - FIRST} fuels and gates", heads, rows[FIRST:], folded=True))
    return Section("fuel", "Fuel used", lead, tuple(blocks))


def bar(share: float) -> Markup:
    """A bar for a table's cell, from 0 to 1; the number beside it is its text."""
    box = 'class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"'
    return Markup(f'<svg {box}><rect width="{{}}" height="8"/></svg>').format(round(100 * min(1.0, max(0.0, share)), 1))
