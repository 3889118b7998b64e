"""Colours of domains and strands, the same in every picture of a system.

Toeholds are warm, domains of signals take a palette in the order of the signals, and what only links gates is grey.
"""

from __future__ import annotations

import colorsys

from dsd.domains import Sequence
from dsd.system import System

SIGNALS = (
    "#1f77b4", "#2ca02c", "#9467bd", "#17a2b8", "#8c6d31", "#e377c2", "#3b4cc0", "#6b8e23", "#7f3c8d", "#11806a",
    "#5c6bc0", "#a05195",
)  # fmt: skip
"""For the first signals: cool enough that no toehold is mistaken for one."""

TOEHOLDS = ("#d62728", "#ff7f0e", "#e6a700", "#c2185b", "#b5542b")
LINK = "#8a8f98"
"""Domains that carry no signal: links between gates, and ends."""

GOLDEN = 0.6180339887498949
"""Golden ratio less one: multiples of it, as hues, stay as far apart as can be."""


def domain_colours(system: System) -> dict[str, str]:
    """Hex colour of every domain, unstarred."""
    signals = [d for s in system.strands if s.role == "signal" for d in s.domains if d not in system.toeholds]
    order = {d: i for i, d in enumerate(dict.fromkeys(signals))}
    toeholds = {d.name: i for i, d in enumerate(d for d in system.domains if d.toehold)}
    found = {}
    for d in system.domains:
        if d.toehold:
            found[d.name] = TOEHOLDS[toeholds[d.name] % len(TOEHOLDS)]
        else:
            found[d.name] = signal_colour(order[d.name]) if d.name in order else LINK
    return found


def colours(system: System) -> dict[Sequence, str]:
    """Hex colour of every strand: that of its first long domain, or of its toehold where it has none."""
    domain = domain_colours(system)
    found = {}
    for s in system.strands:
        names = [d.rstrip("*") for d in s.domains]
        long = [d for d in names if d not in system.toeholds]
        found[s.domains] = LINK if s.role == "bottom" else domain[(long or names)[0]]
    return found


def signal_colour(index: int) -> str:
    """Colour of the signal with that index in the order of the species.

    The palette comes first, then hues by the golden ratio between green and violet, in three shades.
    """
    if index < len(SIGNALS):
        return SIGNALS[index]
    hue = 0.22 + 0.6 * (index * GOLDEN % 1.0)
    rgb = colorsys.hls_to_rgb(hue, (0.34, 0.44, 0.54)[index % 3], 0.55)
    return "#" + "".join(f"{round(255 * c):02x}" for c in rgb)
