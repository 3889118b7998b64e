"""How often each reaction of a clocked pot fires in a period: what its gate must hold from one refill to the next.

In: a design and its clocked network. Out: the network with ``@meta firings``, ``index:amount`` for every reaction but
the clock's, the most that fired within one period of a pilot run, in formal concentration units.

A gate's rate says nothing about how long it lasts: a slow flush that takes away one unit of an adjoint needs more than
one unit of gate, or what it leaves behind stays for the next sample.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import trapezoid

from compiler.design import Design
from compiler.joining import Clocked
from compiler.lowered import FIRINGS
from compiler.training.pilot import settled, spread

Floats = NDArray[np.float64]

PILOT = 8
"""Samples of the pilot run, spread over the training table; the first ones, before anything is learnt, cost most."""


def counted(design: Design, pot: Clocked) -> Clocked:
    """``pot`` with the firings of its reactions in the metadata of its network."""
    amounts = firings(pot, *spread(design.data, PILOT))
    text = " ".join(
        f"{i}:{v:.4g}" for i, v in enumerate(amounts) if v > 0 and pot.network.reactions[i].stage != "clock"
    )
    return replace(pot, network=replace(pot.network, meta=(*pot.network.meta, (FIRINGS, text))))


def firings(pot: Clocked, x: Floats, y: Floats) -> Floats:
    """The most that each reaction (R,) fired in a period, over samples x (n, d), y (n, m) shown one after the other."""
    driver = settled(pot)
    index = pot.network.index
    most = np.zeros(len(pot.network.reactions))
    for sample in zip(x, y, strict=True):
        driver.iterate(*sample)
        t, totals = driver.last_period()
        columns = np.array([totals[n] for n in index])
        for i, r in enumerate(pot.network.reactions):
            speed = r.k * np.prod(columns[[index[n] for n in r.reactants]], axis=0) * np.ones_like(t)
            most[i] = max(most[i], float(trapezoid(speed, t)))
    return most
