"""Units per species: the same dynamics with some concentrations multiplied.

In: a network and factors. Out: the network in which species ``s`` has ``factor[s]`` times its concentration.

A weight of 0.3 formal units is few molecules beside an input of 5, and annihilates slowly; scaled by ten it is
neither. Rate constants absorb the factors: with ``c' = f c``, a reaction whose net products all carry the factor
``g`` keeps its meaning at ``k' = k g / prod(f of its reactants)``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

from dsd.errors import InputError
from dsd.network import Network, Reaction, describe


def rescale(network: Network, factors: Mapping[str, float]) -> Network:
    """The network with each species of ``factors`` multiplied by its factor (> 0); doses and initial values too.

    Thresholds are left as they are. Raises :class:`InputError` for an unknown species, a factor that is not positive,
    or a reaction that turns species of different factors into each other, which no rate constant can mend.
    """
    unknown = [n for n in factors if n not in network.index]
    if unknown:
        raise InputError(f"cannot scale {', '.join(unknown)}: no such species in this network; correct the names")
    bad = [n for n, f in factors.items() if not (math.isfinite(f) and f > 0)]
    if bad:
        raise InputError(f"the factor of {bad[0]} is {factors[bad[0]]}; give a number > 0")
    return replace(
        network,
        reactions=tuple(_scaled(r, factors) for r in network.reactions),
        species=tuple(replace(s, initial=s.initial * factors.get(s.name, 1.0)) for s in network.species),
        doses=tuple(replace(d, amount=d.amount * factors.get(d.species, 1.0)) for d in network.doses),
    )


def _scaled(r: Reaction, factors: Mapping[str, float]) -> Reaction:
    changed = {factors.get(n, 1.0) for n in r.net()} or {1.0}
    if len(changed) > 1:
        raise InputError(f"reaction {describe(r)} joins species of different scales; give them one factor")
    (gain,) = changed
    return replace(r, k=r.k * gain / math.prod(factors.get(n, 1.0) for n in r.reactants))
