"""Terms that lower a variable by its own amount take away the rail that is there, instead of making the other one.

In: a circuit. Out: the same circuit, in which a reaction that makes the other rail of one of its reactants uses that
reactant up: ``Zp + X + P -> Zp + X + P + Zn`` becomes ``Zp + X + P -> X + P``, Type V of Table 2 in arXiv 2409.00034
for its Type III. The difference of the rails changes as before, and both stay small between annihilations. In DNA
there is less to annihilate, and forks carry two strands less.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from compiler.circuit import Circuit, circuit_of
from dsd.network import Reaction


def removing(circuit: Circuit) -> Circuit:
    """``circuit`` with the reactions of N1 and N3 as above, for states, their copies and adjoints."""
    formal = circuit.network
    duals = [rail for rail in (*circuit.states, *circuit.feedback, *circuit.adjoints) if rail.dual]
    other = {a: b for rail in duals for a, b in (rail.species, rail.species[::-1])}
    reactions = tuple(_removing(r, other) if r.stage in ("N1", "N3") else r for r in formal.reactions)
    return circuit_of(replace(formal, reactions=reactions))


def _removing(r: Reaction, other: Mapping[str, str]) -> Reaction:
    net = r.net()
    if list(net.values()) != [1]:
        return r
    (made,) = net
    lowered = other.get(made)
    if lowered not in r.reactants:
        return r
    left = Counter(r.products) - Counter((made, lowered))
    return replace(r, products=tuple(left.elements()))
