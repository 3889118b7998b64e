"""Levels ``clocked``, ``dsd`` and ``dsd-reduced``: training in one pot, driven by its own oscillator.

In: a design. Out: a :class:`History` whose ``extra`` holds what only a pot has: the clock, fuels, strand balance.
"""

from __future__ import annotations

from typing import Any, Unpack

import numpy as np
from numpy.typing import NDArray

from clock.measure import ClockReport, measure
from clock.ring import Ring
from compiler import pipeline
from compiler.design import Design
from compiler.lowered import seconds
from compiler.schema import Dna
from compiler.training.checkpoint import State
from compiler.training.driver import Driver
from compiler.training.history import History, TrainingError
from compiler.training.loop import reseeded, run
from compiler.training.options import Options
from compiler.training.pot import Pot, clocked_pot, design_pot, faults_of, reduced_pot
from compiler.training.tube import balance, total

Floats = NDArray[np.float64]

AVOGADRO = 6.02214076e23
"""Molecules a mole (exact, SI 2019)."""

FEW = 100
"""Molecules below which a deterministic trough means little."""

SETTLED = 3
"""Periods from which on their median is compared with the calibrated one."""

STRAY = 0.1
"""Share by which a period may differ from it; the designs that come with Strandgrad stay within 0.02."""


def train_clocked(design: Design, **options: Unpack[Options]) -> History:
    """Train the clocked network, unitless, oscillator and all in one pot.

    Raises :class:`TrainingError` with time and remedy if the clock stops or a concentration blows up.
    """
    design = reseeded(design, options.get("seed"))
    pot = clocked_pot(pipeline.clocked(design))
    return train(pot, design, **options)


def train_dsd(design: Design, **options: Unpack[Options]) -> History:
    """Train the implementation network of the DNA system, in nM and s, fuels consumed for real.

    Raises :class:`MappingError` if no concentrations meet the rates, :class:`TrainingError` as above.
    """
    design = reseeded(design, options.get("seed"))
    return train(design_pot(design), design, **options)


def train_dsd_reduced(design: Design, **options: Unpack[Options]) -> History:
    """As :func:`train_dsd`, simulated with what is fast in equilibrium: quicker, and nearly the same.

    Raises as it does, and :class:`InputError` if nothing in the network is fast.
    """
    design = reseeded(design, options.get("seed"))
    lowered = pipeline.dsd(design)
    pot = reduced_pot(lowered, faults=faults_of(design, lowered))
    return train(pot, design, **options)


def train(pot: Pot, design: Design, **options: Unpack[Options]) -> History:
    """Train any pot on the samples of ``design``; one iteration is one period of its clock.

    The pot's own weights count, not those that ``seed`` would draw: make the pot of the same design.
    """
    learner = InPot(Driver(pot, replenish_every=design.dna.replenish_every))
    try:
        history = run(pot.level, design, learner, **options)
    except TrainingError as error:
        so_far = error.history.with_extra(**_extra(learner.driver))
        raise TrainingError(str(error), error.time, so_far) from error
    if pot.level != "clocked":
        learner.driver.warnings.extend(_limits(learner.driver, design.dna))
    return history.with_extra(**_extra(learner.driver))


class InPot:
    """A pot as the training loop sees it, run up to the moment when the first sample belongs in."""

    def __init__(self, driver: Driver) -> None:
        self.driver = driver
        driver.settle()

    def weights(self) -> list[float]:
        """Effective weights in formal units."""
        return self.driver.weights()

    def step(self, x: Floats, y: Floats) -> float:
        """One period of the clock; the loss is read from the adjoints before the update."""
        errors = self.driver.iterate(x, y)
        return 0.5 * float(errors @ errors)

    def predict(self, x: Floats) -> Floats:
        """Outputs (n, m) for inputs (n, d), each by a fork of the pot."""
        return self.driver.predict(x)

    def snapshot(self) -> State:
        """The driver's."""
        return self.driver.snapshot()

    def restore(self, state: State) -> None:
        """Go on from a snapshot."""
        self.driver.restore(state)


def _extra(driver: Driver) -> dict[str, Any]:
    pot, report = driver.pot, _clock(driver)
    extra: dict[str, Any] = {
        "readout": _readout(pot),
        "size": [len(pot.network.species), len(pot.network.reactions)],
        "warnings": driver.warnings,
        "lowest": driver.lowest,
        "clock": None if report is None else report.to_dict() | {"crossings": None},
        "trace": _last_period(driver),
    }
    periods = [float(p) for p in np.diff([*driver.starts, driver.time])]
    if pot.level == "clocked":
        return extra | {"period": periods}
    tube, counts = driver.tube, pot.counts
    return extra | {
        "period_s": periods,
        "lab_hours": driver.time / 3600.0,
        "fuel_used": {n: float(v) for n, v in zip(pot.stock, tube.used, strict=True) if v > 0},
        "strand_error": balance(counts, tube),
        "total_strand_uM": total(counts, tube.state) / 1000.0,
        "volume_growth": tube.volume - 1.0,
    }


def _limits(driver: Driver, dna: Dna) -> list[str]:
    """Warnings where a run left what a tube can hold, or what the clock was calibrated for."""
    out = []
    counts = driver.pot.counts
    strands = total(counts, driver.tube.state) / 1000.0
    if strands > dna.max_total_uM:
        out.append(
            f"{strands:.4g} uM of strands at the end, above max_total_uM = {dna.max_total_uM:g}; "
            f"lower [dna] unit_nM and the pools with it"
        )
    trough = min((float(o.min()) for o in driver.clock_o), default=np.inf)
    molecules = trough * 1e-9 * dna.volume_uL * 1e-6 * AVOGADRO
    if molecules < FEW:
        out.append(
            f"the clock's trough of {trough:.3g} nM is {molecules:.0f} molecules in {dna.volume_uL:g} uL, fewer than "
            f"{FEW}; the period will jitter: raise seed_flux_nM_s or volume_uL"
        )
    return out + _pace(driver)


def _pace(driver: Driver) -> list[str]:
    """A warning where the clock of strands has another period than the one its trough was to give it."""
    lowered, periods = driver.pot.lowered, np.diff([*driver.starts, driver.time])
    if lowered is None or len(periods) < SETTLED:
        return []
    ratio = float(np.median(periods)) / (driver.pot.clocked.ring.period * seconds(lowered.clocked, lowered.dna))
    if abs(ratio - 1.0) <= STRAY:
        return []
    return [
        f"the clock's period is {ratio:.2f} of what [clock] trough = {driver.pot.clocked.ring.trough:.3g} asks for, so "
        f"phases act for other times than calibrated; match [dna] seed_flux_nM_s to the trough"
    ]


def _clock(driver: Driver) -> ClockReport | None:
    if driver.iterations < 3:
        return None
    t, o = np.concatenate(driver.clock_t), np.concatenate(driver.clock_o)
    ring = driver.pot.clocked.ring
    # Bound and dosed strands shift the total of a ring a little; other clocks keep theirs elsewhere too.
    top = float(np.median(o.sum(axis=1))) if isinstance(ring, Ring) else ring.amplitude * driver.pot.unit
    return measure(t, o, amplitude=top)


def _last_period(driver: Driver) -> dict[str, Any]:
    begun = driver.starts[-1] if driver.iterations else 0.0
    legs = sum(t[0] >= begun for t in driver.clock_t)
    t, o = np.concatenate(driver.clock_t[-legs:]), np.concatenate(driver.clock_o[-legs:])
    return {"t": (t - t[0]).tolist(), "o": o.tolist()}


def _readout(pot: Pot) -> str:
    outputs = pot.circuit.outputs
    read = [pair for row in pot.circuit.kept for pair in row] or list(outputs)
    names = ", ".join(f"{'-' if sign < 0 else ''}{rail.name}" for rail, sign in read)
    when = f"after the forward transfer, without {'a target' if len(outputs) == 1 else 'targets'}"
    if pot.level == "clocked":
        return f"{names} {when}"
    share = min(pot.free[rail.pos] for rail, _ in read)
    return f"total {names} (free and bound) {when}; {share:.0%} of it is free"
