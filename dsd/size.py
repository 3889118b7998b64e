"""How large a DNA system is: what has to be bought, mixed and simulated."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from dsd.expand import Expansion
from dsd.system import FUELS, System


@dataclass(frozen=True, slots=True)
class Size:
    """Counts of a system; ``total_strand_nM`` in nM, ``nucleotides`` summed over distinct strands.

    ``fuel_strands`` are the free strands that are supplied (reverse, helper, end, initiator). ``species`` and
    ``reactions`` are those of the implementation network, 0 if it was not given; a reversible step counts twice.
    """

    signal_strands: int
    gate_complexes: int
    fuel_strands: int
    distinct_strands: int
    toehold_domains: int
    long_domains: int
    nucleotides: int
    total_strand_nM: float
    species: int = 0
    reactions: int = 0

    def as_dict(self) -> dict[str, float]:
        """Field names and values, in order."""
        return asdict(self)


def size(system: System, expansion: Expansion | None = None) -> Size:
    """Measure a system. Every strand of every gate is a strand to synthesise, whether it starts free or bound."""
    roles = [s.role for s in system.strands]
    return Size(
        signal_strands=roles.count("signal"),
        gate_complexes=len(system.complexes),
        fuel_strands=sum(roles.count(role) for role in FUELS),
        distinct_strands=len(system.strands),
        toehold_domains=len(system.toeholds),
        long_domains=len(system.domains) - len(system.toeholds),
        nucleotides=sum(system.lengths[d.rstrip("*")] for s in system.strands for d in s.domains),
        total_strand_nM=system.total_strand_nM,
        species=len(expansion.network.species) if expansion else 0,
        reactions=len(expansion.network.reactions) if expansion else 0,
    )
