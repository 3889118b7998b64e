"""Chemical clocks: oscillators as reaction networks, gating of a staged network by them, and their measure.

Public names are resolved when they are first used, so that importing the package costs nothing. A function that has
its module's name is imported from there: ``from clock.measure import measure``.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from clock.gating import STRATEGIES, Gating, Strategy, operand, per_reaction
    from clock.measure import ClockReport, LostClockError, crossings, plot_period
    from clock.ring import Ring, ring_for_period
    from clock.timing import dose_when, feedback_time, forward_time, transfer_time

_NAMES = {
    "gating": ("STRATEGIES", "Gating", "Strategy", "operand", "per_reaction"),
    "measure": ("ClockReport", "LostClockError", "crossings", "plot_period"),
    "ring": ("Ring", "ring_for_period"),
    "timing": ("dose_when", "feedback_time", "forward_time", "transfer_time"),
}
_HOME = {name: module for module, names in _NAMES.items() for name in names}

__all__ = [
    "STRATEGIES",
    "ClockReport",
    "Gating",
    "LostClockError",
    "Ring",
    "Strategy",
    "crossings",
    "dose_when",
    "feedback_time",
    "forward_time",
    "operand",
    "per_reaction",
    "plot_period",
    "ring_for_period",
    "transfer_time",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
