"""What every clock family offers: three phase species that take turns, and when.

A family is a file with a frozen dataclass below :class:`Oscillator` and a map from a wanted period and trough to it.
:mod:`clock.families` lists them by name.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from dsd.errors import InputError
from dsd.network import Dose, Reaction, Species, Threshold

if TYPE_CHECKING:
    Triple = tuple[str, str, str]

STAGE = ROLE = "clock"


class Oscillator(ABC):
    """A clock of three phases.

    ``amplitude`` is the concentration of a phase species at its height (the network's units), ``trough`` its lowest
    over half of that, ``k`` the rate constant (1/concentration/time) that gating rates are given relative to, ``names``
    the phase species in turn. Phase i is the time that begins when ``names[i-1]`` rises.
    """

    __slots__ = ()

    if TYPE_CHECKING:

        @property
        def amplitude(self) -> float: ...
        @property
        def trough(self) -> float: ...
        @property
        def k(self) -> float: ...
        @property
        def names(self) -> Triple: ...

    @property
    @abstractmethod
    def period(self) -> float:
        """Time of one cycle (the network's time unit)."""

    @property
    def phase(self) -> float:
        """A third of the period: from the rise of one phase species to that of the next."""
        return self.period / 3

    @property
    def spans(self) -> tuple[float, float]:
        """From the fall of phase 3 to the rise of phase 2, and from there to the rise of phase 3, at half height."""
        return self.phase, self.phase

    @property
    def overlapping(self) -> bool:
        """Whether a phase rises as the one before it falls, and not later."""
        return self.spans[0] < 1.1 * self.phase

    @abstractmethod
    def reactions(self, seed_flux: float = 0.0) -> tuple[Reaction, ...]:
        """The clock's reactions; with a ``seed_flux`` (concentration/time), also ``->`` into every ring species."""

    @abstractmethod
    def species(self, done: float = 0.51) -> tuple[Species, ...]:
        """All species of the clock, at the start of phase 1; ``done`` says how far into it."""

    def doses(self, periods: int) -> tuple[Dose, ...]:
        """What is pipetted in so many periods from time 0 to make the clock run; nothing for a chemical clock."""
        return ()

    def begins(self, phase: int = 1, level: float = 0.5) -> Threshold:
        """The moment when phase 1, 2 or 3 begins: its species rises through ``level`` times the amplitude."""
        return Threshold((self._name(phase),), level * self.amplitude, 1)

    def ends(self, phase: int = 3, level: float = 0.5) -> Threshold:
        """The moment when phase 1, 2 or 3 ends: its species falls through ``level`` times the amplitude."""
        return Threshold((self._name(phase),), level * self.amplitude, -1)

    def _name(self, phase: int) -> str:
        if phase not in (1, 2, 3):
            raise InputError(f"the ring has no phase {phase}; its phases are 1, 2 and 3")
        return self.names[phase - 1]


def seeds(names: tuple[str, ...], flux: float) -> tuple[Reaction, ...]:
    """``-> O`` at ``flux`` (concentration/time) into each of ``names``; nothing if it is 0."""
    return tuple(Reaction((), (n,), flux, STAGE, "seed flux keeps the trough") for n in names) if flux else ()
