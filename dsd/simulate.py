"""Simulation: a network with its doses, integrated over time.

In: a :class:`Network`. Out: a :class:`Trajectory`. A dose interrupts the integration exactly at its time, or at every
crossing of its threshold, and adds to the state; no step of the integrator spans it. The rows before and after a dose
stand at the same time.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from dsd.doses import check_times, grid, schedule, spelled
from dsd.errors import SimulationError
from dsd.integrate import Engine, Leg, Method, Tolerance
from dsd.network import Dose, Network, Threshold
from dsd.trajectory import Trajectory

Floats = NDArray[np.float64]
Progress = Callable[[float, float], None]

CROWD = 100
"""So many events in a row, each within ``CROWD_WIDTH * until`` of the one before, count as endless."""
CROWD_WIDTH = 1e-9
UPDATES = 1000
"""Progress is told about so many times in a run."""


def simulate(
    network: Network,
    until: float,
    *,
    every: float | None = None,
    tolerance: Tolerance | None = None,
    method: Method = "auto",
    progress: Progress | None = None,
    max_events: int = 10_000,
) -> Trajectory:
    """Integrate ``network`` from 0 to ``until`` (network time units), all doses included.

    Rows stand at 0, every ``every`` time units, at ``until``, and on both sides of each dose; without ``every`` they
    are the integrator's own steps. ``tolerance`` is ``Tolerance()`` unless given
    (:func:`~dsd.integrate.default_tolerance` suits networks far from concentrations of 1), ``method`` as in
    :class:`~dsd.integrate.Engine`. ``progress(time, until)`` is called on the way, last at ``until``.

    A dose at a threshold is given at every crossing in the threshold's direction, together with all doses of that
    threshold; of several thresholds the earliest goes first. A sum already beyond its level at the start has not
    crossed it. A dose that lifts a sum over its level is a crossing, at the time of the dose.

    Raises :class:`InputError` for times, doses or thresholds that cannot be simulated, and :class:`SimulationError`
    where the integration cannot go on or doses at thresholds never end (more than ``max_events``, or a crowd of them
    in no time).
    """
    check_times(until, every)
    run = _Run(Engine(network, tolerance or Tolerance(), method), until, every, progress, max_events)
    run.finish()
    return Trajectory(network.names, np.concatenate(run.t), np.concatenate(run.y), network.units)


class _Run:
    """A simulation on its way: ``time``, ``state`` (N,), and the rows so far."""

    def __init__(
        self, engine: Engine, until: float, every: float | None, progress: Progress | None, max_events: int
    ) -> None:
        self.engine, self.until, self.progress, self.max_events = engine, until, progress, max_events
        self.time, self.state = 0.0, engine.initial
        self.grid = None if every is None else grid(until, every)
        self.timed, self.events = schedule(engine.network)
        self.watched = {th: engine.weights(th.species) for th in self.events}
        self.t: list[Floats] = [np.zeros(1)]
        self.y: list[Floats] = [self.state[np.newaxis].copy()]
        self.count, self.crowd, self.last_event, self.told = 0, 0, -math.inf, 0.0

    def finish(self) -> None:
        """Integrate to the end, stopping for every dose on the way."""
        self._dose(())
        while self.time < self.until:
            goal = min((at for at in self.timed if self.time < at <= self.until), default=self.until)
            crossed = self._advance(goal)
            if crossed:
                self._count_event(crossed)
            self._dose(crossed)

    def _advance(self, goal: float) -> tuple[Threshold, ...]:
        """Integrate to ``goal`` or the first crossing, and keep the rows; return the thresholds crossed."""
        inside = None if self.grid is None else self.grid[(self.grid > self.time) & (self.grid < goal)]
        tell = self._tell if self.progress else None
        leg: Leg = self.engine.run(self.time, self.state, goal, tuple(self.events), inside, tell)
        self.time, self.state = leg.time, leg.state
        self.t.append(leg.t[1:])
        self.y.append(leg.y[1:])
        return leg.crossed

    def _dose(self, crossed: Sequence[Threshold]) -> None:
        """Give the doses due now, and those of thresholds that the doses themselves lift a sum over; note the row.

        Doses only add, so a sum is lifted over its level once at most, and this ends.
        """
        due: list[Dose] = self.timed.pop(self.time, [])
        fired = dict.fromkeys(crossed)
        due += [d for th in crossed for d in self.events[th]]
        given = False
        while due:
            before = self.state.copy()
            for d in due:
                self.state[self.engine.network.index[d.species]] += d.amount
            lifted = [th for th in self.events if th not in fired and self._lifted(th, before)]
            fired |= dict.fromkeys(lifted)
            due, given = [d for th in lifted for d in self.events[th]], True
        if given:
            self.t.append(np.array([self.time]))
            self.y.append(self.state[np.newaxis].copy())

    def _lifted(self, th: Threshold, before: Floats) -> bool:
        weights = self.watched[th]
        return th.direction > 0 and bool(weights @ before < th.level <= weights @ self.state)

    def _count_event(self, crossed: Sequence[Threshold]) -> None:
        """Doses that bring their own threshold about again and again would never let the time advance."""
        self.count += 1
        self.crowd = self.crowd + 1 if self.time - self.last_event <= CROWD_WIDTH * self.until else 0
        self.last_event = self.time
        if self.count > self.max_events or self.crowd >= CROWD:
            doses = ", ".join(f"{d.amount:g} {d.species}" for th in crossed for d in self.events[th])
            raise SimulationError(
                f"the dose of {doses} at {spelled(crossed[0])} was given {self.count} times by t = {self.time:.6g}, "
                f"and there is no end of it; dose more at a time, part the levels, or raise max_events "
                f"(now {self.max_events})",
                self.time,
            )

    def _tell(self, time: float) -> None:
        if self.progress and (time >= self.until or time - self.told >= self.until / UPDATES):
            self.told = time
            self.progress(time, self.until)
