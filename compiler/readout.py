"""A strand that carries the output of a pot whose adjoints and states both move.

In: a circuit. Out: the same circuit, in which N2 also makes one species per output that no reaction of N3 touches.

In one pot the feedback phase begins as soon as there is an adjoint, so the adjoints stop being the outputs before all
of them are there, and so do the copies of states that are retraced. Where neither stays, each transfer of a state that
an output reads makes a reporter of that output beside the adjoints; the last phase flushes it with them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from compiler.circuit import Circuit, circuit_of, moved
from compiler.rails import Rail
from dsd.network import Network, Reaction, Species

ROLE = "output"
"""Role of the reporters."""


def reported(circuit: Circuit) -> Circuit:
    """``circuit`` with a reporter R of either rail per output, if its adjoints move and no copy of its states stays."""
    formal = circuit.network
    if circuit.kept or not moved(formal, {name for rail, _ in circuit.outputs for name in rail.species}):
        return circuit
    letter = _free(formal)
    rails = [Rail(f"{letter}{k}", dual=True) for k in range(1, len(circuit.outputs) + 1)]
    made: dict[str, str] = {}
    for report, (adjoint, sign) in zip(rails, circuit.outputs, strict=True):
        made |= dict(zip(adjoint.species, report.species[::sign], strict=False))
    targets = set(formal.role("target"))
    reactions = tuple(
        _reporting(r, made) if r.stage == "N2" and targets.isdisjoint(r.reactants) else r for r in formal.reactions
    )
    used = {n for r in reactions for n in r.products}
    new = tuple(Species(name, role=ROLE) for rail in rails for name in rail.species if name in used)
    return circuit_of(replace(formal, reactions=reactions, species=(*formal.species, *new)))


def _reporting(r: Reaction, made: Mapping[str, str]) -> Reaction:
    """The transfer of a state with the reporters of the outputs it adds to."""
    found = tuple(made[n] for n in r.products if n in made)
    return replace(r, products=r.products + found, note=f"{r.note}, reported by {' '.join(found)}") if found else r


def _free(formal: Network) -> str:
    letter = "R"
    while any(name.startswith(letter) for name in formal.names):
        letter += "r"
    return letter
