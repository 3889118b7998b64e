"""Exchange in equilibrium: which it is, the moments it has, and that runs are distributed as exact ones are.

Distributions are compared at fixed seeds; equal ones would fail such a test once in ten thousand fresh seeds.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator

import numpy as np
import pytest
from scipy.linalg import expm
from scipy.stats import ks_2samp

from dsd.chain import Exchange, chain
from dsd.expand import expand
from dsd.hypergeometric import marked
from dsd.lower import Lowering, lower
from dsd.network import Network, Reaction, Species, network
from dsd.propensities import pack
from dsd.quasi import exchanges, separation
from dsd.ssa import value
from dsd.stochastic import stochastic
from dsd.syntax import parse_crn

FALSE_ALARM = 1e-4
STAR = parse_crn("@species: A = 3, R = 2, J = 2, K = 1, L, M\nJ + A <=> L + R\nK + A <=> M + R\nL + A -> X\n2 L -> X")
BOTH = Exchange("A", "R", (("J", "L"), ("K", "M")))


def dna(reactions: list[tuple[str, ...]], **initial: float) -> Network:
    """The implementation network of bimolecular reactions at 1e-4 /nM/s, each ``(A, B, product, ...)``."""
    formal = network((Reaction(r[:2], r[2:], 1e-4) for r in reactions), (Species(n, c) for n, c in initial.items()))
    return expand(lower(formal, Lowering())[0]).network


GATE = dna([("A", "B", "C")], A=8, B=8)
CASCADE = dna([("A", "B", "C"), ("C", "D", "E")], A=8, B=8, D=8)
RING = dna([("O1", "O2", "O2", "O2"), ("O2", "O3", "O3", "O3"), ("O3", "O1", "O1", "O1")], O1=6, O2=3, O3=3)


@pytest.mark.parametrize(
    ("net", "until", "omega", "name"),
    [
        (GATE, 500.0, 3.0, "C"),
        (GATE, 1000.0, 0.5, "C"),
        (CASCADE, 2500.0, 2.0, "E"),
        (RING, 1500.0, 2.0, "O2"),
        (RING, 3000.0, 2.0, "O1"),
    ],
)
def test_runs_end_as_exact_runs_do(net: Network, until: float, omega: float, name: str) -> None:
    """Kolmogorov-Smirnov (conservative for counts) of 250 runs each, and their means."""
    exact, quasi = (
        np.array([stochastic(net, until, omega=omega, seed=s, method=m)[name][-1] for s in range(250)])
        for m in ("exact", "quasi")
    )
    assert ks_2samp(exact, quasi).pvalue > FALSE_ALARM
    spread = math.sqrt((exact.var() + quasi.var()) / 250)
    assert abs(exact.mean() - quasi.mean()) < 4 * spread


def test_what_is_saved() -> None:
    """Of the events of an exact run of the ring one in a hundred or less is left."""
    exact, quasi = (stochastic(RING, 1000.0, omega=10.0, seed=1, method=m) for m in ("exact", "quasi"))
    assert quasi.events < exact.events / 100
    assert exact.separation == math.inf
    assert 20 < quasi.separation < 1000


def test_the_time_of_a_gate_follows_its_master_equation() -> None:
    """2 A on 3 gates at 1000 times the speed of L + B -> C, of which 4 B can do two, against the full equation."""
    net = parse_crn(
        "@species: A = 2, R = 5, J = 3, B = 4, L, C\nJ + A <=> L + R [kf = 20, kr = 20]\nL + B -> C [k = 0.02]"
    )
    assert exchanges(net) == (Exchange("A", "R", (("J", "L"),)),)
    states = [(free, held) for free in range(3) for held in range(3 - free)]
    at = {s: i for i, s in enumerate(states)}
    generator = np.zeros((len(states), len(states)))
    for (free, held), i in at.items():
        made = 2 - free - held
        jumps = {
            (free - 1, held + 1): 20 * free * (3 - held - made),
            (free + 1, held - 1): 20 * held * (5 + held + made),
            (free, held - 1): 0.02 * held * (4 - made),
        }
        for to, rate in jumps.items():
            if rate:
                generator[at[to], i] += rate
                generator[i, i] -= rate
    law = expm(25 * generator)[:, at[2, 0]]
    wanted = [sum(law[at[s]] for s in states if 2 - sum(s) == c) for c in range(3)]
    found = np.bincount([stochastic(net, 25.0, omega=1, seed=s, method="quasi")["C"][-1] for s in range(1500)])
    assert found / 1500 == pytest.approx(wanted, abs=4 * 0.5 / math.sqrt(1500))
    assert min(wanted) > 0.1


def arrangements() -> Iterator[dict[str, int]]:
    """Every way to put 3 strands A on the 8 places of STAR, all different and equally likely."""
    places = ["free"] * 5 + ["J"] * 2 + ["K"]
    for chosen in itertools.combinations(range(8), 3):
        on = [places[i] for i in chosen]
        a, held, other = on.count("free"), on.count("J"), on.count("K")
        yield {"A": a, "R": 5 - a, "L": held, "J": 2 - held, "M": other, "K": 1 - other}


@pytest.mark.parametrize("names", list(itertools.combinations_with_replacement("ARJLKM", 2)))
def test_propensities_are_means_over_all_arrangements(names: tuple[str, str]) -> None:
    """A pair of the same species counts n (n - 1) ordered ways."""
    x, y = names
    net = network([*STAR.reactions, Reaction(names, ("Y",), 2.0)], STAR.species)
    process = chain(net, 1.0, [BOTH])
    start = process.matrix @ np.array([int(s.initial) for s in net.species])
    ways = [n[x] * (n[y] - (x == y)) for n in arrangements()]
    assert value(pack(process.terms), len(process.terms) - 1, start) == pytest.approx(2.0 * np.mean(ways), rel=1e-12)


def test_rows_are_drawn_from_all_arrangements() -> None:
    net = network(STAR.reactions[:4], STAR.species)
    process = chain(net, 1.0, [BOTH])
    start = process.matrix @ np.array([int(s.initial) for s in net.species])
    drawn = process.counts(np.tile(start, (4000, 1)), np.random.default_rng(5))
    table = [[n[s] for s in "ARJLKM"] for n in arrangements()]
    columns = [net.index[s] for s in "ARJLKM"]
    assert drawn[:, columns].mean(axis=0) == pytest.approx(np.mean(table, axis=0), abs=0.05)
    assert np.cov(drawn[:, columns].T, ddof=0) == pytest.approx(np.cov(np.transpose(table), ddof=0), abs=0.05)
    assert (process.matrix @ drawn.T == start[:, np.newaxis]).all()


def test_a_chain_without_exchanges_counts_species() -> None:
    process = chain(STAR, 2.0)
    assert (process.matrix.toarray() == np.eye(7)).all()
    assert len(process.terms) == len(STAR.reactions)


def test_exchanges_of_compiled_gates_are_their_loading() -> None:
    assert exchanges(GATE) == (Exchange("A", "A_r", (("J0", "J0_1"),)),)
    assert exchanges(RING) == tuple(Exchange(f"O{i}", f"O{i}_r", ((f"J{i - 1}", f"J{i - 1}_1"),)) for i in (1, 2, 3))


@pytest.mark.parametrize(
    "text",
    [
        "@species: A = 1, J = 9, R = 9\nJ + A <=> L + R [kf = 1, kr = 2]",
        "@species: A = 1, J = 9, R = 9\nJ + A -> L + R",
        "@species: A = 1, J = 9, R = 9\nJ + A <=> L",
        "@species: A = 1, J = 9, R = 9\n2 A <=> L + R",
        "@species: A = 1, J = 9, R = 9, B = 5\nJ + A <=> L + R\nL + B -> C",
        "@species: A, J, R\nJ + A <=> L + R",
    ],
    ids=["uneven", "one way", "binding", "of a kind", "drained as fast", "nothing there"],
)
def test_what_is_no_fast_even_exchange(text: str) -> None:
    assert exchanges(parse_crn(text)) == ()


def test_a_gate_takes_part_in_one_exchange() -> None:
    """The second load of J competes for it; the first named goes first. K is another matter."""
    net = parse_crn(
        "@species: A = 1, B = 1, J = 9, K = 8, R = 90, S = 90\nJ + A <=> L + R\nJ + B <=> M + S\nK + B <=> N + S"
    )
    assert [(e.strand, e.gates) for e in exchanges(net, 0.01)] == [("A", (("J", "L"),)), ("B", (("K", "N"),))]


def test_separation_is_relaxation_over_drain() -> None:
    """k (A + R) over the rate at which B drains L: 2 * (2 + 10) / (0.5 * 3)."""
    net = parse_crn("@species: A = 2, R = 10, J = 4, B = 3\nJ + A <=> L + R [kf = 2, kr = 2]\nL + B -> C [k = 0.5]")
    found = exchanges(net, 10.0)
    amount = {s.name: s.initial for s in net.species}
    assert separation(net, found, amount) == pytest.approx(16.0)
    assert separation(net, found, amount | {"B": 0.0}) == math.inf
    assert exchanges(net, 17.0) == ()


def test_a_dose_of_a_strand_is_shared_out() -> None:
    """20 A dosed onto 60 places beside 20 held by R."""
    net = parse_crn("@dose 20 A at 1\n@species: A, R = 20, J = 40\nJ + A <=> L + R")
    counts = stochastic(net, 3000.0, omega=1, seed=1, every=1.0, method="quasi")
    assert counts.events == 0
    assert (counts["A"] + counts["L"])[2:].tolist() == [20] * 3000
    assert counts["A"][2:].mean() == pytest.approx(10.0, abs=0.2)


def test_a_threshold_watches_the_expected_sum() -> None:
    """Half of the A are free: 40 dosed lift the free ones over 15, whatever a draw says."""
    net = parse_crn("@dose 1 X when A rises 15\n@dose 40 A at 1\n@species: A, X, R = 100, J = 140\nJ + A <=> L + R")
    assert [stochastic(net, 2.0, omega=1, seed=s, method="quasi")["X"][-1] for s in range(20)] == [1] * 20


@pytest.mark.parametrize(
    ("good", "bad", "draws"),
    [(10**10, 3 * 10**10, 7), (7, 4 * 10**10, 10**10), (10**10, 10**10, 10**10), (3 * 10**10, 10**10, 10**6)],
)
def test_draws_from_large_populations(good: int, bad: int, draws: int) -> None:
    """Mean and variance of the hypergeometric law, within 5 standard errors of 2000 draws."""
    rng, everything = np.random.default_rng(1), good + bad
    share = good / everything
    mean, variance = draws * share, draws * share * (1 - share) * (everything - draws) / (everything - 1)
    found = np.array([marked(good, bad, draws, rng) for _ in range(2000)])
    assert found.mean() == pytest.approx(mean, abs=5 * math.sqrt(variance / 2000))
    assert found.std() == pytest.approx(math.sqrt(variance), rel=5 / math.sqrt(4000))
    assert ((found >= 0) & (found <= min(good, draws))).all()
