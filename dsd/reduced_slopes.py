"""How fast totals change within a step: the part of a reduced network that every stage of the integrator evaluates.

In: entries with the responses behind them, worked out at the middle of a step by :func:`freeze`, and live quantities.
Out: the rates of slow reactions. The formulas are those of :mod:`dsd.reduced_lift`, with what intermediates do
written as a linear response to the entries' rates b: ``I = G b - G2 db/dt``, where ``G = A^-1`` and ``G2 = A^-2``.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dsd.block_elimination import solve
from dsd.compiled import compiled
from dsd.reduced_entries import Entries, Family
from dsd.reduced_kernels import Work, rest
from dsd.reduced_plan import Plan

Floats = NDArray[np.float64]


class Frozen(NamedTuple):
    """Responses ``g``, ``g2`` (turns * U,), coefficients ``slow``, ``slow2``, ``held``, ``place``, and work space.

    ``x``, ``x_rate``, ``hold`` (Q,), ``n``, ``n_rate``, ``above`` by place, ``b``, ``b_rate`` (E,).
    """

    g: Floats
    g2: Floats
    slow: Floats
    slow2: Floats
    held: Floats
    place: Floats
    x: Floats
    x_rate: Floats
    hold: Floats
    n: Floats
    n_rate: Floats
    above: Floats
    b: Floats
    b_rate: Floats


def frozen(plan: Plan, entries: Entries, quantities: int) -> Frozen:
    """Zeroed arrays."""
    slots, places, count = int(entries.turns[0]) * plan.member.size, plan.x_strand.size, entries.k.size
    families = (entries.into_slow, entries.into_slow, entries.into_held, entries.into_place)
    sizes = (slots, slots, *(f.out.size for f in families), *[quantities] * 3, *[places] * 3, count, count)
    return Frozen._make(np.zeros(n) for n in sizes)


@compiled
def freeze(plan: Plan, n: Entries, f: Frozen, w: Work, total: Floats) -> bool:
    """Work out all responses at quantities ``total`` (Q,); False if an intermediate is no longer used up."""
    if not rest(plan, w, total):
        return False
    size = w.mid.size
    for turn in range(n.turns[0]):
        part = f.g[turn * size : (turn + 1) * size]
        part[:] = 0.0
        for e in range(n.row.size):
            if n.turn[e] == turn and n.row[e] >= 0:
                part[n.row[e]] = 1.0
        solve(plan.lu, w.matrix, part)
        later = f.g2[turn * size : (turn + 1) * size]
        later[:] = part
        solve(plan.lu, w.matrix, later)
    _coefficients(n.into_slow, w.weight, f.g, f.slow, True)
    _coefficients(n.into_slow, w.weight, f.g2, f.slow2, False)
    _coefficients(n.into_held, w.weight, f.g, f.held, True)
    _coefficients(n.into_place, w.weight, f.g, f.place, True)
    return True


@compiled
def _coefficients(family: Family, weight: Floats, response: Floats, out: Floats, direct: bool) -> None:
    ptr, val, rxn, slot = family.ptr, family.val, family.rxn, family.slot
    for c in range(out.size):
        total = 0.0
        for t in range(ptr[c], ptr[c + 1]):
            v = val[t]
            if slot[t] >= 0:
                v *= response[slot[t]]
            elif not direct:
                continue
            if rxn[t] >= 0:
                v *= weight[rxn[t]]
            total += v
        out[c] = total


@compiled
def slopes(plan: Plan, n: Entries, f: Frozen, total: Floats, rates: Floats, out: Floats) -> None:
    """Rates (S,) of the slow reactions at ``total`` (Q,), and d total / dt of the live quantities in ``out``."""
    x, hold, live = f.x, f.hold, n.live
    for q in live:
        x[q] = total[q]
    f.above[:] = 0.0
    _spread(plan, f)
    _enter(n, f)
    for q in live:
        hold[q] = 0.0
    _apply(n.into_held, f.held, f.b, hold, 1.0)
    for q in live:
        if hold[q] < 0.0:
            x[q] = total[q] - hold[q]
        elif hold[q] > 0.0 and total[q] > 0.0:
            x[q] = total[q] * (total[q] / (total[q] + hold[q]))
    _spread(plan, f)
    _enter(n, f)
    rates[:] = 0.0
    _apply(n.into_slow, f.slow, f.b, rates, 1.0)
    _change(n, rates, out)
    for q in live:
        f.x_rate[q] = out[q] * (x[q] / total[q] if hold[q] > 0.0 and total[q] > 0.0 else 1.0)
    _late(plan, n, f)
    _spread(plan, f)
    _enter(n, f)
    rates[:] = 0.0
    _apply(n.into_slow, f.slow, f.b, rates, 1.0)
    _apply(n.into_slow, f.slow2, f.b_rate, rates, -1.0)
    _change(n, rates, out)


@compiled
def _apply(family: Family, coefficient: Floats, b: Floats, out: Floats, sign: float) -> None:
    at, entry = family.out, family.entry
    for c in range(coefficient.size):
        out[at[c]] += sign * coefficient[c] * b[entry[c]]


@compiled
def _change(n: Entries, rates: Floats, out: Floats) -> None:
    d_ptr, d_idx, d_val = n.d_ptr, n.d_idx, n.d_val
    for q in n.live:
        out[q] = 0.0
    for s in range(rates.size):
        v = rates[s]
        for p in range(d_ptr[s], d_ptr[s + 1]):
            out[d_idx[p]] += d_val[p] * v


@compiled
def _spread(plan: Plan, f: Frozen) -> None:
    """Strands by place."""
    x, n, above, x_first, x_ptr = f.x, f.n, f.above, plan.x_first, plan.x_ptr
    for e in range(x_first.size):
        strands, begin, end = x_first[e], x_ptr[e], x_ptr[e + 1]
        first = strands + 1 - begin
        places = 0.0
        for p in range(begin, end):
            places += x[first + p]
        share = x[strands] / places if places > 0.0 else 0.0
        for p in range(begin, end):
            n[p] = share * x[first + p] + above[p]


@compiled
def _enter(n: Entries, f: Frozen) -> None:
    """Rates of the entries."""
    b, k, f_ptr = f.b, n.k, n.f_ptr
    for e in range(k.size):
        v = k[e]
        for i in range(f_ptr[e], f_ptr[e + 1]):
            v *= _at(n, f, i)
        b[e] = v


@compiled
def _at(n: Entries, f: Frozen, i: int) -> float:
    """The value of a factor."""
    kind, at = n.f_kind[i], n.f_idx[i]
    value: float = f.x[n.f_room[i]] - f.n[at] if kind == 1 else f.n[at] if kind == 0 else f.x[at]
    return value


@compiled
def _rate_at(n: Entries, f: Frozen, i: int) -> float:
    """The time derivative of a factor."""
    kind, at = n.f_kind[i], n.f_idx[i]
    rate: float = f.x_rate[n.f_room[i]] - f.n_rate[at] if kind == 1 else f.n_rate[at] if kind == 0 else f.x_rate[at]
    return rate


@compiled
def _late(plan: Plan, n: Entries, f: Frozen) -> None:
    """What each place holds above equilibrium, and how fast the entries' rates change."""
    x, x_rate, above, n_rate, b_rate = f.x, f.x_rate, f.above, f.n_rate, f.b_rate
    x_first, x_ptr, x_k = plan.x_first, plan.x_ptr, plan.x_k
    for p in range(above.size):
        above[p] = 0.0
    _apply(n.into_place, f.place, f.b, above, 1.0)
    for e in range(x_first.size):
        strands, begin, end = x_first[e], x_ptr[e], x_ptr[e + 1]
        first = strands + 1 - begin
        places = growth = missing = 0.0
        for p in range(begin, end):
            places += x[first + p]
            growth += x_rate[first + p]
        free = x[first + begin]
        share = x[strands] / places if places > 0.0 else 0.0
        rise = (x_rate[strands] - share * growth) / places if places > 0.0 else 0.0
        for p in range(begin, end):
            n_rate[p] = rise * x[first + p] + share * x_rate[first + p]
        if not (free > 0.0 and places > 0.0):
            for p in range(begin, end):
                above[p] = 0.0
            continue
        for p in range(begin + 1, end):
            extra = (above[p] - n_rate[p]) / x_k[p]
            above[p] = extra / free
            missing += extra
        above[begin] = -missing / places
        for p in range(begin + 1, end):
            above[p] += above[begin] * x[first + p] / free
    f_ptr, k = n.f_ptr, n.k
    for e in range(k.size):
        v = 0.0
        for i in range(f_ptr[e], f_ptr[e + 1]):
            term = k[e] * _rate_at(n, f, i)
            for j in range(f_ptr[e], f_ptr[e + 1]):
                if j != i:
                    term *= _at(n, f, j)
            v += term
        b_rate[e] = v
