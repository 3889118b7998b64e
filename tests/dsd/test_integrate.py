"""Integration: closed forms, published solutions, thresholds, and what is said when it fails."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numba import njit

import dsd.compiled
from dsd.errors import InputError, SimulationError
from dsd.integrate import Engine, Method, Tolerance, default_tolerance
from dsd.network import Network, Reaction, Species, Threshold, network
from dsd.syntax import parse_crn

METHODS: tuple[Method, ...] = ("ndf", "dense", "krylov")
DECAY = parse_crn("A @initial 1\nA -> [k = 1]")
RING = parse_crn("@species: O1 = 1, O2 = 1e-3, O3 = 1\nO1 + O2 -> 2 O2\nO2 + O3 -> 2 O3\nO3 + O1 -> 2 O1")
EXPLOSION = parse_crn("@species: A = 1, B = 5\n2 A -> 3 A\nB -> [k = 1]")


def run(net: Network, until: float, method: Method = "auto", rtol: float = 1e-8) -> dict[str, float]:
    """Concentrations at ``until``."""
    engine = Engine(net, default_tolerance(net, rtol), method)
    return dict(zip(net.names, engine.run(0.0, engine.initial, until).state.tolist(), strict=True))


@pytest.mark.parametrize("method", METHODS)
def test_exponential_decay(method: Method) -> None:
    assert run(DECAY, 5.0, method)["A"] == pytest.approx(math.exp(-5), rel=1e-6)


@pytest.mark.parametrize("method", METHODS)
def test_reversible_dimerisation_reaches_its_equilibrium(method: Method) -> None:
    """2 A <=> B, kf = 2, kr = 1, A + 2 B = 1. At equilibrium 2 A^2 = B, so 4 A^2 + A = 1."""
    end = run(parse_crn("A @initial 1\n2 A <=> B [kf = 2, kr = 1]"), 100.0, method)
    a = (-1 + math.sqrt(17)) / 8
    assert (end["A"], end["B"]) == pytest.approx((a, 2 * a * a), rel=1e-7)


@pytest.mark.parametrize("method", METHODS)
def test_second_order_reaction(method: Method) -> None:
    """A + B -> C from a > b: with d = a - b, B(t) = b d / (a exp(k d t) - b)."""
    a, b, k, t = 3.0, 2.0, 0.7, 1.5
    end = run(parse_crn(f"@species: A = {a}, B = {b}\nA + B -> C [k = {k}]"), t, method)
    left = b * (a - b) / (a * math.exp(k * (a - b) * t) - b)
    assert (end["A"], end["B"], end["C"]) == pytest.approx((left + a - b, left, b - left), rel=1e-6)


@pytest.mark.parametrize("method", METHODS)
def test_the_ring_conserves_its_sum_and_its_product(method: Method) -> None:
    """d ln(O1 O2 O3) / dt = 0 for the rock-paper-scissors ring; ten periods at a trough of 1e-3."""
    engine = Engine(RING, Tolerance(rtol=1e-9, atol=1e-14), method)
    leg = engine.run(0.0, engine.initial, 130.0)
    assert leg.y.sum(axis=1) == pytest.approx(2.001, rel=1e-9)
    assert leg.y.prod(axis=1) == pytest.approx(1e-3, rel=1e-3)
    assert leg.y.min() > 0.9e-3


def test_the_methods_agree() -> None:
    """A reversible chain with rates over six decades, closed by a clock that drives every third step."""
    size = 150
    chain = [Reaction((f"S{i}",), (f"S{i + 1}",), 10.0 ** (i % 7 - 2)) for i in range(size)]
    chain += [Reaction((f"S{i + 1}", "O1"), (f"S{i}", "O1"), 1.0) for i in range(0, size, 3)]
    net = network([*RING.reactions, *chain], [*RING.species, Species("S0", 2.0)])
    ends = [run(net, 300.0, method) for method in METHODS]
    assert ends[1] == pytest.approx(ends[0], rel=1e-3, abs=1e-7)
    assert ends[2] == pytest.approx(ends[0], rel=1e-3, abs=1e-7)
    assert run(net, 300.0) == ends[0]


def test_rows_at_given_times() -> None:
    engine = Engine(DECAY)
    leg = engine.run(1.0, engine.initial, 4.0, at=np.array([1.5, 2.0, 3.0]))
    assert leg.t.tolist() == [1.0, 1.5, 2.0, 3.0, 4.0]
    assert leg.y[:, 0] == pytest.approx(np.exp(1 - leg.t), rel=1e-4)
    assert engine.run(1.0, engine.initial, 4.0, at=np.array([])).t.tolist() == [1.0, 4.0]


def test_short_times_stay_exact_late_in_a_run() -> None:
    """A decay within 1e-6 s, 1e9 s after the start: absolute time alone could not resolve its steps."""
    engine = Engine(parse_crn("A @initial 1\nA -> [k = 1e7]"))
    leg = engine.run(1e9, engine.initial, 1e9 + 1e-6)
    span = leg.time - 1e9
    assert leg.state[0] == pytest.approx(math.exp(-1e7 * span), rel=1e-4)


def test_a_threshold_stops_at_its_crossing() -> None:
    engine = Engine(DECAY)
    leg = engine.run(0.0, engine.initial, 9.0, Threshold(("A",), 0.5, -1))
    assert leg.event
    assert leg.time == pytest.approx(math.log(2), rel=1e-5)
    assert leg.state[0] == pytest.approx(0.5, rel=1e-9)


def test_of_several_thresholds_the_earliest_stops() -> None:
    engine = Engine(DECAY)
    early, late, never = Threshold(("A",), 0.5, -1), Threshold(("A",), 0.25, -1), Threshold(("A",), 0.7, 1)
    assert engine.run(0.0, engine.initial, 9.0, [late, never, early]).crossed == (early,)
    assert not engine.run(0.0, engine.initial, 9.0, [never]).event


def test_thresholds_that_are_crossed_together_stop_together() -> None:
    """B counts twice in A + 2 B; A + B is 1 for ever."""
    engine = Engine(parse_crn("A @initial 1\nA -> B"))
    stops = [Threshold(("B",), 0.5), Threshold(("A", "B", "B"), 1.5), Threshold(("A", "B"), 0.5)]
    assert engine.run(0.0, engine.initial, 9.0, stops).crossed == tuple(stops[:2])


def test_a_sum_beyond_its_level_at_the_start_has_not_crossed() -> None:
    """The ring starts with O1 on its way down; rising means its next rise, one turn later."""
    engine = Engine(RING, Tolerance(rtol=1e-8, atol=1e-13))
    leg = engine.run(0.0, engine.initial, 30.0, Threshold(("O1",), 0.5, 1))
    assert 5.0 < leg.time < 20.0
    after = engine.run(leg.time, leg.state, leg.time + 30.0, Threshold(("O1",), 0.5, 1))
    assert after.time - leg.time == pytest.approx(3 * (math.log(1 / 1e-3) + 3 * math.log(2)) / 2.001, rel=2e-3)


def test_progress_is_told_at_every_row() -> None:
    engine, seen = Engine(DECAY), list[float]()
    leg = engine.run(0.0, engine.initial, 2.0, progress=seen.append)
    assert seen == leg.t[1:].tolist()


class Interrupted:
    """Kinetics during which Ctrl-C is pressed."""

    size = 1

    def rhs(self, y: np.ndarray, out: np.ndarray) -> None:
        raise KeyboardInterrupt


def test_an_interrupt_inside_the_solver_gets_out() -> None:
    engine = Engine(DECAY, method="dense")
    engine.solver.kinetics = Interrupted()  # type: ignore[attr-defined]
    with pytest.raises(KeyboardInterrupt):
        engine.run(0.0, np.array([1.0]), 1.0)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("at", [None, np.array([0.5, 1.5])])
def test_a_blow_up_names_its_species(method: Method, at: np.ndarray | None, capfd: pytest.CaptureFixture[str]) -> None:
    """dA/dt = A^2 from 1 is 1 / (1 - t)."""
    engine = Engine(EXPLOSION, method=method)
    with pytest.raises(SimulationError, match=r"^A grew from 1 to .* by t = 0\.9999\d+: an autocatalytic") as caught:
        engine.run(0.0, engine.initial, 2.0, at=at)
    assert caught.value.time == pytest.approx(1.0, rel=1e-3)
    assert capfd.readouterr() == ("", "")


def test_growth_beyond_all_numbers() -> None:
    engine = Engine(parse_crn("A @initial 1\nA -> 2 A"))
    with pytest.raises(SimulationError, match=r"^A became infinite at t = 7\d\d\.\d+: an autocatalytic blow-up; lower"):
        engine.run(0.0, engine.initial, 1e4)


def test_an_undershoot_below_the_floor_is_an_error() -> None:
    """With a loose atol, B overshoots zero while A takes the last of it."""
    text = "@species: A = 2, B = 1\nA + B -> C [k = 1e4]"
    engine = Engine(parse_crn(text), Tolerance(rtol=1e-3, atol=1e-2, floor=1e-9))
    with pytest.raises(SimulationError, match=r"^B fell to -.* below the floor -1e-09; tighten atol \(now 0\.01\)$"):
        engine.run(0.0, engine.initial, 10.0)


@pytest.mark.parametrize("at", [None, np.array([1.0])])
def test_the_steps_of_a_leg_are_bounded(at: np.ndarray | None, capfd: pytest.CaptureFixture[str]) -> None:
    engine = Engine(RING, Tolerance(max_steps=20))
    said = r"^20 steps led only to t = 0\.\d+ of 1000; fastest reaction: O3 \+ O1 -> O1 \+ O1 at 1; raise max_steps, "
    with pytest.raises(SimulationError, match=said):
        engine.run(0.0, engine.initial, 1000.0, at=at)
    assert capfd.readouterr() == ("", "")


def test_an_integrator_that_gives_up_names_the_fastest_reaction() -> None:
    engine = Engine(parse_crn("A @initial 1\nA -> B [k = 1e300]\nB -> A"))
    with pytest.raises(SimulationError, match=r"gave up at t = .*; fastest reaction: A -> B at 1e\+300; loosen rtol"):
        engine.run(0.0, engine.initial, 1.0)


def test_what_cannot_be_run_is_refused() -> None:
    engine = Engine(DECAY)
    one = engine.initial
    with pytest.raises(InputError, match=r"^cannot integrate from t = 2 to t = 1; give an end that is not before the"):
        engine.run(2.0, one, 1.0)
    with pytest.raises(InputError, match=r"^the state has shape \(2,\), the network 1 species; give \(1,\)$"):
        engine.run(0.0, np.zeros(2), 1.0)
    with pytest.raises(InputError, match=r"^A starts at nan; start from finite concentrations$"):
        engine.run(0.0, np.array([math.nan]), 1.0)
    with pytest.raises(InputError, match=r"^the times asked for do not increase from 0 to 1; sort them and stay"):
        engine.run(0.0, one, 1.0, at=np.array([0.5, 0.2]))
    with pytest.raises(InputError, match="no species Q in this network; cannot watch it"):
        engine.run(0.0, one, 1.0, Threshold(("Q",), 1.0))
    with pytest.raises(InputError, match=r"^the threshold A at 0 cannot be crossed; name species and a level > 0$"):
        engine.run(0.0, one, 1.0, Threshold(("A",), 0.0, -1))
    with pytest.raises(InputError, match=r"^the threshold A at 1 has direction 0; use 1 \(rising\) or -1"):
        engine.run(0.0, one, 1.0, Threshold(("A",), 1.0, 0))
    assert engine.run(1.0, one, 1.0).t.tolist() == [1.0]


def test_engines_and_tolerances_that_cannot_be() -> None:
    with pytest.raises(InputError, match=r"^the network has no species; nothing can be simulated; add a reaction or"):
        Engine(network([]))
    with pytest.raises(InputError, match=r"^method 'magic' is unknown; use auto, ndf, dense, krylov or reduced$"):
        Engine(DECAY, method="magic")  # type: ignore[arg-type]
    with pytest.raises(InputError, match=r"^rtol is 0\.0; give a number > 0$"):
        Tolerance(rtol=0.0)
    with pytest.raises(InputError, match=r"^max_steps is 0; allow at least 1$"):
        Tolerance(max_steps=0)


def test_the_default_tolerance_follows_the_smallest_concentration() -> None:
    unit = default_tolerance(DECAY)
    assert (unit.rtol, unit.atol, unit.floor) == pytest.approx((1e-6, 1e-10, 1e-9))
    assert default_tolerance(RING).atol == pytest.approx(1e-13)
    assert default_tolerance(parse_crn("@dose 0.1 A when B falls 5\nB @initial 20\nB -> A")).atol == pytest.approx(
        1e-11
    )
    assert default_tolerance(parse_crn("@species: A = 1e5, B = 1e-7\nA -> B")).atol == pytest.approx(2.2e-11, rel=0.01)


def test_kernels_compile_without_a_cache_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    """numba refuses to cache where it can write nowhere, as in a read-only install without a home."""

    def refusing(**options: bool) -> object:
        if options.get("cache"):
            raise RuntimeError("cannot cache function: no locator available")
        return njit(**options)

    monkeypatch.setattr(dsd.compiled, "njit", refusing)
    assert dsd.compiled.compiled(lambda x: x + 1)(2) == 3
