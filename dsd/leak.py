"""Leak: displacement without a toehold, of what a supplied gate holds by a supplied strand.

In: a system and its :class:`~dsd.expand.Expansion`. Out: the same with leak reactions.

A supplied strand invades every supplied gate that holds, in strands of a long domain each, domains of its own: a helper
``<t i r>`` frees ``<i>`` and the translator ``<r t>`` of a join that has met no input, a reverse strand ``<y t>`` frees
the output ``<t y>`` of a fork that no translator has reached. Both look to the circuit like a reaction that has
happened. What is left of the gate is spent. Leaks of intermediates, which are rarer than the gates by far, are left
out, and so are leaks by signals, which are rarer than the fuels.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from dsd.domains import Sequence
from dsd.errors import InputError
from dsd.expand import Composition, Expansion
from dsd.interpretation import Interpretation
from dsd.network import Reaction, Species
from dsd.rates import per_nM
from dsd.system import FUELS, Complex, Strand, System

STAGE = "leak"


@dataclass(frozen=True, slots=True)
class Leak:
    """``strand + gate -> spent + freed``, all by name; ``held`` lists the strands of the spent gate."""

    strand: str
    gate: str
    spent: str
    freed: tuple[str, ...]
    held: tuple[str, ...]


def leaks(system: System, only: tuple[str, ...] = ()) -> tuple[Leak, ...]:
    """Every leak of the system's gates, those named in ``only`` if that is not empty, gate by gate."""
    fuels = [s for s in system.strands if s.role in FUELS and s.initial > 0]
    designed = set(system.toeless)
    found = []
    for gate in system.complexes:
        if only and gate.name not in only:
            continue
        pairs = [x for x in _freed(system, gate, fuels) if (x[0].name, gate.name) not in designed]
        found += [_leak(system, gate, strand, tops, n) for n, (strand, tops) in enumerate(pairs, 1)]
    return tuple(found)


def leaking(system: System, expansion: Expansion, k0: float, only: tuple[str, ...] = ()) -> Expansion:
    """The expansion with every leak at ``k0`` (/M/s); spent gates mean nothing."""
    found, network = leaks(system, only), expansion.network
    reactions = tuple(
        Reaction((x.gate, x.strand), (x.spent, *x.freed), per_nM(k0), STAGE, "displacement without a toehold")
        for x in found
    )
    spent = tuple(Species(x.spent, 0.0, "waste") for x in found)
    # Strands that only a leak frees, such as the last output of a fork, are new to the network too.
    known = set(network.names)
    fresh = [n for n in dict.fromkeys(n for x in found for n in x.freed) if n not in known]
    role = {s.name: s.role for s in system.strands}
    species = (*network.species, *(Species(n, 0.0, role[n]) for n in fresh), *spent)
    meaning = expansion.interpretation.table
    meaning += tuple((n, system.interpretation(n)) for n in fresh) + tuple((x.spent, ()) for x in found)
    table = expansion.composition.table
    table += tuple((n, (n,)) for n in fresh) + tuple((x.spent, x.held) for x in found)
    return Expansion(
        replace(network, reactions=network.reactions + reactions, species=species),
        Interpretation(meaning),
        Composition(expansion.composition.strands, table),
    )


def burst(expansion: Expansion, fraction: float) -> Expansion:
    """Start after each leak has used up ``fraction`` of its gate.

    Raises :class:`InputError` where strands run short.
    """
    initial = {s.name: s.initial for s in expansion.network.species}
    amounts = {r: fraction * initial[r.reactants[0]] for r in expansion.network.stage(STAGE)}
    for reaction, amount in amounts.items():
        for name in reaction.reactants:
            initial[name] -= amount
        for name in reaction.products:
            initial[name] += amount
    short = [n for n, v in initial.items() if v < 0]
    if short:
        raise InputError(f"an initial leak of {fraction} needs more {short[0]} than there is; lower it")
    return replace(expansion, network=expansion.network.with_initial(**initial))


def _freed(system: System, gate: Complex, fuels: list[Strand]) -> Iterator[tuple[Strand, tuple[Sequence, ...]]]:
    """The strands that could invade ``gate``, each with the tops it would free."""
    tops = [top.domains for top in gate.duplex.tops]
    for strand in fuels:
        mine = set(strand.domains) - system.toeholds
        freed = tuple(t for t in tops if set(t) - system.toeholds <= mine)
        if freed and strand.domains not in freed:
            yield strand, freed


def _leak(system: System, gate: Complex, strand: Strand, tops: tuple[Sequence, ...], number: int) -> Leak:
    name = {s.domains: s.name for s in system.strands}
    freed = tuple(name[t] for t in tops)
    held = [name[s] for s in gate.duplex.strands]
    for n in freed:
        held.remove(n)
    taken = set(name.values()) | {c.name for c in system.complexes}
    spent = f"{gate.name}_l{number}"
    while spent in taken:
        spent += "_"
    return Leak(strand.name, gate.name, spent, freed, (*held, strand.name))
