"""An integration from event to event: rows, thresholds and the end, from the steps of :mod:`dsd.ndf_step`.

A segment is the part of the last step that has not been reported. Within it the solution is the polynomial that the
formula went through, so that a sum of concentrations is one of a single variable, whose root is bracketed exactly.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dsd.compiled import compiled
from dsd.ndf_kernels import curvature, slopes
from dsd.ndf_program import Program
from dsd.ndf_step import (
    CALLS,
    FACTORS,
    FROM,
    GAMMA_LU,
    MARK,
    ORDER,
    PENDING,
    RATE,
    ROWS,
    SINCE,
    STEPS,
    H,
    K,
    T,
    Work,
    adapt,
    norm,
    rescale,
    step,
)  # fmt: skip

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

EPS = 2.3e-16
NEAR = 1e-6
"""Share of a step by which it is stretched rather than leave so little to the end."""
FULL, DONE, EVENT, EXHAUSTED, STALLED = range(5)


class Stops(NamedTuple):
    """E sums watched: ``weights`` (E, N), ``levels``, ``directions`` (+1, -1), the ``side`` they are on, ``hit``."""

    weights: Floats
    levels: Floats
    directions: Floats
    side: Floats
    hit: Ints


class Rows(NamedTuple):
    """Room for rows ``t`` (M,), ``y`` (M, N), whose columns are the network's species ``order`` (N,) of the program's.

    ``marks`` are the times wanted, each step's if there are none.
    """

    t: Floats
    y: Floats
    marks: Floats
    order: Ints


@compiled
def write(w: Work, rows: Rows, time: float, state: Floats) -> None:
    """One more row."""
    row, order = rows.y[w.counts[ROWS]], rows.order
    rows.t[w.counts[ROWS]] = time
    for i in range(order.size):
        row[order[i]] = state[i]
    w.counts[ROWS] += 1


@compiled
def begin(program: Program, w: Work, stops: Stops, span: float, rtol: float, atol: float) -> None:
    """Order 1 at time 0 from ``diff[0]``, with the step whose local error, from the exact curvature, is tolerated."""
    n = w.weight.size
    w.reals[:] = 0.0
    w.counts[:] = 0
    w.diff[1:] = 0.0
    w.y[:n] = w.diff[0]
    slopes(program, w.y, w.rates, w.slope)
    w.delta[:n] = w.slope
    w.guess[:n] = w.slope
    w.guess[n] = 0.0
    curvature(program, w.y, w.guess, w.rates, w.delta)
    w.guess[n] = 1.0
    for i in range(n):
        w.weight[i] = 1.0 / (atol + rtol * abs(w.diff[0, i]))
    bend = norm(w.delta, w.weight)
    h = span
    if bend * span * span > 1.0:
        h = 1.0 / np.sqrt(bend)
    for i in range(n):
        w.diff[1, i] = h * w.slope[i]
    w.reals[H] = h
    w.counts[K], w.counts[CALLS] = 1, 2
    for e in range(stops.levels.size):
        stops.side[e] = stops.directions[e] * (np.dot(stops.weights[e], w.diff[0]) - stops.levels[e])


@compiled
def interpolate(w: Work, time: float, out: Floats) -> None:
    """Write the state at ``time``, within the last step, into ``out`` (N,)."""
    out[:] = w.diff[0]
    share = 1.0
    for j in range(1, w.counts[K] + 1):
        share *= (time - w.reals[T] + (j - 1) * w.reals[H]) / (w.reals[H] * j)
        diff = w.diff[j]
        for i in range(out.size):
            out[i] += share * diff[i]


@compiled
def value(w: Work, sums: Floats, time: float) -> float:
    """The polynomial with backward differences ``sums`` at ``time``."""
    total, share = sums[0], 1.0
    for j in range(1, w.counts[K] + 1):
        share *= (time - w.reals[T] + (j - 1) * w.reals[H]) / (w.reals[H] * j)
        total += share * sums[j]
    return float(total)


@compiled
def root(w: Work, sums: Floats, low: float, high: float) -> float:
    """Where the polynomial, negative at ``low`` and not at ``high``, has become >= 0: Illinois within a bracket."""
    f_low, f_high = value(w, sums, low), value(w, sums, high)
    side, narrow = 0, 4 * EPS * max(high, w.reals[H])
    for i in range(200):
        if high - low <= narrow or f_low >= 0.0 or f_high <= 0.0:
            break
        middle = (low * f_high - high * f_low) / (f_high - f_low)
        if i > 40 or not low < middle < high:
            middle = 0.5 * (low + high)
        f = value(w, sums, middle)
        if f >= 0.0:
            high, f_high = middle, f
            f_low *= 0.5 if side == 1 else 1.0
            side = 1
        else:
            low, f_low = middle, f
            f_high *= 0.5 if side == -1 else 1.0
            side = -1
    return high


@compiled
def crossing(w: Work, stops: Stops, end: float, state: Floats) -> float:
    """The first time up to ``end`` at which a sum has crossed its level, or infinity; ``hit`` tells which.

    ``state`` (N,) becomes the state there, or at ``end``. Sums that cross within rounding error do so together.
    """
    if end == w.reals[T]:
        state[:] = w.diff[0]
    else:
        interpolate(w, end, state)
    count = stops.levels.size
    times, first = np.full(count, np.inf), np.inf
    sums = np.zeros(ORDER + 1)
    for e in range(count):
        after = stops.directions[e] * (np.dot(stops.weights[e], state) - stops.levels[e])
        stops.hit[e] = 0
        if stops.side[e] < 0.0 <= after:
            for j in range(w.counts[K] + 1):
                sums[j] = stops.directions[e] * np.dot(stops.weights[e], w.diff[j])
            sums[0] -= stops.directions[e] * stops.levels[e]
            times[e] = root(w, sums, w.reals[FROM], end)
            first = min(first, times[e])
        else:
            times[e] = np.inf
    if first < np.inf:
        together = 100 * EPS * max(end, w.reals[H])
        for e in range(count):
            if times[e] <= first + together:
                stops.hit[e] = 1
        first = beyond(w, stops, first, end, state)
    for e in range(count):
        stops.side[e] = stops.directions[e] * (np.dot(stops.weights[e], state) - stops.levels[e])
    return first


@compiled
def beyond(w: Work, stops: Stops, time: float, end: float, state: Floats) -> float:
    """The time, at or just after ``time``, at which the rounded state is beyond every level that was hit."""
    push = EPS * max(end, w.reals[H])
    while True:
        interpolate(w, time, state)
        good = True
        for e in range(stops.levels.size):
            if stops.hit[e] and stops.directions[e] * (np.dot(stops.weights[e], state) - stops.levels[e]) < 0.0:
                good = False
        if good or time >= end:
            return time
        time = min(time + push, end)
        push *= 2.0


@compiled
def report(w: Work, stops: Stops, rows: Rows, span: float, state: Floats) -> int:
    """Write the rows of the segment, up to the first event; -1 if the integration goes on after it."""
    end = min(w.reals[T], span)
    while True:
        if w.counts[ROWS] == rows.t.size:
            return FULL
        marked = w.counts[MARK] < rows.marks.size and rows.marks[w.counts[MARK]] <= end
        goal = rows.marks[w.counts[MARK]] if marked else end
        event = crossing(w, stops, goal, state)
        w.reals[FROM] = min(event, goal)
        if marked or event < np.inf or rows.marks.size == 0:
            write(w, rows, w.reals[FROM], state)
        if event < np.inf:
            return EVENT
        if marked:
            w.counts[MARK] += 1
            w.counts[SINCE] = 0
        if goal == end:
            break
    w.counts[PENDING] = 0
    return DONE if end >= span else -1


@compiled
def advance(
    program: Program, w: Work, stops: Stops, rows: Rows, span: float, rtol: float, atol: float, steps: int, limit: int
) -> int:
    """Go on until there is something to tell: rows full or ``steps`` taken, the end, an event, a failure."""
    state = np.empty(w.weight.size)
    for _ in range(steps):
        if w.counts[PENDING]:
            told = report(w, stops, rows, span, state)
            if told >= 0:
                return told
            adapt(w)
        if w.counts[SINCE] >= limit:
            return EXHAUSTED
        left = span - w.reals[T]
        if w.reals[H] > left * (1 - NEAR) - 100 * EPS * w.reals[T]:
            rescale(w, left / w.reals[H])
        if not step(program, w, rtol, atol):
            return STALLED
        w.reals[T] = span if w.reals[H] > left * (1 - NEAR / 2) else w.reals[T] + w.reals[H]
        w.counts[PENDING] = 1
    return FULL


@compiled
def resume(w: Work, stops: Stops) -> None:
    """Go on from an event: time is counted from there, and the factorisation made anew."""
    state = np.empty(w.weight.size)
    interpolate(w, w.reals[FROM], state)
    w.reals[T] -= w.reals[FROM]
    w.reals[FROM] = w.reals[GAMMA_LU] = w.reals[RATE] = 0.0
    w.counts[MARK] = w.counts[SINCE] = w.counts[CALLS] = w.counts[STEPS] = w.counts[FACTORS] = 0
    for e in range(stops.levels.size):
        stops.side[e] = stops.directions[e] * (np.dot(stops.weights[e], state) - stops.levels[e])
