"""Reaction networks: frozen data, plain mass action.

In: reactions, species with initial concentrations and roles, doses. Out: one immutable :class:`Network`.

Rate law, stated once for the whole project: a reaction ``2 S -> ...`` at rate constant ``k`` has rate ``k * S**2``
(no division by factorials), in the network's own units (:class:`Units`).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

from dsd.errors import InputError
from dsd.limits import MAX_NAME

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_']*\Z")


@dataclass(frozen=True, slots=True)
class Units:
    """Concentration and time units of a network: ``("1", "1")`` for formal levels, ``("nM", "s")`` for DNA."""

    concentration: str = "1"
    time: str = "1"


UNITLESS = Units()
NANOMOLAR = Units("nM", "s")


@dataclass(frozen=True, slots=True)
class Reaction:
    """``reactants -> products`` at rate ``k * prod(reactants)``.

    ``reactants`` and ``products`` are multisets written as tuples; their order carries no kinetics, but a lowering
    reads it (the first reactant of a join is the one it sequesters). ``k`` has units concentration^(1-n)/time for n
    reactants. ``stage`` is a tag such as ``"N1"``; ``note`` is the comment printed behind the reaction.
    """

    reactants: tuple[str, ...]
    products: tuple[str, ...]
    k: float = 1.0
    stage: str = ""
    note: str = ""

    @property
    def order(self) -> int:
        """Number of reactants, with multiplicity."""
        return len(self.reactants)

    @property
    def species(self) -> tuple[str, ...]:
        """Every species of the reaction once, in order of appearance."""
        return tuple(dict.fromkeys(self.reactants + self.products))

    def net(self) -> dict[str, int]:
        """Net change of each species per firing; species that do not change are left out."""
        change = dict.fromkeys(self.species, 0)
        for name in self.reactants:
            change[name] -= 1
        for name in self.products:
            change[name] += 1
        return {name: n for name, n in change.items() if n}


@dataclass(frozen=True, slots=True)
class Species:
    """A species, its initial concentration, and the role it plays (``"input"``, ``"parameter"``, ``"fuel"``, ...)."""

    name: str
    initial: float = 0.0
    role: str = ""


@dataclass(frozen=True, slots=True)
class Threshold:
    """The moment when the summed concentration of ``species`` crosses ``level``, rising (+1) or falling (-1)."""

    species: tuple[str, ...]
    level: float
    direction: int = 1


@dataclass(frozen=True, slots=True)
class Dose:
    """``amount`` (concentration units) added to ``species`` at time ``at``, or at each crossing of a threshold."""

    species: str
    amount: float
    at: float | Threshold


@dataclass(frozen=True)
class Network:
    """A chemical reaction network with its initial state, doses, units and level.

    ``level`` is one of ``""``, ``"formal"``, ``"clocked"``, ``"network"``. ``meta`` holds ordered key/value text that
    the text form keeps (a design's name, a time constant a later pass needs). Build one with :func:`network`, which
    declares species that only appear in reactions. Raises :class:`InputError` for names, rates or doses that no
    network can have.
    """

    reactions: tuple[Reaction, ...]
    species: tuple[Species, ...]
    doses: tuple[Dose, ...] = ()
    units: Units = UNITLESS
    level: str = ""
    meta: tuple[tuple[str, str], ...] = field(default=())

    def __post_init__(self) -> None:
        seen: set[str] = set()
        for s in self.species:
            _check_species(s)
            if s.name in seen:
                raise InputError(f"species {s.name} is declared twice; declare it once")
            seen.add(s.name)
        for r in self.reactions:
            _check_reaction(r, seen)
        for d in self.doses:
            _check_dose(d, seen)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Species names in state-vector order, length N."""
        return tuple(s.name for s in self.species)

    @cached_property
    def index(self) -> dict[str, int]:
        """Position of each species in the state vector."""
        return {name: i for i, name in enumerate(self.names)}

    def __iter__(self) -> Iterator[Reaction]:
        return iter(self.reactions)

    def role(self, role: str) -> tuple[str, ...]:
        """Names of the species with that role, in state order."""
        return tuple(s.name for s in self.species if s.role == role)

    def stage(self, stage: str) -> tuple[Reaction, ...]:
        """Reactions tagged with that stage."""
        return tuple(r for r in self.reactions if r.stage == stage)

    def get(self, key: str, default: str = "") -> str:
        """A ``meta`` value by key."""
        return dict(self.meta).get(key, default)

    def with_initial(self, **concentrations: float) -> Network:
        """The same network with other initial concentrations for the named species."""
        unknown = sorted(set(concentrations) - set(self.names))
        if unknown:
            raise InputError(f"no species {', '.join(unknown)} in this network; it has {', '.join(self.names[:12])}")
        return replace(
            self, species=tuple(replace(s, initial=concentrations.get(s.name, s.initial)) for s in self.species)
        )


def network(
    reactions: Iterable[Reaction],
    species: Iterable[Species] = (),
    *,
    doses: Iterable[Dose] = (),
    units: Units = UNITLESS,
    level: str = "",
    meta: Iterable[tuple[str, str]] = (),
) -> Network:
    """A network whose undeclared species are added (initially 0) in order of appearance after the declared ones."""
    reactions, declared = tuple(reactions), tuple(species)
    known = dict.fromkeys(s.name for s in declared)
    extra = [n for n in dict.fromkeys(n for r in reactions for n in r.species) if n not in known]
    return Network(reactions, declared + tuple(Species(n) for n in extra), tuple(doses), units, level, tuple(meta))


def _check_species(s: Species) -> None:
    if not NAME.match(s.name):
        raise InputError(f"'{s.name}' cannot name a species; use letters, digits, _ and ', starting with a letter")
    if len(s.name) > MAX_NAME:
        raise InputError(f"the name {s.name[:20]}... has {len(s.name)} characters; use at most {MAX_NAME}")
    if not (math.isfinite(s.initial) and s.initial >= 0):
        raise InputError(f"species {s.name} starts at {s.initial}; an initial concentration is a number >= 0")


def _check_reaction(r: Reaction, known: set[str]) -> None:
    if not (math.isfinite(r.k) and r.k >= 0):
        raise InputError(f"reaction {describe(r)} has rate {r.k}; a rate constant is a number >= 0")
    missing = [n for n in r.species if n not in known]
    if missing:
        raise InputError(f"reaction {describe(r)} uses undeclared species {', '.join(missing)}; declare them")


def _check_dose(d: Dose, known: set[str]) -> None:
    watched = d.at.species if isinstance(d.at, Threshold) else ()
    missing = [n for n in (d.species, *watched) if n not in known]
    if missing:
        raise InputError(f"a dose names the unknown species {', '.join(missing)}; declare it or correct the name")
    if not (math.isfinite(d.amount) and d.amount >= 0):
        raise InputError(f"the dose of {d.species} is {d.amount}; a dose is a number >= 0")


def describe(r: Reaction) -> str:
    """``A + B -> C``, without rate or tags."""
    return f"{' + '.join(r.reactants)} -> {' + '.join(r.products)}".strip()
