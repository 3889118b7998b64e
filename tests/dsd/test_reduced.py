"""The reduced integrator against the full one: how its error falls, what it keeps exactly, how it fails."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from dsd.block_elimination import elimination, factor, solve
from dsd.errors import SimulationError
from dsd.expand import Expansion, expand
from dsd.integrate import Engine, Tolerance
from dsd.lower import Lowering, lower
from dsd.network import Network, Reaction, Threshold, network
from dsd.simulate import simulate
from dsd.syntax import parse_crn

TIGHT = Tolerance(rtol=1e-9, atol=1e-13, floor=1e-9)


def dna(formal: Network, scheme: str = "two-domain-irreversible") -> Expansion:
    return expand(lower(formal, Lowering(scheme=scheme, fork_nM=300.0))[0])


def clocked_gate(scale: float) -> Expansion:
    """A ring, a transfer that it drives and an annihilation, at concentrations and rates times ``scale``.

    Gates stay as they are, so slow steps take 1/scale as long and fast ones do not: their ratio is the scale.
    """
    sides = [
        (("O1", "O2"), ("O2", "O2")), (("O2", "O3"), ("O3", "O3")), (("O3", "O1"), ("O1", "O1")),
        (("X", "O2"), ("Y", "O2")), (("Y", "W"), ()),
    ]  # fmt: skip
    start = {"O1": 6.0, "O2": 1.0, "O3": 2.0, "X": 5.0, "W": 2.0}
    formal = network(Reaction(a, b, 3e-5) for a, b in sides)
    return dna(formal.with_initial(**{n: v * scale for n, v in start.items()}))


def totals(found: Expansion, state: np.ndarray) -> np.ndarray:
    names = ("O1", "O2", "O3", "X", "Y", "W")
    return found.interpretation.matrix(found.network.names, names) @ state


def error(scale: float) -> float:
    """Largest error of a total at time 20,000 / scale, relative to the concentration scale."""
    found, span = clocked_gate(scale), 20_000.0 / scale
    full, reduced = (Engine(found.network, TIGHT, m) for m in ("ndf", "reduced"))
    # Both start in equilibrium: what follows is then about the slow manifold, not about the way to it.
    settled = full.run(0.0, full.initial, 60.0).state
    ends = [totals(found, e.run(0.0, settled, span, at=np.array([span])).state) for e in (full, reduced)]
    return float(np.abs(ends[1] - ends[0]).max()) / scale


def test_the_error_falls_with_the_square_of_the_lag() -> None:
    """Halving the ratio of fast to slow times quarters the error; first order would halve it."""
    errors = [error(s) for s in (2.0, 1.0, 0.5)]
    assert errors[0] < 2e-4
    for coarse, fine in pairwise(errors):
        assert 2.6 < coarse / fine < 6.0


@pytest.mark.parametrize("scheme", ["two-domain-irreversible", "two-domain"])
def test_strands_are_conserved_and_states_are_of_the_full_network(scheme: str) -> None:
    formal = parse_crn("A + B -> C [k = 2e-4]\nC + B -> A + D [k = 1e-4]\nA + D -> [k = 1e-4]\n@species: A = 6, B = 8")
    found = dna(formal, scheme)
    run = simulate(found.network, 5000.0, every=250.0, method="reduced", tolerance=TIGHT)
    strands = found.composition.matrix @ run.y.T
    assert strands == pytest.approx(np.repeat(strands[:, :1], run.t.size, axis=1), rel=1e-12, abs=1e-12)
    assert run.y.min() >= 0.0
    wanted = simulate(found.network, 5000.0, every=250.0, method="ndf", tolerance=TIGHT)
    read = found.interpretation.matrix(found.network.names, ("A", "B", "C", "D"))
    assert run.y[1:] @ read.T == pytest.approx(wanted.y[1:] @ read.T, abs=0.05)


def test_loading_and_intermediates_in_closed_form() -> None:
    """A spread over 20 free places and 60 in gates; L + B -> I is slow, and I waits 1/(0.5 * 40) for its fuel."""
    net = parse_crn(
        "@species: A = 4, R = 16, J = 60, B = 1, F = 40, L, I, C\n"
        "J + A <=> L + R [kf = 100, kr = 100]\nL + B -> I [k = 1e-6]\nI + F -> C + J + R [k = 0.5]"
    )
    run = simulate(net, 1.0, every=1.0, method="reduced", tolerance=Tolerance(1e-9, 1e-15, 1e-12))
    last = dict(zip(net.names, run.y[-1].tolist(), strict=True))
    rate = 1e-6 * 3.0 * 1.0
    assert last["A"] == pytest.approx(1.0, rel=1e-5)
    assert last["L"] == pytest.approx(3.0, rel=1e-5)
    assert last["I"] == pytest.approx(rate / (0.5 * 40), rel=1e-4)
    assert last["C"] == pytest.approx(rate * (1.0 - 1 / 20), rel=1e-4)


def test_doses_thresholds_and_marks() -> None:
    """A dose when C, free, rises through 1, as in full; rows stand where they are asked for."""
    formal = parse_crn("A + B -> C + B [k = 2e-4]\n@species: A = 6, B = 8\n@dose 3 A when C rises 1")
    found = dna(formal)
    runs = [simulate(found.network, 4000.0, every=400.0, method=m, tolerance=TIGHT) for m in ("ndf", "reduced")]
    twice = [r.t[np.flatnonzero(np.diff(r.t) == 0)] for r in runs]
    assert twice[0].size == 1
    # Apart by what it takes all gates to fill at the start: forks wait 3 s for their translator.
    assert twice[1] == pytest.approx(twice[0], abs=2.0)
    grid = np.isin(runs[1].t, np.arange(0, 4001, 400.0))
    assert runs[1].t[grid].tolist() == np.arange(0, 4001, 400.0).tolist()
    level = runs[1]["C"][np.flatnonzero(np.diff(runs[1].t) == 0)]
    assert level == pytest.approx([1.0], rel=1e-8)


def test_the_first_of_several_thresholds_stops_a_run() -> None:
    found = dna(parse_crn("A + B -> C + B [k = 2e-4]\n@species: A = 6, B = 8"))
    engine = Engine(found.network, TIGHT, "reduced")
    stops = [Threshold(("C",), level) for level in (1.0001, 1.0, 3.0)]
    leg = engine.run(100.0, engine.initial, 9000.0, stops)
    assert leg.crossed == (stops[1],)
    assert leg.state[found.network.index["C"]] == pytest.approx(1.0, rel=1e-9)
    again = engine.resume(leg, 9000.0, stops)
    assert again.crossed == (stops[0],)


def test_a_start_in_full_is_reached_by_nothing_but_equilibrium() -> None:
    """States of the full network are taken as they are: their totals count."""
    found = clocked_gate(1.0)
    full, reduced = (Engine(found.network, TIGHT, m) for m in ("ndf", "reduced"))
    middle = full.run(0.0, full.initial, 500.0).state
    lifted = reduced.run(0.0, middle, 1e-6, at=np.array([1e-6])).state
    assert lifted == pytest.approx(middle, rel=2e-3, abs=1e-4)


def test_a_fuel_that_is_gone_is_an_error() -> None:
    """Nothing seals forks without end strands, so what is in them is in no steady state."""
    found = dna(parse_crn("A + B -> C [k = 2e-4]\n@species: A = 6, B = 8"))
    engine = Engine(found.network, TIGHT, "reduced")
    state = engine.initial
    state[found.network.index["End"]] = 0.0
    state[found.network.index["C_r"]] = 0.0
    with pytest.raises(SimulationError, match=r"a fuel that intermediates wait for has run out.*integrate in full"):
        engine.run(0.0, state, 1000.0)


def test_elimination_on_a_fixed_pattern() -> None:
    """A chain with a loop that fills in, against dense algebra."""
    rng = np.random.default_rng(2)
    cells = [(1, 0), (0, 1), (2, 0), (2, 1), (0, 3), (3, 2), (4, 4)]
    program, position = elimination(5, cells)
    dense = np.zeros((5, 5))
    for i, j in {*cells, *((i, i) for i in range(5))}:
        dense[i, j] = 4 + rng.random() if i == j else -rng.random()
    packed = np.zeros(int(program.entries[0]))
    for (i, j), at in position.items():
        packed[at] = dense[i, j]
    b = rng.random(5)
    x = b.copy()
    assert len(position) > len({*cells, *((i, i) for i in range(5))})
    assert factor(program, packed, 5)
    solve(program, packed, x)
    assert x == pytest.approx(np.linalg.solve(dense, b), rel=1e-12)


def test_a_matrix_with_nothing_flowing_out_has_no_factors() -> None:
    program, _ = elimination(2, [(1, 0)])
    assert not factor(program, np.array([1.0, 0.0, -1.0]), 2)
    assert not factor(program, np.array([0.0, 1.0, 0.0]), 2)
