"""The project's own stiff integrator for mass action: compiled throughout, prepared once and run many times.

In: compiled kinetics, a state and what to watch. Out: an :class:`~dsd.outcome.Outcome`. Its formulas are in
:mod:`dsd.ndf_step`, its linear algebra in :mod:`dsd.ndf_kernels`. Time is local, as in :mod:`dsd.cvode`.

Linear invariants (strand totals) stay what they are but for rounding: every Newton correction solves with
``I - gamma J``, which leaves the product with a row w alone if ``w S = 0``, converged or not.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from dsd.kinetics import MassAction
from dsd.ndf_program import program
from dsd.ndf_run import DONE, EVENT, EXHAUSTED, FULL, STALLED, Rows, Stops, advance, begin, resume
from dsd.ndf_step import CALLS, COUNTS, ORDER, REALS, ROWS, T, Work
from dsd.outcome import End, History, Outcome, Watch
from dsd.tolerance import Tolerance

Floats = NDArray[np.float64]

CHUNK = 256
"""Steps taken at once: between chunks an interrupt gets through and progress is told."""

BEYOND_NUMBERS = 1e290
"""A concentration at which the integrator stalled because the next would be no number."""

_ENDS = {DONE: End.DONE, EVENT: End.EVENT, EXHAUSTED: End.STEPS, STALLED: End.STALLED}


class Ndf:
    """The integrator of one network. Its work arrays serve one run at a time."""

    def __init__(self, kinetics: MassAction) -> None:
        self.program, self.order = program(kinetics)
        self._work = _work(kinetics.size, self.program.k.size, self.program.d_k.size, self.program.unit.size)

    def run(
        self, start: Floats | History, span: float, watch: Watch, marks: Floats | None, tolerance: Tolerance,
        tell: Callable[[Floats], None] | None = None,
    ) -> Outcome:  # fmt: skip
        """Integrate from a state (N,) or a history over ``span`` > 0, to an event or a failure at most.

        Rows stand at the integrator's steps, or at the increasing ``marks`` (K,), the last of which is ``span``.
        ``tell`` gets the times of new rows.
        """
        w, tol = self._work, tolerance
        stops = self._begin(start, span, watch, tol)
        rows = self._rows(start, marks)
        status, told = FULL, 1
        while status == FULL:
            if w.counts[ROWS] == rows.t.size:
                rows = _doubled(rows)
            status = advance(self.program, w, stops, rows, span, tol.rtol, tol.atol, CHUNK, tol.max_steps)
            count = int(w.counts[ROWS])
            if tell:
                tell(rows.t[told:count])
            told = count
        return self._outcome(_ENDS[status], rows.t[:told], rows.y[:told], stops)

    def _rows(self, start: Floats | History, marks: Floats | None) -> Rows:
        """Room for as many rows as are wanted, or for a fair number, with the start in the first."""
        w, order = self._work, self.order
        wanted = np.empty(0) if marks is None else marks
        count = CHUNK if marks is None else wanted.size + 2
        rows = Rows(np.empty(count), np.empty((count, order.size)), wanted, order)
        rows.t[0], w.counts[ROWS] = 0.0, 1
        rows.y[0] = start.state if isinstance(start, History) else start
        return rows

    def _begin(self, start: Floats | History, span: float, watch: Watch, tol: Tolerance) -> Stops:
        w, count = self._work, watch.levels.size
        weights = np.ascontiguousarray(watch.weights[:, self.order])
        stops = Stops(weights, watch.levels, watch.directions, np.zeros(count), np.zeros(count, np.int64))
        if isinstance(start, History):
            w.reals[:], w.counts[:], w.diff[:] = start.reals, start.counts, start.diff
            resume(w, stops)
        else:
            w.diff[0] = start[self.order]
            begin(self.program, w, stops, span, tol.rtol, tol.atol)
        return stops

    def _outcome(self, end: End, t: Floats, y: Floats, stops: Stops) -> Outcome:
        w = self._work
        if end in (End.DONE, End.EVENT):
            hit = tuple(np.flatnonzero(stops.hit).tolist()) if end is End.EVENT else ()
            history = History(w.reals.copy(), w.counts.copy(), w.diff.copy(), y[-1])
            return Outcome(end, t, y, float(t[-1]), y[-1], hit, int(w.counts[CALLS]), end.value, history)
        state = np.empty_like(w.diff[0])
        state[self.order] = np.where(np.abs(w.diff[0]) > BEYOND_NUMBERS, np.inf, w.diff[0])
        return Outcome(end, t, y, float(w.reals[T]), state, (), int(w.counts[CALLS]), end.value)


def _doubled(rows: Rows) -> Rows:
    """The same rows with room for as many more."""
    t, y = np.empty(2 * rows.t.size), np.empty((2 * rows.t.size, rows.order.size))
    t[: rows.t.size], y[: rows.t.size] = rows.t, rows.y
    return rows._replace(t=t, y=y)


def _work(size: int, reactions: int, terms: int, entries: int) -> Work:
    """Zeroed arrays; the two states that have a constant behind them end with 1."""
    return Work(
        reals=np.zeros(REALS), counts=np.zeros(COUNTS, np.int64), diff=np.zeros((ORDER + 3, size)),
        spare=np.zeros((ORDER, size)), weight=np.zeros(size), guess=np.ones(size + 1), y=np.ones(size + 1),
        known=np.zeros(size), d=np.zeros(size), slope=np.zeros(size), delta=np.zeros(size), rates=np.zeros(reactions),
        terms=np.zeros(terms), entries=np.zeros(entries), dense=np.zeros(size),
    )  # fmt: skip
