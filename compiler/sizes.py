"""How large a design is at every level, and how the gating strategies compare.

In: a design. Out: :class:`Sizes`, counts only; concentrations in nM, lengths in nt.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from compiler import pipeline
from compiler.design import Design
from compiler.schema import Dna
from compiler.tempo import paced
from compiler.texts import Source, circuit_network, system_of
from dsd.errors import MappingError
from dsd.expand import expand
from dsd.network import Network
from dsd.size import Size, size

COMPARED = ("operand", "per_reaction")
"""Gating strategies that are counted side by side: those that any clock can drive."""


@dataclass(frozen=True)
class Counts:
    """Species and reactions of a network; ``by_reactants`` is how many reactions have 0, 1, 2, ... reactants."""

    species: int
    reactions: int
    by_reactants: tuple[tuple[int, int], ...]

    def to_dict(self) -> dict[str, Any]:
        """As JSON-ready values."""
        by_reactants = {str(order): number for order, number in self.by_reactants}
        return {"species": self.species, "reactions": self.reactions, "by_reactants": by_reactants}


@dataclass(frozen=True)
class Strategy:
    """One gating strategy: its clocked network, its DNA, and its implementation network.

    ``slowdown`` is how many times slower than the design's its clock must run for the rates to be met; ``reason`` says
    what is in the way at full speed. Where no slowdown helps, ``dsd``, ``network`` and ``slowdown`` are None.
    """

    clocked: Counts
    dsd: Size | None
    network: Counts | None
    slowdown: float | None
    reason: str = ""

    def to_dict(self) -> dict[str, Any]:
        """As JSON-ready values."""
        return {
            "clocked": self.clocked.to_dict(),
            "dsd": self.dsd.as_dict() if self.dsd else None,
            "network": self.network.to_dict() if self.network else None,
            "slowdown": self.slowdown,
            "reason": self.reason or None,
        }


@dataclass(frozen=True)
class Sizes:
    """Sizes of a design: the formal circuit, and what each gating strategy (by name) makes of it."""

    design: str
    gating: str
    formal: Counts
    strategies: Mapping[str, Strategy]

    def to_dict(self) -> dict[str, Any]:
        """As JSON-ready values; ``gating`` is the strategy that the design chooses."""
        return {
            "design": self.design,
            "gating": self.gating,
            "formal": self.formal.to_dict(),
            "strategies": {name: strategy.to_dict() for name, strategy in self.strategies.items()},
        }


def sizes(design: Design) -> Sizes:
    """Measure ``design`` at every level under the strategies of ``COMPARED`` and its own."""
    names = dict.fromkeys((*(name.replace("_", "-") for name in COMPARED), design.clock.gating))
    return Sizes(
        design.name,
        design.clock.gating,
        counts(pipeline.formal(design).network),
        {name: _strategy(design, name) for name in names},
    )


@dataclass(frozen=True)
class Measured:
    """Sizes of a file, or of a design under another scheme: its reactions, its DNA, and what that implements."""

    source: str
    scheme: str
    given: Counts | None
    dsd: Size
    network: Counts

    def to_dict(self) -> dict[str, Any]:
        """As JSON-ready values; ``given`` is None for a ``.pil``."""
        return {
            "source": self.source,
            "scheme": self.scheme,
            "given": self.given.to_dict() if self.given else None,
            "dsd": self.dsd.as_dict(),
            "network": self.network.to_dict(),
        }


def measured(start: Source) -> Measured:
    """Measure a source of any level that has DNA or can be lowered to it. Errors as of :func:`~.texts.system_of`."""
    system = system_of(start)
    expansion = expand(system)
    given = None if start.system else counts(circuit_network(start))
    return Measured(start.name, system.get("scheme"), given, size(system, expansion), counts(expansion.network))


def counts(network: Network) -> Counts:
    """Count a network."""
    orders = sorted(Counter(r.order for r in network).items())
    return Counts(len(network.species), len(network.reactions), tuple(orders))


def _strategy(design: Design, name: str) -> Strategy:
    clocked = pipeline.clocked(design, name)
    reason = _in_the_way(clocked, design.dna)
    try:
        lowered = pipeline.to_dna(clocked, design.dna)
    except MappingError as error:
        return Strategy(counts(clocked.network), None, None, None, str(error))
    expansion = expand(lowered.system)
    measured = size(lowered.system, expansion)
    return Strategy(counts(clocked.network), measured, counts(expansion.network), float(lowered.dna.slowdown), reason)


def _in_the_way(clocked: pipeline.Clocked, dna: Dna) -> str:
    """Why the clock cannot run at full speed, if it cannot."""
    try:
        pipeline.mapped(clocked, paced(clocked, dna.model_copy(update={"slowdown": 1.0})))
    except MappingError as error:
        return str(error)
    return ""
