"""Simulation: doses at times and at crossings, rows on a grid, and runs that have no end."""

from __future__ import annotations

import math

import numpy as np
import pytest

from dsd.errors import InputError, SimulationError
from dsd.integrate import Tolerance, default_tolerance
from dsd.network import Dose, Network, Reaction, Species, Threshold, network
from dsd.simulate import simulate
from dsd.syntax import parse_crn
from dsd.trajectory import Trajectory

FINE = Tolerance(rtol=1e-9, atol=1e-13)
DECAY = parse_crn("@dose 2 A at 0\n@dose 1 A at 2\n@dose 0.5 B when A falls 0.3\nA -> [k = 1]\nB -> [k = 0.1]\nA @i 1")
REFILL = parse_crn("@dose 0.5 A when A falls 0.5\nA -> [k = 1]\nA @initial 1")


def dosed(run: Trajectory) -> list[float]:
    """The times that have two rows."""
    times: list[float] = run.t[1:][np.diff(run.t) == 0].tolist()
    return times


def test_doses_add_to_the_state_and_stand_in_two_rows() -> None:
    """A = 3 exp(-t) up to the dose at 2, then (3 exp(-2) + 1) exp(2 - t); it falls through 0.3 at t*."""
    run = simulate(DECAY, 5.0, every=0.5, tolerance=FINE)
    after = 3 * math.exp(-2) + 1
    crossing = 2 + math.log(after / 0.3)
    assert run.t == pytest.approx([0, 0, 0.5, 1, 1.5, 2, 2, 2.5, 3, 3.5, crossing, crossing, 4, 4.5, 5], rel=1e-8)
    assert run["A"][:2].tolist() == [1.0, 3.0]
    assert run["A"][[5, 6]] == pytest.approx([after - 1, after], rel=1e-7)
    assert run["B"][[10, 11]].tolist() == [0.0, 0.5]
    assert run.final["A"] == pytest.approx(after * math.exp(-3), rel=1e-7)
    assert run.final["B"] == pytest.approx(0.5 * math.exp(-0.1 * (5 - crossing)), rel=1e-7)


def test_what_is_dosed_is_there() -> None:
    """Isomers A and B are never lost: their total is a staircase. The dose at 1 lifts B over 3, which brings more."""
    doses = "@dose 0.25 A at 1\n@dose 4 B at 1\n@dose 2 A at 3.5\n@dose 1 B when B rises 3"
    run = simulate(parse_crn(f"{doses}\n@species: A = 1, B\nA <=> B [kf = 3, kr = 2]"), 6.0)
    total = run["A"] + run["B"]
    assert np.unique(total.round(10)).tolist() == [1.0, 6.25, 8.25]
    assert run.t[1:][np.diff(total) > 1e-6].tolist() == dosed(run) == [1.0, 3.5]


def test_the_integrator_starts_anew_at_each_dose() -> None:
    """No row interpolates over a dose: the solution before it is that without it."""
    plain = simulate(parse_crn("A @i 3\nA -> [k = 1]"), 2.0)
    late = simulate(parse_crn("@dose 9 A at 2\nA @i 3\nA -> [k = 1]"), 4.0)
    assert late.t[: len(plain)].tolist() == plain.t.tolist()
    assert late["A"][: len(plain)].tolist() == plain["A"].tolist()
    assert late["A"][len(plain)] == plain["A"][-1] + 9


def test_sampling_does_not_change_the_run() -> None:
    coarse, fine = simulate(DECAY, 5.0, every=2.0), simulate(DECAY, 5.0)
    assert coarse.final == pytest.approx(fine.final, rel=1e-12)
    assert coarse.t[[0, 2, 3, -2, -1]].tolist() == [0.0, 2.0, 2.0, 4.0, 5.0]


def test_rows_reach_the_end_once() -> None:
    """0.1 * 3 is not 0.3 in floating point; the end has one row all the same."""
    decay = parse_crn("A @i 1\nA -> B")
    assert simulate(decay, 0.3, every=0.1).t.tolist() == [0.0, 0.1, 0.2, 0.3]
    assert simulate(decay, 0.35, every=0.1).t == pytest.approx([0.0, 0.1, 0.2, 0.3, 0.35])
    assert simulate(decay, 1.0, every=5.0).t.tolist() == [0.0, 1.0]


def test_an_event_doses_every_time_it_happens() -> None:
    """A falls from 1 to 1/2 in ln 2, and is brought back."""
    run = simulate(REFILL, 10.0, tolerance=FINE)
    assert dosed(run) == pytest.approx(math.log(2) * np.arange(1, 15), rel=1e-7)
    assert run["A"].min() == pytest.approx(0.5, rel=1e-7)


def test_doses_on_one_threshold_are_given_together() -> None:
    run = simulate(
        parse_crn("@dose 1 B when A falls 0.5\n@dose 2 C when A falls 0.5\n@species: A = 1, B, C\nA ->"), 2.0
    )
    assert len(dosed(run)) == 1
    assert (run.final["B"], run.final["C"]) == (1.0, 2.0)


def test_two_thresholds_are_met_in_their_order() -> None:
    text = "@dose 1 B when A falls 0.2\n@dose 1 C when A falls 0.5\n@species: A = 1, B, C\nA -> [k = 1]"
    run = simulate(parse_crn(text), 3.0, tolerance=FINE)
    assert dosed(run) == pytest.approx([math.log(2), math.log(5)], rel=1e-7)
    assert run.at(1.0).tolist()[1:] == [0.0, 1.0]


def test_a_threshold_already_passed_waits_for_a_true_crossing() -> None:
    """A starts above 0.5 and decays; only the dose of A at 4 makes it rise through 0.5, at that time."""
    net = parse_crn("@dose 1 B when A rises 0.5\n@dose 1 A at 4\n@species: A = 1, B\nA -> [k = 1]")
    run = simulate(net, 6.0)
    assert dosed(run) == [4.0]
    assert run.at(3.9)[1] == 0.0
    assert run.final["B"] == 1.0


def test_a_dose_can_set_off_others_at_its_time() -> None:
    """A lifts the sum A + B over 1, whose dose lifts C over 0.5; a falling threshold is lifted over by nothing."""
    net = parse_crn(
        "@dose 1.5 A at 1\n@dose 0.7 C when A + B rises 1\n@dose 1 D when C rises 0.5\n@dose 1 E when A falls 1\n"
        "@species: A, B, C, D, E"
    )
    run = simulate(net, 2.0)
    assert run.final == {"A": 1.5, "B": 0.0, "C": 0.7, "D": 1.0, "E": 0.0}
    assert dosed(run) == [1.0]


def test_the_ring_doses_once_a_period() -> None:
    """A dose at each rise of O1 through half the amplitude; period 3 [ln(1/s) + 3 ln 2] / (k T) for trough s T / 2."""
    ring = "O1 + O2 -> 2 O2\nO2 + O3 -> 2 O3\nO3 + O1 -> 2 O1"
    net = parse_crn(f"@dose 1 X when O1 rises 1\n@species: O1 = 0.9995, O2 = 1e-3, O3 = 0.9995, X\n{ring}")
    run = simulate(net, 100.0, tolerance=Tolerance(rtol=1e-9, atol=1e-14))
    period = 3 * (math.log(1e3) + 3 * math.log(2)) / 2
    assert np.diff(dosed(run)) == pytest.approx(period, rel=1e-3)
    assert run.final["X"] == len(dosed(run)) == 8


@pytest.mark.parametrize("method", ["dense", "krylov"])
def test_both_methods_give_the_same_run(method: str) -> None:
    run = simulate(DECAY, 5.0, every=1.0, tolerance=FINE, method=method)  # type: ignore[arg-type]
    assert run.final["A"] == pytest.approx((3 * math.exp(-2) + 1) * math.exp(-3), rel=1e-7)


def test_a_network_in_nanomolar() -> None:
    net = parse_crn("@units nM s\n@dose 5 A at 100\n@species: A = 10, F = 1e4\nA + F -> B + F [k = 1e-6]")
    run = simulate(net, 200.0, every=100.0, tolerance=default_tolerance(net))
    assert run.units == net.units
    assert run["A"] == pytest.approx([10, 10 / math.e, 10 / math.e + 5, (10 / math.e + 5) / math.e], rel=1e-5)


def test_progress_runs_from_the_start_to_the_end() -> None:
    seen: list[tuple[float, float]] = []
    simulate(DECAY, 5.0, progress=lambda time, until: seen.append((time, until)))
    times = [time for time, _ in seen]
    assert seen[-1] == (5.0, 5.0)
    assert times == sorted(times)
    assert 10 < len(seen) < 1100


def test_an_interrupt_in_the_callback_gets_out() -> None:
    def stop(time: float, until: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        simulate(DECAY, 5.0, progress=stop)


def test_doses_that_never_let_the_time_advance() -> None:
    """Each dose of 1e-13 lasts for 2e-13 time units."""
    net = parse_crn("@dose 1e-13 A when A falls 0.5\nA -> [k = 1]\nA @initial 1")
    said = (
        r"^the dose of 1e-13 A at A falling through 0\.5 was given \d+ times by t = 0\.69\d+, and there is no end of it"
    )
    with pytest.raises(SimulationError, match=said) as caught:
        simulate(net, 10.0)
    assert caught.value.time == pytest.approx(math.log(2), rel=1e-4)


def test_more_events_than_allowed() -> None:
    said = r"was given 6 times by t = 4\.1\d+, .*; dose more at a time, part the levels, or raise max_events \(now 5\)$"
    with pytest.raises(SimulationError, match=said):
        simulate(REFILL, 10.0, max_events=5)
    assert len(dosed(simulate(REFILL, 10.0, max_events=14))) == 14


def test_a_failing_leg_tells_its_own_time() -> None:
    """2 A -> 3 A from A = 1 dosed at t = 5 blows up at t = 6."""
    with pytest.raises(SimulationError, match=r"^A grew from 1 to \S+ by t = 5\.9999\d*: an autocatalytic") as caught:
        simulate(parse_crn("@dose 1 A at 5\n2 A -> 3 A"), 10.0)
    assert caught.value.time == pytest.approx(6.0, rel=1e-4)


def one(dose: Dose) -> Network:
    return network([Reaction(("A",), ())], [Species("A", 1.0)], doses=[dose])


def test_what_cannot_be_simulated_is_refused() -> None:
    with pytest.raises(InputError, match=r"^the network has no species; nothing can be simulated"):
        simulate(network([]), 1.0)
    with pytest.raises(
        InputError, match=r"^the dose of A is due at -1\.0; a simulation starts at 0, give a time >= 0$"
    ):
        simulate(one(Dose("A", 1.0, -1.0)), 1.0)
    with pytest.raises(InputError, match="the dose of A is due at nan"):
        simulate(one(Dose("A", 1.0, math.nan)), 1.0)
    with pytest.raises(InputError, match=r"^the threshold A at 0 cannot be crossed; name species and a level > 0$"):
        simulate(one(Dose("A", 1.0, Threshold(("A",), 0.0, -1))), 1.0)
    with pytest.raises(InputError, match=r"^a row every 1e-09 until 10 is more than 10000000 rows; raise every$"):
        simulate(DECAY, 10.0, every=1e-9)


@pytest.mark.parametrize("times", [{"until": 0.0}, {"until": math.nan}, {"until": 1.0, "every": -1.0}])
def test_times_must_lie_above_zero(times: dict[str, float]) -> None:
    with pytest.raises(InputError, match="give a time above 0"):
        simulate(DECAY, **times)  # type: ignore[arg-type]


def test_a_dose_after_the_end_is_not_given_and_one_at_the_end_is() -> None:
    assert simulate(one(Dose("A", 7.0, 2.5)), 2.0).final["A"] == pytest.approx(math.exp(-2), rel=1e-4)
    assert simulate(one(Dose("A", 7.0, 2.0)), 2.0).final["A"] == pytest.approx(math.exp(-2) + 7, rel=1e-6)
