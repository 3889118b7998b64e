"""Stochastic simulation: a network with its doses, molecule by molecule.

In: a :class:`Network`, a volume and a seed. Out: a :class:`Sample`: counts over time. A dose stops the simulation
exactly at its time, or at the event that takes a sum across its threshold, as in :func:`dsd.simulate.simulate`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from dsd.chain import chain
from dsd.doses import check_times, grid
from dsd.errors import InputError
from dsd.network import Network, Units
from dsd.propensities import Ints
from dsd.quantities import CONCENTRATIONS
from dsd.quasi import exchanges, separation
from dsd.realisation import Realisation
from dsd.trajectory import Trajectory

Method = Literal["exact", "quasi"]
Pipette = Literal["rounded", "poisson"]
Progress = Callable[[float, float], None]

AVOGADRO = 6.02214076e23
"""Molecules per mole, exact in the SI since 2019."""

RELIABLE = 20.0
"""Below this separation of time scales a quasi-equilibrium run should be checked against an exact one."""

LOOKS = 20
"""Rows at which :attr:`Sample.separation` is worked out, evenly spaced."""


@dataclass(frozen=True, eq=False)
class Sample:
    """One realisation: ``counts`` (M, N) molecules of the species ``names`` at times ``t`` (M,).

    ``omega`` molecules make one concentration unit; ``events`` counts the firings simulated. ``separation`` is the
    least separation of time scales met (:func:`dsd.quasi.separation`), infinite for the exact method.
    """

    names: tuple[str, ...]
    t: NDArray[np.float64]
    counts: Ints
    omega: float
    units: Units
    seed: int
    method: Method
    events: int
    separation: float = math.inf

    def __getitem__(self, name: str) -> Ints:
        """Counts of one species, shape (M,)."""
        column: Ints = self.counts[:, self.names.index(name)]
        return column

    @cached_property
    def trajectory(self) -> Trajectory:
        """The same in concentrations."""
        return Trajectory(self.names, self.t, self.counts / self.omega, self.units)


def molecules_per_unit(units: Units, litres: float) -> float:
    """Molecules that make one concentration unit in a volume; 1 nM in 1 fl are 0.602.

    Raises :class:`InputError` for a network without a concentration unit, or a volume that is none.
    """
    if units.concentration not in CONCENTRATIONS:
        raise InputError("a unitless network has no volume; say how many molecules make one concentration unit")
    if not (math.isfinite(litres) and litres > 0):
        raise InputError(f"the volume is {litres} l; give a volume above 0, such as 1e-15")
    return float(CONCENTRATIONS[units.concentration]) * litres * AVOGADRO


def stochastic(
    network: Network,
    until: float,
    *,
    omega: float,
    seed: int,
    every: float | None = None,
    method: Method = "exact",
    pipette: Pipette = "rounded",
    rearm: float = 0.0,
    progress: Progress | None = None,
    max_events: int = 10_000,
) -> Sample:
    """Simulate one realisation of ``network`` from 0 to ``until`` (network time units), all doses included.

    ``omega`` molecules make one concentration unit (:func:`molecules_per_unit`). The same network, ``omega``, ``seed``
    and ``method`` give the same events, whatever the rows. Rows stand at 0, every ``every`` time units, at ``until``,
    and on both sides of each dose.

    ``method`` ``"exact"`` is Gillespie's; ``"quasi"`` takes fast even exchange of strands to be in equilibrium
    (:mod:`dsd.quasi`). There a row is drawn from the equilibrium and rows are independent draws, and thresholds watch
    the expectation of their sum. Initial concentrations and doses become the nearest count, or with ``pipette``
    ``"poisson"`` a Poisson variate, as in a droplet of a well-mixed solution.

    Noise takes a sum across a threshold many times. After a crossing the threshold waits until the sum has gone back
    by the share ``rearm`` of its level; 0 lets each crossing count.

    Raises :class:`InputError` for what cannot be simulated, and :class:`SimulationError` where time stands still or
    thresholds are crossed more than ``max_events`` times.
    """
    check_times(until, every)
    if not (math.isfinite(omega) and omega > 0):
        raise InputError(f"{omega} molecules make one concentration unit; give a number above 0")
    if seed < 0:
        raise InputError(f"the seed is {seed}; give a whole number >= 0")
    if not 0 <= rearm < 1:
        raise InputError(f"rearm is {rearm}; give a share of the threshold from 0 to below 1")
    fast = exchanges(network) if method == "quasi" else ()
    run = Realisation(chain(network, omega, fast), omega, seed, rearm, pipette == "poisson")
    run.finish(until, np.zeros(0) if every is None else grid(until, every), max_events, progress)
    t, counts = np.concatenate(run.t), run.counts()
    looks = np.unique(np.linspace(0, len(t) - 1, LOOKS).astype(int)).tolist() if fast else []
    amounts = (dict(zip(network.names, (counts[i] / omega).tolist(), strict=True)) for i in looks)
    apart = separation(network, fast, *amounts)
    return Sample(network.names, t, counts, omega, network.units, seed, method, run.events, apart)
