"""The rates of the four-domain scheme: how strongly each gate binds, and which signals are buffered.

In: a network and a :class:`~dsd.lowering.Lowering`. Out: a :class:`Buffering`. After Soloveichik, Seelig & Winfree,
PNAS 107:5393 (2010): every gate and fuel is supplied at C = ``cmax_nM``, every step runs at q_max but the first one of
a gate, which runs at a rate q set by the strength of its toehold::

    n inputs at rate constant k:  q = g k C^(n-2)

A gate of two or more inputs holds part of the first one, q / q_max of what is free. Let sigma(x) be the sum of
k C^(n-2) over the gates that list x first, and sigma the largest. A buffer of each other signal, of q = g (sigma -
sigma(x)), makes all signals be held alike: of a total of g times x, x is free, with ::

    g = q_max / (q_max - sigma)

So signals start, and are dosed, at g times their formal concentration. A reaction without inputs is one of a signal
supplied as fuel, at q = g k / C^2. Where q would be less than no toehold gives (1.4 /M/s), the toehold is left out and
there is less of the gate (and of that fuel) instead.

What this takes for granted: fuels last, q_max C is fast beside all that happens, and of a gate with three or more
inputs the later ones are held in no amount that counts.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from dsd.errors import InputError, MappingError
from dsd.lowering import Lowering
from dsd.network import Network, Reaction, describe
from dsd.rates import per_nM, profile


@dataclass(frozen=True, slots=True)
class Tuned:
    """A gate's first step runs at ``q`` (/nM/s); ``gate_nM`` is the gate's amount, of the initiator's too.

    ``target`` is the rate constant on formal concentrations, nM^(1-n)/s.
    """

    target: float
    q: float
    gate_nM: float


@dataclass(frozen=True)
class Buffering:
    """The factor ``gamma``, ``qmax`` (/nM/s), a record for each reaction, and q (/nM/s) of each buffer by species."""

    gamma: float
    qmax: float
    records: tuple[Tuned, ...]
    buffers: tuple[tuple[str, float], ...]


def buffering(network: Network, options: Lowering) -> Buffering:
    """The recipe, solved.

    Raises :class:`MappingError` where a gate would have to be faster than displacement is, :class:`InputError` for a
    reaction of nothing.
    """
    qmax, c = _qmax(options), options.cmax_nM
    target = [r.k / (options.unit_nM ** (r.order - 1) * options.unit_s) for r in network]
    sigma = dict.fromkeys(network.names, 0.0)
    for i, r in enumerate(network):
        if not r.species:
            raise InputError(f"reaction {i} is empty; remove it")
        if r.order > 1:
            sigma[r.reactants[0]] += target[i] * c ** (r.order - 2)
    most = max(sigma.values(), default=0.0)
    if most >= qmax:
        x = max(sigma, key=lambda name: sigma[name])
        raise MappingError(
            f"the reactions that list {x} first hold it back at {most * 1e9:.4g} /M/s in sum, and gates bind at "
            f"{qmax * 1e9:.4g} /M/s at most; lower their rates or raise unit_s"
        )
    gamma = qmax / (qmax - most)
    records = tuple(_tuned(i, r, k, gamma, qmax, options) for i, (r, k) in enumerate(zip(network, target, strict=True)))
    used = {x for r in network for x in r.species}
    buffers = tuple((x, gamma * (most - s)) for x, s in sigma.items() if s < most and x in used)
    return Buffering(gamma, qmax, records, buffers)


def _qmax(options: Lowering) -> float:
    """Of the profile's toehold exchange, since most steps run back."""
    nt = options.toehold_nt
    return per_nM(profile(options.profile).exchange(nt, nt, options.long_nt))


def _tuned(index: int, r: Reaction, k: float, gamma: float, qmax: float, o: Lowering) -> Tuned:
    q, least = gamma * k * o.cmax_nM ** (r.order - 2), per_nM(profile(o.profile).toeless)
    if q > qmax:
        raise MappingError(
            f"reaction {index} ({describe(r)}) needs a gate that binds at {q * 1e9:.4g} /M/s, and none is faster than "
            f"{qmax * 1e9:.4g} /M/s; lower its rate or raise unit_s"
        )
    if q >= least:
        return Tuned(k, q, o.cmax_nM)
    # A source has an initiator beside its gate, and its rate the product of both.
    return Tuned(k, least, o.cmax_nM * (q / least if r.order else math.sqrt(q / least)))
