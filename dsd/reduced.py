"""The reduced integrator: a full network's states in and out, and only slow quantities integrated in between.

In: a network, a state and what to watch. Out: an :class:`~dsd.outcome.Outcome`, with rows of every species: the slow
quantities spread over the species by what is in equilibrium (:mod:`dsd.reduction`). It is one of the methods of
:class:`dsd.integrate.Engine`, so doses, thresholds, and the reading of results are those of the full network, and
strand totals are kept exactly. With the fast parts gone nothing is stiff any more, and an explicit method will do; a
reduction that is still stiff shows in its number of steps, and is better integrated in full.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from dsd import dormand_prince as rk
from dsd import reduced_run as loop
from dsd.network import Network
from dsd.outcome import End, History, Outcome, Watch
from dsd.reduced_entries import entries
from dsd.reduced_kernels import total, work
from dsd.reduced_lift import lift
from dsd.reduced_plan import plan
from dsd.reduced_slopes import frozen
from dsd.reduced_state import Method, Rows, State, Stops, System
from dsd.reduction import reduction
from dsd.tolerance import Tolerance

Floats = NDArray[np.float64]

CHUNK = 256
"""Steps taken at once: between chunks an interrupt gets through and progress is told."""

UNSOUND_REASON = "a fuel that intermediates wait for has run out, so they are in no steady state: integrate in full"
_ENDS = {
    loop.DONE: End.DONE, loop.EVENT: End.EVENT, loop.EXHAUSTED: End.STEPS, loop.STALLED: End.STALLED,
    loop.UNSOUND: End.FAILED,
}  # fmt: skip


class Reduced:
    """The reduced integrator of one network. Its work arrays serve one run at a time.

    Raises :class:`~dsd.errors.InputError` for a network in which nothing is fast.
    """

    def __init__(self, network: Network) -> None:
        self.reduction = reduction(network)
        self.plan = plan(self.reduction)
        quantities, species = self.reduction.size, len(network.names)
        self._work = work(self.plan, species, quantities)
        rows = entries(self.reduction, self.plan)
        self._system = System(self.plan, self._work, rows, frozen(self.plan, rows, quantities))
        stages, slow = rk.B.size + 1, self.plan.s_rxn.size
        self._method = Method(*(np.ascontiguousarray(x, dtype=np.float64) for x in (rk.A, rk.B, rk.E3, rk.E5)))
        self._state = State(
            np.zeros(quantities), np.zeros((stages, quantities)), np.zeros((stages, slow)), np.zeros(slow),
            np.zeros(quantities), np.zeros(species),
            np.zeros(loop.REALS), np.zeros(loop.COUNTS, dtype=np.int64),
        )  # fmt: skip

    def lifted(self, state: Floats) -> Floats:
        """The state (N,) with the same totals and all that is fast in equilibrium."""
        y = np.zeros_like(state)
        total(self.plan, state, self._state.trial)
        lift(self.plan, self._work, self._state.trial, y)
        return y

    def run(
        self, start: Floats | History, span: float, watch: Watch, marks: Floats | None, tolerance: Tolerance,
        tell: Callable[[Floats], None] | None = None,
    ) -> Outcome:  # fmt: skip
        """Integrate as :meth:`dsd.ndf.Ndf.run` does; there is no history to start from.

        The first row is the start as it was given, those that follow are in equilibrium.
        """
        if isinstance(start, History):
            raise TypeError("the reduced method starts from a state, not from a history")
        s, tol, edges = self._state, tolerance, watch.levels.size
        total(self.plan, start, s.total)
        lift(self.plan, self._work, s.total, s.y)
        stops = Stops(
            np.ascontiguousarray(watch.weights), watch.levels, watch.directions, watch.weights @ start - watch.levels,
            np.zeros(edges), np.zeros(edges, dtype=np.int64), np.zeros(edges, dtype=np.int64),
        )  # fmt: skip
        s.counts[:], s.reals[:] = 1, 0.0
        sound = loop.begin(self._system, s, stops, span, tol.rtol, tol.atol)
        rows = _rows(start, marks)
        status, told = loop.FULL if sound else loop.UNSOUND, 1
        while status == loop.FULL:
            if s.counts[loop.ROW] == rows.t.size:
                rows = _doubled(rows)
            status = loop.advance(
                self._system, self._method, s, stops, rows, span, tol.rtol, tol.atol, CHUNK, tol.max_steps
            )
            count = int(s.counts[loop.ROW])
            if tell:
                tell(rows.t[told:count])
            told = count
        return self._outcome(status, rows.t[:told], rows.y[:told], stops)

    def _outcome(self, status: int, t: Floats, y: Floats, stops: Stops) -> Outcome:
        end, calls = _ENDS[status], int(self._state.counts[loop.CALLS])
        hit = tuple(np.flatnonzero(stops.hit).tolist()) if end is End.EVENT else ()
        reason = UNSOUND_REASON if status == loop.UNSOUND else end.value
        time = float(self._state.reals[loop.T])
        return Outcome(end, t, y, time, y[-1] if time == t[-1] else self._state.y.copy(), hit, calls, reason)


def _rows(start: Floats, marks: Floats | None) -> Rows:
    """Room for as many rows as are wanted, or for a fair number, with the start in the first."""
    wanted = np.empty(0) if marks is None else marks
    count = CHUNK if marks is None else wanted.size + 2
    rows = Rows(np.empty(count), np.empty((count, start.size)), wanted)
    rows.t[0], rows.y[0] = 0.0, start
    return rows


def _doubled(rows: Rows) -> Rows:
    """The same rows with room for as many more."""
    t, y = np.empty(2 * rows.t.size), np.empty((2 * rows.t.size, rows.y.shape[1]))
    t[: rows.t.size], y[: rows.t.size] = rows.t, rows.y
    return Rows(t, y, rows.marks)
