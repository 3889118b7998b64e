"""When a clocked pot is dosed, and when its output stands ready: events of its clock.

In: a gating strategy, a clock, ``[clock]``. Out: thresholds on phase species, in the clock's units.
"""

from __future__ import annotations

from clock.oscillator import Oscillator
from compiler.schema import Clock
from dsd.network import Threshold

PIPELINED = 0.1
"""A pipelined pot is dosed at this share of the usual ``dose_level``: the phase that ends then hands samples over."""


def events(name: str, ring: Oscillator, clock: Clock) -> tuple[Threshold, Threshold]:
    """The clock events at which a pot of strategy ``name`` is dosed and read."""
    if name == "two_phase":
        return ring.begins(1), ring.begins(1, clock.read_level)
    if name == "pipelined":
        # Phase 3 copies away what is read, so where it comes only after a gap, the end of phase 2 is the moment.
        ready = ring.begins(3, clock.read_level) if ring.overlapping else ring.ends(2)
        return ring.ends(2, dose_level(name, clock)), ready
    return ring.ends(3, clock.dose_level), ring.begins(3, clock.read_level)


def dose_level(name: str, clock: Clock) -> float:
    """The rest of a phase, over its amplitude, at which a pot of strategy ``name`` is dosed."""
    return clock.dose_level * PIPELINED if name == "pipelined" else clock.dose_level
