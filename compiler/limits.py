"""What a mapping comes to, against what it has to keep to.

In: a lowered design and its limits. Out: :class:`Measure` records: how much of every signal is free, how much there is
of every strand, how much of every fuel an iteration uses, and how long it takes.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from compiler.joining import Clocked
from compiler.lowered import Lowered, seconds
from compiler.operating import key
from compiler.schema import Dna
from dsd.errors import InputError
from dsd.mapping import Mapped
from dsd.network import Network, Reaction
from dsd.system import System

BINDS = 0.01
"""A limit binds where less than this share of it is left."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One quantity of a mapping and its limit (infinite, or 0 where at least so much is wanted: none).

    ``name`` is the key of the limit, ``where`` the species, strand or reaction; ``least`` says that more is better.
    """

    name: str
    where: str
    value: float
    limit: float
    least: bool = False

    @property
    def excess(self) -> float:
        """log(value / limit), or its negative where at least the limit is wanted: above 0 it is not kept."""
        if self.limit in (0.0, math.inf) or (self.value == 0 and not self.least):
            return -math.inf
        return math.log(self.limit / self.value) if self.least else math.log(self.value / self.limit)

    @property
    def kept(self) -> bool:
        """Whether the limit is kept, to a part in a million."""
        return self.excess <= 1e-6

    @property
    def binds(self) -> bool:
        """Whether the limit is (nearly) reached, or not kept."""
        return self.excess > math.log(1 - BINDS)

    def to_dict(self) -> dict[str, Any]:
        """As JSON-ready values; no limit is null."""
        limit = None if self.limit in (0.0, math.inf) else self.limit
        kept = {"kept": self.kept, "binds": self.binds}
        return {**asdict(self), "limit": limit, **kept}


def strand_totals(system: System) -> dict[str, float]:
    """nM of every strand as supplied, free and in gates."""
    totals = {s.name: s.initial for s in system.strands}
    for c in system.complexes:
        for sequence in c.duplex.strands:
            totals[system.strand_of[sequence].name] += c.initial
    return totals


def iteration_hours(pot: Clocked, dna: Dna) -> float:
    """Nominal lab time of an iteration: a period of the clock at its stated rate."""
    return pot.ring.period * seconds(pot, dna) / 3600.0


def measures(lowered: Lowered, given: Dna | None = None) -> tuple[Measure, ...]:
    """Everything a lowered design is judged by, against the limits of ``given`` (default: of its own ``[dna]``).

    Raises :class:`InputError` where ``[dna.limits] free`` names no species and no role.
    """
    dna = lowered.dna
    bounds = given or dna
    limits, network = bounds.limits, lowered.clocked.network
    least = free_limits(network, bounds)
    found = [Measure("min_free", x, value, least[x], least=True) for x, value in lowered.mapping.free]
    most = math.inf if limits.strand_uM is None else limits.strand_uM
    found += [Measure("strand_uM", name, nM / 1000, most) for name, nM in strand_totals(lowered.system).items()]
    total = bounds.made_uM if limits.total_uM is None else limits.total_uM
    found.append(Measure("total_uM", "all strands", lowered.system.total_strand_nM / 1000, total))
    hours = math.inf if limits.iteration_hours is None else limits.iteration_hours
    found.append(Measure("iteration_hours", "an iteration", iteration_hours(lowered.clocked, dna), hours))
    for name, used in zip(("depletion", "clock_depletion", "end_depletion"), depletion(lowered), strict=True):
        stated = limits.depletion if name == "depletion" else None
        found += [Measure(name, text, value, math.inf if stated is None else stated) for text, value in used.items()]
    return tuple(found)


def free_limits(network: Network, dna: Dna) -> dict[str, float]:
    """The least free fraction of every species: its own, its role's, or ``min_free``."""
    known = {s.name for s in network.species} | {s.role for s in network.species}
    unknown = sorted(set(dna.limits.free) - known)
    if unknown:
        raise InputError(
            f"[dna.limits] free names '{unknown[0]}', no species and no role of the network; "
            f"roles are {', '.join(sorted({s.role for s in network.species}))}"
        )
    named = dna.limits.free
    return {s.name: named.get(s.name, named.get(s.role, dna.min_free)) for s in network.species}


def depletion(lowered: Lowered) -> tuple[dict[str, float], dict[str, float], dict[str, float]]:
    """Gate, helper or fork of a reaction -> the share of it that an iteration uses; the same of the clock's own; and of
    the end strands that all forks share.

    Where nobody counted firings (a file has no samples), only the clock's are known: each phase turns over once.
    """
    pot, unit, system = lowered.clocked, lowered.dna.unit_nM, lowered.system
    found: tuple[dict[str, float], dict[str, float], dict[str, float]] = ({}, {}, {})
    ends = {s.name: s.initial for s in system.strands if s.role == "end"}
    for r, m, module in zip(pot.network, lowered.mapping.records, system.modules, strict=True):
        fired = _firings(pot, r) * unit
        for part, nM in _stocks(m):
            if fired > 0 and nM > 0:
                place, where = found[r.stage == "clock"], f"{part} of {m.text}"
                place[where] = max(place.get(where, 0.0), fired / nM)
        for name in module.fuels:
            if fired > 0 and ends.get(name, 0.0) > 0:
                found[2][name] = found[2].get(name, 0.0) + fired / ends[name]
    return found


def _firings(pot: Clocked, r: Reaction) -> float:
    firings: Mapping[Any, float] = pot.firings
    if not firings:
        return pot.ring.amplitude if r.stage == "clock" and r.order == 2 else 0.0
    return firings.get(key(r), 0.0)


def _stocks(m: Mapped) -> tuple[tuple[str, float], ...]:
    """What every firing of a reaction uses one of."""
    return (m.kind, m.gate_nM * (2 if m.mirror else 1)), ("helper", m.helper_nM), ("fork", m.fork_nM)


def worst(found: tuple[Measure, ...]) -> dict[str, Measure]:
    """Of every kind of limit the measure nearest to it; where there is no limit, the largest (or least) value."""
    out: dict[str, Measure] = {}
    for m in found:
        old = out.get(m.name)
        rank = (m.excess, -m.value if m.least else m.value)
        if old is None or rank > (old.excess, -old.value if old.least else old.value):
            out[m.name] = m
    return out
