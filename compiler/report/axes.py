"""Axes of charts: from values to units of the drawing, with ticks at round numbers.

In: a range of values. Out: an :class:`Axis`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from compiler.report.text import number

NARROW = 0.4
"""Decades that a logarithmic axis must span: within fewer its ticks are hardly round."""


@dataclass(frozen=True)
class Axis:
    """``low`` to ``high`` on a linear or logarithmic scale; ``ticks`` lie within."""

    label: str
    low: float
    high: float
    log: bool
    ticks: tuple[float, ...]

    def share(self, value: float) -> float:
        """Where a value lies, from 0 at ``low`` to 1 at ``high``."""
        if self.log:
            return math.log(max(value, 1e-300) / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)

    def names(self) -> tuple[str, ...]:
        """The texts of the ticks."""
        return tuple(number(t, 5) for t in self.ticks)


def linear(label: str, values: Iterable[float], *, pad: float = 0.05, ticks: int = 5, whole: bool = False) -> Axis:
    """An axis about ``values``, wider by ``pad`` of their range on both sides; ``whole`` allows whole ticks only."""
    from matplotlib.ticker import MaxNLocator

    found = [v for v in values if math.isfinite(v)] or [0.0, 1.0]
    low, high = min(found), max(found)
    if high - low <= max(1e-9 * max(abs(low), abs(high)), 1e-200):
        low, high = low - max(0.5, abs(low) / 10), high + max(0.5, abs(high) / 10)
    low, high = low - pad * (high - low), high + pad * (high - low)
    at = MaxNLocator(ticks, integer=whole, steps=[1, 2, 5, 10]).tick_values(low, high)
    near = 1e-9 * (high - low)
    ticks_at = (0.0 if abs(t) < near else float(f"{t:.9g}") for t in at)
    return Axis(label, low, high, False, tuple(t for t in ticks_at if low <= t <= high))


def logarithmic(label: str, values: Iterable[float], *, pad: float = 0.06) -> Axis:
    """A logarithmic axis about the positive of ``values``; a linear one where they are none, or close together."""
    given = [v for v in values if math.isfinite(v)]
    found = [v for v in given if v > 0]
    if not found or (min(given) <= 0 and max(given) <= 0):
        return linear(label, given)
    low, high = math.log10(min(found)), math.log10(max(found))
    if high - low < NARROW:
        return linear(label, given)
    low, high = 10 ** (low - pad * (high - low)), 10 ** (high + pad * (high - low))
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    for steps in ((1,), (1, 3), (1, 2, 5), (1, 1.5, 2, 3, 4, 5, 7)):
        ticks = tuple(float(f"{s * 10.0**d:.6g}") for d in decades for s in steps)
        ticks = tuple(t for t in ticks if low <= t <= high)
        if len(ticks) >= 3:
            break
    every = math.ceil(len(ticks) / 7)
    return Axis(label, low, high, True, ticks[::every])
