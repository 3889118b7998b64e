"""When a clocked pot is dosed, and when its output stands ready: events of its clock.

In: a gating strategy, a clock, ``[clock]``. Out: thresholds on phase species, in the clock's units.
"""

from __future__ import annotations

from clock.oscillator import Oscillator
from compiler.schema import Clock
from dsd.errors import InputError
from dsd.network import Threshold

PIPELINED = 0.05
"""A pipelined pot is dosed at this share of the usual ``dose_level``: the phase that ends then hands samples over."""


def events(name: str, ring: Oscillator, clock: Clock) -> tuple[Threshold, Threshold]:
    """The clock events at which a pot of strategy ``name`` is dosed and read.

    Raises :class:`InputError` for a trough that is too shallow for a phase to fall to where a sample is dosed.
    """
    level = dose_level(name, clock)
    if name != "two_phase" and clock.trough >= level:
        raise InputError(
            f"a phase must fall to {level:g} of the amplitude for a sample to be dosed, and a trough of "
            f"{clock.trough:g} does not let it clearly below; lower [clock] trough, or raise dose_level"
        )
    if name == "two_phase":
        return ring.begins(1), ring.begins(1, clock.read_level)
    if name == "pipelined":
        # Phase 3 copies away what is read, so where it comes only after a gap, the end of phase 2 is the moment.
        ready = ring.begins(3, clock.read_level) if ring.overlapping else ring.ends(2)
        return ring.ends(2, level), ready
    return ring.ends(3, level), ring.begins(3, clock.read_level)


def dose_level(name: str, clock: Clock) -> float:
    """The rest of a phase, over its amplitude, at which a pot of strategy ``name`` is dosed."""
    return clock.dose_level * PIPELINED if name == "pipelined" else clock.dose_level
