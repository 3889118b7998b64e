"""Toehold occlusion: how many of the gates' open toeholds have some strand sitting on them, whichever it is.

In: a system as supplied. Out: one :class:`Occlusion` a toehold domain. At rest a free toehold t and an open t* bind and
part with the dissociation constant of a bare toehold (:func:`dsd.rates.toehold_dissociation_nM`); strands that go on to
displace something leave that balance, so this is the load of bystanders: what slows every gate down, whatever it does.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass

from dsd.kernel import Structure
from dsd.rates import toehold_dissociation_nM
from dsd.system import System


@dataclass(frozen=True, slots=True)
class Occlusion:
    """A toehold: ``free_nM`` on free strands, ``open_nM`` complements open on gates, ``share`` of these bound."""

    toehold: str
    length: int
    free_nM: float
    open_nM: float
    dissociation_nM: float
    share: float

    def to_dict(self) -> dict[str, float | str]:
        """Field names and values, in order."""
        return asdict(self)


def occlusion(system: System) -> tuple[Occlusion, ...]:
    """The occlusion of every toehold domain, in the system's order."""
    found = []
    for d in system.domains:
        if d.toehold:
            free = math.fsum(s.initial * s.domains.count(d.name) for s in system.strands)
            open_nM = math.fsum(c.initial * _open(c.structure, f"{d.name}*") for c in system.complexes)
            k = toehold_dissociation_nM(d.length)
            found.append(Occlusion(d.name, d.length, free, open_nM, k, bound_share(free, open_nM, k)))
    return tuple(found)


def _open(s: Structure, domain: str) -> int:
    """How often a complex has that domain unpaired."""
    domains = (d for strand in s.strands for d in strand)
    return sum(d == domain and partner < 0 for d, partner in zip(domains, s.pairs, strict=True))


def bound_share(free: float, open_: float, dissociation: float) -> float:
    """The share of ``open_`` sites that are bound, by the law of mass action, all in one unit.

    ``b^2 - (free + open + K) b + free open = 0``; the smaller root, in the form without cancellation.
    """
    if not free or not open_:
        return 0.0
    total = free + open_ + dissociation
    return 2 * free / (total + math.sqrt(total * total - 4 * free * open_))
