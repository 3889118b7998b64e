"""The gates of a network without its rates: what there is to verify, whether or not concentrations meet the rates.

In: a network of any units and a :class:`Lowering`. Out: a :class:`System` with the same strands and complexes that
:func:`dsd.lower.lower` would build, at nominal amounts, and the network in the order in which its gates bind.
"""

from __future__ import annotations

from dataclasses import replace

from dsd.lower import lower
from dsd.lowering import Lowering
from dsd.mapping import ordered
from dsd.network import NANOMOLAR, Network, Reaction
from dsd.schemes.two_domain import Toehold, universal_toehold
from dsd.system import System

NOMINAL, PER_INPUT = 1e-12, 1e-4
"""Rate constants (nM, s) that gates of any length meet with next to no gate: so much, less for every input over two."""

SCARCE = 1e-3
"""nM; more than any nominal gate, so that every gate without outputs becomes a join."""


def structural(
    network: Network, options: Lowering, joined: bool = False, assign: Toehold = universal_toehold
) -> tuple[System, Network]:
    """The system of ``network`` at nominal amounts, and the network whose reactions its modules count.

    A reaction without products is an annihilator or sink, or, ``joined``, the join and fork that replace one too slow
    to last; which of them a pot gets depends on its rates. Reactions that build the same gates twice are kept once.
    """
    distinct = {(r.reactants, r.products): replace(r, k=_nominal(r)) for r in ordered(network, options)}
    plain = replace(network, reactions=tuple(distinct.values()), doses=(), units=NANOMOLAR, meta=())
    chosen = replace(
        options, unit_nM=1.0, unit_s=1.0, slow_load=0.0, helper_ratio=0.0, annihilator_gate_nM=None, clock_gate_nM=None,
        min_gate_nM=SCARCE if joined else 0.0,
    )  # fmt: skip
    return lower(plain, chosen, assign)[0], plain


def _nominal(r: Reaction) -> float:
    return NOMINAL * PER_INPUT ** max(r.order - 2, 0)
