"""A network while its `.crn` text is being read, and the quantities its statements share.

The draft is the only mutable thing of the reader; :mod:`dsd.syntax` makes one and turns it into a Network.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction

from dsd.errors import InputError
from dsd.lexer import Cursor
from dsd.limits import MAX_STATEMENTS
from dsd.network import UNITLESS, Dose, Reaction, Units
from dsd.quantities import concentration_scale, time_scale

UNIT = re.compile("[A-Za-z\u00b5\u03bc]+")
"""A unit of concentration or time."""


@dataclass
class Declaration:
    """What was said of a species so far; None is unsaid."""

    initial: float | None = None
    role: str | None = None
    listed: bool = False


@dataclass
class Draft:
    """A network while its text is being read. ``mentions`` are names to be checked when all species are known."""

    units: Units | None = None
    level: str = ""
    stages: dict[str, None] | None = None
    meta: list[tuple[str, str]] = field(default_factory=list)
    species: dict[str, Declaration] = field(default_factory=dict)
    reactions: list[Reaction] = field(default_factory=list)
    doses: list[Dose] = field(default_factory=list)
    mentions: list[tuple[str, Cursor, int]] = field(default_factory=list)
    begun: bool = False

    @property
    def size(self) -> int:
        """How many things have been declared."""
        return len(self.species) + len(self.reactions) + len(self.doses) + len(self.mentions) + len(self.meta)

    @property
    def own_units(self) -> Units:
        """The units in force."""
        return self.units or UNITLESS


def declare(
    draft: Draft, c: Cursor, name: str, at: int, *, initial: float | None = None, role: str | None = None
) -> Declaration:
    """Add what a statement says of the species ``name`` at position ``at``; raises TextError on a contradiction."""
    said = draft.species.setdefault(name, Declaration())
    if len(draft.species) > MAX_STATEMENTS:
        raise c.error(f"there are more than {MAX_STATEMENTS} species here", "split the network up", at)
    if initial is not None:
        if said.initial is not None:
            raise c.error(f"{name} has an initial concentration already", "give it once", at)
        said.initial = initial
    if role is not None:
        if said.role is not None:
            raise c.error(f"{name} has the role {said.role} already", "give each species one role", at)
        said.role = role
    return said


def amount(c: Cursor, units: Units, what: str, *, signed: bool = False) -> float:
    """A concentration in the network's ``units``, whether the text has a unit or not."""
    value, at = c.number(what, signed=signed), c.mark()
    if unit := c.take(UNIT):
        return scaled(c, at, value, lambda: concentration_scale(unit, units))
    return value


def time(c: Cursor, units: Units) -> float:
    """A time in the network's ``units``, whether the text has a unit or not."""
    value, at = c.number("a time", signed=True), c.mark()
    if unit := c.take(UNIT):
        return scaled(c, at, value, lambda: time_scale(unit, units))
    return value


def scaled(c: Cursor, at: int, value: float, scale: Callable[[], Fraction]) -> float:
    """``value`` times the scale, with the unit's errors located at ``at``."""
    try:
        return float(Fraction(value) * scale())
    except InputError as error:
        fact, _, remedy = str(error).partition("; ")
        raise c.error(fact, remedy, at) from None
    except OverflowError:
        raise c.error("this is too large a number in the network's units", "check the unit", at) from None
