"""A small mass-action integrator of the tests' own (SciPy LSODA), so that clocks are judged independently of dsd's."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

from dsd.network import Network

Floats = NDArray[np.float64]
Solve = Callable[..., tuple[Floats, dict[str, Floats]]]


@pytest.fixture(scope="session")
def solve() -> Solve:
    """``solve(network, until, samples=2001, **added)``: times and a trajectory by species, ``added`` dosed at t = 0."""
    return _solve


def _solve(network: Network, until: float, samples: int = 2001, **added: float) -> tuple[Floats, dict[str, Floats]]:
    index, one = network.index, len(network.names)
    width = max(r.order for r in network)
    factors = np.full((len(network.reactions), width), one)
    change = np.zeros((len(network.names), len(network.reactions)))
    for j, r in enumerate(network):
        factors[j, : r.order] = [index[n] for n in r.reactants]
        for name, n in r.net().items():
            change[index[name], j] = n
    k = np.array([r.k for r in network])

    def rhs(_: float, y: Floats) -> Floats:
        return change @ (k * np.append(y, 1.0)[factors].prod(axis=1))

    start = np.array([s.initial + added.get(s.name, 0.0) for s in network.species])
    t = np.linspace(0, until, samples)
    run = solve_ivp(rhs, (0, until), start, "LSODA", t, rtol=1e-9, atol=1e-14)
    assert run.success, run.message
    return t, dict(zip(network.names, run.y, strict=True))
