"""The factorisation of I - gamma J: against dense algebra, its fill, its guards."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsd.errors import InputError
from dsd.sparse_lu import SparseLU, minimum_degree


def pattern(size: int, cells: Iterable[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    """CSR pointers and columns of the cells, with the diagonal."""
    full = sorted({*cells, *((i, i) for i in range(size))})
    counts = np.bincount([i for i, _ in full], minlength=size)
    return np.append(0, np.cumsum(counts)).astype(np.int64), np.array([j for _, j in full], dtype=np.int64)


@settings(deadline=None)
@given(st.data(), st.integers(1, 25), st.integers(0, 2**32 - 1))
def test_it_solves_what_numpy_solves(data: st.DataObject, size: int, seed: int) -> None:
    cell = st.tuples(st.integers(0, size - 1), st.integers(0, size - 1))
    ptr, idx = pattern(size, data.draw(st.lists(cell, max_size=4 * size)))
    rng = np.random.default_rng(seed)
    jac, rhs, out = rng.normal(size=idx.size), rng.normal(size=size), np.empty(size)
    rows = np.repeat(np.arange(size), np.diff(ptr))
    jac[rows == idx] -= 2 * size  # decays dominate, as in kinetics
    dense = np.zeros((size, size))
    dense[rows, idx] = jac
    lu = SparseLU(ptr, idx)
    assert lu.factor(jac, 0.5)
    lu.solve(rhs, out)
    np.testing.assert_allclose(out, np.linalg.solve(np.eye(size) - 0.5 * dense, rhs), rtol=1e-9, atol=1e-12)


@settings(deadline=None)
@given(st.data(), st.integers(1, 25))
def test_the_order_is_a_permutation(data: st.DataObject, size: int) -> None:
    cell = st.tuples(st.integers(0, size - 1), st.integers(0, size - 1))
    order = minimum_degree(*pattern(size, data.draw(st.lists(cell, max_size=4 * size))))
    assert sorted(order.tolist()) == list(range(size))


@pytest.mark.parametrize("size", [50, 500, 5000])
def test_a_hub_does_not_fill_the_factors(size: int) -> None:
    """Three hubs (a clock) that meet every other species: eliminated last, they leave no fill but among themselves."""
    cells = [(i, hub) for hub in range(3) for i in range(size)]
    lu = SparseLU(*pattern(size, cells + [(j, i) for i, j in cells]))
    assert lu.fill == pytest.approx(1.0)
    assert set(lu.perm[-4:].tolist()) >= {0, 1, 2}


def test_a_lost_pivot_is_told() -> None:
    """I - J is singular for J = [[0, 1], [1, 0]]: after the first row the second pivot is 1 - 1 * 1."""
    ptr, idx = pattern(2, [(0, 1), (1, 0)])
    lu = SparseLU(ptr, idx)
    swap = np.array([0.0, 1.0, 1.0, 0.0])
    assert not lu.factor(swap, 1.0)
    assert lu.factor(swap, 0.5)


def test_other_shapes_are_refused() -> None:
    lu = SparseLU(*pattern(3, []))
    with pytest.raises(InputError, match=r"^this pattern has 3 nonzeros, not \(4,\); give \(3,\)$"):
        lu.factor(np.zeros(4), 1.0)
    with pytest.raises(InputError, match=r"^this matrix has 3 rows, not \(3,\) and \(2,\); give \(3,\)$"):
        lu.solve(np.zeros(3), np.zeros(2))
    with pytest.raises(InputError, match="no square CSR pattern"):
        SparseLU(np.array([0, 1]), np.array([7]))
