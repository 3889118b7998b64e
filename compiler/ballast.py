"""Slow gates made large: a catalyst in constant supply is one more input of every slow join.

In: a clocked pot and an amount. Out: the same pot in which the reactions of the feedforward and of the feedback that
have one or two inputs take a strand of ballast too, and give it back.

A gate fires at its amount J times the share of what it holds that its helper H takes on, so a slow one is made with
little of both: ``J H`` is the rate times the pool of the last input. What a phase fires can then be half of the gate,
and the gate runs at a quarter of its rate when the phase ends. A further input that is always there, of amount L
and of pool R, has no kinetics of its own but asks for ``R / L`` times as much ``J H``.
"""

from __future__ import annotations

from dataclasses import replace

from compiler.joining import Clocked
from dsd.network import Reaction, Species
from dsd.pot import fresh

ROLE = "ballast"
"""Role of the catalyst, and the name of its pool in ``[dna] pools``."""

STAGES = ("N1", "N3")
"""Reactions that dynamics ask for; handovers, updates and the clock are to be fast, and their gates are large."""

INPUTS = 2
"""Reactions of more inputs have large gates already."""


def ballasted(pot: Clocked, amount: float) -> Clocked:
    """``pot`` with ``amount`` (formal units) of ballast; rates of reactions stay what they are."""
    network = pot.network
    name = fresh("L", network.index)

    def loaded(r: Reaction) -> Reaction:
        if r.stage not in STAGES or not 0 < r.order <= INPUTS:
            return r
        return replace(r, reactants=(name, *r.reactants), products=(*r.products, name), k=r.k / amount)

    reactions = tuple(loaded(r) for r in network.reactions)
    species = (*network.species, Species(name, amount, ROLE))
    return replace(pot, network=replace(network, reactions=reactions, species=species))
