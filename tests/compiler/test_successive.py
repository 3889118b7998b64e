"""Minimisation of a maximum within limits, on problems with known answers."""

from __future__ import annotations

import numpy as np
import pytest

from compiler.successive import successive

WIDE = np.full(2, 3.0)


def test_a_geometric_program_in_logarithms() -> None:
    """The least surface 2(xy + yz + xz)... of a box of volume 1 with z = 2 x: by hand x = (3/8)^(1/3), y = 1/(2 x^2).

    S(x) = 2 (x y + 2 x^2 + 2 x y) with x y = 1/(2 x): S = 3/x + 4 x^2, S' = 0 at x^3 = 3/8.
    """

    def box(x):
        a, b = np.exp(x)
        surface = 2 * (3 * a * b + 2 * a * a)
        return np.array([np.log(surface)]), np.array([-np.log(2 * a * a * b)])

    a, b = np.exp(successive(box, np.zeros(2), -WIDE, WIDE))
    assert a == pytest.approx((3 / 8) ** (1 / 3), rel=0.05)
    assert 2 * (3 * a * b + 2 * a * a) == pytest.approx(3 / a + 4 * a * a, rel=1e-3)
    assert 3 / a + 4 * a * a <= 1.003 * (3 / 0.375 ** (1 / 3) + 4 * 0.375 ** (2 / 3))


def test_the_largest_of_several_levels_is_made_small() -> None:
    found = successive(lambda x: (np.array([x[0] - 1, -x[0], x[1]]), np.zeros(0)), np.ones(2), -WIDE, WIDE)
    assert found[0] == pytest.approx(0.5, abs=1e-3)
    assert found[1] <= -0.499


def test_it_goes_round_where_there_is_no_value_and_into_limits_from_outside() -> None:
    def cliff(x):
        return None if x[0] < -1 else (np.array([x[0] + 0.01 * x[1]]), np.array([0.5 - x[1]]))

    found = successive(cliff, np.zeros(2), -WIDE, WIDE)
    assert found == pytest.approx([-1, 0.5], abs=5e-3)
