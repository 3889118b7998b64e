"""The clock families: each keeps the period, trough and handover it was asked for, and its closed forms hold."""

from __future__ import annotations

import math

import numpy as np
import pytest

from clock.crnpp import Crnpp, crnpp_for_period, first_peak, tick, turns
from clock.external import external_for_period
from clock.families import FAMILIES, clock_for_period
from clock.limit_cycle import growth, limit_cycle_for_period, settled
from clock.measure import crossings, measure
from clock.oscillator import Oscillator
from dsd.errors import InputError
from dsd.integrate import Engine, Tolerance
from dsd.network import Network, Species, network
from dsd.simulate import simulate
from dsd.syntax import print_crn

FINE = Tolerance(1e-8, 1e-13, 1e-9)


def run(clock: Oscillator, periods: int) -> tuple[np.ndarray, np.ndarray, Network]:
    """Times (M,), phase species (M, 3) and the network of so many periods and a bit."""
    net = network(clock.reactions(), clock.species(), doses=clock.doses(periods + 1))
    found = simulate(net, (periods + 0.3) * clock.period, tolerance=FINE)
    return found.t, found.y[:, [found.names.index(n) for n in clock.names]], net


@pytest.mark.parametrize(
    ("family", "period", "trough"),
    [("ring", 1e-4, 1e-3), ("crnpp", 1e-4, 1e-3), ("limit-cycle", 1e-4, 2e-3), ("external", 1e-4, 0.01)],
)
def test_every_family_keeps_the_period_and_the_trough_it_was_asked_for(family, period, trough):
    clock = clock_for_period(family, 1.5, 20.0, 1e-5)
    t, o, _ = run(clock, 4)
    report = measure(t, o, clock.amplitude)
    assert report.periods == pytest.approx([1.5] * len(report.periods), rel=period)
    assert report.trough[1:] == pytest.approx([1e-4] * (len(report.trough) - 1), rel=trough)
    assert (clock.period, clock.phase) == pytest.approx((1.5, 0.5))


@pytest.mark.parametrize(("family", "duty"), [("ring", 1 / 3), ("crnpp", 1 / 9), ("external", 1 / 3)])
def test_duty_and_overlap(family, duty):
    """Phases of CRN++ do not touch; the ring's overlap is 2 ln 2 / k, the schedule's is nearly nothing."""
    clock = clock_for_period(family, 1.0, 1.0, 1e-6)
    report = measure(*run(clock, 3)[:2], clock.amplitude)
    assert report.duty == pytest.approx([duty] * 3, rel=0.08)
    assert max(report.overlap) == pytest.approx(2 * math.log(2) / clock.k, rel=1e-2) if family == "ring" else 1e-4
    assert family == "ring" or max(report.overlap) < 1e-4


def crnpp_run(size: int, until: float) -> tuple[np.ndarray, np.ndarray]:
    """CRN++ as its authors run it: k = 1, X1 = X2 = 1, all others 1e-10."""
    names = tuple(f"X{i}" for i in range(1, size + 1))
    start = tuple(Species(n, 1.0 if i < 2 else 1e-10) for i, n in enumerate(names))
    leg = Engine(network(turns(names, 1.0), start), Tolerance(1e-9, 1e-16, 1e-12)).run(
        0.0, np.array([s.initial for s in start]), until
    )
    return leg.t, leg.y


def rises(t: np.ndarray, y: np.ndarray) -> np.ndarray:
    """When the handovers of a ring (M, n) are half done, in order."""
    return np.sort(np.concatenate([crossings(t, y[:, i], 1.0) for i in range(y.shape[1])]))


def test_crnpp_tick_and_first_peak():
    """The published constants are 36.098 and 18.136 (six species, two phases); both have a closed form."""
    assert tick(1e-10, 2.0, 1.0, 6) == pytest.approx(36.098, abs=5e-4)
    assert first_peak(1e-10, 2.0, 1.0) == pytest.approx(18.136, abs=5e-4)
    t, y = crnpp_run(6, 240.0)
    turns = rises(t, y)
    assert (turns[0] + turns[1]) / 2 == pytest.approx(18.136, abs=1e-3)
    assert (turns[12] - turns[0]) / 4 == pytest.approx(36.098, abs=1e-3)
    assert np.minimum(y[:, 2], y[:, 5]).max() <= 2.1e-10


@pytest.mark.parametrize("size", [6, 9, 12])
def test_period_of_a_ring_by_its_size(size):
    """n [ln(1/s) + c] / (k T) with c = ln 2 (1 + 2 / (n - 2)): the same derivation gives 3 ln 2 at n = 3."""
    turns = rises(*crnpp_run(size, 12.2 * size * 2))
    mean = (turns[size - 2] - turns[0]) / (size - 2)
    assert 3 * mean == pytest.approx(tick(1e-10, 2.0, 1.0, size), rel=1e-5)
    assert np.diff(turns[: size - 1]) * 2 == pytest.approx(
        [math.log(2e10)] * (size - 4) + [math.log(4e10)] * 2, rel=1e-4
    )
    assert tick(1e-10, 2.0, 1.0, 3) == pytest.approx((math.log(1e10) + 3 * math.log(2)) * 3 / 2)


def test_crnpp_text():
    clock = Crnpp(9.0, 1e-3, 0.5, ("A", "B", "C"))
    text = print_crn(network(clock.reactions(), clock.species(0.5)))
    assert text.splitlines()[2].startswith("@species clock: Aa = 4.4797")
    assert "A + Ba -> 2 Ba [k = 0.5, stage = clock]  # Ba takes over from A" in text
    assert "C + Aa -> 2 Aa [k = 0.5, stage = clock]  # Aa takes over from C" in text
    assert math.fsum(s.initial for s in clock.species(0.5)) == pytest.approx(9.0)
    assert clock.spans == pytest.approx((clock.period * 5 / 9, clock.period / 3))


@pytest.mark.parametrize("off", [0.2, 5.0])
def test_a_limit_cycle_forgets_where_it_began(off):
    """From a trough five times too deep or too shallow, the third period is right within 1 %; a ring keeps its own."""
    for family, forgets in (("limit-cycle", True), ("ring", False)):
        clock = clock_for_period(family, 1.0, 1.0, 1e-5)
        start = {s.name: s.initial for s in clock.species()}
        start["O2"] *= off
        net = network(clock.reactions(), clock.species()).with_initial(**start)
        found = simulate(net, 5.5, tolerance=FINE)
        last = measure(found.t, found.y[:, :3], 1.0).periods[-1]
        assert (abs(last - 1) < 0.01) == forgets


def test_the_period_of_a_limit_cycle_grows_as_its_linearisation_says():
    """dP / d ln(1/f) = 3 / lam for a deep trough; the amplitude stays, since decay balances the flux."""
    cycles = [settled(f, 2 * f) for f in (1e-9, 1e-8)]
    slope = (cycles[0].period - cycles[1].period) / math.log(10)
    assert slope == pytest.approx(3 / growth(3.0), rel=0.01)
    clock = limit_cycle_for_period(1.0, 1.0, 1e-4)
    found = simulate(network(clock.reactions(), clock.species()), 60.0, tolerance=FINE)
    report = measure(found.t, found.y[:, :3], 1.0)
    assert abs(report.drift) < 1e-4
    assert found.y[-1] @ [1, 1, 1, 2, 2, 2] == pytest.approx(1.0, rel=1e-3)


def test_an_external_clock_is_a_schedule():
    clock = external_for_period(3.0, 10.0, 1e-4)
    assert [(d.species, d.amount, d.at) for d in clock.doses(1)] == [
        ("R_O2", 10.0, 1.0), ("Q_O1", 10.0, 1.0), ("R_O3", 10.0, 2.0), ("Q_O2", 10.0, 2.0),
        ("R_O1", 10.0, 3.0), ("Q_O3", 10.0, 3.0),
    ]  # fmt: skip
    report = measure(*run(clock, 3)[:2], 10.0)
    assert report.handover == pytest.approx([clock.handover] * 3, rel=1e-3)


def test_starts_further_into_phase_1():
    """Per-reaction gating starts where phase 3 is all but over."""
    for family in FAMILIES:
        clock = clock_for_period(family, 1.0, 20.0, 1e-6)
        last = next(s.initial for s in clock.species(0.99) if s.name == "O3")
        assert last == pytest.approx(0.2, rel=0.01) or family == "external"


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: clock_for_period("quartz", 1, 1, 1e-6),
         "no clock family 'quartz'; choose one of ring, crnpp, limit-cycle, external"),
        (lambda: crnpp_for_period(0, 1, 1e-6), "the ring's period is 0; give a number > 0"),
        (lambda: limit_cycle_for_period(1, 1, 0.1),
         "the trough is 0.1; a limit cycle needs one of at most 0.01, or it dies out"),
        (lambda: limit_cycle_for_period(math.inf, 1, 0.1), "the ring's period is inf; give a number > 0"),
        (lambda: external_for_period(-1, 1, 1e-6), "the clock's period is -1; give a number > 0"),
        (lambda: crnpp_for_period(1, 1, 1e-6).species(1.0),
         "a start 1.0 of the way into phase 1 is no handover; give a number between 0 and 1"),
    ],
)  # fmt: skip
def test_errors(make, message):
    with pytest.raises(InputError) as error:
        make()
    assert str(error.value) == message
