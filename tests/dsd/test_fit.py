"""Rate constants from traces: the closed form, recovery from noisy data, and data that do not suffice."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsd.errors import InputError, TextError
from dsd.fit import Traces, displaced, fit_displacement, read_traces
from dsd.network import NANOMOLAR, Reaction, Species, network
from dsd.rates import LITERATURE, profile
from dsd.simulate import simulate
from dsd.tolerance import Tolerance

T = np.linspace(0.0, 3600.0, 61)
INPUTS = np.array([5.0, 10.0, 20.0])


def traces(rate: float, noise: float, seed: int = 1) -> Traces:
    """Three wells with 50 nM of gate, 120 units a nM, and a background of their own."""
    generator = np.random.default_rng(seed)
    clean = np.column_stack([displaced(T, x, 50.0, rate) for x in INPUTS])
    return Traces(T, INPUTS, 120.0 * clean + [300.0, 310.0, 320.0] + noise * generator.standard_normal(clean.shape))


@pytest.mark.parametrize(("x", "g"), [(10.0, 50.0), (50.0, 10.0), (20.0, 20.0), (20.0, 20.0 + 1e-7), (0.0, 5.0)])
def test_the_closed_form_is_what_the_reaction_does(x: float, g: float) -> None:
    reaction = network([Reaction(("X", "G"), ("Y",), 5e-5)], [Species("X", x), Species("G", g)], units=NANOMOLAR)
    run = simulate(reaction, until=3600.0, every=60.0, tolerance=Tolerance(rtol=1e-9, atol=1e-12))
    assert displaced(run.t, x, g, 5e4) == pytest.approx(run["Y"], rel=1e-5, abs=1e-6)


@given(st.floats(2e3, 2e6))
@settings(max_examples=20, deadline=None)
def test_a_rate_without_noise_is_recovered(rate: float) -> None:
    found = fit_displacement(traces(rate, 0.0), 50.0)
    assert found.rate == pytest.approx(rate, rel=1e-3)
    assert found.brightness == pytest.approx(120.0, rel=1e-3)
    assert found.background == pytest.approx((300.0, 310.0, 320.0), rel=1e-2)


def test_the_interval_covers_the_truth_as_often_as_it_says() -> None:
    """95 % of intervals from 100 noisy plates; fewer than 87 would be a chance of 1 in 1000."""
    found = [fit_displacement(traces(5e4, 30.0, seed), 50.0) for seed in range(100)]
    assert sum(f.low <= 5e4 <= f.high for f in found) >= 87
    assert np.mean([f.rms for f in found]) == pytest.approx(30.0 / 120.0, rel=0.1)
    assert all(f.high / f.low < 1.2 for f in found)


def test_flat_traces_are_refused() -> None:
    flat = Traces(T, INPUTS, 300.0 + np.random.default_rng(3).standard_normal((len(T), 3)))
    with pytest.raises(InputError, match="do not determine a rate constant"):
        fit_displacement(flat, 50.0)
    with pytest.raises(InputError, match="a gate of 0 nM displaces nothing"):
        fit_displacement(flat, 0.0)


def test_traces_are_read_with_their_units() -> None:
    read = read_traces("t [min],5 nM,1e1 nM well B2\n0,1,2\n1,3,4\n2.5,5,6\n")
    assert read.t.tolist() == [0, 60, 150]
    assert read.inputs_nM.tolist() == [5, 10]
    assert read.signal.tolist() == [[1, 2], [3, 4], [5, 6]]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "there is no header"),
        ("time,5 nM\n", "this is no header of traces"),
        ("t [s],5 nM\n0,1\n1,2\n", "there are 2 rows of data"),
        ("t [s],5 nM\n0,1\n1,x\n2,3\n", "<text>:3:1: this row is not 2 finite numbers"),
        ("t [s],5 nM\n0,1\n2,2\n1,3\n", "times must grow"),
    ],
)
def test_tables_that_are_none(text: str, message: str) -> None:
    with pytest.raises(TextError, match=message):
        read_traces(text)


def test_a_profile_is_scaled() -> None:
    found = profile("literature*0.5")
    for n, m in ((0, 0), (5, 0), (5, 5), (6, 7)):
        assert found.rate(n, m, 20) == 0.5 * LITERATURE.rate(n, m, 20)
    assert profile(found.name) == found or profile(found.name).name == "literature*0.5"
    for name, message in (
        ("literature*x", "'x' is no number; write literature\\*0.5"),
        ("literature*-1", "multiply by a number above 0"),
        ("other*2", "no kinetics profile 'other\\*2'"),
    ):
        with pytest.raises(InputError, match=message):
            profile(name)
