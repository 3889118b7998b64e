"""Chemical clocks: oscillators as reaction networks, gating of a staged network by them, and their measure.

Public names are resolved when they are first used, so that importing the package costs nothing. A function that has
its module's name is imported from there: ``from clock.measure import measure``.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from clock.families import FAMILIES, clock_for_period
    from clock.gating import STRATEGIES, Gating, Strategy, operand, per_reaction, pipelined, two_phase
    from clock.measure import ClockReport, LostClockError, crossings, plot_period
    from clock.oscillator import Oscillator
    from clock.ring import Ring, ring_for_period
    from clock.timing import dose_when, feedback_time, forward_time, transfer_time

_NAMES = {
    "families": ("FAMILIES", "clock_for_period"),
    "gating": ("STRATEGIES", "Gating", "Strategy", "operand", "per_reaction", "pipelined", "two_phase"),
    "measure": ("ClockReport", "LostClockError", "crossings", "plot_period"),
    "oscillator": ("Oscillator",),
    "ring": ("Ring", "ring_for_period"),
    "timing": ("dose_when", "feedback_time", "forward_time", "transfer_time"),
}
_HOME = {name: module for module, names in _NAMES.items() for name in names}

__all__ = [
    "FAMILIES",
    "STRATEGIES",
    "ClockReport",
    "Gating",
    "LostClockError",
    "Oscillator",
    "Ring",
    "Strategy",
    "clock_for_period",
    "crossings",
    "dose_when",
    "feedback_time",
    "forward_time",
    "operand",
    "per_reaction",
    "pipelined",
    "plot_period",
    "ring_for_period",
    "transfer_time",
    "two_phase",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
