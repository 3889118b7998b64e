"""A DNA system at the domain level: strands, complexes and concentrations, and what they mean.

This is the level that ``.pil`` text holds (:mod:`dsd.pil`). Concentrations are in nM, times in s.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property

from dsd.domains import Domain, Duplex, Sequence
from dsd.errors import InputError
from dsd.interpretation import Interpretation
from dsd.kernel import Structure, from_duplex
from dsd.limits import MAX_NAME
from dsd.network import NAME, Dose, Threshold

FUELS = ("reverse", "helper", "end", "initiator", "fuel")
"""Roles of the single strands that are supplied rather than produced."""

FOLDED = ("gate", "buffer", "fuel")
"""Roles of complexes that may have any structure; their network is Peppercorn's (:mod:`dsd.folded`)."""

BOTTOM = "bottom"
"""Role of the strands that are never free: the bottom strands of complexes."""


@dataclass(frozen=True, slots=True)
class Strand:
    """A distinct strand of the system, whether it starts free (``initial`` nM) or bound.

    ``role`` is one of signal, reverse, helper, translator, end, initiator, fuel (any other that is supplied), form (a
    signal with another history domain), waste, bottom. ``reaction`` is the index of the reaction it was made for, None
    where several share it.
    """

    name: str
    domains: Sequence
    role: str
    initial: float = 0.0
    reaction: int | None = None


@dataclass(frozen=True, slots=True)
class Complex:
    """A gate of a ``shape``, supplied at ``initial`` nM, its role join, fork, annihilator, source, or one of FOLDED.

    ``latch`` names a strand: a complex grown from this one means the signals bound in it while the latch is bound
    too, and nothing otherwise. A join's latch is the translator it has yet to release, a fork's the translator that
    has reached it, an annihilator's its last, bare strand, a source's the initiator. What grows from a gate of role
    fuel means nothing that is known, and it has no latch.
    """

    name: str
    shape: Duplex | Structure
    role: str
    initial: float
    latch: str
    reaction: int | None = None

    @property
    def duplex(self) -> Duplex:
        """The shape, where it is a top-nicked duplex; raises :class:`InputError` where it is any other."""
        if isinstance(self.shape, Duplex):
            return self.shape
        raise InputError(f"{self.name} is no duplex of nicks, which this needs; use a two-domain scheme for it")

    @property
    def structure(self) -> Structure:
        """The shape, strand by strand and pair by pair."""
        return from_duplex(self.shape) if isinstance(self.shape, Duplex) else self.shape

    @property
    def strands(self) -> tuple[Sequence, ...]:
        """Every strand, 5' to 3'."""
        return self.shape.strands


@dataclass(frozen=True, slots=True)
class Module:
    """The parts that implement one reaction of the input network.

    ``index`` counts from 0 in the input network; ``text`` is the reaction; ``kind`` is join, annihilator, sink,
    source, buffer, or module for schemes of other gates; ``gates`` names complexes, ``fuels`` the strands supplied for
    it beside the reverse strands all modules share; ``values`` are the mapped quantities by name (:mod:`dsd.mapping`).
    """

    index: int
    text: str
    kind: str
    gates: tuple[str, ...]
    fuels: tuple[str, ...]
    values: tuple[tuple[str, float], ...] = ()

    def __getitem__(self, key: str) -> float:
        return dict(self.values)[key]


@dataclass(frozen=True)
class System:
    """Domains, every distinct strand, the gates, doses, and the interpretation of the strands.

    ``toeless`` holds pairs (strand, complex) of names whose displacement starts without a toehold. ``meta`` is
    ordered key/value text (scheme, profile, units). Raises :class:`InputError` where names or structures clash.
    """

    domains: tuple[Domain, ...]
    strands: tuple[Strand, ...]
    complexes: tuple[Complex, ...]
    doses: tuple[Dose, ...] = ()
    interpretation: Interpretation = field(default_factory=lambda: Interpretation(()))
    toeless: tuple[tuple[str, str], ...] = ()
    modules: tuple[Module, ...] = ()
    meta: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        _check_names(self)
        _check_structures(self)
        _check_references(self)

    @property
    def folded(self) -> bool:
        """Whether it is of a scheme whose gates may have any structure."""
        return any(c.role in FOLDED for c in self.complexes)

    @property
    def tuned(self) -> bool:
        """Whether rates are set by the strength of toeholds, module by module (:mod:`dsd.buffering`)."""
        return bool(self.get("qmax_per_M_s"))

    @cached_property
    def strand_of(self) -> dict[Sequence, Strand]:
        """The strand with the given domains."""
        return {s.domains: s for s in self.strands}

    @cached_property
    def lengths(self) -> dict[str, int]:
        """Length in nt of every domain."""
        return {d.name: d.length for d in self.domains}

    @cached_property
    def toeholds(self) -> frozenset[str]:
        """Names of the toehold domains."""
        return frozenset(d.name for d in self.domains if d.toehold)

    @cached_property
    def position(self) -> dict[str, int]:
        """Place of every strand in ``strands``, by name."""
        return {s.name: i for i, s in enumerate(self.strands)}

    @cached_property
    def complex_of(self) -> dict[str, Complex]:
        """The complex of the given name."""
        return {c.name: c for c in self.complexes}

    @cached_property
    def strands_by_domain(self) -> dict[str, list[int]]:
        """Places of the strands whose first long domain, or first domain if all are toeholds, this is."""
        found: dict[str, list[int]] = {}
        for i, s in enumerate(self.strands):
            bases = [d.rstrip("*") for d in s.domains]
            found.setdefault(next((d for d in bases if d not in self.toeholds), bases[0]), []).append(i)
        return found

    @property
    def total_strand_nM(self) -> float:
        """Concentration of all strands together, bound and free, as supplied."""
        free = math.fsum(s.initial for s in self.strands)
        return free + math.fsum(c.initial * len(c.strands) for c in self.complexes)

    def get(self, key: str, default: str = "") -> str:
        """A ``meta`` value by key."""
        return dict(self.meta).get(key, default)


def _check_names(system: System) -> None:
    for kind, names in (
        ("domain", [d.name for d in system.domains]),
        ("strand or complex", [s.name for s in system.strands] + [c.name for c in system.complexes]),
    ):
        seen: set[str] = set()
        for name in names:
            if not NAME.match(name) or name in seen:
                fact = "is used twice" if name in seen else "is not a name"
                raise InputError(f"the {kind} '{name}' {fact}; name each {kind} once, with letters, digits and _")
            if len(name) > MAX_NAME:
                raise InputError(f"the name {name[:20]}... has {len(name)} characters; use at most {MAX_NAME}")
            seen.add(name)
    amounts = [(s.name, s.initial) for s in system.strands] + [(c.name, c.initial) for c in system.complexes]
    for name, initial in amounts:
        if not (math.isfinite(initial) and initial >= 0):
            raise InputError(f"{name} starts at {initial} nM; give a concentration >= 0")


def _check_structures(system: System) -> None:
    known = {d.name for d in system.domains}
    by_domains: dict[Sequence, str] = {}
    for s in system.strands:
        unknown = [d for d in s.domains if d.rstrip("*") not in known]
        if unknown or not s.domains:
            raise InputError(f"strand {s.name} uses the unknown domain {' '.join(unknown) or '(none)'}; declare it")
        if s.domains in by_domains:
            raise InputError(f"strands {by_domains[s.domains]} and {s.name} have the same domains; keep one of them")
        by_domains[s.domains] = s.name
    by_shape: dict[Duplex | Structure, str] = {}
    for c in system.complexes:
        for sequence in c.strands:
            if sequence not in by_domains:
                raise InputError(f"complex {c.name} holds the strand {' '.join(sequence)}, which has no name; list it")
        if c.shape in by_shape:
            raise InputError(f"complexes {by_shape[c.shape]} and {c.name} are the same duplex; add them up")
        by_shape[c.shape] = c.name


def _check_references(system: System) -> None:
    strands = {s.name for s in system.strands}
    complexes = {c.name for c in system.complexes}
    for c in system.complexes:
        if c.latch not in strands and (c.latch or c.role != "fuel"):
            raise InputError(f"complex {c.name} has the latch '{c.latch}', which is no strand; name one of its strands")
    for strand, gate in system.toeless:
        if strand not in strands or gate not in complexes:
            raise InputError(f"the toeless pair {strand}, {gate} is not a strand and a complex; correct the names")
    for d in system.doses:
        watched = d.at.species if isinstance(d.at, Threshold) else ()
        for name in (d.species, *watched):
            if name not in strands and name not in complexes:
                raise InputError(f"a dose names {name}, which the system does not hold; correct the name")
    for name, _ in system.interpretation.table:
        if name not in strands and name not in complexes:
            raise InputError(f"the interpretation names {name}, which the system does not hold; correct the name")
