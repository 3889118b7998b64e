"""What an iteration of the DNA pot takes: fuels and time, measured on a pot that runs.

In: a design. Out: :class:`Consumption`, amounts in nM of the pot's first volume, times in s.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from compiler.design import Design
from compiler.pipeline import Lowered
from compiler.training.driver import Driver
from compiler.training.pot import dsd_pot
from dsd.errors import InputError


@dataclass(frozen=True)
class Consumption:
    """``measured`` iterations were run, fuels refilled before each; ``run`` iterations make a whole training run.

    ``fuel_nM`` is what an iteration takes of every fuel and gate, ``dose_nM`` what it is dosed with, on average.
    """

    measured: int
    run: int
    period_s: float
    fuel_nM: Mapping[str, float]
    dose_nM: Mapping[str, float]

    @property
    def run_hours(self) -> float:
        """Laboratory hours of a training run, if all its iterations take as long."""
        return self.run * self.period_s / 3600.0

    @property
    def run_nM(self) -> dict[str, float]:
        """What a training run adds of every part, fuels and doses, at the same rate."""
        added: dict[str, float] = {}
        for part in (self.fuel_nM, self.dose_nM):
            for name, nM in part.items():
                added[name] = added.get(name, 0.0) + self.run * nM
        return added

    def to_dict(self, volume_uL: float) -> dict[str, Any]:
        """As JSON-ready values, amounts for a pot of that volume."""
        per_nM = volume_uL * 1e-3  # pmol that 1 nM comes to
        return {
            "measured_iterations": self.measured,
            "run_iterations": self.run,
            "iteration_hours": self.period_s / 3600.0,
            "run_hours": self.run_hours,
            "fuel_pmol_per_iteration": {n: v * per_nM for n, v in self.fuel_nM.items()},
            "fuel_nmol_per_run": {n: v * per_nM * self.run / 1000.0 for n, v in self.fuel_nM.items()},
            "dose_pmol_per_iteration": {n: v * per_nM for n, v in self.dose_nM.items()},
        }


def consumption(design: Design, lowered: Lowered, iterations: int) -> Consumption:
    """Run ``iterations`` of training in the DNA pot and measure; raises as the pot does where its clock stops."""
    x, y = design.data.train_x, design.data.train_y
    if not 1 <= iterations <= len(x):
        raise InputError(f"iterations = {iterations}; give a number from 1 to the {len(x)} training samples")
    pot = dsd_pot(lowered)
    driver = Driver(pot, replenish_every=1)
    driver.settle()
    added = np.zeros_like(driver.tube.added)
    for i in range(iterations):
        before = driver.tube.added.copy()
        driver.iterate(x[i], y[i])
        if i == 0:
            used = driver.tube.used.copy()
        added += driver.tube.added - before
    driver.tube.pipette({}, refill=True)
    fuel = (driver.tube.used - used) / iterations
    fuels = {pot.network.names[i]: float(v) for i, v in zip(driver.tube.fuels, fuel, strict=True)}
    doses = {
        n: float(v) / iterations for n, v in zip(pot.network.names, added, strict=True) if n not in fuels and v > 0
    }
    period = (driver.time - driver.starts[0]) / iterations
    return Consumption(iterations, design.training.epochs * len(x), period, fuels, doses)
