"""One step of the numerical differentiation formulas, of orders 1 to 5: prediction, Newton's method, error, order.

After L. F. Shampine and M. W. Reichelt, The MATLAB ODE suite, SIAM J. Sci. Comput. 18:1 (1997): backward differences
at a quasi-constant step. The corrector keeps a factorisation while gamma stays near, corrects for the difference, and
remembers its rate of convergence, as in CVODE (A. C. Hindmarsh et al., SUNDIALS, ACM Trans. Math. Softw. 31:363, 2005);
then one iteration does for most steps.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dsd.compiled import compiled
from dsd.ndf_kernels import factor, matrix, slopes, solve
from dsd.ndf_program import Program

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

ORDER = 5
_ORDERS = np.arange(ORDER + 2)
GAMMA = np.append(0.0, np.cumsum(1.0 / _ORDERS[1:]))
_KAPPA = np.array([0.0, -0.1850, -1 / 9, -0.0823, -0.0415, 0.0, 0.0])
"""Shampine and Reichelt 1997, table 1."""
ALPHA = (1.0 - _KAPPA) * GAMMA
ERROR = _KAPPA * GAMMA + 1.0 / (_ORDERS + 1)
"""Local error of each order over the last backward difference."""

ITERATIONS = 4
CORRECTED = 0.1
"""Error of Newton's method, in units of the tolerated local error, at which the corrector is content."""
STALE_GAMMA, STALE_STEPS = 0.2, 12
"""Change of gamma, and steps, after which a factorisation is made anew."""

T, H, GAMMA_LU, RATE, FROM, ERR = range(6)
K, EQUAL, STEPS, CALLS, FACTORS, AGE, PENDING, ROWS, MARK, SINCE = range(10)
REALS, COUNTS = 6, 10


class Work(NamedTuple):
    """State and scratch of an integration; only ``reals``, ``counts`` and ``diff`` outlive a step.

    ``reals``: time, step, gamma of the factorisation, Newton's rate, start of the segment to report, error of the step.
    ``counts``: order, steps of equal size, steps, evaluations, factorisations, age of the last, whether a segment is to
    be reported, rows written, marks passed, steps since the last row. ``diff`` (ORDER + 3, N) backward differences.
    """

    reals: Floats
    counts: Ints
    diff: Floats
    spare: Floats
    weight: Floats
    guess: Floats
    y: Floats
    known: Floats
    d: Floats
    slope: Floats
    delta: Floats
    rates: Floats
    terms: Floats
    entries: Floats
    dense: Floats


@compiled
def norm(values: Floats, weight: Floats) -> float:
    """Largest weighted entry; infinite if one is no number. Four at a time, as a maximum waits for the one before."""
    a = b = c = d = total = 0.0
    whole = weight.size - weight.size % 4
    for i in range(0, whole, 4):
        p, q = abs(values[i]) * weight[i], abs(values[i + 1]) * weight[i + 1]
        r, s = abs(values[i + 2]) * weight[i + 2], abs(values[i + 3]) * weight[i + 3]
        a, b, c, d = max(a, p), max(b, q), max(c, r), max(d, s)
        total += (p + q) + (r + s)
    for i in range(whole, weight.size):
        p = abs(values[i]) * weight[i]
        a = max(a, p)
        total += p
    return max(max(a, b), max(c, d)) if total < np.inf else np.inf


@compiled
def rescale(w: Work, ratio: float) -> None:
    """Change the step by ``ratio``: differences of the same polynomial at the new spacing."""
    k, n = w.counts[K], w.weight.size
    change, unit = np.zeros((k + 1, k + 1)), np.zeros((k + 1, k + 1))
    change[0, 0:] = 1.0
    unit[0, 0:] = 1.0
    for i in range(1, k + 1):
        for j in range(1, k + 1):
            change[i, j] = change[i - 1, j] * (i - 1 - ratio * j) / i
            unit[i, j] = unit[i - 1, j] * (i - 1.0 - j) / i
    both = np.zeros((k, k))
    for i in range(k):
        for j in range(k):
            for m in range(k):
                both[i, j] += change[i + 1, m + 1] * unit[m + 1, j + 1]
    for j in range(k):
        row = w.spare[j]
        row[:] = 0.0
        for i in range(k):
            share, diff = both[i, j], w.diff[i + 1]
            if share != 0.0:
                for s in range(n):
                    row[s] += share * diff[s]
    for j in range(k):
        w.diff[j + 1] = w.spare[j]
    w.reals[H] *= ratio
    w.counts[EQUAL] = 0


@compiled
def predict(w: Work, rtol: float, atol: float) -> None:
    """Extrapolate to the next time, weigh the species there, and sum what the formula knows of the past."""
    k, n = w.counts[K], w.weight.size
    w.guess[:n] = w.diff[0]
    w.known[:] = 0.0
    for j in range(1, k + 1):
        share, diff = GAMMA[j] / ALPHA[k], w.diff[j]
        for i in range(n):
            w.guess[i] += diff[i]
            w.known[i] += share * diff[i]
    for i in range(n):
        w.weight[i] = 1.0 / (atol + rtol * abs(w.guess[i]))


@compiled
def refactor(program: Program, w: Work, gamma: float) -> bool:
    """Factorise at the prediction."""
    matrix(program, w.guess, gamma, w.terms, w.entries)
    w.reals[GAMMA_LU], w.reals[RATE] = gamma, 1.0
    w.counts[AGE] = 0
    w.counts[FACTORS] += 1
    return factor(program, w.entries, w.dense)


@compiled
def correct(program: Program, w: Work, gamma: float) -> bool:
    """Newton's method for the correction ``d`` of the prediction; False if it does not converge."""
    n, k = w.weight.size, w.counts[K]
    y, d, delta = w.y, w.d, w.delta
    y[:] = w.guess
    d[:] = 0.0
    scale = 2.0 / (1.0 + gamma / w.reals[GAMMA_LU])
    before = 0.0
    for iteration in range(ITERATIONS):
        slopes(program, y, w.rates, w.slope)
        w.counts[CALLS] += 1
        for i in range(n):
            delta[i] = gamma * w.slope[i] - w.known[i] - d[i]
        solve(program, w.entries, delta)
        for i in range(n):
            d[i] += scale * delta[i]
            y[i] = w.guess[i] + d[i]
        size = scale * norm(delta, w.weight)
        if iteration > 0:
            w.reals[RATE] = max(0.3 * w.reals[RATE], size / before)
        if size * min(1.0, w.reals[RATE]) * ERROR[k] <= CORRECTED:
            return True
        if not size < np.inf or (iteration > 0 and size > 2.0 * before):
            return False
        before = size
    return False


@compiled
def converge(program: Program, w: Work) -> bool:
    """Solve the step, with the factorisation at hand if it will do."""
    gamma = w.reals[H] / ALPHA[w.counts[K]]
    known = w.reals[GAMMA_LU]
    w.counts[AGE] += 1
    fresh = known > 0.0 and w.counts[AGE] < STALE_STEPS and abs(gamma / known - 1.0) < STALE_GAMMA
    if fresh and correct(program, w, gamma):
        return True
    if not refactor(program, w, gamma):
        w.reals[GAMMA_LU] = 0.0
        return False
    if correct(program, w, gamma):
        return True
    w.reals[GAMMA_LU] = 0.0
    return False


@compiled
def accept(w: Work) -> None:
    """Take the step: new differences from the correction."""
    k, n = w.counts[K], w.weight.size
    last, beyond = w.diff[k + 1], w.diff[k + 2]
    for i in range(n):
        beyond[i] = w.d[i] - last[i]
        last[i] = w.d[i]
    for j in range(k, -1, -1):
        upper, lower = w.diff[j + 1], w.diff[j]
        for i in range(n):
            lower[i] += upper[i]
    w.counts[EQUAL] += 1
    w.counts[STEPS] += 1
    w.counts[SINCE] += 1


GROW, MOST = 1.2, 10.0
"""Gain of the step worth a change, and the largest at once."""


@compiled
def adapt(w: Work) -> None:
    """Choose the order and step that go farthest, once the step has been constant for long enough."""
    k = w.counts[K]
    if w.counts[EQUAL] < k + 1:
        return
    best, order = 1.0 / max(1.2 * w.reals[ERR] ** (1.0 / (k + 1)), 0.1), k
    if k > 1:
        error = ERROR[k - 1] * norm(w.diff[k], w.weight)
        gain = 1.0 / max(1.3 * error ** (1.0 / k), 0.1)
        if gain > best:
            best, order = gain, k - 1
    if k < ORDER:
        error = ERROR[k + 1] * norm(w.diff[k + 2], w.weight)
        gain = 1.0 / max(1.4 * error ** (1.0 / (k + 2)), 0.1)
        if gain > best:
            best, order = gain, k + 1
    if best >= GROW:
        w.counts[K] = order
        rescale(w, min(best, MOST))


@compiled
def shrink(program: Program, w: Work, failures: int) -> None:
    """A smaller step after the error test failed for the ``failures``-th time; from the third on, of order 1."""
    k, n = w.counts[K], w.weight.size
    if failures > 2:
        w.guess[:n] = w.diff[0]
        slopes(program, w.guess, w.rates, w.slope)
        w.counts[CALLS] += 1
        for i in range(n):
            w.diff[1, i] = w.reals[H] * w.slope[i]
        w.counts[K] = 1
        rescale(w, 0.1)
        return
    ratio = 1.0 / (1.2 * w.reals[ERR] ** (1.0 / (k + 1)))
    if failures == 1 and k > 1:
        for i in range(n):
            w.delta[i] = w.diff[k, i] + w.d[i]
        lower = 1.0 / (1.3 * max(ERROR[k - 1] * norm(w.delta, w.weight), 1e-10) ** (1.0 / k))
        if lower > ratio:
            ratio = lower
            w.counts[K] = k - 1
    rescale(w, min(0.9, max(ratio, 0.1)) if failures == 1 else 0.25)


@compiled
def step(program: Program, w: Work, rtol: float, atol: float) -> bool:
    """Advance by one step; False if time no longer advances."""
    failures = 0
    while True:
        if not w.reals[H] > 16 * 2.2e-16 * w.reals[T] or w.reals[H] < 1e-290:
            return False
        predict(w, rtol, atol)
        if not converge(program, w):
            rescale(w, 0.25)
            continue
        error = ERROR[w.counts[K]] * norm(w.d, w.weight)
        w.reals[ERR] = error
        if error <= 1.0:
            accept(w)
            return True
        failures += 1
        shrink(program, w, failures)
