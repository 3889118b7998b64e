"""Replace the two-domain annihilators of an implementation network by cooperative ones.

In: a system and its expansion. Out: the expansion in which every annihilator of two different signals is a cooperative
gate (:mod:`dsd.schemes.cooperative`), of which ``nM`` are supplied, at the rates of Zhang 2011.

A cooperative gate is no duplex with one bottom strand, so it is no :class:`~dsd.system.Complex`: the replacement is one
of networks. Sinks and annihilators of more than two signals stay as they are.
"""

from __future__ import annotations

from dataclasses import replace

from dsd.errors import InputError
from dsd.expand import Composition, Expansion
from dsd.interpretation import Interpretation
from dsd.network import Network, Species
from dsd.schemes.cooperative import ZHANG, Rates, four_reactions
from dsd.system import Module, System

ROLE = "annihilator"


def cooperating(system: System, expansion: Expansion, nM: float, rates: Rates = ZHANG) -> Expansion:
    """The expansion with cooperative annihilators at ``nM`` each; raises :class:`InputError` for ``nM`` <= 0."""
    if not nM > 0:
        raise InputError(f"a cooperative gate is supplied at {nM} nM; give a number > 0")
    pairs = [(m, pair) for m in system.modules if (pair := _pair(system, m))]
    gone = _species_of(system, expansion, tuple(g for m, _ in pairs for g in m.gates))
    network, table, held = expansion.network, list(expansion.interpretation.table), list(expansion.composition.table)
    reactions = [r for r in network.reactions if not gone & set(r.species)]
    species = [s for s in network.species if s.name not in gone]
    strands = list(expansion.composition.strands)
    for m, (x, y) in pairs:
        d, upper, lower = f"D{m.index}", f"D{m.index}_upper", f"D{m.index}_lower"
        reactions += four_reactions(x, y, d, rates)
        strands += [upper, lower]
        made = {
            d: (upper, lower),
            f"{d}_x": (x, upper, lower),
            f"{d}_y": (y, upper, lower),
            f"{d}_wx": (x, lower),
            f"{d}_wy": (y, upper),
        }
        means = {f"{d}_x": system.interpretation(x), f"{d}_y": system.interpretation(y)}
        species += [Species(n, nM if n == d else 0.0, _role(n, d)) for n in made]
        table += [(n, means.get(n, ())) for n in made]
        held += list(made.items())
    kept = Network(tuple(reactions), tuple(species), network.doses, network.units, network.level, network.meta)
    return replace(
        expansion,
        network=kept,
        interpretation=Interpretation(tuple(row for row in table if row[0] not in gone)),
        composition=Composition(tuple(strands), tuple(row for row in held if row[0] not in gone)),
    )


def _role(name: str, gate: str) -> str:
    return ROLE if name == gate else "waste" if "_w" in name else "intermediate"


def _pair(system: System, m: Module) -> tuple[str, str] | None:
    """The two signals of a module, as strands, if it annihilates two different ones."""
    signal = {system.interpretation(s.name)[0]: s.name for s in system.strands if s.role == "signal"}
    inputs = m.text.split(" ->")[0].split(" + ")
    if m.kind != ROLE or len(set(inputs)) != 2 or len(inputs) != 2:
        return None
    return signal[inputs[0]], signal[inputs[1]]


def _species_of(system: System, expansion: Expansion, gates: tuple[str, ...]) -> set[str]:
    """Every species built on the bottom strand of one of these gates."""
    name = {s.domains: s.name for s in system.strands}
    bottoms = {name[c.duplex.strands[-1]] for c in system.complexes if c.name in gates}
    return {species for species, strands in expansion.composition.table if bottoms & set(strands)}
