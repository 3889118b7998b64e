"""A running pot: nothing from outside but pipetting, at moments the pot's own clock announces.

In: a :class:`~compiler.training.pot.Pot` and samples. Out: its weights, its outputs, its clock, what it consumed.

When phase 1 begins, the next sample goes in, and fuels are topped up if it is their turn. A prediction forks the state
of the pot, doses an input without its targets, lets the forward transfer finish and reads the adjoints, which without
targets are the outputs; or, where the adjoints move, the copies of the states that are kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from compiler.rails import Rail
from compiler.training.checkpoint import State
from compiler.training.pot import Pot
from compiler.training.tube import Tube
from dsd.errors import InputError, SimulationError
from dsd.integrate import Engine, Leg
from dsd.network import Threshold
from dsd.paced import run_paced

Floats = NDArray[np.float64]

EXHAUSTED = 0.01
"""Share of its stock below which a fuel counts as run out."""

ARMED = 0.25
"""Share of the amplitude that the last phase must have passed before its fall announces the next sample."""

RESOLVED = 10.0
"""Absolute tolerances that a phase species must stay above."""

LOW = 0.5
"""Share of its stock below which a fuel is reported as running low."""


class Driver:
    """A running pot: its tube, its time (network units), its clock, what it warned of.

    ``starts`` are the times of the doses, ``clock_t`` and ``clock_o`` the steps of the phase species' totals (M, 3),
    ``lowest`` the lowest concentration of any species so far.
    """

    def __init__(self, pot: Pot, *, replenish_every: int = 1) -> None:
        self.pot = pot
        self.engine = Engine(pot.network, pot.tolerance, pot.method)
        self.replenish_every = replenish_every
        self.time, self.iterations, self.lowest = 0.0, 0, 0.0
        self.starts: list[float] = []
        self.warnings: list[str] = []
        self.clock_t: list[Floats] = []
        self.clock_o: list[Floats] = []
        self._clock = pot.reading[[pot.row[n] for n in pot.clocked.ring.names]]
        index, first = pot.network.index, pot.strand[_lit(pot)]
        nominal = {index[n]: v for n, v in pot.stock.items()}
        self.tube = Tube(self.engine.initial, nominal, pot.stock_nM, index[first], self._clock.sum(axis=0))
        last = pot.clocked.dose_when.species
        self._dose_when = pot.watch(pot.clocked.dose_when)
        self._read_when = pot.watch(pot.clocked.read_when)
        self._armed = pot.watch(Threshold(last, ARMED * pot.clocked.ring.amplitude, 1))
        self._legs: list[Leg] = []
        self._noted: set[str] = set()

    def settle(self) -> None:
        """Run to the first moment at which a sample belongs in."""
        last = self.pot.network.index[self._dose_when.species[0]]
        if self.tube.state[last] <= self._dose_when.level:
            self._advance(self._armed)
        self._advance(self._dose_when)

    def idle(self) -> None:
        """Run one period without a sample: what waits in a pipelined pot moves on."""
        self._begin({})
        self._end()

    def finish(self) -> None:
        """Let the update of the last sample land, which in a pipelined pot takes a period more."""
        if self.pot.clocked.pipelined:
            self.idle()

    def iterate(self, x: Sequence[float] | Floats, y: Sequence[float] | Floats) -> Floats:
        """Dose one sample x (d,), y (m,), run one period; return the errors ``yhat - y`` (m,) before the update.

        In a pipelined pot the period ends with the update of the sample before.
        """
        self._begin(self._doses(x, y))
        errors = self._outputs(self.tube.state, y)
        self._end()
        return errors

    def _begin(self, doses: Mapping[int, float]) -> None:
        """Dose, and run to the moment at which outputs stand ready."""
        self._legs = []
        self.starts.append(self.time)
        self.tube.pipette(doses, refill=self.due)
        self._advance(self._read_when)

    def _end(self) -> None:
        """Run to the next dose."""
        self.settle()
        self.iterations += 1
        self._check_fuel()

    @property
    def due(self) -> bool:
        """Whether fuels are refilled with the next sample."""
        return bool(self.replenish_every) and self.iterations % self.replenish_every == 0

    def read(self, rail: Rail, state: Floats | None = None) -> float:
        """Value of a variable in formal units, from totals (free and bound) in ``state`` or the tube's own."""
        y = self.tube.state if state is None else state
        value = self._total(rail.pos, y)
        if rail.dual:
            value -= self._total(rail.neg, y)
        elif rail.name + "n" in self.pot.row:
            value -= self._total(rail.name + "n", y)
        return value / (self.pot.unit * self.pot.clocked.scale.get(rail.pos, 1.0))

    def _outputs(self, y: Floats, targets: Sequence[float] | Floats | None = None) -> Floats:
        """Outputs (m,) at state ``y`` (N,), or their errors if ``targets`` (m,) were dosed.

        Read from the adjoints, which are errors with targets and outputs without, or from the copies that are kept.
        """
        circuit = self.pot.circuit
        if not circuit.kept:
            return np.array([sign * self.read(rail, y) for rail, sign in circuit.outputs])
        found = np.array([sum(sign * self.read(copy, y) for copy, sign in row) for row in circuit.kept])
        return found if targets is None else found - np.asarray(targets, dtype=np.float64)

    def weights(self) -> list[float]:
        """Effective weights in formal units, in parameter order."""
        return [self.read(rail) for rail in self.pot.circuit.parameters]

    def set_weights(self, values: Sequence[float]) -> None:
        """Start from other weights: free parameter strands so that totals stand for ``values`` (P,).

        For a tube that has not run yet; raises :class:`InputError` if a single rail would have to be negative.
        """
        if self.starts or self.time:
            raise InputError("weights can only be set before a pot runs, while none are bound; start a new pot")
        for rail, value in zip(self.pot.circuit.parameters, values, strict=True):
            for species, amount in rail.split(float(value)).items():
                at = self.pot.network.index[self.pot.strand[species]]
                self.tube.state[at] = self.tube.added[at] = self.pot.concentration(species, amount)

    def infer(self, x: Sequence[float] | Floats) -> Floats:
        """Outputs (m,) for one input: a fork of the tube, dosed without targets, read after the forward transfer.

        The fork is refilled if the tube is due to be, so that it sees what the next sample would.
        """
        leg = self._leg(self.tube.fork(self._doses(x), refill=self.due), self._read_when)
        return self._outputs(leg.state)

    def predict(self, xs: Floats) -> Floats:
        """Outputs (n, m) for inputs (n, d)."""
        return np.array([self.infer(x) for x in xs]).reshape(len(xs), len(self.pot.circuit.outputs))

    def last_period(self) -> tuple[Floats, dict[str, Floats]]:
        """Times (M,) and totals of every clocked species (M,) over the last period."""
        t = np.concatenate([leg.t for leg in self._legs])
        totals = np.concatenate([leg.y for leg in self._legs]) @ self.pot.reading.T
        return t, {n: totals[:, i] for n, i in self.pot.row.items()}

    def snapshot(self) -> State:
        """All of a run between two iterations but the course of its last period; the pot must have been settled."""
        return {
            **self.tube.snapshot(),
            "time": self.time, "iterations": self.iterations, "lowest": self.lowest, "starts": self.starts,
            "warnings": self.warnings, "noted": sorted(self._noted), "legs": [t.size for t in self.clock_t],
            "clock_t": np.concatenate(self.clock_t), "clock_o": np.concatenate(self.clock_o),
        }  # fmt: skip

    def restore(self, state: State) -> None:
        """Go on from a :meth:`snapshot` of a driver of the same pot."""
        self.tube.restore(state)
        self.time, self.iterations, self.lowest = state["time"], state["iterations"], state["lowest"]
        self.starts, self.warnings, self._noted = state["starts"], state["warnings"], set(state["noted"])
        ends = np.cumsum(state["legs"])[:-1]
        self.clock_t, self.clock_o = np.split(state["clock_t"], ends), np.split(state["clock_o"], ends)
        self._legs = []

    def _doses(self, x: Sequence[float] | Floats, y: Sequence[float] | Floats | None = None) -> dict[int, float]:
        formal = self.pot.circuit.dose([float(v) for v in x], None if y is None else [float(v) for v in y])
        pot, given = self.pot, [n for n, amount in formal.items() if amount]
        strand = {n: pot.strand[n] for n in given}
        right = {n: pot.concentration(n, formal[n]) for n in given}
        return {pot.network.index[strand[n]]: right[n] * pot.off.get(strand[n], 1.0) for n in given}

    def _total(self, species: str, y: Floats) -> float:
        return float(self.pot.reading[self.pot.row[species]] @ y)

    def _leg(self, state: Floats, stop: Threshold) -> Leg:
        try:
            ring = self.pot.clocked.ring
            end = self.time + self.pot.longest
            leg = run_paced(self.engine, ring.doses(1), ring.period, self.time, state, end, stop)
        except SimulationError as error:
            raise SimulationError(f"iteration {len(self.starts)}: {error}", error.time) from None
        if not leg.event:
            raise SimulationError(
                f"the clock stopped: {'+'.join(stop.species)} did not cross {stop.level:.3g} within three periods "
                f"after t = {self.time:.6g} (iteration {len(self.starts)}); check fuels, seed flux and leak",
                self.time,
            )
        return leg

    def _advance(self, stop: Threshold) -> None:
        leg = self._leg(self.tube.state, stop)
        self.time, self.tube.state = leg.time, leg.state
        self.lowest = min(self.lowest, float(leg.y.min()))
        self._legs.append(leg)
        self.clock_t.append(leg.t)
        self.clock_o.append(leg.y @ self._clock.T)
        self._check_trough()

    def _check_trough(self) -> None:
        """A phase species below the integrator's resolution is not simulated any more, so the run must not go on."""
        trough, least = float(self.clock_o[-1].min()), RESOLVED * self.pot.tolerance.atol
        if trough < least:
            raise SimulationError(
                f"lost clock: a phase species fell to {trough:.3g} at t = {self.time:.6g} (iteration "
                f"{len(self.starts)}), below the {least:.3g} that atol resolves; give the ring a seed flux",
                self.time,
            )

    def _check_fuel(self) -> None:
        """Warn once of each fuel that runs low, and once of each that runs out."""
        for name, left in zip(self.pot.stock, self.tube.shares(), strict=True):
            word = "ran out" if left < EXHAUSTED else "fell below half its stock" if left < LOW else ""
            if word and f"{name} {word}" not in self._noted:
                self._noted.add(f"{name} {word}")
                self.warnings.append(
                    f"fuel {name} {word} in iteration {self.iterations} ({left:.1%} of {self.pot.stock[name]:.4g} nM); "
                    f"replenish more often or supply more"
                )


def _lit(pot: Pot) -> str:
    """The phase species that is on when samples are dosed."""
    names, when = pot.clocked.ring.names, pot.clocked.dose_when
    place = names.index(when.species[0])
    return names[(place + 1) % len(names)] if when.direction < 0 else names[place]
