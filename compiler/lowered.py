"""The DNA system of a clocked network, at a pace and concentrations that ``[dna]`` states.

In: a clocked network and a ``[dna]`` section. Out: :class:`Lowered`, or only the mapping of its rates.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from compiler.joining import Clocked
from compiler.schema import Dna
from dsd.interpretation import Interpretation
from dsd.lower import lower_mapped
from dsd.lowering import Lowering
from dsd.mapping import Mapping as RateMapping
from dsd.mapping import solve
from dsd.network import Network
from dsd.system import System
from dsd.toeholds import assigned

FIRINGS = "firings"
"""Metadata of a network that :mod:`compiler.budget` has counted."""


@dataclass(frozen=True)
class Lowered:
    """The DNA system of a clocked network, its interpretation in clocked species, and how each rate was met.

    ``dna`` is what it was made with, the slowdown a number.
    """

    system: System
    interpretation: Interpretation
    mapping: RateMapping
    clocked: Clocked
    dna: Dna


def as_stated(pot: Clocked, dna: Dna) -> Lowered:
    """The DNA system of a clocked network at the very pace and concentrations of ``dna``.

    Raises :class:`MappingError` if its rates cannot be met.
    """
    seeded = seeded_ring(pot, dna)
    options = lowering(seeded, dna, seconds(pot, dna))
    system, mapping = lower_mapped(seeded, options, assigned(seeded, options, dna.palette))
    return Lowered(system, system.interpretation, mapping, replace(pot, network=seeded), dna)


def mapped(pot: Clocked, dna: Dna) -> RateMapping:
    """How the rates of a clocked network are met at the slowdown that ``dna`` states.

    Raises :class:`MappingError` if its rates cannot be met.
    """
    seeded = seeded_ring(pot, dna)
    return solve(seeded, lowering(seeded, dna, seconds(pot, dna)))


def seeded_ring(pot: Clocked, dna: Dna) -> Network:
    """The clocked network with a seed flux into each phase species, which gives a ring of gates its limit cycle."""
    plain = tuple(r for r in pot.network.reactions if r.reactants or r.stage != "clock")
    flux = dna.seed_flux_nM_s * seconds(pot, dna) / dna.unit_nM
    ring = pot.ring.reactions(flux)
    return replace(pot.network, reactions=plain + tuple(r for r in ring if not r.reactants))


def seconds(pot: Clocked, dna: Dna) -> float:
    """Seconds of one formal time unit: the ring's rate constant is to be ``ring_per_nM_s`` in the tube."""
    return pot.ring.k / (dna.ring_per_nM_s * dna.unit_nM)


def lowering(network: Network, dna: Dna, seconds: float) -> Lowering:
    """The lowering options that ``[dna]`` asks for, for this clocked network at ``seconds`` a formal time unit."""
    held = dna.capacity * dna.unit_nM
    return Lowering(
        unit_nM=dna.unit_nM,
        unit_s=seconds,
        scheme=dna.scheme,
        profile=dna.profile,
        toehold_nt=dna.toehold_nt,
        long_nt=dna.long_nt,
        reverse_nM=dna.reverse_nM,
        helper_nM=dna.helper_nM,
        fork_nM=dna.fork_nM,
        clock_fork_nM=dna.clock_fork_nM,
        clock_helper_nM=dna.clock_helper_nM,
        clock_gate_nM=dna.clock_gate_nM,
        end_nM=dna.end_nM,
        initiator_nM=dna.initiator_nM,
        cmax_nM=dna.cmax_nM,
        pools=tuple(sorted(dna.pools.items())),
        slow_load=dna.slow_load,
        helper_ratio=dna.helper_ratio,
        min_gate_nM=dna.min_gate_nM,
        max_gate_nM=dna.max_gate_nM,
        dosed=tuple(network.get("dosed").split()),
        least=tuple((index, held * amount) for index, amount in recorded(network).items()) if held else (),
    )


def recorded(network: Network) -> dict[int, float]:
    """The firings that a network's metadata state: reaction index -> formal units a period; empty without."""
    pairs = (entry.split(":") for entry in network.get(FIRINGS).split())
    return {int(index): float(value) for index, value in pairs}
