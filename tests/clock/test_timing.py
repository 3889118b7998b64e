"""Effective phase lengths against simulation: a counter species made at rate 1 while its operands exist."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clock.crnpp import crnpp_for_period
from clock.gating import STRATEGIES, Gating
from clock.gating_pipelined import CARRY, DOSE_LEVEL
from clock.ring import Ring
from clock.timing import dose_when, feedback_time, forward_time, kept_share, transfer_time
from dsd.errors import InputError
from dsd.network import Threshold
from dsd.syntax import parse_crn

RING = Ring(amplitude=2.0, trough=1e-7, k=0.5)
COUNTERS = parse_crn("""
@level formal
@stages N1 N2 N3
@species parameter: forward, square, feedback
@species input: X1
@species target: Y
@species adjoint: A1p

X1 -> X1 + forward [stage = N1]
X1 + X1 -> X1 + X1 + square [stage = N1]
Y -> A1p [stage = N2]
X1 + A1p -> X1 + A1p + feedback [stage = N3]
""")


@pytest.mark.parametrize("ratio", [0.5, 1.0, 4.0])
def test_operand(solve, ratio):
    rates = Gating(transfer=ratio * RING.k, flush=2 * RING.k)
    pot, _ = STRATEGIES["operand"](COUNTERS, RING, rates)
    _, y = solve(pot, 0.99 * RING.period, X1=1.0, Y=1.0)
    assert y["forward"][-1] == pytest.approx(forward_time(RING, rates), rel=5e-3)
    assert y["square"][-1] == pytest.approx(forward_time(RING, rates, operands=2), rel=5e-3)
    assert y["feedback"][-1] == pytest.approx(feedback_time(RING, rates), rel=5e-3)


@pytest.mark.parametrize("ratio", [0.5, 1.0, 4.0])
def test_per_reaction(solve, ratio):
    rates = Gating(transfer=ratio * RING.k, flush=2 * RING.k)
    pot, _ = STRATEGIES["per_reaction"](COUNTERS, RING, rates)
    _, y = solve(pot, 0.9 * RING.period, X1=1.0, Y=1.0)
    assert y["forward"][-1] == pytest.approx(forward_time(RING, rates, "per_reaction"), rel=5e-2)
    assert y["feedback"][-1] == pytest.approx(feedback_time(RING, rates, "per_reaction"), rel=5e-2)


@pytest.mark.parametrize(("transfer", "flush"), [(0.8, 0.45), (1.0, 0.5)])
def test_pipelined(solve, transfer, flush):
    """From the end of phase 2, where a sample is dosed; copies are what the closed form keeps of them."""
    rates = Gating(transfer=transfer * RING.k, flush=flush * RING.k)
    pot, _ = STRATEGIES["pipelined"](COUNTERS, RING, rates)
    start = dict(zip(("O3", "O1", "O2"), (s.initial for s in RING.species(1 - DOSE_LEVEL)), strict=True))
    t, y = solve(pot.with_initial(**start), 1.9 * RING.period, X1=1.0, Y=1.0)
    kept, forward = kept_share(RING, rates), int((t < 0.9 * RING.period).sum())
    assert y["forward"][forward] == pytest.approx(forward_time(RING, rates, "pipelined"), rel=5e-3)
    assert y["square"][forward] == pytest.approx(forward_time(RING, rates, "pipelined", operands=2), rel=5e-3)
    assert y["Xbb1"].max() == pytest.approx(kept, rel=5e-3)
    assert y["Ab1p"].max() == pytest.approx(kept, rel=5e-3)
    assert y["feedback"][-1] / kept**2 == pytest.approx(feedback_time(RING, rates, "pipelined"), rel=5e-3)


@given(st.floats(0.05, 4.0), st.floats(0.05, 4.0))
def test_what_a_flush_leaves_of_a_copy(carry, flush):
    """``1 / (c + f choose f)``: copying and flushing play the same part, and a clock with gaps keeps all."""
    rates = Gating(transfer=carry * RING.k / CARRY, flush=flush * RING.k)
    swapped = Gating(transfer=flush * RING.k / CARRY, flush=carry * RING.k)
    gamma = math.gamma(carry + 1) * math.gamma(flush + 1) / math.gamma(carry + flush + 1)
    assert kept_share(RING, rates) == pytest.approx(gamma)
    assert kept_share(RING, swapped) == pytest.approx(gamma)
    assert kept_share(crnpp_for_period(1.0, 2.0, 1e-7), rates) == 1.0


def test_transfer_at_the_rate_of_the_ring_changes_no_length():
    rates = Gating(transfer=RING.k)
    assert forward_time(RING, rates) == pytest.approx(RING.phase)


@given(st.floats(1e-2, 1e3))
def test_no_transfer_is_faster_than_the_clock_grows(ratio):
    """A species handed over falls from 90 to 10 % in at least 3.1 / (k T), however fast the transfer."""
    assert transfer_time(RING, ratio * RING.k) >= 3.084 / (RING.k * RING.amplitude)


def test_transfer_time_limits():
    fast = math.log(math.log(10) / math.log(10 / 9))
    assert transfer_time(RING, 1e6 * RING.k) == pytest.approx(fast, rel=1e-5)
    assert transfer_time(RING, RING.k) == pytest.approx(RING.handover)


def test_dose_when():
    assert dose_when(RING) == Threshold(("O1",), 1.0, 1)
    assert dose_when(RING, "per_reaction") == Threshold(("O3",), 0.02, -1)
    assert dose_when(RING, "pipelined") == Threshold(("O2",), 0.002, -1)


def test_errors():
    with pytest.raises(
        InputError, match="no gating strategy 'paper'; choose operand, per_reaction, two_phase or pipelined"
    ):
        dose_when(RING, "paper")
    with pytest.raises(InputError, match="the gating rate transfer is 0; effective phase lengths need it > 0"):
        forward_time(RING, Gating(transfer=0))
