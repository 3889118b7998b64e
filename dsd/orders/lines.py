"""The order: every strand that has to be synthesised, once, 5' to 3', with scale, purification and price.

In: a system, its sequences, a price table, and how much of each strand is needed. Out: :class:`Line` records in the
system's order, and a lint for strands that the vendor cannot make.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dsd.orders.prices import Choice, Prices
from dsd.sequences.record import Sequences
from dsd.system import FUELS, Strand, System


@dataclass(frozen=True, slots=True)
class Line:
    """One strand of an order; ``need_nmol`` is what it is ordered for, ``price`` in the currency of the table."""

    name: str
    sequence: str
    role: str
    need_nmol: float
    scale: str
    purification: str
    syntheses: int
    price: float
    too_long: bool


def ordered(system: System) -> tuple[Strand, ...]:
    """The strands to synthesise: all that stand in a gate, start free, or are supplied; not what only arises."""
    bound = {sequence for c in system.complexes for sequence in c.strands}
    return tuple(
        s for s in system.strands if s.domains in bound or s.initial > 0 or s.role == "signal" or s.role in FUELS
    )


def needs(system: System, volume_uL: float, used_nM: Mapping[str, float] | None = None) -> dict[str, float]:
    """nmol of every strand to fill a pot of ``volume_uL``; ``used_nM`` is what a run adds of each part by name.

    ``used_nM`` counts strands and complexes, in nM of the pot's first volume.
    """
    used = used_nM or {}
    amounts = {s.name: s.initial + used.get(s.name, 0.0) for s in system.strands}
    for c in system.complexes:
        for sequence in c.strands:
            amounts[system.strand_of[sequence].name] += c.initial + used.get(c.name, 0.0)
    return {name: nM * volume_uL * 1e-6 for name, nM in amounts.items()}


def order(system: System, sequences: Sequences, prices: Prices, need_nmol: Mapping[str, float]) -> tuple[Line, ...]:
    """The order for a system; ``need_nmol`` as from :func:`needs`."""
    lines = []
    for strand, c in priced(system, prices, need_nmol):
        text, need = sequences.spell(strand.domains), need_nmol.get(strand.name, 0.0)
        lines.append(
            Line(strand.name, text, strand.role, need, c.scale, c.purification, c.syntheses, c.price, c.too_long)
        )
    return tuple(lines)


def priced(system: System, prices: Prices, need_nmol: Mapping[str, float]) -> tuple[tuple[Strand, Choice], ...]:
    """How every strand to synthesise is ordered; lengths suffice for that."""
    return tuple(
        (s, prices.choose(sum(system.lengths[d.rstrip("*")] for d in s.domains), need_nmol.get(s.name, 0.0)))
        for s in ordered(system)
    )


def lint(lines: tuple[Line, ...], prices: Prices) -> tuple[str, ...]:
    """One sentence for every strand that is longer than the vendor makes."""
    return tuple(
        f"strand {line.name} has {len(line.sequence)} nt and the price table ends at {prices.longest} nt; shorten the "
        "domains ([dna] long_nt), use reactions with fewer products, or find a vendor for it"
        for line in lines
        if line.too_long
    )
