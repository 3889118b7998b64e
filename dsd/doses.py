"""When a simulation stops on its way: rows on a grid, doses at times and at thresholds."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from dsd.errors import InputError
from dsd.network import Dose, Network, Threshold

MAX_ROWS = 10_000_000


def check_times(until: float, every: float | None) -> None:
    """Raise :class:`InputError` for an end or a row distance that is no time, or for too many rows."""
    for name, value in (("until", until), ("every", every)):
        if value is not None and not (math.isfinite(value) and value > 0):
            raise InputError(f"{name} is {value}; give a time above 0")
    if every is not None and until / every > MAX_ROWS:
        raise InputError(f"a row every {every:g} until {until:g} is more than {MAX_ROWS} rows; raise every")


def grid(until: float, every: float) -> NDArray[np.float64]:
    """Multiples of ``every`` up to ``until``, without one that differs from ``until`` by rounding only."""
    times = every * np.arange(1, math.floor(until / every) + 1, dtype=np.float64)
    inside: NDArray[np.float64] = times[times < until * (1 - 1e-12)]
    return inside


def schedule(network: Network) -> tuple[dict[float, list[Dose]], dict[Threshold, list[Dose]]]:
    """Doses by time and by threshold, each in the network's order; :class:`InputError` where one can never be due."""
    timed: dict[float, list[Dose]] = {}
    events: dict[Threshold, list[Dose]] = {}
    for d in network.doses:
        if isinstance(d.at, Threshold):
            if not (d.at.species and math.isfinite(d.at.level) and d.at.level > 0):
                where = f"{' + '.join(d.at.species)} at {d.at.level:g}"
                raise InputError(f"the threshold {where} cannot be crossed; name species and a level > 0")
            if d.at.direction not in (-1, 1):
                remedy = "use 1 (rising) or -1 (falling)"
                raise InputError(f"the threshold {spelled(d.at)} has direction {d.at.direction}; {remedy}")
            events.setdefault(d.at, []).append(d)
        elif math.isfinite(d.at) and d.at >= 0:
            timed.setdefault(float(d.at), []).append(d)
        else:
            raise InputError(f"the dose of {d.species} is due at {d.at}; a simulation starts at 0, give a time >= 0")
    return timed, events


def spelled(threshold: Threshold) -> str:
    """``A + B rising through 0.5``."""
    way = "rising" if threshold.direction > 0 else "falling"
    return f"{' + '.join(threshold.species)} {way} through {threshold.level:g}"
