"""The measured consensus module: its size, its slowness, and the signal it holds back."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import least_squares

from dsd.chen2013 import RATES, SUPPLY, consensus, module
from dsd.integrate import Tolerance
from dsd.network import NANOMOLAR, Species, network
from dsd.simulate import simulate

TOLERANCE = Tolerance(1e-7, 1e-9, 1e-8)
PARTS = {"J1": "gate", "F1": "gate", "H1": "helper", "R11": "helper", "R21": "helper", "R31": "helper", "End": "end"}


def takeover(a: float, b: float, hours: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Times (s) and free A and B (M, 2) of ``A + B -> 2 B`` by one module."""
    species = (Species("A", a), Species("B", b), *(Species(n, SUPPLY[kind]) for n, kind in PARTS.items()))
    net = network(module(1, ("A", "B"), ("B", "B")), species, units=NANOMOLAR)
    found = simulate(net, hours * 3600, every=120.0, tolerance=TOLERANCE)
    return found.t, found.y[:, :2]


@pytest.mark.parametrize(("a", "b"), [(76.0, 4.0), (72.0, 8.0), (64.0, 16.0), (40.0, 40.0)])
def test_effective_rate_constant(a: float, b: float) -> None:
    """1.3 to 2.2e3 /M/s at 80 nM: the bimolecular law that comes nearest to both free signals over their 15 h."""
    t, y = takeover(a, b, 15.0)

    def off(log: NDArray[np.float64]) -> NDArray[np.float64]:
        left = 80 * a / (a + b * np.exp(10 ** log[0] * 1e-9 * 80 * t))
        return np.concatenate([left - y[:, 0], 80 - left - y[:, 1]])

    assert 1.3e3 <= 10 ** least_squares(off, [3.3]).x[0] <= 2.2e3


@pytest.mark.parametrize(("a", "b"), [(79.0, 1.0), (76.0, 4.0), (72.0, 8.0)])
def test_a_third_to_a_half_of_the_signal_hangs_in_gates(a: float, b: float) -> None:
    """43 to 69 % of 80 nM is free from 0.5 to 2 h."""
    t, y = takeover(a, b, 2.0)
    free = y.sum(axis=1)[t >= 1800] / 80
    assert 0.43 <= free.min() <= free.max() <= 0.69


def test_the_consensus_network() -> None:
    """45 one-way reactions; the majority wins at 7 : 3 within 15 h, either way."""
    net = consensus(0.7)
    assert len(net.reactions) == 45
    assert {r.stage for r in net} == set(RATES)
    for share, winner, loser in ((0.7, 0, 1), (0.3, 1, 0)):
        end = simulate(consensus(share), 15 * 3600.0, tolerance=TOLERANCE).y[-1]
        assert end[winner] > 5 * end[loser]
