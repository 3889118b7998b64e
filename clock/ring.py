"""The rock-paper-scissors ring: three species that take turns, as formal reactions.

In: amplitude, trough and rate constant. Out: reactions, species on the wanted orbit, and the closed forms of its
timing.

``O1 + O2 -> 2 O2``, ``O2 + O3 -> 2 O3``, ``O3 + O1 -> 2 O1``, each at rate ``k``. The sum ``T`` (the amplitude) and
the product of the three are conserved, so the orbit is fixed by the trough for ever; nothing restores it when it is
disturbed (see ``seed_flux``). Two of the three make up nearly all of ``T`` at any time, and hand over by the logistic
law ``O = T / (1 + exp(-k T t))``. The third falls and then grows again by ``d ln O2 / dt = k (O1 - O3)``; from the
trough ``s T / 2``, reached at the middle of the handover before it, it is back at ``T / 2`` after ``ln(8 / s) / (k
T)``. Hence the period ``3 [ln(1/s) + 3 ln 2] / (k T)``: the fit ``c = 2.07`` for three species is ``3 ln 2 = 2.079``,
exact as s -> 0.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from clock.oscillator import ROLE, STAGE, Oscillator, seeds
from dsd.errors import InputError
from dsd.network import NAME, Reaction, Species

OFFSET = 3 * math.log(2)
"""The ``c`` of the period ``n [ln(1/s) + c] / (k T)`` of three species (derived above)."""


@dataclass(frozen=True, slots=True)
class Ring(Oscillator):
    """A ring oscillator: phase i is the time in which ``names[i-1]`` holds most of the amplitude.

    ``amplitude`` is the total T (the network's concentration units); ``trough`` is the relative seed s, the lowest
    concentration of a phase species over ``amplitude / 2``; ``k`` has units 1/concentration/time. Raises
    :class:`InputError` for values that no ring can have.
    """

    amplitude: float
    trough: float
    k: float
    names: tuple[str, str, str] = ("O1", "O2", "O3")

    def __post_init__(self) -> None:
        for key in ("amplitude", "k"):
            value = getattr(self, key)
            if not (math.isfinite(value) and value > 0):
                raise InputError(f"the ring's {key} is {value}; give a number > 0")
        if not 0 < self.trough < 2 / 3:
            raise InputError(
                f"the ring's trough is {self.trough}; give a number between 0 and 2/3 (at 2/3 nothing oscillates)"
            )
        if len(set(self.names)) != 3 or not all(NAME.match(n) for n in self.names):
            raise InputError(f"the ring's species are {', '.join(self.names)}; give three different names")

    @property
    def period(self) -> float:
        """``3 [ln(1/s) + 3 ln 2] / (k T)``: short of the simulated ring by 7e-4 at s = 1e-3, by 7e-7 at s = 1e-6."""
        return 3 * (math.log(1 / self.trough) + OFFSET) / (self.k * self.amplitude)

    @property
    def handover(self) -> float:
        """Time in which a phase species rises from 10 to 90 % of the amplitude: ``2 ln 9 / (k T)``, the logistic."""
        return 2 * math.log(9) / (self.k * self.amplitude)

    @property
    def overlap(self) -> float:
        """Integral of ``min(O_i, O_j)`` over one handover: ``2 ln 2 / k`` (concentration times time)."""
        return 2 * math.log(2) / self.k

    def reactions(self, seed_flux: float = 0.0) -> tuple[Reaction, ...]:
        """The three ring reactions, and ``-> O_i`` at ``seed_flux`` (concentration/time) if it is not 0.

        A flux into every species gives a ring of real gates a limit cycle; the formal ring needs none, and drifts with
        it since the total grows.
        """
        one, two, three = self.names
        turns = [(one, two), (two, three), (three, one)]
        ring = [Reaction((a, b), (b, b), self.k, STAGE, f"{b} takes over from {a}") for a, b in turns]
        return (*ring, *seeds(self.names, seed_flux))

    def species(self, done: float = 0.51) -> tuple[Species, ...]:
        """The phase species at the start of phase 1, exactly on the orbit.

        ``done`` is how much of the handover from phase 3 to phase 1 has happened: at 0.5 they are level and O2 is at
        its trough. The default lies just past the middle, so that a dose at t = 0 opens the first cycle and the next
        rise of O1 through half the amplitude comes one period later. Raises :class:`InputError` unless ``0 < done <
        1``.
        """
        if not 0 < done < 1:
            raise InputError(f"a start {done} of the way into phase 1 is no handover; give a number between 0 and 1")
        low = self.trough * self.amplitude / 2
        product = low * ((self.amplitude - low) / 2) ** 2
        last = (1 - done) * (self.amplitude - low)
        rest, square = self.amplitude - last, product / last
        root = rest * rest / 4 - square
        if root < 0:
            raise InputError(f"no point of this orbit is {done} of the way into phase 1; start closer to 0.5")
        first = rest / 2 + math.sqrt(root)
        values = (first, square / first, last)
        return tuple(Species(n, v, ROLE) for n, v in zip(self.names, values, strict=True))


def ring_for_period(
    period: float, amplitude: float, trough: float, names: tuple[str, str, str] = ("O1", "O2", "O3")
) -> Ring:
    """The ring of that period (time units), amplitude (concentration units) and relative trough.

    The period formula is solved for ``k``. Raises :class:`InputError` for a period that is not > 0 and for what
    :class:`Ring` refuses.
    """
    if not (math.isfinite(period) and period > 0):
        raise InputError(f"the ring's period is {period}; give a number > 0")
    unit = Ring(amplitude, trough, 1.0, names)
    return Ring(amplitude, trough, unit.period / period, names)
