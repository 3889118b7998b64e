"""The levels of a design, one after the other.

In: a :class:`~compiler.design.Design`. Out: its formal circuit, its clocked network, its DNA system, and the
implementation network, each with the interpretation that reads it in terms of the level above.
"""

from __future__ import annotations

from compiler.budget import counted
from compiler.calibrate import calibrated
from compiler.circuit import Circuit, circuit_of
from compiler.design import Design
from compiler.joining import APART, Clocked, join_clock, pot_circuit, strategy
from compiler.lowered import Lowered, as_stated, lowering, mapped, seconds, seeded_ring
from compiler.molecularity import asked
from compiler.optimise import optimised
from compiler.schema import Dna
from compiler.tempo import paced, thinned
from compiler.tune import scaled, tuned
from dsd.errors import InputError
from dsd.expand import Expansion, expand
from dsd.network import Network

__all__ = [
    "APART", "Clocked", "Lowered", "as_stated", "circuit_from", "clocked", "dsd", "formal", "implementation",
    "join_clock", "lowering", "mapped", "pot_circuit", "seconds", "seeded_ring", "strategy", "to_dna",
]  # fmt: skip


def formal(design: Design) -> Circuit:
    """The Neural CRN: stages N1 to N4, unclocked."""
    return design.circuit()


def clocked(design: Design, strategy: str | None = None) -> Clocked:
    """The circuit joined to its oscillator; ``strategy`` replaces the design's gating."""
    chosen = design.clock if strategy is None else design.clock.model_copy(update={"gating": strategy})
    pot = calibrated(pot_circuit(design), chosen, design.data.train_x)
    if chosen.tune:
        pot = tuned(design, pot, chosen.tune)
    pot = asked(design, pot)
    return counted(design, pot) if design.dna.capacity else pot


def dsd(design: Design, strategy: str | None = None) -> Lowered:
    """The DNA system of the design's clocked network."""
    return to_dna(clocked(design, strategy), design.dna)


def to_dna(pot: Clocked, dna: Dna) -> Lowered:
    """Lower a clocked network into gates and fuels, at the pace and the concentrations of :mod:`compiler.tempo`.

    Raises :class:`MappingError` if its rates cannot be met.
    """
    if pot.ring.doses(1):
        raise InputError("an external clock is a device, not strands; set [clock] family = 'ring' for level dsd")
    pot = pot if dna.step == 1.0 else scaled(pot, step=dna.step)
    if dna.limits.stated:
        return optimised(pot, dna)
    chosen = paced(pot, dna)
    made = as_stated(pot, chosen)
    thinner = thinned(chosen, made.system.total_strand_nM)
    return made if thinner is chosen else as_stated(pot, thinner)


def implementation(design: Design, strategy: str | None = None) -> Expansion:
    """The implementation network of the design's DNA system."""
    return expand(dsd(design, strategy).system)


def circuit_from(network: Network) -> Circuit:
    """The circuit that a formal ``.crn`` text states."""
    return circuit_of(network)
