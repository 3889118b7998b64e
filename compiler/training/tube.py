"""The tube: concentrations, volume, and everything that was ever pipetted into it.

In: initial concentrations and a stock of fuels. Out: the same after additions, which dilute what is there. Nothing is
ever taken out: waste stays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from dsd.errors import InputError

Floats = NDArray[np.float64]


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
        """Add ``doses`` (index -> concentration they bring to the mixture), and refill fuels if asked to.

        Raises :class:`InputError` if the stock solutions are too thin for that.
        """
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

    def snapshot(self) -> dict[str, Floats | float]:
        """What additions and reactions change."""
        return {"state": self.state, "added": self.added, "used": self.used, "volume": self.volume}

    def restore(self, snapshot: Mapping[str, Floats]) -> None:
        """The contents as they were at a :meth:`snapshot`."""
        self.state, self.added, self.used = snapshot["state"], snapshot["added"], snapshot["used"]
        self.volume = float(snapshot["volume"])

    def _mixed(self, doses: Mapping[int, float], refill: bool) -> tuple[Floats, Floats, float]:
        """State after an addition, the amounts in it (concentration in the volume before), its share of that volume."""
        at, wanted = np.array(list(doses), dtype=np.int64), np.array(list(doses.values()), dtype=np.float64)
        clock, growth = float(self._ring @ self.state), 0.0
        missing, filled = self.nominal - self.state[self.fuels], np.zeros(len(self.fuels), dtype=bool)
        while True:
            # Amounts grow with the volume they are to fill, and dilution may leave one more fuel short.
            per_growth = float(wanted.sum() + self.nominal[filled].sum()) + clock
            if per_growth >= self.stock:
                raise InputError(
                    f"no volume of solutions of {self.stock:.4g} nM can bring this tube to the {per_growth:.4g} nM "
                    f"asked for; raise [dna] stock_uM"
                )
            growth = float(wanted.sum() + missing[filled].sum()) / (self.stock - per_growth)
            short = refill & (missing + self.nominal * growth > 0.0)
            if not (short & ~filled).any():
                break
            filled |= short
        amounts = np.zeros_like(self.state)
        amounts[self.fuels[filled]] = (missing + self.nominal * growth)[filled]
        np.add.at(amounts, at, wanted * (1.0 + growth))
        amounts[self._clock] += clock * growth
        return (self.state + amounts) / (1.0 + growth), amounts, growth


def balance(counts: csr_array, tube: Tube) -> float:
    """Largest relative error of a strand's total: ``counts`` (strands, N) of what is there against what was put in."""
    put, there = counts @ tube.added, counts @ (tube.state * tube.volume)
    known = put > 0
    return float(np.max(np.abs(there[known] / put[known] - 1.0), initial=0.0))


def total(counts: csr_array, concentrations: Sequence[float] | Floats) -> float:
    """Concentration of all strands together, free and bound."""
    return float(np.sum(counts @ np.asarray(concentrations)))
