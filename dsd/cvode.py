"""SUNDIALS CVODE, through scikit-sundae, for mass action: linear algebra, thresholds, and one step at a time.

In: compiled kinetics, a state and what to watch. Out: an :class:`~dsd.outcome.Outcome`. Only this module knows
scikit-sundae. Time is local: every integration starts at 0, so that short times stay exact late in a long run.
"""

from __future__ import annotations

import io
import math
import threading
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from itertools import repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sksundae.cvode import CVODE, CVODEJacTimes, CVODEPrecond

from dsd.kinetics import MassAction
from dsd.outcome import End, History, Outcome, Watch
from dsd.sparse_lu import SparseLU
from dsd.tolerance import Tolerance

Floats = NDArray[np.float64]

STALL_CALLS, STALL_WIDTH = 30, 64 * float(np.finfo(np.float64).eps)
"""So many evaluations within so small a part of the time passed are no progress: CVODE itself would go on for ever."""

_QUIET = threading.Lock()
"""Held while standard output is turned away, which concerns all threads: scikit-sundae prints what it also returns."""


class StalledError(Exception):
    """Time no longer advances, at local ``time`` and state ``y`` (N,), if there is one."""

    def __init__(self, time: float, y: Floats | None) -> None:
        self.time, self.y = time, y
        super().__init__(f"stalled at {time}")


class Cvode:
    """CVODE for one network, its linear algebra dense or preconditioned by our own LU."""

    def __init__(self, kinetics: MassAction, *, dense: bool) -> None:
        self.kinetics = kinetics
        self._linear = dense_options(kinetics) if dense else krylov_options(kinetics)

    def run(
        self, start: Floats | History, span: float, watch: Watch, marks: Floats | None, tolerance: Tolerance,
        tell: Callable[[Floats], None] | None = None,
    ) -> Outcome:  # fmt: skip
        """Integrate as :meth:`dsd.ndf.Ndf.run` does; there is no history to start from."""
        if isinstance(start, History):
            raise TypeError("CVODE starts from a state, not from a history")
        tol, calls = tolerance, [0]
        solver = CVODE(
            counted(self.kinetics.rhs, calls), method="BDF", rtol=tol.rtol, atol=tol.atol,
            max_num_steps=tol.max_steps, **self._linear, **_events(watch),
        )  # fmt: skip
        t, y, end, reason = [0.0], [start], End.DONE, ""
        hit: tuple[int, ...] = ()
        time, state = 0.0, start
        try:
            for result in march(solver, start, span, marks):
                if not np.isfinite(result.t):
                    end, reason = End.FAILED, "its first step is too short for numbers"
                    break
                end, reason = _verdict(result, len(t), span, marks, tol.max_steps)
                time, state = min(float(result.t), span), result.y
                if end is End.DONE and marks is not None:
                    time = float(marks[len(t) - 1])
                t.append(time)
                y.append(state)
                if end is End.EVENT:
                    hit = tuple(np.flatnonzero(result.i_events[-1]).tolist())
                if end not in (End.DONE, End.EVENT):
                    break
                if tell:
                    tell(np.array(t[-1:]))
        except StalledError as stall:
            end, time, state = End.STALLED, stall.time, start if stall.y is None else stall.y
            reason = end.value
        return Outcome(end, np.array(t), np.array(y), time, state, hit, calls[0], reason)


def _verdict(result: Any, rows: int, span: float, marks: Floats | None, limit: int) -> tuple[End, str]:
    """What CVODE's status says after so many rows."""
    if result.status == 2:
        return End.EVENT, ""
    if result.status == -1 or (marks is None and rows >= limit and result.t < span):
        return End.STEPS, ""
    return (End.FAILED, result.message) if result.status < 0 else (End.DONE, "")


def _events(watch: Watch) -> dict[str, Any]:
    """CVODE options; fresh for each run, since scikit-sundae keeps a run's events on the function."""
    weights, levels = watch.weights, watch.levels
    if not levels.size:
        return {}

    def eventsfn(t: float, y: Floats, events: Floats) -> None:
        events[:] = weights @ y - levels

    eventsfn.terminal = [True] * len(levels)  # type: ignore[attr-defined]
    eventsfn.direction = watch.directions.astype(int).tolist()  # type: ignore[attr-defined]
    return {"eventsfn": eventsfn, "num_events": len(levels)}


def march(solver: CVODE, y0: Floats, span: float, marks: Floats | None) -> Iterator[Any]:
    """Results from local time 0 on: at the increasing ``marks`` (K,), or after each of the solver's own steps.

    The last result is at ``span``, at an event (status 2) or a failure (status < 0). ``marks`` ends with ``span``.
    """
    solver.init_step(0.0, y0)
    mode, silently = "onestep" if marks is None else "normal", redirect_stdout(io.StringIO())
    for goal in repeat(span) if marks is None else marks.tolist():
        with _QUIET, silently:
            result = solver.step(goal, mode, span)
        yield result
        if result.status == 2 or result.status < 0 or result.t >= span:
            return


def counted(rhs: Callable[[Floats, Floats], None], calls: list[int]) -> Callable[[float, Floats, Floats], None]:
    """CVODE's right-hand side; counts in ``calls[0]``, and raises :class:`StalledError` when time stands still."""
    anchor, stuck = 0.0, 0

    def rhsfn(t: float, y: Floats, yp: Floats) -> None:
        nonlocal anchor, stuck
        calls[0] += 1
        if abs(t - anchor) > STALL_WIDTH * t:
            anchor, stuck = t, 0
        else:
            stuck += 1
            if stuck > STALL_CALLS:
                raise StalledError(anchor, y.copy() if math.isfinite(t) else None)
        rhs(y, yp)

    return rhsfn


def dense_options(kinetics: MassAction) -> dict[str, Any]:
    """CVODE options that solve ``I - gamma J`` densely."""
    rows = np.repeat(np.arange(kinetics.size), np.diff(kinetics.j_ptr))
    data = np.zeros(kinetics.j_idx.size)

    def jacfn(t: float, y: Floats, yp: Floats, out: Floats) -> None:
        kinetics.jacobian(y, data)
        out[rows, kinetics.j_idx] = data

    return {"linsolver": "dense", "jacfn": jacfn}


def krylov_options(kinetics: MassAction) -> dict[str, Any]:
    """CVODE options that solve ``I - gamma J`` by GMRES, preconditioned by :class:`SparseLU`."""
    lu = SparseLU(kinetics.j_ptr, kinetics.j_idx)
    data = np.zeros(kinetics.j_idx.size)
    sound = False

    def setup(t: float, y: Floats, yp: Floats, jok: int, jnew: list[int], gamma: float) -> None:
        nonlocal sound
        if not jok:
            kinetics.jacobian(y, data)
        jnew[0] = int(not jok)
        sound = lu.factor(data, gamma)

    def solve(t: float, y: Floats, yp: Floats, r: Floats, z: Floats, gamma: float, delta: float, lr: int) -> None:
        if sound:
            lu.solve(r, z)
        else:  # a lost pivot: GMRES then works without help, or fails and CVODE takes a smaller step
            z[:] = r

    def product(t: float, y: Floats, yp: Floats, v: Floats, out: Floats) -> None:
        kinetics.jacobian_product(y, v, out)

    return {
        "linsolver": "gmres",
        "precond": CVODEPrecond(setup, solve, side="left"),
        "jactimes": CVODEJacTimes(None, product),
    }
