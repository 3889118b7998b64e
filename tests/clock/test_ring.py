"""The ring: its text, its conserved quantities, and its closed forms against simulation."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clock.measure import measure
from clock.ring import OFFSET, Ring, ring_for_period
from dsd.errors import InputError
from dsd.network import Threshold, network
from dsd.syntax import print_crn

rings = st.builds(Ring, st.floats(1e-2, 1e3), st.floats(1e-9, 0.1), st.floats(1e-4, 1e2))


def test_text():
    ring = Ring(amplitude=2, trough=0.25, k=0.5, names=("A", "B", "C"))
    assert print_crn(network(ring.reactions(seed_flux=1e-8), ring.species(done=0.5))) == (
        "@units 1 1\n"
        "@stages clock\n"
        "@species clock: A = 0.875, B = 0.25, C = 0.875\n"
        "\n"
        "A + B -> 2 B [k = 0.5, stage = clock]  # B takes over from A\n"
        "B + C -> 2 C [k = 0.5, stage = clock]  # C takes over from B\n"
        "C + A -> 2 A [k = 0.5, stage = clock]  # A takes over from C\n"
        "-> A [k = 1e-08, stage = clock]  # seed flux keeps the trough\n"
        "-> B [k = 1e-08, stage = clock]  # seed flux keeps the trough\n"
        "-> C [k = 1e-08, stage = clock]  # seed flux keeps the trough\n"
    )


@given(rings, st.tuples(*[st.floats(1e-6, 10)] * 3))
def test_sum_and_product_never_change(ring, state):
    """d(sum)/dt = 0, and d ln(product)/dt = 0: each species is gained and lost at rates proportional to itself."""
    o = dict(zip(ring.names, state, strict=True))
    slope = dict.fromkeys(ring.names, 0.0)
    for r in ring.reactions():
        rate = r.k * math.prod(o[n] for n in r.reactants)
        for name, n in r.net().items():
            slope[name] += n * rate
    scale = ring.k * sum(state)
    assert sum(slope.values()) == pytest.approx(0, abs=1e-12 * scale * sum(state))
    assert sum(slope[n] / o[n] for n in ring.names) == pytest.approx(0, abs=1e-12 * scale)


@given(st.floats(1e-2, 1e3), st.floats(1e-9, 0.01), st.floats(0.2, 0.8))
def test_every_start_is_on_the_same_orbit(amplitude, trough, done):
    ring = Ring(amplitude, trough, k=1.0)
    low = ring.trough * ring.amplitude / 2
    at_trough = low * ((ring.amplitude - low) / 2) ** 2
    start = [s.initial for s in ring.species(done)]
    assert sum(start) == pytest.approx(ring.amplitude)
    assert math.prod(start) == pytest.approx(at_trough, rel=1e-9)


def test_start_is_just_past_the_dosing_threshold():
    ring = Ring(amplitude=20, trough=1e-6, k=1e-3)
    assert ring.begins(1) == Threshold(("O1",), 10.0, 1)
    assert ring.ends(3, 0.01) == Threshold(("O3",), 0.2, -1)
    assert 10.0 < ring.species()[0].initial < 10.3


@pytest.mark.parametrize(("trough", "error"), [(1e-3, 1e-3), (1e-6, 2e-6), (1e-9, 1e-7)])
def test_period_trough_and_handover(solve, trough, error):
    """n [ln(1/s) + 2.07] / (k T) for n = 3, with 2.07 = 3 ln 2; the orbit is the wanted one from the first cycle on."""
    assert pytest.approx(2.07, abs=0.01) == OFFSET
    ring = Ring(amplitude=2.0, trough=trough, k=0.5)
    t, o = solve(network(ring.reactions(), ring.species()), 4.2 * ring.period, 42001)
    report = measure(t, np.stack([o[n] for n in ring.names], axis=1), ring.amplitude)
    assert report.periods == pytest.approx([ring.period] * 3, rel=error)
    assert report.trough == pytest.approx([trough * ring.amplitude / 2] * 3, rel=1e-4)
    assert report.handover == pytest.approx([ring.handover] * 3, rel=1e-5 + 10 * error)
    assert report.overlap_raw == pytest.approx([ring.overlap] * 3, rel=math.sqrt(trough))


@pytest.mark.parametrize(("trough", "fraction"), [(1e-6, 0.277), (1e-3, 0.489)])
def test_a_deep_trough_makes_sharp_handovers(trough, fraction):
    """2 ln 9 / ln(8/s): between a quarter and a third of a phase at 1e-6, half a phase at 1e-3."""
    ring = Ring(1.0, trough, 1.0)
    assert ring.handover / ring.phase == pytest.approx(fraction, abs=1e-3)


@given(st.floats(1e-3, 1e6), st.floats(1e-2, 1e3), st.floats(1e-9, 0.1))
def test_ring_for_period(period, amplitude, trough):
    ring = ring_for_period(period, amplitude, trough)
    assert (ring.period, ring.amplitude, ring.trough) == (pytest.approx(period), amplitude, trough)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Ring(0, 1e-6, 1), "the ring's amplitude is 0; give a number > 0"),
        (lambda: Ring(1, 1e-6, math.nan), "the ring's k is nan; give a number > 0"),
        (
            lambda: Ring(1, 0.7, 1),
            "the ring's trough is 0.7; give a number between 0 and 2/3 (at 2/3 nothing oscillates)",
        ),
        (lambda: Ring(1, 1e-6, 1, ("O", "O", "P")), "the ring's species are O, O, P; give three different names"),
        (lambda: ring_for_period(-1, 1, 1e-6), "the ring's period is -1; give a number > 0"),
        (lambda: Ring(1, 1e-6, 1).begins(4), "the ring has no phase 4; its phases are 1, 2 and 3"),
        (
            lambda: Ring(1, 1e-6, 1).species(1.0),
            "a start 1.0 of the way into phase 1 is no handover; give a number between 0 and 1",
        ),
        (
            lambda: Ring(1, 0.3, 1).species(0.99),
            "no point of this orbit is 0.99 of the way into phase 1; start closer to 0.5",
        ),
    ],
)
def test_errors(make, message):
    with pytest.raises(InputError) as error:
        make()
    assert str(error.value) == message
