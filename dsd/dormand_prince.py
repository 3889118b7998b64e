"""Dormand and Prince's Runge-Kutta method of order 8(5,3) for polynomial systems, as one compiled loop.

In: the terms of the right-hand side as arrays (see :class:`dsd.explicit.Terms`) and a state. Out: the state advanced in
place. Two things keep the loop fast where reactions run to completion: steps keep to the stability interval of the
method, by the rates at which species are used up, instead of finding it by failing; and what has fallen below ``SNAP``
times the absolute tolerance is set to zero, so that a fast reaction that is over no longer limits the step. The
coefficients are SciPy's (Hairer, Norsett, Wanner, Solving Ordinary Differential Equations I, section II.10).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import DOP853

from dsd.compiled import compiled
from dsd.kinetics import Ints

Floats = NDArray[np.float64]

SNAP = 1e-6
"""Part of the absolute tolerance below which a value counts as zero."""

STABLE = 5.0
"""Longest step times fastest rate; the method is stable up to 6.4, and at 5 a step leaves 6 % of what decays."""

SAFETY, SHRINK, GROW = 0.9, 0.2, 8.0
DONE, STIFF, BLOWN_UP, STUCK = 0, 1, 2, 3

A, B, E3, E5 = (np.ascontiguousarray(v, dtype=np.float64) for v in (DOP853.A, DOP853.B, DOP853.E3, DOP853.E5))


def advance_by(
    k: Floats, r_ptr: Ints, r_idx: Ints, s_ptr: Ints, s_idx: Ints, s_val: Floats, moving: Ints,
    y: Floats, span: float, rtol: float, atol: float, ceiling: float, max_steps: int,
) -> tuple[int, float, int, int]:  # fmt: skip
    """Advance ``y`` (N,) in place by ``span``; ``moving`` are the components that have terms.

    Returns (status, time, steps, evaluations): DONE at ``span``; STIFF after ``max_steps``; BLOWN_UP when a component
    exceeds ``ceiling``; STUCK when steps vanish.
    """
    ended: tuple[int, float, int, int] = _march(
        k, r_ptr, r_idx, s_ptr, s_idx, s_val, moving, A, B, E3, E5, y, span, rtol, atol, ceiling, max_steps
    )
    return ended


@compiled
def _slopes(
    k: Floats, r_ptr: Ints, r_idx: Ints, s_ptr: Ints, s_idx: Ints, s_val: Floats, y: Floats, out: Floats
) -> None:
    out[:] = 0.0
    for j in range(k.size):
        v = k[j]
        for p in range(r_ptr[j], r_ptr[j + 1]):
            i = r_idx[p]
            v *= y[i] if i >= 0 else abs(y[~i])
        for p in range(s_ptr[j], s_ptr[j + 1]):
            out[s_idx[p]] += s_val[p] * v


@compiled
def _fastest(k: Floats, r_ptr: Ints, r_idx: Ints, s_ptr: Ints, s_idx: Ints, s_val: Floats, y: Floats) -> float:
    """The highest rate at which a component is used up, relative to itself; all partners of a term count."""
    used = np.zeros(y.size)
    for j in range(k.size):
        rate = 0.0
        for p in range(s_ptr[j], s_ptr[j + 1]):
            i = s_idx[p]
            if s_val[p] * k[j] < 0.0 and y[i] != 0.0:
                v, power = abs(s_val[p] * k[j]), 0
                for q in range(r_ptr[j], r_ptr[j + 1]):
                    at = r_idx[q] if r_idx[q] >= 0 else ~r_idx[q]
                    power += at == i
                    if at != i or power > 1:
                        v *= abs(y[at])
                rate += v * power
        for p in range(s_ptr[j], s_ptr[j + 1]):
            if s_val[p] * k[j] < 0.0:
                used[s_idx[p]] += rate
    highest: float = used.max()
    return highest


@compiled
def _advance(
    k: Floats, r_ptr: Ints, r_idx: Ints, s_ptr: Ints, s_idx: Ints, s_val: Floats, moving: Ints,
    a: Floats, b: Floats, y: Floats, h: float, slopes: Floats, trial: Floats,
) -> None:  # fmt: skip
    """One step of length h from y: slopes[1:], and the new state in ``trial``."""
    stages = b.size
    for s in range(1, stages + 1):
        for i in moving:
            trial[i] = 0.0
        for r in range(s):
            weight = a[s, r] if s < stages else b[r]
            if weight != 0.0:
                for i in moving:
                    trial[i] += weight * slopes[r, i]
        for i in moving:
            trial[i] = y[i] + h * trial[i]
        _slopes(k, r_ptr, r_idx, s_ptr, s_idx, s_val, trial, slopes[s])


@compiled
def _error(
    moving: Ints, e3: Floats, e5: Floats, y: Floats, new: Floats, h: float, slopes: Floats, rtol: float, atol: float
) -> float:
    """The error of a step over the tolerance, by the method's two embedded formulas."""
    sum3 = sum5 = 0.0
    for i in moving:
        scale = atol + rtol * max(abs(y[i]), abs(new[i]))
        low = high = 0.0
        for r in range(e5.size):
            low += e3[r] * slopes[r, i]
            high += e5[r] * slopes[r, i]
        sum3 += (low / scale) ** 2
        sum5 += (high / scale) ** 2
    return 0.0 if sum5 == 0.0 else h * sum5 / np.sqrt((sum5 + 0.01 * sum3) * moving.size)


@compiled
def _first(moving: Ints, y: Floats, slope: Floats, span: float, rtol: float, atol: float) -> float:
    """A first step: a hundredth of the time in which the state would change by its own size."""
    size = speed = 0.0
    for i in moving:
        scale = atol + rtol * abs(y[i])
        size += (y[i] / scale) ** 2
        speed += (slope[i] / scale) ** 2
    return span if speed == 0.0 else min(span, 0.01 * np.sqrt(max(size, 1.0) / speed))


@compiled
def _march(
    k: Floats, r_ptr: Ints, r_idx: Ints, s_ptr: Ints, s_idx: Ints, s_val: Floats, moving: Ints,
    a: Floats, b: Floats, e3: Floats, e5: Floats,
    y: Floats, span: float, rtol: float, atol: float, ceiling: float, max_steps: int,
) -> tuple[int, float, int, int]:  # fmt: skip
    slopes, new = np.zeros((b.size + 1, y.size)), y.copy()
    _slopes(k, r_ptr, r_idx, s_ptr, s_idx, s_val, y, slopes[0])
    t, steps, evaluations = 0.0, 0, 1
    h = _first(moving, y, slopes[0], span, rtol, atol)
    while t < span:
        if steps >= max_steps:
            return STIFF, t, steps, evaluations
        steps += 1
        fastest = _fastest(k, r_ptr, r_idx, s_ptr, s_idx, s_val, y)
        h = min(h, span - t, STABLE / fastest if fastest > 0.0 else span)
        if not h > 1e-15 * t:
            return STUCK, t, steps, evaluations
        _advance(k, r_ptr, r_idx, s_ptr, s_idx, s_val, moving, a, b, y, h, slopes, new)
        evaluations += b.size
        error = _error(moving, e3, e5, y, new, h, slopes, rtol, atol)
        change = GROW if error == 0.0 else min(GROW, max(SHRINK, SAFETY * error**-0.125))
        if not error <= 1.0:  # a NaN too
            h *= change if np.isfinite(error) else SHRINK
            continue
        t = span if h >= span - t else t + h
        h *= change
        for i in moving:
            y[i] = 0.0 if abs(new[i]) < SNAP * atol else new[i]
            if not abs(y[i]) < ceiling:
                return BLOWN_UP, t, steps, evaluations
        _slopes(k, r_ptr, r_idx, s_ptr, s_idx, s_val, y, slopes[0])
    return DONE, t, steps, evaluations
