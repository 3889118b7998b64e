"""The clock families by name, each with its map from a wanted period, amplitude and trough to a clock.

The trough decides the overlap too: the deeper it is, the sharper the handovers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from clock.crnpp import crnpp_for_period
from clock.external import external_for_period
from clock.limit_cycle import limit_cycle_for_period
from clock.oscillator import Oscillator
from clock.ring import ring_for_period
from dsd.errors import InputError

FAMILIES: Mapping[str, Callable[[float, float, float], Oscillator]] = MappingProxyType(
    {
        "ring": ring_for_period,
        "crnpp": crnpp_for_period,
        "limit-cycle": limit_cycle_for_period,
        "external": external_for_period,
    }
)


def clock_for_period(family: str, period: float, amplitude: float, trough: float) -> Oscillator:
    """The clock of that family, period (time), amplitude (concentration) and trough (over half the amplitude).

    Raises :class:`InputError` for an unknown family and for what no clock of it can be.
    """
    if family not in FAMILIES:
        raise InputError(f"no clock family '{family}'; choose one of {', '.join(FAMILIES)}")
    return FAMILIES[family](period, amplitude, trough)
