"""The tube: concentrations, volume, and everything that was ever pipetted into it.

In: initial concentrations and a stock of fuels. Out: the same after additions, which dilute what is there. Nothing is
ever taken out: waste stays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

Floats = NDArray[np.float64]

ROUNDS = 4
"""Fixed-point rounds for the volume of an addition; each gains a factor of fuel over stock concentration, about 10."""


class Tube:
    """A pot's contents: ``state`` (N,) concentrations, ``volume`` relative to the start.

    ``added`` (N,) is what was put in, initial contents included, in concentration times initial volume. Additions come
    from solutions of concentration ``stock`` (infinite: they take no volume). ``nominal`` maps the index of a fuel to
    the concentration it is refilled to; ``clock`` is the phase species that is on when samples are dosed, ``ring`` the
    row (N,) that sums the clock: what an addition would dilute of it is put back.
    """

    def __init__(self, initial: Floats, nominal: Mapping[int, float], stock: float, clock: int, ring: Floats) -> None:
        self.state = initial.copy()
        self.added = initial.copy()
        self.volume = 1.0
        self.stock = stock
        self.fuels = np.array(list(nominal), dtype=np.int64)
        self.nominal = np.array(list(nominal.values()), dtype=np.float64)
        self.used = np.zeros_like(self.nominal)
        self._clock, self._ring = clock, ring

    def pipette(self, doses: Mapping[int, float], *, refill: bool) -> None:
        """Add ``doses`` (index -> concentration they are to have afterwards), and refill fuels if asked to."""
        after, amounts, growth = self._mixed(doses, refill)
        self.added += amounts * self.volume
        self.used += amounts[self.fuels] * self.volume
        self.volume *= 1.0 + growth
        self.state = after

    def fork(self, doses: Mapping[int, float], *, refill: bool) -> Floats:
        """Concentrations (N,) that the same addition would give; the tube is left as it is."""
        return self._mixed(doses, refill)[0]

    def shares(self) -> Floats:
        """Concentration of every fuel over its nominal one, in the order of ``fuels``."""
        left: Floats = self.state[self.fuels] / self.nominal
        return left

    def _mixed(self, doses: Mapping[int, float], refill: bool) -> tuple[Floats, Floats, float]:
        """State after an addition, the amounts in it (concentration in the volume before), its share of that volume."""
        at, wanted = np.array(list(doses), dtype=np.int64), np.array(list(doses.values()), dtype=np.float64)
        amounts, growth = np.zeros_like(self.state), 0.0
        clock = float(self._ring @ self.state)
        for _ in range(ROUNDS):
            amounts[:] = 0.0
            if refill:
                amounts[self.fuels] = np.maximum(self.nominal * (1.0 + growth) - self.state[self.fuels], 0.0)
            np.add.at(amounts, at, wanted * (1.0 + growth))
            amounts[self._clock] += clock * growth
            growth = float(amounts.sum()) / self.stock
        return (self.state + amounts) / (1.0 + growth), amounts, growth


def balance(counts: csr_array, tube: Tube) -> float:
    """Largest relative error of a strand's total: ``counts`` (strands, N) of what is there against what was put in."""
    put, there = counts @ tube.added, counts @ (tube.state * tube.volume)
    known = put > 0
    return float(np.max(np.abs(there[known] / put[known] - 1.0), initial=0.0))


def total(counts: csr_array, concentrations: Sequence[float] | Floats) -> float:
    """Concentration of all strands together, free and bound."""
    return float(np.sum(counts @ np.asarray(concentrations)))
