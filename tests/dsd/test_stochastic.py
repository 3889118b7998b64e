"""Stochastic simulation against closed forms, small master equations, and the deterministic limit.

Distributions are tested at fixed seeds; a right sampler would fail one such test in ten thousand at a fresh seed.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.linalg import expm
from scipy.stats import binom, chisquare, hypergeom, poisson

from dsd import realisation
from dsd.errors import InputError, SimulationError
from dsd.network import NANOMOLAR, UNITLESS, Network, Reaction, Species, network
from dsd.simulate import simulate
from dsd.stochastic import Sample, molecules_per_unit, stochastic
from dsd.syntax import parse_crn

FALSE_ALARM = 1e-4
DECAY = parse_crn("A @i 1\nA -> [k = 1]")
DOSED = parse_crn("@dose 2 A at 0\n@dose 1 A at 2\n@dose 0.5 B when A falls 0.3\nA -> [k = 1]\nB -> [k = 0.1]\nA @i 1")


def run(text: str, until: float, omega: float = 1.0, seed: int = 1, every: float | None = None) -> Sample:
    return stochastic(parse_crn(text), until, omega=omega, seed=seed, every=every)


def ends(net: Network, until: float, omega: float, runs: int, name: str) -> NDArray[np.int64]:
    """The last count of a species in many runs."""
    return np.array([stochastic(net, until, omega=omega, seed=s)[name][-1] for s in range(runs)])


def p_value(found: NDArray[np.int64], law: NDArray[np.float64]) -> float:
    """Chi-square of counts against probabilities of 0, 1, 2, ...; cells are pooled until each expects 5."""
    seen = np.bincount(found, minlength=len(law))
    assert len(seen) == len(law), "a count that cannot be"
    pooled = list(_pooled(seen, law * len(found)))
    observed, expected = np.array(pooled).T
    return float(chisquare(observed, expected * observed.sum() / expected.sum()).pvalue)


def _pooled(seen: NDArray[np.int64], expected: NDArray[np.float64]) -> Iterator[tuple[float, float]]:
    there = wanted = 0.0
    for n, e in zip(seen.tolist(), expected.tolist(), strict=True):
        there, wanted = there + n, wanted + e
        if wanted >= 5 and expected.sum() > 0:
            yield there, wanted
            there = wanted = 0.0
    yield there, wanted or 1e-300 if there else 1e-9


def test_birth_and_death_is_poisson() -> None:
    """-> A at 12, A -> at 1: Poisson with mean 12; rows 5 lifetimes apart are independent to exp(-5)."""
    found = run("-> A [k = 12]\nA -> [k = 1]", 15_000.0, every=5.0)["A"][20:]
    assert p_value(np.minimum(found, 40), np.append(poisson.pmf(np.arange(40), 12), poisson.sf(39, 12))) > FALSE_ALARM


def test_decay_is_binomial() -> None:
    """Each of 20 molecules is still there after t with probability exp(-t)."""
    found = ends(DECAY, 0.7, 20.0, 800, "A")
    assert p_value(found, binom.pmf(np.arange(21), 20, math.exp(-0.7))) > FALSE_ALARM


def test_mean_and_variance_of_decay() -> None:
    """n p and n p (1 - p), within 4 standard errors."""
    found = ends(DECAY, 0.5, 1000.0, 500, "A")
    p = math.exp(-0.5)
    variance = 1000 * p * (1 - p)
    assert abs(found.mean() - 1000 * p) < 4 * math.sqrt(variance / 500)
    assert abs(found.var() / variance - 1) < 4 * math.sqrt(2 / 500)


def test_dimerisation_follows_its_master_equation() -> None:
    """2 A -> B at k = 1 with omega = 4: n molecules of A meet at rate n (n - 1) / 4, which two at a time takes away."""
    size = 11
    generator = np.zeros((size, size))
    for n in range(2, size):
        generator[n, n] -= n * (n - 1) / 4
        generator[n - 2, n] += n * (n - 1) / 4
    law = expm(0.15 * generator)[:, 10]
    found = ends(parse_crn("A @i 2.5\n2 A -> B [k = 1]"), 0.15, 4.0, 800, "A")
    assert p_value(found[found % 2 == 0] // 2, law[::2]) > FALSE_ALARM
    assert (found % 2 == 0).all()


def test_exchange_in_equilibrium_is_hypergeometric() -> None:
    """J + A <-> L + R at equal rates: 6 A spread over the 30 places of A, R, J and L."""
    found = run("@species: A = 6, J = 10, R = 14\nJ + A <=> L + R [kf = 1, kr = 1]", 3000.0, every=1.0)["A"][10:]
    assert p_value(found, hypergeom.pmf(np.arange(7), 30, 6, 20)) > FALSE_ALARM


def test_one_of_a_kind_cannot_meet_itself() -> None:
    sample = run("@species: A = 1\n2 A -> B [k = 1e9]", 10.0)
    assert (sample.events, sample["A"].tolist()) == (0, [1, 1])


def test_two_molecules_meet_at_twice_k_over_omega() -> None:
    """The deterministic rate of 2 A -> is k A**2; the mean time of 2 molecules at omega = 5 is 5 / 2."""
    pair = "@species: A = 0.4\n2 A -> [k = 1]"
    times = [run(pair, 100.0, 5.0, seed, 0.05)["A"].tolist().index(0) * 0.05 for seed in range(400)]
    assert np.mean(times) == pytest.approx(2.5, abs=4 * 2.5 / 20)


def test_large_counts_follow_the_rate_equations() -> None:
    """At omega = 1e5 noise is of the order 1 / sqrt(1e5) = 0.3 %."""
    net = parse_crn(
        "@species: A = 1, B = 0.5, C\n2 A -> C [k = 1]\nA + B -> 2 B [k = 2]\nB -> [k = 0.3]\n-> A [k = 0.2]"
    )
    found = stochastic(net, 5.0, omega=1e5, seed=3, every=0.5).trajectory
    wanted = simulate(net, 5.0, every=0.5)
    assert found.t.tolist() == wanted.t.tolist()
    assert found.y == pytest.approx(wanted.y, abs=0.015)


def test_the_seed_makes_the_run() -> None:
    first, again, other = (run("-> A [k = 3]\nA -> [k = 1]", 50.0, seed=s, every=1.0) for s in (7, 7, 8))
    assert first.counts.tolist() == again.counts.tolist()
    assert first.events == again.events
    assert first.counts.tolist() != other.counts.tolist()


def test_a_run_is_known_to_the_molecule() -> None:
    """The seed's meaning is part of the interface: the same on every machine and in every release."""
    assert run("-> A [k = 3]\nA -> [k = 1]", 10.0, seed=7, every=1.0)["A"].tolist() == [
        0, 0, 2, 1, 1, 2, 4, 2, 3, 3, 1,
    ]  # fmt: skip


def test_rows_do_not_change_the_run() -> None:
    coarse, fine = run("A @i 1\nA <=> B", 2.0, 500.0, every=1.0), run("A @i 1\nA <=> B", 2.0, 500.0, every=0.01)
    assert coarse.counts.tolist() == fine.counts[::100].tolist()
    assert coarse.events == fine.events


def test_chunks_do_not_change_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = stochastic(DOSED, 5.0, omega=1e3, seed=1, every=0.5)
    monkeypatch.setattr(realisation, "CHUNK", 7)
    parts = stochastic(DOSED, 5.0, omega=1e3, seed=1, every=0.5)
    assert parts.counts.tolist() == whole.counts.tolist()
    assert parts.t.tolist() == whole.t.tolist()


def test_doses_add_molecules_and_stand_in_two_rows() -> None:
    """At times 0 and 2, and at the very event that takes A from 301 to 300."""
    sample = stochastic(DOSED, 5.0, omega=1e3, seed=1, every=0.5)
    twice = np.flatnonzero(np.diff(sample.t) == 0)
    assert sample.t[twice].tolist()[:2] == [0.0, 2.0]
    assert (sample["A"][twice + 1] - sample["A"][twice]).tolist() == [2000, 1000, 0]
    assert (sample["B"][twice + 1] - sample["B"][twice]).tolist() == [0, 0, 500]
    assert sample["A"][twice[2]] == 300
    assert sample.t[twice[2]] == pytest.approx(2 + math.log((3 * math.exp(-2) + 1) / 0.3), rel=0.05)


def test_a_dose_can_set_off_others_at_its_time() -> None:
    """A lifts the sum A + B over 1, whose dose lifts C over 0.5; a falling threshold is lifted over by nothing."""
    text = (
        "@dose 1.5 A at 1\n@dose 0.7 C when A + B rises 1\n@dose 1 D when C rises 0.5\n@dose 1 E when A falls 1\n"
        "@species: A, B, C, D, E"
    )
    sample = run(text, 2.0, 10.0)
    assert sample.counts[-1].tolist() == [15, 0, 7, 10, 0]
    assert sample.t.tolist() == [0.0, 1.0, 1.0, 2.0]


def test_noise_crosses_a_threshold_again_and_again_unless_it_is_to_rearm() -> None:
    """A fluctuates by 10 about 100; it never goes back below 50 once it has been there."""
    net = parse_crn("@dose 1 X when A rises 100\n@species: A, X\n-> A [k = 100]\nA -> [k = 1]")
    often, once = (stochastic(net, 50.0, omega=1, seed=2, rearm=r)["X"][-1] for r in (0.0, 0.5))
    assert often > 100
    assert once == 1


def test_a_pipetted_droplet_holds_a_poisson_number() -> None:
    net = parse_crn("A @i 2.5")
    assert stochastic(net, 1.0, omega=5.0, seed=1)["A"].tolist() == [12, 12]
    found = [stochastic(net, 1.0, omega=5.0, seed=s, pipette="poisson")["A"][0] for s in range(500)]
    assert np.mean(found) == pytest.approx(12.5, abs=4 * math.sqrt(12.5 / 500))
    assert np.var(found) == pytest.approx(12.5, rel=4 * math.sqrt(2 / 500))


def test_nothing_happens_where_nothing_can() -> None:
    for text in ("A @i 3", "A @i 3\nB -> C", "A @i 3\nA -> B [k = 0]", "A @i 3\nA + B -> C"):
        sample = run(text, 10.0, every=4.0)
        assert (sample.t.tolist(), sample["A"].tolist(), sample.events) == ([0, 4, 8, 10], [3, 3, 3, 3], 0)


def test_the_end_of_all_reactions_is_the_end_of_events() -> None:
    sample = run("A @i 50\nA -> B", 1e9, every=1e8)
    assert (sample.events, sample["B"].tolist()) == (50, [0] + [50] * 10)


def test_rates_over_eighteen_decades() -> None:
    """The fast exchange has come to rest on C before the slow decay of it takes 1e9 time units."""
    sample = run("A @i 100\nA -> C [k = 1e9]\nC -> D [k = 1e-9]", 1e9, every=1e8)
    assert sample["A"][1:].tolist() == [0] * 10
    assert sample["D"][-1] == pytest.approx(100 * (1 - math.exp(-1)), abs=4 * 4.9)


NAMES = ("A", "B", "C", "D")
TWO = st.lists(st.sampled_from(NAMES), min_size=2, max_size=2).map(tuple)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(TWO, TWO), min_size=1, max_size=8), st.integers(0, 2**32))
def test_totals_are_conserved_and_counts_stay_above_zero(sides: list[tuple[tuple[str, ...], ...]], seed: int) -> None:
    net = network([Reaction(*s, 1.0) for s in sides], [Species(n, 3.0) for n in NAMES])
    counts = stochastic(net, 3.0, omega=4.0, seed=seed, every=0.1).counts
    assert (counts.sum(axis=1) == 48).all()
    assert (counts >= 0).all()


def test_a_volume_makes_concentrations_molecules() -> None:
    """1 nM in 1 fl: 1e-9 * 1e-15 * 6.022e23."""
    assert molecules_per_unit(NANOMOLAR, 1e-15) == pytest.approx(0.602214076, rel=1e-12)
    with pytest.raises(InputError, match=r"^a unitless network has no volume; say how many molecules make one"):
        molecules_per_unit(UNITLESS, 1e-15)
    with pytest.raises(InputError, match=r"^the volume is 0\.0 l; give a volume above 0, such as 1e-15$"):
        molecules_per_unit(NANOMOLAR, 0.0)


def test_what_cannot_be_simulated_is_refused() -> None:
    with pytest.raises(InputError, match=r"^0 molecules make one concentration unit; give a number above 0$"):
        stochastic(DECAY, 1.0, omega=0, seed=1)
    with pytest.raises(InputError, match=r"^the seed is -1; give a whole number >= 0$"):
        stochastic(DECAY, 1.0, omega=1, seed=-1)
    with pytest.raises(InputError, match=r"^rearm is 1\.0; give a share of the threshold from 0 to below 1$"):
        stochastic(DECAY, 1.0, omega=1, seed=1, rearm=1.0)
    with pytest.raises(InputError, match=r"^A starts as 1e\+20 molecules, too many to count; take a smaller volume$"):
        stochastic(DECAY, 1.0, omega=1e20, seed=1)
    with pytest.raises(InputError, match=r"^until is nan; give a time above 0$"):
        stochastic(DECAY, math.nan, omega=1, seed=1)


def test_a_blow_up_that_lets_no_time_pass() -> None:
    with pytest.raises(SimulationError, match=r"^\d+ events took no time at t = 1: a blow-up; lower rates or doses"):
        run("@dose 1 A at 1\nA -> 2 A [k = 1e200]", 2.0)


def test_more_crossings_than_allowed() -> None:
    net = parse_crn("@dose 1 X when A rises 100\n@species: A, X\n-> A [k = 100]\nA -> [k = 1]")
    said = r"^thresholds were crossed 6 times by t = \d\S*, last A rising through 100; raise rearm, .* \(now 5\)$"
    with pytest.raises(SimulationError, match=said):
        stochastic(net, 50.0, omega=1, seed=2, max_events=5)


def test_progress_and_an_interrupt() -> None:
    seen: list[tuple[float, float]] = []
    stochastic(DECAY, 5.0, omega=100, seed=1, progress=lambda time, until: seen.append((time, until)))
    assert seen == [(5.0, 5.0)]

    def stop(time: float, until: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stochastic(DECAY, 5.0, omega=100, seed=1, progress=stop)
