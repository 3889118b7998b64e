"""The clock report on trajectories whose answers are known."""

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clock.measure import LostClockError, crossings, measure, plot_period
from clock.ring import Ring
from dsd.errors import InputError
from dsd.network import network

RING = Ring(amplitude=1.0, trough=1e-6, k=1.0)


@pytest.fixture(scope="module")
def trajectory(solve):
    t, o = solve(network(RING.reactions(), RING.species()), 13.2 * RING.period, 13 * 300)
    return t, np.stack([o[n] for n in RING.names], axis=1)


def squares(periods, samples=1000):
    """Three phases that switch instantly, with the given periods; phase 1 comes first."""
    t, o, start = [], [], 0.0
    for period in periods:
        u = (np.arange(samples) + 0.5) / samples
        t.append(start + period * u)
        o.append(np.stack([(np.floor(3 * u) == (i + 2) % 3) * 1.0 for i in range(3)], axis=1))
        start += period
    return np.concatenate(t), np.concatenate(o)


def test_report_of_a_formal_ring(trajectory):
    report = measure(*trajectory, amplitude=1.0)
    kt = RING.k * RING.amplitude
    assert report.periods == pytest.approx([3 * math.log(8e6) / kt] * 12, rel=1e-4)
    assert (abs(report.drift) < 1e-4, report.drift_cycles) == (True, (10, 12))
    assert report.duty == pytest.approx([1 / 3] * 3, rel=1e-3)
    assert report.overlap_raw == pytest.approx([2 * math.log(2) / RING.k] * 3, rel=1e-3)
    assert report.overlap == pytest.approx([2 * math.log(2) / (3 * math.log(8e6))] * 3, rel=1e-3)
    assert report.handover == pytest.approx([2 * math.log(9) / kt] * 3, rel=1e-3)
    assert report.handover_fraction == pytest.approx(2 * math.log(9) / math.log(8e6), rel=1e-3)
    assert report.trough == pytest.approx([0.5e-6] * 12, rel=0.02)
    assert report.peak == pytest.approx([1.0] * 12, rel=2e-3)


def test_without_an_amplitude_the_first_species_sets_it(trajectory):
    assert measure(*trajectory).amplitude == pytest.approx(1.0, abs=2e-3)


def test_drift_of_a_slowing_clock():
    """Periods 10, 11, ... 24: from the 10th cycle between rises of phase 1 to the last."""
    report = measure(*squares(range(10, 25)))
    whole = report.periods
    assert len(whole) == 14
    assert report.drift == pytest.approx(whole[13] / whole[9] - 1)
    assert report.drift == pytest.approx(4 / 20, rel=0.03)
    assert report.duty == pytest.approx([1 / 3] * 3, rel=0.05)
    assert report.overlap == pytest.approx([0, 0, 0], abs=2e-3)


def test_a_short_run_counts_drift_from_its_first_cycle():
    assert measure(*squares([10, 10, 11, 12])).drift_cycles == (1, 3)


@given(st.floats(1e-3, 1e3), st.floats(1e-3, 1e3), st.floats(-100, 100))
def test_units_and_origin_do_not_matter(trajectory, time, conc, origin):
    t, o = trajectory
    plain, scaled = measure(t, o), measure(origin + time * t, conc * o)
    assert scaled.periods == pytest.approx(np.array(plain.periods) * time, rel=1e-5)
    assert scaled.trough == pytest.approx(np.array(plain.trough) * conc)
    assert scaled.overlap_raw == pytest.approx(np.array(plain.overlap_raw) * time * conc, rel=1e-5)
    for key in ("duty", "overlap", "handover_fraction"):
        assert getattr(scaled, key) == pytest.approx(getattr(plain, key), rel=1e-5)


def test_crossings_are_interpolated():
    t = np.linspace(0, 4 * math.pi, 201)
    assert crossings(t, np.sin(t), 0.5) == pytest.approx([math.pi / 6, math.pi * 13 / 6], abs=1e-3)
    assert crossings(t, np.sin(t), 0.5, -1) == pytest.approx([math.pi * 5 / 6, math.pi * 17 / 6], abs=1e-3)


def test_report_is_json(trajectory):
    plain = measure(*trajectory).to_dict()
    assert json.loads(json.dumps(plain)) == plain


def test_a_stopped_clock_is_lost():
    t = np.linspace(0, 100, 11)
    with pytest.raises(LostClockError) as error:
        measure(t, np.tile([1.0, 0.0, 0.0], (11, 1)))
    assert str(error.value) == (
        "lost clock: phase 1 rose through half its amplitude (0.5) 0 times from t = 0 to 100, and two cycles need 3; "
        "simulate longer, or check the ring's k and trough"
    )


@pytest.mark.parametrize(
    ("t", "o", "message"),
    [
        ([0, 1], [[1, 0], [0, 1]], "a clock is times (M,) and phases (M, 3), M >= 2; got (2,) and (2, 2)"),
        (
            [0, 1],
            [[1, 0, math.nan], [0, 1, 0]],
            "the clock's trajectory holds values that are not finite; find where its simulation failed",
        ),
        ([1, 0], [[1, 0, 0], [0, 1, 0]], "the times of the clock's trajectory run backwards; sort the samples"),
    ],
)
def test_errors(t, o, message):
    with pytest.raises(InputError) as error:
        measure(t, o)
    assert str(error.value) == message


def test_plot_period(trajectory):
    from matplotlib.figure import Figure

    ax = Figure().subplots()
    plot_period(ax, *trajectory, cycle=2, unit="nM")
    assert [line.get_label() for line in ax.get_lines()] == ["O1", "O2", "O3"]
    assert ax.get_lines()[0].get_xdata()[-1] == pytest.approx(RING.period, rel=0.01)
    assert ax.get_ylabel() == "concentration (nM)"
    with pytest.raises(InputError, match="no cycle 99 to plot; the trajectory has 12 cycles"):
        plot_period(ax, *trajectory, cycle=99)
