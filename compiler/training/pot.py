"""A one-pot network, and how to dose and read it: what the levels ``clocked`` and ``dsd`` have in common.

In: a clocked network, or the DNA system it was lowered to. Out: a :class:`Pot`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from compiler.ballast import ROLE as BALLAST
from compiler.circuit import Circuit
from compiler.design import Design
from compiler.gate_families import gates_of
from compiler.joining import Clocked
from compiler.lowered import Lowered
from dsd.cooperate import cooperating
from dsd.expand import Expansion
from dsd.faults import Faults as Strengths
from dsd.faults import faulty
from dsd.integrate import Method, Tolerance
from dsd.interpretation import identity
from dsd.network import Network, Threshold
from dsd.system import FUELS

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Pot:
    """A one-pot network and how to dose and read it; the same for both levels.

    ``names`` are the clocked species, ``reading`` (len(names), N) their totals in the network's species.
    ``strand`` maps a clocked species to the network species that is pipetted; ``unit`` is the concentration of one
    formal unit and ``scale`` multiplies it per species; ``free`` is the free fraction of a clocked species.
    ``stock`` holds the nominal concentration of every fuel and gate, empty at the clocked level; ``stock_nM`` is the
    concentration of the solutions they are pipetted from. ``off`` is what a dose of a strand is really multiplied by.
    ``longest`` is a time no phase should take. ``method`` is how the network is integrated.
    """

    level: str
    network: Network
    clocked: Clocked
    names: tuple[str, ...]
    reading: Floats
    strand: Mapping[str, str]
    unit: float
    free: Mapping[str, float]
    tolerance: Tolerance
    stock: Mapping[str, float] = field(default_factory=dict)
    stock_nM: float = math.inf
    lowered: Lowered | None = None
    expansion: Expansion | None = None
    off: Mapping[str, float] = field(default_factory=dict)
    method: Method = "auto"

    @property
    def circuit(self) -> Circuit:
        """The formal circuit the pot implements."""
        return self.clocked.circuit

    @cached_property
    def row(self) -> dict[str, int]:
        """Row of each clocked species in ``reading``."""
        return {n: i for i, n in enumerate(self.names)}

    @property
    def counts(self) -> csr_array:
        """Which strands each species holds, shape (strands, N); no strands at the clocked level."""
        if self.expansion is None:
            return csr_array((0, len(self.network.names)), dtype=np.int64)
        return self.expansion.composition.matrix

    @property
    def longest(self) -> float:
        """Three nominal periods, in the network's time units."""
        return 3 * self.clocked.ring.period * float(self.network.get("unit_s", "1"))

    def concentration(self, species: str, formal: float) -> float:
        """Concentration (network units) of a clocked species that stands for a formal value."""
        return formal * self.unit * self.clocked.scale.get(species, 1.0)

    def watch(self, threshold: Threshold) -> Threshold:
        """A clock event of the clocked level as seen on the free strands of this pot."""
        share = self.free[threshold.species[0]]
        strands = tuple(self.strand[s] for s in threshold.species)
        return Threshold(strands, threshold.level * self.unit * share, threshold.direction)


def clocked_pot(pot: Clocked, tolerance: Tolerance | None = None) -> Pot:
    """The clocked network as a pot: unitless, every species its own reading, no fuels."""
    names = pot.network.names
    return Pot(
        "clocked", pot.network, pot, names, pot.read(identity(names)).matrix(names, names), {n: n for n in names}, 1.0,
        dict.fromkeys(names, 1.0), tolerance or Tolerance(rtol=1e-7, atol=1e-13, floor=1e-9),
    )  # fmt: skip


def design_pot(design: Design) -> Pot:
    """The DNA pot of a design, with the faults that it asks for."""
    from compiler import pipeline  # whose calibration runs a pot

    lowered = pipeline.dsd(design)
    return dsd_pot(lowered, faults=faults_of(design, lowered))


def faults_of(design: Design, lowered: Lowered) -> Strengths:
    """The faults that a design asks for, restricted to the gates it names."""
    return design.faults.strengths(gates_of(lowered, design.faults.only))


def dsd_pot(lowered: Lowered, tolerance: Tolerance | None = None, faults: Strengths | None = None) -> Pot:
    """The implementation network of a DNA system as a pot, in nM and s, with ``faults`` if there are any."""
    made, dna = faulty(lowered.system, faults or Strengths()), lowered.dna
    system, expansion = made.system, made.expansion
    if dna.annihilator == "cooperative":
        expansion = cooperating(system, expansion, dna.cooperative_nM)
    names = lowered.clocked.network.names
    network = expansion.network
    reading = lowered.clocked.read(expansion.interpretation).matrix(network.names, names)
    signals = {s.name for s in system.strands if s.role == "signal"}
    strand = {m[0]: n for n, m in lowered.interpretation.table if n in signals and len(m) == 1}
    stock = {s.name: s.initial for s in system.strands if s.role in FUELS}
    stock |= {c.name: c.initial for c in system.complexes}
    stock |= {s.name: s.initial for s in network.species if s.role == "annihilator"}
    free = dict(lowered.mapping.free)
    constant = [s for s in lowered.clocked.network.species if s.role == BALLAST]
    stock |= {strand[s.name]: s.initial * dna.unit_nM * free[s.name] for s in constant}
    return Pot(
        "dsd", network, lowered.clocked, names, reading, strand,
        dna.unit_nM, free, tolerance or Tolerance(rtol=1e-6, atol=1e-11, floor=1e-9),
        {n: v for n, v in stock.items() if n in network.index and v > 0}, dna.stock_uM * 1000.0,
        lowered, expansion, made.factors,
    )  # fmt: skip


def reduced_pot(lowered: Lowered, tolerance: Tolerance | None = None, faults: Strengths | None = None) -> Pot:
    """The same pot, simulated with fast exchange and intermediates in equilibrium (:mod:`dsd.reduction`).

    Raises :class:`InputError` if nothing in the network is fast.
    """
    # Its steps keep far below rtol: at 1e-5 the clock is within 1e-6 of where it is at 1e-8. What is all but absent may
    # come out negative by the error of the reduction: 2e-8 nM on cubic circuits, which a floor of 1e-9 would refuse.
    tolerance = tolerance or Tolerance(rtol=1e-5, atol=1e-11, floor=1e-6)
    return replace(dsd_pot(lowered, tolerance, faults), level="dsd-reduced", method="reduced")
