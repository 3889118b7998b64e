"""Minimisation of a maximum within limits, by successive linear programs in a trust region.

In: a function from numbers x (n,) to levels to be made small and excesses to be kept below 0. Out: the best x found.
Fletcher & Sainz de la Maza, Math. Program. 43:235 (1989): step by the linear program of the linearised problem with an
exact penalty (SciPy's HiGHS), keep a step that makes the penalised problem better, and trust a smaller region where it
does not. For quantities that are nearly linear, as products of powers are in logarithms, and dear to evaluate.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Levels = tuple[Floats, Floats]
Function = Callable[[Floats], Levels | None]

PENALTY = 50.0
"""Cost of an excess: more than any level gains by it in a problem of products of small powers."""

FIRST, LAST, WIDEST = 0.5, 0.001, 1.0
"""Radius of the trust region: at first, when the search ends, and at most."""

TOLERANCE = 5e-4
"""So much excess costs nothing: a linear program keeps no curved limit exactly."""

STEP = 1e-4
"""Of the finite differences; the levels are exact to some 1e-12."""

SETTLED = 1e-3
"""A step that promises to gain less than this part ends the search, and so do two that gain no more."""


def successive(function: Function, start: Floats, low: Floats, high: Floats) -> Floats:
    """The x (n,) between ``low`` and ``high`` with the least largest level, no excess above 5e-4 if that can be had.

    ``function`` returns levels (p,) and excesses (q,), or None where it has no value; it must have one at ``start``.
    """
    x, radius, idle = start.copy(), FIRST, 0
    at = function(x)
    assert at is not None
    while radius > LAST and idle < 2:
        found = _step(function, x, at, np.maximum(low - x, -radius), np.minimum(high - x, radius))
        enough = SETTLED * max(1.0, abs(_merit(at)))
        if found is None or _merit(at) - found[1] < enough:
            break
        new = np.clip(x + found[0], low, high)
        there = function(new)
        if there is None or (gain := _merit(at) - _merit(there)) <= 0:
            radius /= 3.0
            continue
        x, at = new, there
        idle = idle + 1 if gain < enough else 0
        radius = min(1.5 * radius, WIDEST)
    return x


def _merit(levels: Levels) -> float:
    """The largest level, and what the largest excess costs."""
    aims, excess = levels
    return float(aims.max(initial=-np.inf)) + _cost(float(excess.max(initial=0.0)))


def _cost(excess: float) -> float:
    return PENALTY * max(0.0, excess - TOLERANCE)


def _step(function: Function, x: Floats, at: Levels, low: Floats, high: Floats) -> tuple[Floats, float] | None:
    """The step of the linearised problem within ``low`` and ``high``, and what it costs then; None without one."""
    from scipy.optimize import linprog

    slopes = _slopes(function, x, at, high)
    if slopes is None:
        return None
    (aims, excess), (aim_slopes, excess_slopes) = at, slopes
    n, p, q = x.size, aims.size, excess.size
    above = np.block([
        [aim_slopes, -np.ones((p, 1)), np.zeros((p, 1))],
        [excess_slopes, np.zeros((q, 1)), -np.ones((q, 1))],
    ])  # fmt: skip
    cost = np.concatenate([np.zeros(n), [1.0, PENALTY]])
    bounds = [*zip(low.tolist(), high.tolist(), strict=True), (None, None), (0.0, None)]
    found = linprog(cost, A_ub=above, b_ub=np.concatenate([-aims, -excess]), bounds=bounds, method="highs")
    if not found.success or found.x is None:
        return None
    step = np.array(found.x, dtype=np.float64)
    return step[:n], float(step[n]) + _cost(float(step[n + 1]))


def _slopes(function: Function, x: Floats, at: Levels, high: Floats) -> Levels | None:
    """Finite differences of levels (p, n) and excesses (q, n), into the region; None where a neighbour has no value."""
    columns = []
    for i in range(x.size):
        step = STEP if high[i] >= STEP else -STEP
        moved = x.copy()
        moved[i] += step
        near = function(moved)
        if near is None:
            return None
        columns.append(((near[0] - at[0]) / step, (near[1] - at[1]) / step))
    return np.column_stack([c[0] for c in columns]), np.column_stack([c[1] for c in columns])
