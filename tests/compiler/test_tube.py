"""Laws of the tube: what is pipetted in stays, fuels come back to nominal, the clock keeps its concentration."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from compiler.training.tube import Tube, balance, total
from dsd.errors import InputError

# Seven species: two signals, the clock's O1 free and bound, O2, two fuels. Rows of COUNTS are strands.
S1, S2, O1, BOUND, O2, F1, F2 = range(7)
RING = np.array([0.0, 0.0, 1.0, 1.0, 1.0, 0.0, 0.0])
COUNTS = csr_array(
    np.array([[1, 0, 0, 1, 0, 0, 0], [0, 1, 0, 0, 0, 2, 0], [0, 0, 1, 1, 0, 0, 0], [0, 0, 0, 0, 1, 0, 1]])
)
NOMINAL = {F1: 40.0, F2: 10.0}
STOCK = 200.0

concentrations = st.just(0.0) | st.floats(1e-9, 30.0)
states = st.lists(concentrations, min_size=7, max_size=7).map(np.array)
doses = st.dictionaries(st.sampled_from([S1, S2]), concentrations)


def tube(state: np.ndarray, stock: float = STOCK) -> Tube:
    """A tube that starts in this state."""
    return Tube(state, NOMINAL, stock, O1, RING)


@given(states, doses, st.booleans())
def test_an_addition_conserves_every_strand(state: np.ndarray, dose: dict[int, float], refill: bool) -> None:
    pot = tube(state)
    for _ in range(3):
        pot.pipette(dose, refill=refill)
    assert balance(COUNTS, pot) < 1e-12


@given(states, doses)
def test_refilled_fuels_are_exactly_nominal(state: np.ndarray, dose: dict[int, float]) -> None:
    pot = tube(state)
    pot.pipette(dose, refill=True)
    diluted = state[[F1, F2]] / pot.volume
    assert pot.state[[F1, F2]] == pytest.approx(np.maximum([40.0, 10.0], diluted), rel=1e-12)
    assert pot.shares() == pytest.approx(pot.state[[F1, F2]] / [40.0, 10.0])


@given(states, doses, st.booleans())
def test_the_volume_grows_by_what_the_stock_solutions_bring(
    state: np.ndarray, dose: dict[int, float], refill: bool
) -> None:
    """Amounts in concentration times initial volume, over the concentration of the stock, are a volume."""
    pot = tube(state)
    pot.pipette(dose, refill=refill)
    assert pot.volume - 1.0 == pytest.approx(float((pot.added - state).sum()) / STOCK, abs=1e-12)


@given(states, doses, st.booleans())
def test_the_clock_keeps_its_concentration(state: np.ndarray, dose: dict[int, float], refill: bool) -> None:
    pot = tube(state)
    pot.pipette(dose, refill=refill)
    assert RING @ pot.state == pytest.approx(RING @ state, rel=1e-12)


@given(states, doses)
def test_a_dose_has_its_concentration_in_the_mixture(state: np.ndarray, dose: dict[int, float]) -> None:
    """Beside what was there, diluted."""
    pot = tube(state)
    pot.pipette(dose, refill=True)
    for at in (S1, S2):
        assert pot.state[at] == pytest.approx(state[at] / pot.volume + dose.get(at, 0.0), rel=1e-12)


@given(states, doses, st.booleans())
def test_a_fork_sees_the_addition_and_changes_nothing(state: np.ndarray, dose: dict[int, float], refill: bool) -> None:
    pot = tube(state)
    seen = pot.fork(dose, refill=refill)
    assert pot.state.tolist() == pot.added.tolist() == state.tolist()
    assert (pot.volume, pot.used.tolist()) == (1.0, [0.0, 0.0])
    pot.pipette(dose, refill=refill)
    assert seen.tolist() == pot.state.tolist()


@given(states, doses)
def test_without_volume_nothing_is_diluted(state: np.ndarray, dose: dict[int, float]) -> None:
    pot = tube(state, stock=math.inf)
    pot.pipette(dose, refill=False)
    assert pot.volume == 1.0
    assert (pot.state - state)[[S1, S2]] == pytest.approx([dose.get(S1, 0.0), dose.get(S2, 0.0)])


@given(states)
def test_used_fuel_is_counted(state: np.ndarray) -> None:
    assume((state[[F1, F2]] < [40.0, 10.0]).all())
    pot = tube(state)
    pot.pipette({}, refill=True)
    there = pot.state[[F1, F2]] * pot.volume
    assert pot.used == pytest.approx(there - state[[F1, F2]])


def test_a_thin_stock_cannot_bring_the_tube_to_nominal() -> None:
    empty = np.zeros(7)
    with pytest.raises(InputError, match=r"no volume of solutions of 45 nM can bring this tube to the 50 nM asked"):
        tube(empty, stock=45.0).pipette({}, refill=True)


def test_the_total_counts_bound_strands_too() -> None:
    assert total(COUNTS, [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]) == 1 + 2 + 3 + 2 * 4 + 5 + 2 * 6 + 7
    assert balance(COUNTS, tube(np.zeros(7))) == 0.0
