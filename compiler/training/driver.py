"""A running pot: nothing from outside but pipetting, at moments the pot's own clock announces.

In: a :class:`~compiler.training.pot.Pot` and samples. Out: its weights, its outputs, its clock, what it consumed.

When phase 1 begins, the next sample goes in, and fuels are topped up if it is their turn. A prediction forks the state
of the pot, doses an input without its target, lets the forward transfer finish and reads the adjoint, which without a
target is the output.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from compiler.rails import Rail
from compiler.training.pot import Pot
from dsd.errors import SimulationError
from dsd.integrate import Engine, Leg
from dsd.network import Threshold

Floats = NDArray[np.float64]

EXHAUSTED = 0.01
"""Share of its stock below which a fuel counts as run out."""

LOW = 0.5
"""Share of its stock below which a fuel is reported as running low."""


class Driver:
    """A running pot: its state (N,), its clock, and what was put in.

    ``added`` (N,) accumulates every concentration pipetted in, the initial state included, for the strand balance.
    """

    def __init__(self, pot: Pot, *, replenish_every: int = 1) -> None:
        self.pot = pot
        self.engine = Engine(pot.network, pot.tolerance)
        self.time = 0.0
        self.state = self.engine.initial
        self.added = self.state.copy()
        self.replenish_every = replenish_every
        self.iterations = 0
        self.starts: list[float] = []
        self.lowest = 0.0
        self.used = dict.fromkeys(pot.stock, 0.0)
        self.warnings: list[str] = []
        self._stock = np.array([pot.network.index[n] for n in pot.stock], dtype=np.int64)
        self._nominal = np.array(list(pot.stock.values()))
        self._dose_when = pot.watch(pot.clocked.dose_when)
        self._read_when = pot.watch(pot.clocked.read_when)
        self._armed = pot.watch(Threshold(pot.clocked.dose_when.species, 0.25 * pot.clocked.ring.amplitude, 1))
        self._legs: list[Leg] = []
        self._clock = pot.reading[[pot.row[n] for n in pot.clocked.ring.names]]
        self.clock_t: list[Floats] = []
        self.clock_o: list[Floats] = []
        self._noted: set[str] = set()

    @property
    def longest(self) -> float:
        """A time no phase should take: three nominal periods (network time)."""
        ring = self.pot.clocked.ring
        stretch = self.pot.network.get("unit_s", "1")
        return 3 * ring.period * float(stretch)

    def settle(self) -> None:
        """Run to the first moment at which a sample belongs in."""
        last = self._dose_when.species[0]
        if self.state[self.pot.network.index[last]] <= self._dose_when.level:
            self._advance(self._armed)
        self._advance(self._dose_when)

    def iterate(self, x: Sequence[float] | Floats, y: Sequence[float] | Floats) -> float:
        """Dose one sample, run one period; return the error ``yhat - y`` standing before the update (first output)."""
        if self.due:
            self.replenish()
        self._legs = []
        self.starts.append(self.time)
        self.dose(self.pot.circuit.dose([float(v) for v in x], [float(v) for v in y]))
        self._advance(self._read_when)
        error = self.read(self.pot.circuit.adjoints[0])
        self._advance(self._armed)
        self._advance(self._dose_when)
        self.iterations += 1
        self._check_fuel()
        return error

    def dose(self, formal: Mapping[str, float]) -> None:
        """Pipette formal amounts of formal species into the pot."""
        for name, amount in formal.items():
            at = self.pot.network.index[self.pot.strand[name]]
            nM = self.pot.concentration(name, amount)
            self.state[at] += nM
            self.added[at] += nM

    @property
    def due(self) -> bool:
        """Whether fuels are to be replenished before the next sample."""
        return bool(self.replenish_every) and self.iterations % self.replenish_every == 0

    def missing(self) -> Floats:
        """What brings every fuel and gate back to its nominal concentration, in the order of the stock; never < 0."""
        return np.maximum(self._nominal - self.state[self._stock], 0.0)

    def replenish(self) -> None:
        """Bring every fuel and gate back to its nominal concentration; stock is only ever added."""
        missing = self.missing()
        self.state[self._stock] += missing
        self.added[self._stock] += missing
        for name, amount in zip(self.used, missing, strict=True):
            self.used[name] += float(amount)

    def read(self, rail: Rail, state: Floats | None = None) -> float:
        """Value of a variable in formal units, from totals (free and bound) in ``state`` or the pot's own."""
        y = self.state if state is None else state
        value = self._total(rail.pos, y)
        if rail.dual:
            value -= self._total(rail.neg, y)
        elif rail.name + "n" in self.pot.row:
            value -= self._total(rail.name + "n", y)
        return value / (self.pot.unit * self.pot.clocked.scale.get(rail.pos, 1.0))

    def weights(self) -> list[float]:
        """Effective weights in formal units, in parameter order."""
        return [self.read(rail) for rail in self.pot.circuit.parameters]

    def set_weights(self, values: Sequence[float]) -> None:
        """Replace the free parameter strands so that the totals stand for ``values`` (single positive rails)."""
        for rail, value in zip(self.pot.circuit.parameters, values, strict=True):
            at = self.pot.network.index[self.pot.strand[rail.pos]]
            change = self.pot.concentration(rail.pos, value - self.read(rail))
            self.state[at] += change
            self.added[at] += change

    def infer(self, x: Sequence[float] | Floats) -> float:
        """Output for one input: a fork of the pot, dosed without target, read after the forward transfer.

        The fork is replenished if the pot is due to be, so that it sees what the next sample would.
        """
        fork = self.state.copy()
        if self.due:
            fork[self._stock] += self.missing()
        for name, amount in self.pot.circuit.dose([float(v) for v in x]).items():
            fork[self.pot.network.index[self.pot.strand[name]]] += self.pot.concentration(name, amount)
        leg = self._leg(fork, self._read_when)
        return self.read(self.pot.circuit.adjoints[0], leg.state)

    def predict(self, xs: Floats) -> Floats:
        """Outputs (n, 1) for inputs (n, d)."""
        return np.array([[self.infer(x)] for x in xs])

    def last_period(self) -> tuple[Floats, dict[str, Floats]]:
        """Times (M,) and totals of every clocked species (M,) over the last period."""
        t = np.concatenate([leg.t for leg in self._legs])
        y = np.concatenate([leg.y for leg in self._legs])
        totals = y @ self.pot.reading.T
        return t, {n: totals[:, i] for n, i in self.pot.row.items()}

    def strand_error(self) -> float:
        """Largest relative error of any strand's total against what was put in; 0 at the clocked level."""
        if self.pot.expansion is None:
            return 0.0
        counts = self.pot.expansion.composition.matrix
        put, there = counts @ self.added, counts @ self.state
        known = put > 0
        return float(np.max(np.abs(there[known] / put[known] - 1.0), initial=0.0))

    def _total(self, species: str, y: Floats) -> float:
        return float(self.pot.reading[self.pot.row[species]] @ y)

    def _leg(self, state: Floats, stop: Threshold) -> Leg:
        leg = self.engine.run(self.time, state, self.time + self.longest, stop)
        if not leg.event:
            raise SimulationError(
                f"the clock stopped: {'+'.join(stop.species)} did not cross {stop.level:.3g} within three periods after "
                f"t = {self.time:.6g} (iteration {self.iterations}); check fuels, seed flux and leak",
                self.time,
            )
        return leg

    def _advance(self, stop: Threshold) -> None:
        leg = self._leg(self.state, stop)
        self.time, self.state = leg.time, leg.state
        self.lowest = min(self.lowest, float(leg.y.min()))
        self._legs.append(leg)
        self.clock_t.append(leg.t)
        self.clock_o.append(leg.y @ self._clock.T)

    def _check_fuel(self) -> None:
        if not self._stock.size:
            return
        share = self.state[self._stock] / self._nominal
        for name, left in zip(self.used, share, strict=True):
            word = "ran out" if left < EXHAUSTED else "fell below half its stock" if left < LOW else ""
            if word and f"{name} {word}" not in self._noted:
                self._noted.add(f"{name} {word}")
                self.warnings.append(
                    f"fuel {name} {word} in iteration {self.iterations} ({left:.1%} of {self.pot.stock[name]:.4g} nM); "
                    f"replenish more often or supply more"
                )
