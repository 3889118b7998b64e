"""Numbers and names as a reader wants them.

In: values as files hold them. Out: short text, with units where they have any.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from dsd.draw_strand import power

GREEK = ("theta", "Theta", "beta")
SYMBOLS = {"theta": "θ", "Theta": "Θ", "beta": "β"}

LEVELS = {
    "reference": "neural ODE",
    "formal": "formal circuit",
    "clocked": "clocked pot",
    "dsd-reduced": "DNA, reduced",
    "dsd": "DNA",
}
"""What a reader calls a level."""

LONG = {
    "reference": "the neural ODE without chemistry",
    "formal": "the formal circuit",
    "clocked": "the clocked pot",
    "dsd-reduced": "the DNA network (in its reduced simulation)",
    "dsd": "the DNA network",
}


def number(value: float | None, digits: int = 4) -> str:
    """A number to so many significant digits; a dash for none, powers of ten where zeros would be counted."""
    if value is None or not math.isfinite(value):
        return "–"
    if value == 0:
        return "0"
    if not 1e-3 <= abs(value) < 1e6:
        return ("−" if value < 0 else "") + power(abs(value))
    text = f"{value:,.{max(0, digits - 1 - math.floor(math.log10(abs(value))))}f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace("-", "−")


def percent(share: float | None, digits: int = 1) -> str:
    """A share as percent."""
    if share is None:
        return "–"
    rounded = round(100 * share, digits) + 0.0  # no minus before a zero
    return f"{rounded:.{digits}f} %".replace("-", "−")


def duration(seconds: float) -> str:
    """A time in the unit that suits it."""
    for per, unit in ((86400.0 * 3, 86400.0), (3600.0, 3600.0), (60.0, 60.0)):
        if seconds >= per:
            name = {86400.0: "days", 3600.0: "h", 60.0: "min"}[unit]
            return f"{number(seconds / unit, 3)} {name}"
    return f"{number(seconds, 3)} s"


def weight(name: str) -> str:
    """A weight's name with its Greek letter."""
    for long in GREEK:
        if name.startswith(long):
            return SYMBOLS[long] + name.removeprefix(long)
    return name


def listed(words: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def sentence(text: str) -> str:
    """With a capital and a full stop."""
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".") if text else ""
