"""Simulation: a network with its doses, integrated over time.

In: a :class:`Network`. Out: a :class:`Trajectory`. A dose interrupts the integration exactly at its time, or at every
crossing of its threshold, and adds to the state; the rows before and after it stand at the same time.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from dsd.errors import InputError, SimulationError
from dsd.integrate import Engine, Leg, Tolerance
from dsd.network import Dose, Network, Threshold
from dsd.trajectory import Trajectory

Floats = NDArray[np.float64]

PIECES = 40
"""Parts that a run is cut into, so that its progress can be told; fixed, so that results do not depend on watching."""


def simulate(
    network: Network,
    until: float,
    *,
    every: float | None = None,
    tolerance: Tolerance | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Trajectory:
    """Integrate ``network`` from 0 to ``until`` (network time units), all doses included.

    Rows stand every ``every`` time units, at the end, and on both sides of each dose; without ``every`` they are the
    integrator's own steps. ``progress(done, total)`` is called as parts of the run are complete. Raises
    :class:`InputError` for times that are not above 0 and :class:`SimulationError` where the integration cannot go on.
    """
    for name, value in (("until", until), ("every", every)):
        if value is not None and not (math.isfinite(value) and value > 0):
            raise InputError(f"{name} is {value}; give a time above 0")
    run = _Run(Engine(network, tolerance or Tolerance()), until, every)
    for done, (start, end) in enumerate(pairwise(np.linspace(0.0, until, PIECES + 1).tolist()), start=1):
        run.advance(start, end)
        if progress:
            progress(done, PIECES)
    return Trajectory(network.names, np.concatenate(run.t), np.concatenate(run.y), network.units)


class _Run:
    """The state of a simulation and the rows it has left so far."""

    def __init__(self, engine: Engine, until: float, every: float | None) -> None:
        doses = engine.network.doses
        self.engine, self.until, self.state = engine, until, engine.initial
        self.timed = [(float(d.at), d) for d in doses if not isinstance(d.at, Threshold)]
        self.events: dict[Threshold, list[Dose]] = {}
        for d in doses:
            if isinstance(d.at, Threshold):
                self.events.setdefault(d.at, []).append(d)
        count = 0 if every is None else math.floor(until / every * (1 + 1e-12))
        self.grid = None if every is None else every * np.arange(1, count + 1)
        self.t: list[Floats] = [np.zeros(1)]
        self.y: list[Floats] = [self.state[np.newaxis].copy()]
        self.add([d for at, d in self.timed if at == 0.0], 0.0)

    def advance(self, time: float, end: float) -> None:
        """Integrate to ``end``, stopping for every dose on the way."""
        stalled = 0
        while time < end:
            goal = min([at for at, _ in self.timed if time < at <= end], default=end)
            leg, crossed = self._leg(time, goal)
            stalled = stalled + 1 if leg.time <= time else 0
            if stalled > len(self.events) + 1:
                raise SimulationError(
                    f"doses at t = {time:.6g} set each other off without end; part their levels", time
                )
            time, self.state = leg.time, leg.state
            self._keep(leg, crossed is not None or goal < end or goal == self.until)
            if crossed is not None:
                self.add(self.events[crossed], time)
            self.add([d for at, d in self.timed if at == time], time)

    def add(self, doses: Sequence[Dose], time: float) -> None:
        """Add doses to the state and note the row after them."""
        for d in doses:
            self.state[self.engine.network.index[d.species]] += d.amount
        if doses:
            self.t.append(np.array([time]))
            self.y.append(self.state[np.newaxis].copy())

    def _leg(self, time: float, goal: float) -> tuple[Leg, Threshold | None]:
        """The way to ``goal``, or to the first threshold that is crossed."""
        best: tuple[Leg, Threshold | None] | None = None
        for threshold in self.events:
            leg = self.engine.run(time, self.state, goal, threshold, self._at(time, goal))
            if leg.event:
                best, goal = (leg, threshold), leg.time
            elif best is None:
                best = (leg, None)
        return best or (self.engine.run(time, self.state, goal, None, self._at(time, goal)), None)

    def _at(self, time: float, goal: float) -> Floats:
        """Times to sample on the way: both ends, and the grid between them."""
        inside = np.zeros(0) if self.grid is None else self.grid[(self.grid > time) & (self.grid < goal)]
        return np.concatenate([[time], inside, [goal]])

    def _keep(self, leg: Leg, last: bool) -> None:
        """Note the rows after the start: all, or those on the grid and, if it is asked for, the ``last`` one."""
        wanted = np.arange(1, len(leg.t))
        if self.grid is not None:
            # With nothing to sample inside, a leg holds the integrator's steps; only its end is on time.
            wanted = wanted if len(self._at(leg.t[0], leg.time)) > 2 else wanted[-1:]
            if not last and not np.isclose(self.grid, leg.time, rtol=1e-12, atol=0).any():
                wanted = wanted[:-1]
        self.t.append(leg.t[wanted])
        self.y.append(leg.y[wanted])
