"""Conserved sums: found where there are any, refused where a reaction changes them."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array

from dsd.conserved import found_laws, given_laws
from dsd.errors import InputError, SimulationError
from dsd.kinetics import mass_action
from dsd.syntax import parse_crn
from dsd.tolerance import Tolerance

DIMER = mass_action(parse_crn("2 A <=> B\nC -> 2 C\nB + C -> B"))


def test_a_law_is_found_up_to_a_factor() -> None:
    """2 A = B is all that binds A and B; C comes and goes."""
    for a, b, c in found_laws(DIMER).matrix.toarray():
        assert b == pytest.approx(2 * a)
        assert abs(a) > 0.1
        assert c == 0.0


@pytest.mark.parametrize("text", ["A ->", "A -> 2 A", "A -> B\nB -> 2 A"])
def test_there_may_be_none(text: str) -> None:
    laws = found_laws(mass_action(parse_crn(text)))
    assert laws.matrix.shape[0] == 0
    assert laws.drift(np.zeros(laws.matrix.shape[1]), np.ones(laws.matrix.shape[1])) == 0.0


def test_drift_is_relative_to_what_there_is() -> None:
    laws = given_laws(DIMER, csr_array(np.array([[1, 2, 0]])))
    assert laws.drift(np.array([2.0, 0.0, 1.0]), np.array([0.0, 1.0, 9.0])) == 0.0
    assert laws.drift(np.array([2.0, 0.0, 1.0]), np.array([1.0, 0.0, 1.0])) == pytest.approx(0.5)


def test_a_drift_that_error_control_cannot_see_is_none() -> None:
    """B is a catalyst, and its total a law; of 1e-30 nothing is resolved, of 1 everything."""
    laws, tolerance = found_laws(mass_action(parse_crn("A + B -> B"))), Tolerance(rtol=1e-10, atol=1e-13)
    laws.check(np.array([1.0, 0.0]), np.array([0.5, -1e-30]), 1.0, tolerance)
    laws.check(np.array([1.0, 1e-30]), np.array([0.5, 0.0]), 1.0, tolerance)
    with pytest.raises(SimulationError, match=r"^a conserved total drifted by 0.5 of itself by t = 1: "):
        laws.check(np.array([1.0, 1.0]), np.array([0.5, 0.5]), 1.0, tolerance)


def test_totals_that_are_none_are_refused() -> None:
    with pytest.raises(InputError, match=r"^a reaction changes a conserved total by 1; leave that total out$"):
        given_laws(DIMER, csr_array(np.array([[1, 1, 0]])))
    with pytest.raises(InputError, match=r"^the conserved totals are of 2 species, the network has 3$"):
        given_laws(DIMER, csr_array(np.array([[1, 1]])))
