"""One realisation of a chain on its way: events from dose to dose, and the rows kept."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from dsd.chain import Chain
from dsd.doses import schedule, spelled
from dsd.errors import InputError, SimulationError
from dsd.network import Dose, Threshold
from dsd.propensities import Ints, Plan, pack
from dsd.ssa import CROSSED, SPENT, Tables, Watch, advance, refresh

Floats = NDArray[np.float64]
Progress = Callable[[float, float], None]

CHUNK = 1 << 19
"""Events between two looks at the callback and at an interrupt: a fraction of a second."""

MOST = 2**53
"""Above so many molecules a count is not exact any more in a propensity."""


class Realisation:
    """The tables of a chain, the random streams, and the rows so far as quantities.

    ``t`` and ``rows`` are lists of arrays (m,) and (m, Q); ``events`` counts firings.
    """

    def __init__(self, chain: Chain, omega: float, seed: int, rearm: float, poisson: bool) -> None:
        self.chain, self.omega, self.poisson = chain, omega, poisson
        # Rows and pipetting draw from streams of their own: asking for more rows does not change what happens.
        streams = np.random.SeedSequence(seed).spawn(3)
        self.rng, self.pipette, self.draws = (np.random.Generator(np.random.PCG64(s)) for s in streams)
        self.timed, self.doses = schedule(chain.network)
        self.plan = chain.plan()
        self.watch = _watch(chain, tuple(self.doses), omega, rearm)
        start = [self._molecules(s.initial, f"{s.name} starts as") for s in chain.network.species]
        self.columns = chain.matrix.tocsc()
        self.tables = _tables(self.plan, chain.matrix @ np.array(start, dtype=np.int64), len(self.doses))
        refresh(self.plan, self.watch, self.tables)
        self.tables.fired[:] = False
        self.t: list[Floats] = []
        self.rows: list[Ints] = []
        self.events = self.crossings = 0
        self._keep()

    @property
    def time(self) -> float:
        """Network time units."""
        return float(self.tables.time[0])

    def counts(self) -> Ints:
        """The rows as counts of species, shape (M, N)."""
        return self.chain.counts(np.concatenate(self.rows), self.draws)

    def finish(self, until: float, grid: Floats, max_events: int, progress: Progress | None) -> None:
        """Simulate to ``until``, stopping for every dose on the way; rows at the times ``grid`` too."""
        self._dose()
        while self.time < until:
            goal = min((at for at in self.timed if self.time < at <= until), default=until)
            if self._advance(goal, grid[(grid > self.time) & (grid < goal)], until, progress):
                self._count(max_events)
            self._dose()

    def _advance(self, goal: float, grid: Floats, until: float, progress: Progress | None) -> bool:
        """Go on to ``goal`` or the next crossing, and keep the rows; whether it was a crossing."""
        rows = np.zeros((len(grid), len(self.tables.q)), dtype=np.int64)
        row, reason = 0, SPENT
        while reason == SPENT:
            before = self.time
            reason, row, fired = advance(self.plan, self.watch, self.tables, self.rng, goal, grid, rows, row, CHUNK)
            self.events += fired
            if reason == SPENT and self.time == before:
                raise SimulationError(
                    f"{CHUNK} events took no time at t = {before:.6g}: a blow-up; lower rates or doses, or add a "
                    f"reaction that consumes what grows",
                    before,
                )
            if progress:
                progress(self.time, until)
        self.t.append(grid[:row])
        self.rows.append(rows[:row])
        self._keep()
        return reason == CROSSED

    def _count(self, limit: int) -> None:
        self.crossings += 1
        if self.crossings > limit:
            hit = next(th for th, now in zip(self.doses, self.tables.fired.tolist(), strict=True) if now)
            raise SimulationError(
                f"thresholds were crossed {self.crossings} times by t = {self.time:.6g}, last {spelled(hit)}; raise "
                f"rearm, so that noise does not cross them, or max_events (now {limit})",
                self.time,
            )

    def _dose(self) -> None:
        """Give the doses due now, and those of thresholds that the doses themselves lift a sum over; note the row."""
        due = self.timed.pop(self.time, []) + self._crossed()
        given = bool(due)
        while due:
            for d in due:
                self._add(d)
            refresh(self.plan, self.watch, self.tables)
            due = self._crossed()
        if given:
            self._keep()

    def _crossed(self) -> list[Dose]:
        """The doses of the thresholds crossed since this was asked last."""
        hit = self.tables.fired.tolist()
        self.tables.fired[:] = False
        return [d for th, now in zip(self.doses, hit, strict=True) if now for d in self.doses[th]]

    def _add(self, d: Dose) -> None:
        column = self.chain.network.index[d.species]
        quantities = self.columns.indices[self.columns.indptr[column] : self.columns.indptr[column + 1]]
        self.tables.q[quantities] += self._molecules(d.amount, f"the dose of {d.species} is")

    def _molecules(self, concentration: float, what: str) -> int:
        expected = concentration * self.omega
        if expected > MOST:
            raise InputError(f"{what} {expected:.3g} molecules, too many to count; take a smaller volume")
        return int(self.pipette.poisson(expected)) if self.poisson else round(expected)

    def _keep(self) -> None:
        self.t.append(np.array([self.time]))
        self.rows.append(self.tables.q[np.newaxis].copy())


def _tables(plan: Plan, quantities: Ints, thresholds: int) -> Tables:
    flags = np.zeros(thresholds, dtype=np.bool_)
    return Tables(quantities, np.zeros(plan.nodes), np.zeros(plan.tops), np.zeros(1), flags, flags.copy())


def _watch(chain: Chain, thresholds: tuple[Threshold, ...], omega: float, rearm: float) -> Watch:
    """Thresholds in molecules. At first each is armed if its sum is short of the level, wherever it would rearm."""
    index = chain.network.index
    sums = [[chain.species[index[n]] for n in th.species] for th in thresholds]
    terms = [term for s in sums for term in s]
    watched = {q for term in terms for q in term.quantities}
    level = np.array([th.level * omega for th in thresholds], dtype=np.float64)
    direction = np.array([th.direction for th in thresholds], dtype=np.int64)
    return Watch(
        terms=pack(terms),
        ptr=np.cumsum([0, *map(len, sums)], dtype=np.int64),
        level=level,
        again=level * (1 - rearm * direction),
        direction=direction,
        touched=np.array([not watched.isdisjoint(change) for change in chain.changes], dtype=np.bool_),
    )
