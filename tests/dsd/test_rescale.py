"""Rescaling: another unit for some species, the same trajectory."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsd.errors import InputError
from dsd.integrate import Tolerance
from dsd.network import Network, Reaction, Species, network
from dsd.rescale import rescale
from dsd.simulate import simulate
from dsd.syntax import parse_crn, print_crn

LEARNER = """\
@level formal
@units 1 1
@stages N1 N3 N4
@species: X = 2, P = 0.5, Z = 2, A, G
@dose 3 P at 1
@dose 4 A when Z rises 3

X + P -> Z + X + P [k = 1, stage = N1]
X + A -> G + X + A [k = 0.1, stage = N3]
G -> P [k = 10, stage = N4]
G + P -> [k = 10, stage = N4]
"""

SCALED = """\
@level formal
@units 1 1
@stages N1 N3 N4
@species: X = 2, P = 2.5, Z = 2, A, G
@dose 15 P at 1
@dose 4 A when Z rises 3

X + P -> Z + X + P [k = 0.2, stage = N1]
X + A -> G + X + A [k = 0.5, stage = N3]
G -> P [k = 10, stage = N4]
G + P -> [k = 2, stage = N4]
"""

FACTORS = {"A": 1.0, "B": 1.0, "C": 7.0, "D": 7.0, "E": 0.25}


def test_rate_constants_absorb_the_factors() -> None:
    """Weights and gradients five times as concentrated: a catalyst's rate falls, a product's rises."""
    assert print_crn(rescale(parse_crn(LEARNER), {"P": 5.0, "G": 5.0})) == SCALED


@st.composite
def networks(draw: st.DrawFn) -> Network:
    """Conversions within a group of one scale, decays and productions, catalysed by up to two of any species."""
    amount = st.floats(0.1, 2.0)
    reactions = []
    for _ in range(draw(st.integers(1, 6))):
        group = draw(st.sampled_from([("A", "B"), ("C", "D"), ("E",)]))
        catalysts = tuple(draw(st.lists(st.sampled_from(sorted(FACTORS)), max_size=2)))
        before, after = draw(st.sampled_from([(group[:1], group[-1:]), (group[:1], ()), ((), group[:1])]))
        reactions.append(Reaction(before + catalysts, after + catalysts, draw(st.floats(0.05, 0.4))))
    return network(reactions, [Species(n, draw(amount)) for n in FACTORS])


@settings(max_examples=25, deadline=None)
@given(networks())
def test_the_trajectory_is_the_same_in_other_units(net: Network) -> None:
    fine = Tolerance(rtol=1e-9, atol=1e-12)
    plain = simulate(net, 0.3, every=0.1, tolerance=fine)
    scaled = simulate(rescale(net, FACTORS), 0.3, every=0.1, tolerance=fine)
    factors = np.array([FACTORS[n] for n in net.names])
    np.testing.assert_allclose(scaled.y / factors, plain.y, rtol=1e-6, atol=1e-9)


@given(networks())
def test_scaling_back_is_the_identity(net: Network) -> None:
    back = rescale(rescale(net, FACTORS), {n: 1 / f for n, f in FACTORS.items()})
    assert [r.k for r in back] == pytest.approx([r.k for r in net])
    assert [s.initial for s in back.species] == pytest.approx([s.initial for s in net.species])


def test_no_factor_is_no_change() -> None:
    assert rescale(parse_crn(LEARNER), {}) == parse_crn(LEARNER)


@pytest.mark.parametrize(
    ("factors", "message"),
    [
        ({"Q": 2.0}, "cannot scale Q: no such species in this network; correct the names"),
        ({"P": 0.0}, "the factor of P is 0.0; give a number > 0"),
        ({"G": 2.0}, "reaction G -> P joins species of different scales; give them one factor"),
    ],
)
def test_what_no_rate_constant_can_mend(factors: dict[str, float], message: str) -> None:
    with pytest.raises(InputError) as caught:
        rescale(parse_crn(LEARNER), factors)
    assert str(caught.value) == message
