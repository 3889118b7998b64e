"""A clock of your own: a ring of six species, of which every second one is a phase.

In: period, amplitude and trough. Out: the reactions, and the period that is measured on them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from clock.crnpp import turns
from clock.measure import measure
from clock.oscillator import ROLE, Oscillator
from dsd.network import Reaction, Species, network
from dsd.simulate import simulate


@dataclass(frozen=True, slots=True)
class Six(Oscillator):
    """``X1 + X2 -> 2 X2`` around six species; the phases are O1, O2 and O3, each with one of its own before it."""

    amplitude: float
    trough: float
    k: float
    names: tuple[str, str, str] = ("O1", "O2", "O3")

    @property
    def around(self) -> tuple[str, ...]:
        """All six in turn."""
        return tuple(new for n in self.names for new in (f"{n}a", n))

    @property
    def period(self) -> float:
        """``6 ln(2/s) / (k T)``, by the argument in clock/crnpp.py."""
        return 6 * math.log(2 / self.trough) / (self.k * self.amplitude)

    def reactions(self, seed_flux: float = 0.0) -> tuple[Reaction, ...]:
        """The ring."""
        return turns(self.around, self.k)

    def species(self, done: float = 0.51) -> tuple[Species, ...]:
        """In the handover from O3 to O1a, the species ahead and behind at twice the trough."""
        m = self.trough * self.amplitude / 2
        high = self.amplitude - 7 * m
        start = (done * high, m / (1 - done), m, m, m / done, (1 - done) * high)
        return tuple(Species(n, v, ROLE) for n, v in zip(self.around, start, strict=True))


if __name__ == "__main__":
    clock = Six(amplitude=2.0, trough=1e-4, k=1.0)
    ring = network(clock.reactions(), clock.species())
    run = simulate(ring, 6 * clock.period, every=clock.period / 300)
    found = measure(run.t, np.column_stack([run[n] for n in clock.names]))
    print(f"period {found.periods[-1]:.3f}, expected {clock.period:.3f}; overlap {max(found.overlap):.1e}")
