"""Stochastic runs of a compiled clock that drives a gate: exact against quasi-equilibrium, clock-event doses, seeds.

Distributions are compared at fixed seeds; equal ones would fail such a test once in ten thousand fresh seeds.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import chi2_contingency, ks_2samp

from dsd.expand import expand
from dsd.lower import Lowering, lower
from dsd.network import Dose, Network, Reaction, Threshold, network
from dsd.quasi import exchanges
from dsd.stochastic import Method, stochastic

FALSE_ALARM = 1e-4
RUNS, EVERY, ROWS = 150, 400.0, 4


def clock_and_gate(*doses: Dose) -> Network:
    """A ring of three at 1e-4 /nM/s whose O2 turns X into Y."""
    sides = [
        (("O1", "O2"), ("O2", "O2")), (("O2", "O3"), ("O3", "O3")), (("O3", "O1"), ("O1", "O1")),
        (("X", "O2"), ("Y", "O2")),
    ]  # fmt: skip
    formal = network(Reaction(a, b, 1e-4) for a, b in sides)
    formal = formal.with_initial(O1=6.0, O2=3.0, O3=3.0, X=8.0)
    return replace(expand(lower(formal, Lowering())[0]).network, doses=doses)


@pytest.fixture(scope="module")
def samples() -> dict[str, np.ndarray]:
    """Counts of O1, O2, O3 and Y at several times, shape (runs, times, 4), by method."""
    net, names = clock_and_gate(), ("O1", "O2", "O3", "Y")

    def counts(method: Method) -> np.ndarray:
        runs = [stochastic(net, ROWS * EVERY, omega=1.0, seed=s, every=EVERY, method=method) for s in range(RUNS)]
        return np.array([[r[n][1:] for n in names] for r in runs]).transpose(0, 2, 1)

    return {"exact": counts("exact"), "quasi": counts("quasi")}


def test_the_clock_and_its_gate_load_in_equilibrium() -> None:
    assert sorted(e.strand for e in exchanges(clock_and_gate())) == ["O1", "O2", "O3", "X"]


def test_distributions_agree_at_every_time(samples: dict[str, np.ndarray]) -> None:
    """Kolmogorov-Smirnov, and chi-square of the counts, cells pooled until both methods together fill them by 10."""
    exact, quasi = samples["exact"], samples["quasi"]
    for time in range(ROWS):
        for species in range(4):
            a, b = exact[:, time, species], quasi[:, time, species]
            assert ks_2samp(a, b).pvalue > FALSE_ALARM
            edges = np.unique(np.quantile(np.concatenate([a, b]), np.linspace(0, 1, 8)))
            cells = np.array([np.histogram(x, np.append(edges, np.inf))[0] for x in (a, b)])
            cells = cells[:, cells.sum(axis=0) >= 10]
            if cells.shape[1] > 1:
                assert chi2_contingency(cells).pvalue > FALSE_ALARM


def test_means_and_variances_agree_at_every_time(samples: dict[str, np.ndarray]) -> None:
    """Within 4 standard errors; of a variance that is its own estimate by fourth moments."""
    exact, quasi = samples["exact"].astype(float), samples["quasi"].astype(float)
    mean = exact.mean(axis=0) - quasi.mean(axis=0)
    assert (np.abs(mean) < 4 * np.sqrt((exact.var(axis=0) + quasi.var(axis=0)) / RUNS) + 1e-9).all()

    def variance(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        centred = (x - x.mean(axis=0)) ** 2
        return centred.mean(axis=0), centred.var(axis=0) / RUNS

    (a, of_a), (b, of_b) = variance(exact), variance(quasi)
    assert (np.abs(a - b) < 4.5 * np.sqrt(of_a + of_b) + 1e-9).all()


def test_they_move_between_the_times(samples: dict[str, np.ndarray]) -> None:
    """What is compared is no constant: the clock turns and the gate works."""
    y = samples["exact"][:, :, 3].mean(axis=0)
    assert (np.diff(y) > 0.1).all()


@pytest.mark.parametrize(("method", "least"), [("exact", 2), ("quasi", 1)])
def test_a_dose_is_given_when_the_clock_says_so_and_a_seed_repeats_it(method: Method, least: int) -> None:
    """5 X at each rise of O1 through 2.5, armed again below 1.5: between two of them the ring has turned."""
    net = clock_and_gate(Dose("X", 5.0, Threshold(("O1",), 2.5)))

    def run(seed: int, every: float | None = None) -> tuple[list[float], list[list[int]]]:
        found = stochastic(net, 30_000.0, omega=6.0, seed=seed, every=every, method=method, rearm=0.4)
        at = np.flatnonzero(np.diff(found.t) == 0)
        total = found.counts @ np.array([n in ("X", "Y") or n.startswith(("J3_1", "J3_2")) for n in net.names])
        given = [int(total[i + 1] - total[i]) for i in at]
        return found.t[at].tolist(), [given, found.counts[-1].tolist()]

    times, (given, last) = run(3)
    assert len(times) >= least  # the expected sum, which quasi watches, does not flicker
    assert given == [30] * len(times)
    assert run(3) == (times, [given, last])
    assert run(3, 500.0)[0] == times
    assert run(4)[0] != times
    assert all(math.isfinite(t) for t in times)
