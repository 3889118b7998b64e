"""Integration of a pot that a schedule doses over and over: what a device adds does not wait for the chemistry.

In: an engine, the doses of one period at their times, a state. Out: one :class:`~dsd.integrate.Leg` through all the
doses that fall due.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from dsd.integrate import Engine, Leg
from dsd.network import Dose, Threshold

Floats = NDArray[np.float64]


def run_paced(
    engine: Engine, schedule: Sequence[Dose], period: float, t0: float, y0: Floats, t1: float, stop: Threshold
) -> Leg:
    """As ``engine.run(t0, y0, t1, stop)``, with each dose of ``schedule`` given at its time plus n periods.

    Doses at times, n = 0, 1, ...; those due at ``t0`` itself have been given, those due where the leg ends are given.
    A dose may not lift the watched sum over its level: that crossing would not be seen.
    """
    if not schedule:
        return engine.run(t0, y0, t1, stop)
    legs: list[Leg] = []
    time, state = t0, y0
    while True:
        due = min(_next(d, period, time) for d in schedule)
        leg = engine.run(time, state, min(due, t1), stop)
        legs.append(leg)
        time, state = leg.time, leg.state
        if not leg.event:
            for d in schedule:
                if _next(d, period, time - 1e-9 * period) <= time + 1e-9 * period:
                    state[engine.network.index[d.species]] += d.amount
        if leg.event or time >= t1:
            legs.append(Leg(np.array([time]), state[np.newaxis]))
            return Leg(
                np.concatenate([x.t for x in legs]), np.concatenate([x.y for x in legs]), leg.event,
                sum(x.evaluations for x in legs), leg.crossed,
            )  # fmt: skip


def _next(dose: Dose, period: float, after: float) -> float:
    """The first time later than ``after`` at which the dose is due again."""
    assert not isinstance(dose.at, Threshold)
    n = max(0, int((after - dose.at) / period) - 1)
    while (at := dose.at + n * period) <= after + 1e-12 * period:
        n += 1
    return at
