"""An external clock: phase strands are pipetted in and taken out on a schedule, as a microfluidic device would.

In: a wanted period, amplitude and trough. Out: release and removal reactions, and the doses of a schedule.

At the start of phase i the device adds a caged strand ``R_i``, which opens as ``R_i -> O_i`` at rate ``r``, and a
remover ``Q`` of the phase before, which binds it for good: ``O + Q ->`` at rate ``q``. Each dose is as much as the
amplitude. So a phase rises as ``1 - exp(-r t)`` and the one before falls as ``1 / (1 + q T t)``: exact equals never
quite finish, and what is left after two phases is the trough. The wall clock never drifts and needs no trough to live
on, but it needs a hand, or a pump, at every phase: such a pot is not autonomous.

The map: ``k`` is the constant of a ring of that period and trough, so that gating rates mean the same under either
clock. ``r = k T`` opens all but ``s / 8`` of a dose within its phase, and makes the 10 to 90 % rise ``ln 9 / r``, half
the ring's; ``q = 3 / (s T P)`` leaves ``s T / 2`` after the two phases ``2 P / 3``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from clock.oscillator import ROLE, STAGE, Oscillator
from clock.ring import Ring, ring_for_period
from dsd.errors import InputError
from dsd.network import Dose, Reaction, Species


@dataclass(frozen=True, slots=True)
class External(Oscillator):
    """A schedule of period ``cycle`` (time); other fields as in :class:`~clock.ring.Ring`, which it refuses with."""

    amplitude: float
    trough: float
    cycle: float
    names: tuple[str, str, str] = ("O1", "O2", "O3")

    def __post_init__(self) -> None:
        Ring(self.amplitude, self.trough, 1.0, self.names)
        if not (math.isfinite(self.cycle) and self.cycle > 0):
            raise InputError(f"the clock's period is {self.cycle}; give a number > 0")

    @property
    def period(self) -> float:
        """As scheduled."""
        return self.cycle

    @property
    def k(self) -> float:
        """The rate constant of a ring of this period, amplitude and trough."""
        return ring_for_period(self.cycle, self.amplitude, self.trough).k

    @property
    def release(self) -> float:
        """Rate (1/time) at which caged phase strands open: ``k T``."""
        return self.k * self.amplitude

    @property
    def removal(self) -> float:
        """Rate constant (1/concentration/time) of removal: ``3 / (s T P)``."""
        return 3 / (self.trough * self.amplitude * self.cycle)

    @property
    def handover(self) -> float:
        """Time in which a phase species rises from 10 to 90 % of the amplitude: ``ln 9 / r``."""
        return math.log(9) / self.release

    def reactions(self, seed_flux: float = 0.0) -> tuple[Reaction, ...]:
        """Release and removal of each phase species; a seed flux would do nothing here, and is left out."""
        opened = (Reaction((f"R_{n}",), (n,), self.release, STAGE, f"{n} is released") for n in self.names)
        taken = (Reaction((n, f"Q_{n}"), (), self.removal, STAGE, f"{n} is removed") for n in self.names)
        return (*opened, *taken)

    def species(self, done: float = 0.51) -> tuple[Species, ...]:
        """The pot when phase 1 begins: O3 with its remover, O1 caged but for a share ``done``.

        Raises :class:`InputError` unless ``0 < done < 1``.
        """
        if not 0 < done < 1:
            raise InputError(f"a start {done} of the way into phase 1 is no handover; give a number between 0 and 1")
        one, _, three = self.names
        top, low = self.amplitude, self.trough * self.amplitude / 2
        start = {one: done * top, f"R_{one}": (1 - done) * top, three: top, f"Q_{three}": top}
        order = (*self.names, *(f"R_{n}" for n in self.names), *(f"Q_{n}" for n in self.names))
        return tuple(Species(n, start.get(n, low if n in self.names else 0.0), ROLE) for n in order)

    def doses(self, periods: int) -> tuple[Dose, ...]:
        """Two doses at the start of every phase after the first, for so many periods."""
        doses = []
        for step in range(1, 3 * periods + 1):
            on, off = self.names[step % 3], self.names[(step - 1) % 3]
            at = step * self.cycle / 3
            doses += [Dose(f"R_{on}", self.amplitude, at), Dose(f"Q_{off}", self.amplitude, at)]
        return tuple(doses)


def external_for_period(
    period: float, amplitude: float, trough: float, names: tuple[str, str, str] = ("O1", "O2", "O3")
) -> External:
    """The schedule of that period (time units), amplitude (concentration units) and relative trough."""
    return External(amplitude, trough, period, names)
