"""Our own stiff integrator: events, continuation, guards; published stiff problems are in test_adversarial."""

from __future__ import annotations

import os
import signal
import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from dsd.errors import SimulationError
from dsd.integrate import Engine, Tolerance
from dsd.kinetics import mass_action
from dsd.ndf_kernels import factor, matrix, slopes, solve
from dsd.ndf_program import program
from dsd.network import Network, Reaction, Threshold, network
from dsd.syntax import parse_crn

RING = parse_crn("@species: O1 = 1, O2 = 1e-3, O3 = 1\nO1 + O2 -> 2 O2\nO2 + O3 -> 2 O3\nO3 + O1 -> 2 O1")

E5 = parse_crn("""
@species: Y1 = 1.76e-3, Y2, Y3, Y4
Y1 -> Y2 + Y3 [k = 7.89e-10]
Y1 + Y3 -> Y4 [k = 1.1e7]
Y2 + Y3 -> [k = 1.13e9]
Y4 -> Y3 [k = 1.13e3]
""")


def test_a_problem_beyond_double_precision_fails_clearly() -> None:
    """E5 (Hairer and Wanner, Solving Ordinary Differential Equations II, IV.10) conserves Y2 - Y3 - Y4 = 0 where Y2 has
    fallen by thirteen decades, and rounding takes that away. It is told, and no wrong answer is given."""
    engine = Engine(E5, Tolerance(1e-8, 1e-26, 1e-18), method="ndf")
    assert engine.run(0.0, engine.initial, 1e5).state[0] == pytest.approx(7.48132e-6, rel=1e-5)
    with pytest.raises(SimulationError, match=r"^a conserved total drifted by .* by t = 1e\+11: the integration"):
        engine.run(0.0, engine.initial, 1e11)


def test_a_relaxation_oscillator_of_third_order() -> None:
    """The Brusselator far beyond its bifurcation jumps as van der Pol's equation does; ten turns, against Radau IIA."""
    net = parse_crn("@species: X = 1, Y = 1\n-> X\n2 X + Y -> 3 X\nX -> Y [k = 8]\nX ->")
    engine = Engine(net, Tolerance(1e-9, 1e-12), method="ndf")
    until = 100.0
    ends = engine.run(0.0, engine.initial, until).state

    def slope(t: float, z: np.ndarray) -> list[float]:
        x, y = z
        return [1 + x * x * y - 9 * x, 8 * x - x * x * y]

    reference = solve_ivp(slope, (0.0, until), [1.0, 1.0], method="Radau", rtol=1e-10, atol=1e-12).y[:, -1]
    assert ends == pytest.approx(reference, rel=1e-4)


def chain(size: int) -> Network:
    """A random-looking chain whose last species is never consumed, and one that only counts."""
    steps = [Reaction((f"S{i}", "E"), (f"S{i + 1}", "E"), 10.0 ** (i % 5 - 2)) for i in range(size)]
    back = [Reaction((f"S{i + 1}",), (f"S{i}", "N"), 1.0) for i in range(0, size - 1, 2)]
    return network([*steps, *back], parse_crn("@species: S0 = 2, E = 1").species)


@settings(deadline=None, max_examples=20)
@given(st.integers(1, 30), st.integers(0, 2**32 - 1))
def test_the_program_is_the_kinetics_in_another_order(size: int, seed: int) -> None:
    kinetics = mass_action(chain(size))
    laid, order = program(kinetics)
    rng, n = np.random.default_rng(seed), kinetics.size
    y = rng.uniform(0.1, 2.0, n)
    inner, expected, found = np.append(y[order], 1.0), np.empty(n), np.empty(n)
    kinetics.rhs(y, expected)
    slopes(laid, inner, np.empty(laid.k.size), found)
    assert found == pytest.approx(expected[order], rel=1e-12, abs=1e-12)
    entries, x = np.empty(laid.unit.size), rng.normal(size=n)
    matrix(laid, inner, 0.3, np.empty(laid.d_k.size), entries)
    dense = (np.eye(n) - 0.3 * kinetics.jacobian_matrix(y).toarray())[np.ix_(order, order)]
    solution = np.linalg.solve(dense, x)
    assert factor(laid, entries, np.empty(n))
    solve(laid, entries, x)
    assert x == pytest.approx(solution, rel=1e-9, abs=1e-9)


def test_species_that_never_react_stay_out_of_the_factors() -> None:
    laid, order = program(mass_action(chain(30)))
    names = chain(30).names
    assert sorted(names[i] for i in order[laid.diag.size :]) == ["N", "S30"]


def test_a_leg_goes_on_as_if_it_had_not_stopped() -> None:
    """Two events and the end, against one run: no start after the events, and the same solution."""
    engine = Engine(RING, Tolerance(1e-8, 1e-13), method="ndf")
    whole = engine.run(0.0, engine.initial, 30.0)
    first = engine.run(0.0, engine.initial, 30.0, Threshold(("O1",), 0.5, -1))
    second = engine.resume(first, 30.0, Threshold(("O1",), 0.5, 1))
    third = engine.resume(second, 30.0, at=np.array([25.0]))
    assert (first.event, second.event, third.event) == (True, True, False)
    assert second.t[0] == first.time
    assert second.y[0].tolist() == first.y[-1].tolist()
    assert third.t.tolist() == [second.time, 25.0, 30.0]
    assert third.state == pytest.approx(whole.state, rel=1e-4)
    again = engine.run(first.time, first.state, 30.0, Threshold(("O1",), 0.5, 1))
    assert second.time == pytest.approx(again.time, rel=1e-5)
    assert len(second.t) < len(again.t)


def test_going_on_does_not_depend_on_what_ran_in_between() -> None:
    engine = Engine(RING, Tolerance(1e-8, 1e-13), method="ndf")
    first = engine.run(0.0, engine.initial, 30.0, Threshold(("O1",), 0.5, -1))
    straight = engine.resume(first, 30.0)
    engine.run(0.0, engine.initial, 7.0)
    assert engine.resume(first, 30.0).y.tobytes() == straight.y.tobytes()


def test_two_events_within_one_step_are_both_met() -> None:
    engine = Engine(parse_crn("A @initial 1\nA ->"), Tolerance(1e-3, 1e-6), method="ndf")
    levels = [0.5, 0.4999, 0.4998, 0.4997]
    leg, times = engine.run(0.0, engine.initial, 9.0, Threshold(("A",), levels[0], -1)), list[float]()
    for level in levels[1:]:
        times.append(leg.time)
        leg = engine.resume(leg, 9.0, Threshold(("A",), level, -1))
    assert leg.state[0] == pytest.approx(levels[-1], rel=1e-12)
    assert np.diff([*times, leg.time]) == pytest.approx(-np.diff(np.log(levels)), rel=1e-2)


def test_a_cvode_leg_is_started_anew() -> None:
    engine = Engine(RING, Tolerance(1e-8, 1e-13), "dense")
    first = engine.run(0.0, engine.initial, 30.0, Threshold(("O1",), 0.5, -1))
    second = engine.resume(first, 20.0)
    assert second.y.tobytes() == engine.run(first.time, first.state, 20.0).y.tobytes()


def test_more_rows_than_there_was_room_for() -> None:
    engine = Engine(RING, Tolerance(1e-10, 1e-15), method="ndf")
    leg = engine.run(0.0, engine.initial, 200.0)
    assert len(leg.t) > 3000
    assert (np.diff(leg.t) > 0).all()
    marks = np.linspace(0.1, 150.0, 1000)
    assert engine.run(0.0, engine.initial, 200.0, at=marks).t.tolist() == [0.0, *marks.tolist(), 200.0]


def test_a_stop_at_a_mark_gives_one_row() -> None:
    engine = Engine(parse_crn("-> A"), method="ndf")
    leg = engine.run(0.0, engine.initial, 9.0, Threshold(("A",), 2.0), at=np.array([1.0, 2.0, 3.0]))
    assert leg.event
    assert leg.t == pytest.approx([0.0, 1.0, 2.0])


def test_an_interrupt_gets_out_of_a_long_run() -> None:
    """Ctrl-C arrives while compiled code runs."""
    engine = Engine(RING, Tolerance(1e-12, 1e-16, max_steps=10**9), method="ndf")
    timer = threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT))
    engine.run(0.0, engine.initial, 1.0)  # compiles
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        engine.run(0.0, engine.initial, 1e9, at=np.empty(0))


def test_totals_are_conserved_to_rounding() -> None:
    engine = Engine(chain(40), Tolerance(1e-4, 1e-8, 1e-6), method="ndf")
    leg = engine.run(0.0, engine.initial, 1e3)
    kept = np.array([n.startswith("S") for n in engine.network.names])
    assert leg.y[:, kept].sum(axis=1) == pytest.approx(2.0, rel=1e-12)
    assert engine.laws.drift(leg.y[0], leg.state) < 1e-12


def test_an_integration_that_loses_matter_is_an_error() -> None:
    engine = Engine(chain(5), method="ndf")
    run = engine.solver.run

    def leaky(*args: object) -> object:
        out = run(*args)  # type: ignore[arg-type]
        out.y[-1] *= 0.9
        return out

    engine.solver.run = leaky  # type: ignore[method-assign, assignment]
    with pytest.raises(SimulationError, match=r"^a conserved total drifted by 0\.\d+ of itself by t = 3: the integ"):
        engine.run(0.0, engine.initial, 3.0)
