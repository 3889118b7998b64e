"""The clock of CRN++: a ring of three species for every phase, of which the phases use every third.

In: amplitude, trough and rate constant. Out: nine ring reactions and species, and the closed forms of their timing.

``X_i + X_(i+1) -> 2 X_(i+1)`` around a ring of n = 3p species, each at rate ``k``; phase i uses ``X_3i`` (Vasic,
Soloveichik and Khurshid, "CRN++: Molecular programming language", Nat. Comput. 19:391 (2020); their constants are in
``utils.m`` of the authors' code: all rates 1, X1 = X2 = 1, the others 1e-10). Two ring species lie between two phases,
so phases do not overlap: where one phase species is high, the next is at its trough.

Timing, in units of ``1 / (k T)``. A handover is logistic, as in the ring of three. A species rests at its trough m from
the moment its successor's successor has taken over until its predecessor rises; then ``x = m (1 + e^u)`` with u = 0 at
the middle of the predecessor's handover, so it takes over itself when ``m e^u = T``: handovers are ``ln(T / m)`` apart,
and the period is ``n ln(2 / s) / (k T)`` for ``s = m / (T / 2)``, if all troughs are alike. They are not in a start
with all but two species at one seed: in the middle of a handover the species ahead and the species behind should stand
at 2 m. Such a pattern travels around for ever, and of every n - 2 handovers two take ``ln(4 / s)``; in the mean it is
as if ``m = seed * 4^(-1 / (n - 2))`` (the product of all species never changes). For the authors' six species this
gives a tick of three mean handovers of 36.098 and a first peak of X3 at 18.136: the numbers hard-coded there.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from clock.oscillator import ROLE, STAGE, Oscillator, seeds
from clock.ring import Ring
from dsd.errors import InputError
from dsd.network import Reaction, Species

PER_PHASE = 3
"""Ring species a phase; with fewer, neighbouring phases would overlap."""


def turns(names: tuple[str, ...], k: float) -> tuple[Reaction, ...]:
    """``X_i + X_(i+1) -> 2 X_(i+1)`` at ``k`` around the ring of ``names``."""
    pairs = zip(names, (*names[1:], names[0]), strict=True)
    return tuple(Reaction((a, b), (b, b), k, STAGE, f"{b} takes over from {a}") for a, b in pairs)


def tick(seed: float, total: float, k: float, size: int) -> float:
    """Mean time from phase to phase of a ring of ``size`` species that starts with all but two of them at ``seed``.

    ``3 [ln(1/s) + ln 2 (1 + 2 / (n - 2))] / (k T)`` with ``s = seed / (T / 2)``: 36.098 for the six species of CRN++.
    """
    s = seed / (total / 2)
    return PER_PHASE * (math.log(1 / s) + math.log(2) * (1 + 2 / (size - 2))) / (k * total)


def first_peak(seed: float, total: float, k: float) -> float:
    """When the third species of such a start peaks: ``[3/2 ln(1/s) + 5/2 ln 2] / (k T)``, 18.136 for CRN++.

    Half-way between its handovers. The first comes after ``ln(4 / s)``, since X3 starts at the seed and not at twice
    the trough; the second ``ln(2 / s)`` later.
    """
    s = seed / (total / 2)
    return (1.5 * math.log(1 / s) + 2.5 * math.log(2)) / (k * total)


@dataclass(frozen=True, slots=True)
class Crnpp(Oscillator):
    """A ring of nine: each phase species in ``names`` has two of its own before it (O1a, O1b, O1).

    Fields as in :class:`~clock.ring.Ring`. Raises :class:`InputError` for values that no ring can have.
    """

    amplitude: float
    trough: float
    k: float
    names: tuple[str, str, str] = ("O1", "O2", "O3")

    def __post_init__(self) -> None:
        Ring(self.amplitude, self.trough, self.k, self.names)

    @property
    def around(self) -> tuple[str, ...]:
        """All nine species in turn."""
        return tuple(new for n in self.names for new in (f"{n}a", f"{n}b", n))

    @property
    def period(self) -> float:
        """``9 ln(2/s) / (k T)``."""
        return len(self.around) * math.log(2 / self.trough) / (self.k * self.amplitude)

    @property
    def spans(self) -> tuple[float, float]:
        """Five handovers from the fall of phase 3 to the rise of phase 2, three from there to the rise of phase 3."""
        step = self.period / len(self.around)
        return 5 * step, PER_PHASE * step

    def reactions(self, seed_flux: float = 0.0) -> tuple[Reaction, ...]:
        """The nine ring reactions, and ``-> X_i`` at ``seed_flux`` (concentration/time) if it is not 0."""
        return (*turns(self.around, self.k), *seeds(self.around, seed_flux))

    def species(self, done: float = 0.51) -> tuple[Species, ...]:
        """The nine species ``done`` of the way through the handover from O3 to O1a, on the travelling wave.

        Raises :class:`InputError` unless ``0 < done < 1``, or where the wave has no room for it.
        """
        if not 0 < done < 1:
            raise InputError(f"a start {done} of the way into phase 1 is no handover; give a number between 0 and 1")
        m = self.trough * self.amplitude / 2
        ahead, behind = m / (1 - done), m / done
        high = self.amplitude - ahead - behind - 5 * m
        if high <= 0:
            raise InputError(f"no point of this ring is {done} of the way into phase 1; start closer to 0.5")
        values = (done * high, ahead, *(m,) * 5, behind, (1 - done) * high)
        return tuple(Species(n, v, ROLE) for n, v in zip(self.around, values, strict=True))


def crnpp_for_period(
    period: float, amplitude: float, trough: float, names: tuple[str, str, str] = ("O1", "O2", "O3")
) -> Crnpp:
    """The ring of nine of that period (time units), amplitude (concentration units) and relative trough.

    Raises :class:`InputError` for a period that is not > 0 and for what :class:`Crnpp` refuses.
    """
    if not (math.isfinite(period) and period > 0):
        raise InputError(f"the ring's period is {period}; give a number > 0")
    return Crnpp(amplitude, trough, Crnpp(amplitude, trough, 1.0, names).period / period, names)
