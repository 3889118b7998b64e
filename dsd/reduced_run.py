"""The compiled time loop of a reduced network: Dormand and Prince's method of order 8(5,3), with rows and events.

In: a plan, quantities, what to watch, how far to go. Out: rows of all species. The coefficients are those of
:mod:`dsd.dormand_prince`. An event is not interpolated: the step that crosses it is made again, at lengths that close
in on the crossing, so that the state there is a step's own.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dsd.compiled import compiled
from dsd.reduced_lift import lift
from dsd.reduced_plan import Plan
from dsd.reduced_slopes import freeze, slopes
from dsd.reduced_state import Method, Rows, State, Stops, System

Floats = NDArray[np.float64]

DONE, EVENT, FULL, EXHAUSTED, STALLED, UNSOUND = 0, 1, 2, 3, 4, 5
T, H, REALS = 0, 1, 2
ROW, STEPS, CALLS, COUNTS = 0, 1, 2, 3

SAFETY, SHRINK, GROW = 0.9, 0.2, 5.0
CLOSE, MOST_TRIES = 1e-10, 60
"""Part of the time passed to which a crossing is located, and the number of lengths tried for it."""


@compiled
def begin(z: System, s: State, stops: Stops, span: float, rtol: float, atol: float) -> bool:
    """Rates at the start and a first step: a hundredth of the time in which a quantity changes by its size.

    ``stops.before`` are the sums at the start. False if an intermediate is no longer used up.
    """
    if not freeze(z.plan, z.entries, z.frozen, z.work, s.total):
        return False
    slopes(z.plan, z.entries, z.frozen, s.total, s.last, s.rate[0])
    quickest = 0.0
    for q in z.entries.live:
        quickest = max(quickest, abs(s.rate[0, q]) / (atol / rtol + abs(s.total[q])))
    s.reals[T], s.reals[H] = 0.0, min(span, 0.01 / quickest) if quickest > 0.0 else span
    s.counts[:] = 0
    s.counts[ROW] = s.counts[CALLS] = 1
    for e in range(stops.levels.size):
        stops.armed[e] = stops.directions[e] * stops.before[e] < 0.0
    return True


@compiled
def advance(
    z: System, m: Method, s: State, stops: Stops, rows: Rows, span: float, rtol: float, atol: float,
    budget: int, limit: int,
) -> int:  # fmt: skip
    """Go on to ``span`` or an event, by at most ``budget`` steps and while there is room for rows."""
    reals, counts, live = s.reals, s.counts, z.entries.live
    for _ in range(budget):
        if counts[ROW] == rows.t.size:
            return FULL
        if counts[STEPS] >= limit:
            return EXHAUSTED
        goal = rows.marks[counts[ROW] - 1] if rows.marks.size else span
        t, h = reals[T], min(reals[H], goal - reals[T])
        if not h > 4e-16 * t:
            return STALLED
        counts[STEPS] += 1
        _predict(z.plan, s, 0.5 * h)
        if not freeze(z.plan, z.entries, z.frozen, z.work, s.trial):
            return UNSOUND
        _step(z, m, s, h)
        error = _error(live, m.e3, m.e5, s.total, s.trial, h, s.rate, rtol, atol)
        change = GROW if error == 0.0 else min(GROW, max(SHRINK, SAFETY * error**-0.125))
        if not error <= 1.0:
            reals[H] = h * (change if np.isfinite(error) else SHRINK)
            continue
        # A step cut short by a mark says nothing about how long the next may be.
        reals[H] = max(h * change, reals[H]) if h < reals[H] else h * change
        reals[T] = goal if h >= goal - t else t + h
        crossed = _look(z, s, stops)
        if crossed:
            reals[T] = t + _close_in(z, m, s, stops, t, h)
        s.total[:] = s.trial
        s.last[:] = s.v[m.b.size]
        stops.before[:] = stops.after
        if crossed or not rows.marks.size or reals[T] >= goal:
            rows.t[counts[ROW]], rows.y[counts[ROW]] = reals[T], s.y
            counts[ROW] += 1
        if crossed or reals[T] >= span:
            return EVENT if crossed else DONE
    return FULL


@compiled
def _predict(plan: Plan, s: State, h: float) -> None:
    """All quantities after ``h`` at the last rates, in ``trial``."""
    trial, last, s_ptr, s_idx, s_val = s.trial, s.last, plan.s_ptr, plan.s_idx, plan.s_val
    trial[:] = s.total
    for j in range(last.size):
        v = h * last[j]
        for p in range(s_ptr[j], s_ptr[j + 1]):
            trial[s_idx[p]] += s_val[p] * v


@compiled
def _step(z: System, m: Method, s: State, h: float) -> None:
    """One step of length h: all quantities in ``trial``, and the rates of all stages, the last at the end of it."""
    plan, entries, frozen = z.plan, z.entries, z.frozen
    stages, live = m.b.size, entries.live
    total, trial, rate, v, a, b = s.total, s.trial, s.rate, s.v, m.a, m.b
    slopes(plan, entries, frozen, total, v[0], rate[0])
    for k in range(1, stages):
        for q in live:
            trial[q] = total[q]
        for r in range(k):
            weight = h * a[k, r]
            if weight != 0.0:
                for q in live:
                    trial[q] += weight * rate[r, q]
        slopes(plan, entries, frozen, trial, v[k], rate[k])
    s_ptr, s_idx, s_val = plan.s_ptr, plan.s_idx, plan.s_val
    trial[:] = total
    for j in range(v.shape[1]):
        fired = 0.0
        for r in range(stages):
            fired += b[r] * v[r, j]
        for p in range(s_ptr[j], s_ptr[j + 1]):
            trial[s_idx[p]] += h * s_val[p] * fired
    slopes(plan, entries, frozen, trial, v[stages], rate[stages])
    s.counts[CALLS] += stages + 1


@compiled
def _error(
    moving: NDArray[np.int64], e3: Floats, e5: Floats, y: Floats, new: Floats, h: float, rate: Floats, rtol: float,
    atol: float,
) -> float:  # fmt: skip
    """The largest error of a quantity over its tolerance."""
    worst = 0.0
    for q in moving:
        low = high = 0.0
        for r in range(e5.size):
            low += e3[r] * rate[r, q]
            high += e5[r] * rate[r, q]
        if high != 0.0:
            scale = atol + rtol * max(abs(y[q]), abs(new[q]))
            error = h * abs(high) / np.sqrt(1.0 + 0.01 * (low / high) ** 2) / scale
            worst = error if not error <= worst else worst
    return worst


@compiled
def _look(z: System, s: State, stops: Stops) -> bool:
    """Species at ``trial``, and which sums have changed to the far side of their level since ``before``."""
    lift(z.plan, z.work, s.trial, s.y)
    crossed = False
    for e in range(stops.levels.size):
        stops.after[e] = -stops.levels[e]
        for i in range(s.y.size):
            stops.after[e] += stops.weights[e, i] * s.y[i]
        d = stops.directions[e]
        if not stops.armed[e]:
            stops.armed[e] = d * stops.after[e] >= 0.0
            stops.after[e] = 0.0
        stops.hit[e] = d * stops.before[e] < 0.0 and d * stops.after[e] >= 0.0
        crossed = crossed or stops.hit[e] == 1
    return crossed


@compiled
def _close_in(z: System, m: Method, s: State, stops: Stops, t: float, h: float) -> float:
    """The length of the step to the first crossing; ``s`` and ``stops.hit`` are there then.

    Looks for the zero of the largest of the sums that cross within the step, each times its direction, by inverse
    quadratic interpolation where that is safe and halving where not (T. R. Chandrupatla, Adv. Eng. Softw. 28:145,
    1997). The length is on the far side, where a sum has crossed.
    """
    crossing = stops.hit.copy()
    x1, f1 = 0.0, _highest(stops, stops.before, crossing)
    x2, f2 = h, _highest(stops, stops.after, crossing)
    part = f1 / (f1 - f2)
    for _ in range(MOST_TRIES):
        x = x1 + part * (x2 - x1)
        f = _value_at(z, m, s, stops, x, crossing)
        if (f >= 0.0) == (f1 >= 0.0):
            x3, f3 = x1, f1
        else:
            x3, f3, x2, f2 = x2, f2, x1, f1
        x1, f1 = x, f
        least = CLOSE * (t + max(x1, x2)) / abs(x2 - x1)
        if least > 0.5:
            break
        xi, phi = (x1 - x2) / (x3 - x2), (f1 - f2) / (f3 - f2)
        part = 0.5
        if phi * phi < xi and (1.0 - phi) * (1.0 - phi) < 1.0 - xi:
            part = f1 / (f2 - f1) * f3 / (f2 - f3) + (x3 - x1) / (x2 - x1) * f1 / (f3 - f1) * f2 / (f3 - f2)
        part = min(max(part, least), 1.0 - least)
    if f1 >= 0.0:
        return x1
    _value_at(z, m, s, stops, x2, crossing)
    return x2


@compiled
def _value_at(z: System, m: Method, s: State, stops: Stops, h: float, among: NDArray[np.int64]) -> float:
    """The largest of the sums after a step of length h, which ``s`` is left at."""
    _step(z, m, s, h)
    _look(z, s, stops)
    return _highest(stops, stops.after, among)


@compiled
def _highest(stops: Stops, sums: Floats, among: NDArray[np.int64]) -> float:
    """The largest of ``sums`` times their directions: not below 0 if one of ``among`` has crossed."""
    highest = -np.inf
    for e in range(among.size):
        if among[e]:
            highest = max(highest, stops.directions[e] * sums[e])
    return highest
