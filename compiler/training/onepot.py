"""Levels ``clocked`` and ``dsd``: training in one pot, driven by its own oscillator.

In: a design. Out: a :class:`History` whose ``extra`` holds what only a pot has: the clock, fuels, strand balance.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from clock.measure import ClockReport, measure
from compiler import pipeline
from compiler.design import Design
from compiler.training.driver import Driver
from compiler.training.history import History, Progress, Recorder, losses
from compiler.training.loop import presentations
from compiler.training.pot import Pot, clocked_pot, dsd_pot

Floats = NDArray[np.float64]

LAST_EPOCH_CHECKS = 8
"""Extra validations within the last epoch: online learning jitters, and one moment of it says little."""


def train_clocked(
    design: Design, *, epochs: int | None = None, seed: int | None = None, progress: Progress | None = None
) -> History:
    """Train the clocked network, unitless, oscillator and all in one pot.

    Raises :class:`SimulationError` with time and remedy if the clock stops or a concentration blows up.
    """
    return train(clocked_pot(pipeline.clocked(design)), design, epochs=epochs, seed=seed, progress=progress)


def train_dsd(
    design: Design, *, epochs: int | None = None, seed: int | None = None, progress: Progress | None = None
) -> History:
    """Train the implementation network of the DNA system, in nM and s, fuels consumed for real.

    Raises :class:`MappingError` if no concentrations meet the rates, :class:`SimulationError` as above.
    """
    pot = dsd_pot(pipeline.dsd(design), design.dna.unit_nM)
    return train(pot, design, epochs=epochs, seed=seed, progress=progress)


def train(
    pot: Pot, design: Design, *, epochs: int | None = None, seed: int | None = None, progress: Progress | None = None
) -> History:
    """Train any pot on the samples of ``design``; one iteration is one period of its clock."""
    data, count = design.data, design.training.epochs if epochs is None else epochs
    driver = Driver(pot, replenish_every=design.dna.replenish_every)
    driver.settle()
    record, trace = Recorder(pot.level, data.validation_y), _Trace(driver, data.validation_x, data.validation_y)
    driver.replenish()
    record.validated(trace.check(), driver.weights())
    per_epoch = len(data.train_x)
    spread = max(1, per_epoch // LAST_EPOCH_CHECKS)
    for epoch, order in enumerate(presentations(design, count, seed)):
        for i, row in enumerate(order):
            if epoch == count - 1 and i and i % spread == 0:
                trace.check()
            error = driver.iterate(data.train_x[row], data.train_y[row])
            record.trained(0.5 * error * error, driver.weights())
            if progress:
                progress(driver.iterations, count * per_epoch)
        driver.replenish()
        record.validated(trace.check(), driver.weights())
    return record.history(**_extra(driver, trace, data.validation_x))


class _Trace:
    """Validation losses with the iteration they were taken at, and the last predictions."""

    def __init__(self, driver: Driver, x: Floats, y: Floats) -> None:
        self.driver, self.x, self.y = driver, x, y
        self.losses: list[tuple[int, float]] = []
        self.predicted: Floats = np.empty((0, 1))

    def check(self) -> Floats:
        """Predict the validation samples now."""
        self.predicted = self.driver.predict(self.x)
        self.losses.append((self.driver.iterations, float(np.mean(losses(self.predicted, self.y)))))
        return self.predicted


def slopes(x: Floats, predicted: Floats) -> list[float]:
    """Least-squares slopes of predictions (n, 1) over inputs (n, d), then the intercept."""
    design_matrix = np.column_stack([x, np.ones(len(x))])
    solution: Floats = np.linalg.lstsq(design_matrix, predicted[:, 0], rcond=None)[0]
    return [float(v) for v in solution]


def _extra(driver: Driver, trace: _Trace, x: Floats) -> dict[str, Any]:
    pot, report = driver.pot, _clock(driver)
    fitted = slopes(x, trace.predicted)
    extra: dict[str, Any] = {
        "slopes": fitted[:-1],
        "intercept": fitted[-1],
        "validation_trace": [list(pair) for pair in trace.losses],
        "readout": _readout(pot),
        "warnings": driver.warnings,
        "lowest": driver.lowest,
        "clock": None if report is None else report.to_dict() | {"crossings": None},
        "trace": _last_period(driver),
    }
    periods = [float(p) for p in np.diff([*driver.starts, driver.time])]
    if pot.level == "clocked":
        return extra | {"period": periods}
    added = pot.expansion.composition.matrix.sum(axis=0) @ driver.added if pot.expansion else 0.0
    return extra | {
        "period_s": periods,
        "lab_hours": driver.time / 3600.0,
        "fuel_used": {n: v for n, v in driver.used.items() if v > 0},
        "strand_error": driver.strand_error(),
        "total_strand_uM": float(added) / 1000.0,
    }


def _clock(driver: Driver) -> ClockReport | None:
    if driver.iterations < 3:
        return None
    t, o = np.concatenate(driver.clock_t), np.concatenate(driver.clock_o)
    return measure(t, o, amplitude=float(np.median(o.sum(axis=1))))


def _last_period(driver: Driver) -> dict[str, Any]:
    legs = 3 if driver.iterations else 1
    t, o = np.concatenate(driver.clock_t[-legs:]), np.concatenate(driver.clock_o[-legs:])
    return {"t": (t - t[0]).tolist(), "o": o.tolist()}


def _readout(pot: Pot) -> str:
    name = pot.circuit.adjoints[0].name
    if pot.level == "clocked":
        return f"{name} after the forward transfer, without a target"
    share = pot.free[pot.circuit.adjoints[0].pos]
    return f"total {name} (free and bound) after the forward transfer, without a target; {share:.0%} of it is free"
