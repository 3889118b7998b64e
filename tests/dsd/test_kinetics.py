"""Mass action as arrays: rates, the analytic Jacobian, shapes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsd.errors import InputError
from dsd.kinetics import mass_action
from dsd.network import Network, Reaction, Species, network
from dsd.syntax import parse_crn

NAMES = ("A", "B", "C", "D", "E")
SIDE = st.lists(st.sampled_from(NAMES), max_size=3).map(tuple)
REACTIONS = st.lists(st.builds(Reaction, SIDE, SIDE, st.floats(0, 10)), max_size=8)


@st.composite
def networks(draw: st.DrawFn) -> tuple[Network, np.ndarray, np.ndarray]:
    """A random network of five species, a state and a direction."""
    values = st.lists(st.floats(0, 10), min_size=len(NAMES), max_size=len(NAMES)).map(np.array)
    return network(draw(REACTIONS), [Species(n) for n in NAMES]), draw(values), draw(values)


def test_a_reaction_of_order_two_has_rate_k_times_the_square() -> None:
    """2 A -> B at k = 3 from A = 2: v = 3 * 2**2 = 12, A loses two at a time."""
    kinetics = mass_action(parse_crn("2 A -> B [k = 3]"))
    out = np.empty(2)
    kinetics.rhs(np.array([2.0, 0.0]), out)
    assert out.tolist() == [-24.0, 12.0]
    assert kinetics.jacobian_matrix(np.array([2.0, 0.0])).toarray().tolist() == [[-24.0, 0.0], [12.0, 0.0]]


def test_a_catalyst_and_a_reaction_from_nothing() -> None:
    kinetics = mass_action(parse_crn("X + P -> X + P + Z [k = 2]\n-> P [k = 5]\nX -> X [k = 7]"))
    out = np.empty(3)
    kinetics.rhs(np.array([3.0, 4.0, 1.0]), out)
    assert out.tolist() == [0.0, 5.0, 24.0]
    assert kinetics.stoichiometry().toarray().tolist() == [[0, 0, 0], [0, 1, 0], [1, 0, 0]]


@settings(deadline=None)
@given(networks())
def test_rates_are_stoichiometry_times_products(case: tuple[Network, np.ndarray, np.ndarray]) -> None:
    net, y, _ = case
    kinetics, out = mass_action(net), np.empty(y.size)
    v = np.array([r.k * np.prod([y[net.index[n]] for n in r.reactants]) for r in net])
    kinetics.rhs(y, out)
    np.testing.assert_allclose(out, kinetics.stoichiometry() @ v, rtol=1e-12, atol=1e-9)


@settings(deadline=None)
@given(networks())
def test_the_jacobian_is_the_derivative_of_the_rates(case: tuple[Network, np.ndarray, np.ndarray]) -> None:
    """Against Richardson-extrapolated central differences, which are exact for polynomials up to degree four."""
    net, y, v = case
    kinetics = mass_action(net)

    def along(step: float) -> np.ndarray:
        ahead, behind = np.empty(y.size), np.empty(y.size)
        kinetics.rhs(y + step * v, ahead)
        kinetics.rhs(y - step * v, behind)
        return (ahead - behind) / (2 * step)

    product = np.empty(y.size)
    kinetics.jacobian_product(y, v, product)
    scale = 1e-9 * (1 + np.abs(product).max() + np.abs(along(1.0)).max())
    np.testing.assert_allclose(product, (4 * along(0.5) - along(1.0)) / 3, atol=scale)
    np.testing.assert_allclose(kinetics.jacobian_matrix(y) @ v, product, atol=scale)


@settings(deadline=None)
@given(networks())
def test_what_the_stoichiometry_conserves_stays_put(case: tuple[Network, np.ndarray, np.ndarray]) -> None:
    """Every reaction joined by its leftovers (``W`` takes the loss): the total does not change."""
    net, y, _ = case
    balanced = []
    for r in net:
        loss = len(r.reactants) - len(r.products)
        balanced.append(Reaction(r.reactants + ("W",) * max(-loss, 0), r.products + ("W",) * max(loss, 0), r.k))
    whole = network(balanced, [*net.species, Species("W")])
    out = np.empty(len(whole.names))
    mass_action(whole).rhs(np.append(y, 1.0), out)
    assert abs(out.sum()) <= 1e-9 * (1 + np.abs(out).max())


def test_the_jacobian_always_has_its_diagonal() -> None:
    kinetics = mass_action(network([], [Species("A"), Species("B")]))
    assert (kinetics.j_ptr.tolist(), kinetics.j_idx.tolist()) == ([0, 1, 2], [0, 1])


def test_arrays_of_another_size_are_refused() -> None:
    kinetics = mass_action(parse_crn("A -> B"))
    with pytest.raises(InputError, match=r"^the network has 2 species, not \(3,\); give arrays \(2,\)$"):
        kinetics.rhs(np.zeros(3), np.zeros(2))
    with pytest.raises(InputError, match="the network has 2 species"):
        kinetics.jacobian_product(np.zeros(2), np.zeros(2), np.zeros(5))
    with pytest.raises(InputError, match=r"^this Jacobian has 3 nonzeros, not \(2,\); give an array \(3,\)$"):
        kinetics.jacobian(np.zeros(2), np.zeros(2))
