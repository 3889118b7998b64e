"""At which amounts a pot works: what its reactions meet, and how often they fire, in an iteration of training.

In: a clocked network and samples. Out: :class:`Operating`, measured on the clocked network, in its units.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import trapezoid

from compiler.joining import Clocked
from compiler.training.pilot import settled
from dsd.network import Reaction

Floats = NDArray[np.float64]
Key = tuple[tuple[str, ...], tuple[str, ...]]

ITERATIONS = 4
"""Samples of a pilot run: the first of the training set, in its order."""


@dataclass(frozen=True)
class Operating:
    """``amounts``: reaction by reaction, the totals of its reactants when it is fastest; ``peaks`` of all species.

    ``firings`` of a reaction in the iteration in which it fires most, by :func:`key`. Concentrations in the network's
    own unit, the scales of parameters and gradients included.
    """

    amounts: tuple[Mapping[str, float], ...]
    firings: Mapping[Key, float]
    peaks: Mapping[str, float]


def key(r: Reaction) -> Key:
    """A reaction whatever the order in which its gates bind and release."""
    return tuple(sorted(r.reactants)), tuple(sorted(r.products))


def operating(pot: Clocked, xs: Floats, ys: Floats) -> Operating:
    """Run the clocked network over the first samples ``xs`` (n, d), ``ys`` (n, m), and watch.

    Raises :class:`SimulationError` where the pot cannot be run.
    """
    driver = settled(pot)
    network = pot.network
    fastest = np.full(len(network.reactions), -1.0)
    amounts: list[dict[str, float]] = [{} for _ in network]
    firings: dict[Key, float] = {}
    peaks = {s.name: s.initial for s in network.species}
    for x, y in list(zip(xs, ys, strict=True))[:ITERATIONS]:
        driver.iterate(x, y)
        t, totals = driver.last_period()
        peaks = {n: max(p, float(totals[n].max())) for n, p in peaks.items()}
        fired: dict[Key, float] = {}
        for j, r in enumerate(network):
            product = np.prod([totals[n] for n in r.reactants], axis=0) if r.reactants else np.ones_like(t)
            at = int(np.argmax(product))
            if product[at] > fastest[j]:
                fastest[j] = product[at]
                amounts[j] = {n: float(totals[n][at]) for n in r.reactants}
            fired[key(r)] = fired.get(key(r), 0.0) + r.k * max(0.0, float(trapezoid(product, t)))
        firings = {k: max(v, firings.get(k, 0.0)) for k, v in fired.items()}
    return Operating(tuple(amounts), firings, peaks)
