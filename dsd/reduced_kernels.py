"""The compiled loops of a reduced network: from totals to concentrations, and how fast totals change.

In: a :class:`~dsd.reduced_plan.Plan`, quantities X (Q,) and work arrays. Quantities count what is in flight in the
intermediates I, so free ones are x = X - sum(o I(x)). Where I is small beside x that is solved by ``x <- X / (1 + h/x)``
with h = sum(o I(x)), which is exact at once where h is in proportion to x, keeps x above zero, and errs by O((h/x)^2)
after one pass otherwise.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dsd.compiled import compiled
from dsd.reduced_plan import Plan

Floats = NDArray[np.float64]

PASSES = 2
"""Passes for the rates: what is in flight is then wrong by less than the lag of loading makes it."""

SETTLED, MOST_PASSES = 1e-13, 60
"""Relative change of x at which a state counts as solved for, and passes after which what is left is accepted: the
totals are kept exactly in any case."""


class Work(NamedTuple):
    """Concentrations ``c`` (N,), free quantities ``x`` and ``held`` (Q,), ``weight`` (R,), ``mid`` (U,), ``matrix``."""

    c: Floats
    x: Floats
    held: Floats
    weight: Floats
    mid: Floats
    matrix: Floats


def work(plan: Plan, species: int, quantities: int) -> Work:
    """Zeroed arrays."""
    widest = int(np.diff(plan.b_ptr).max(initial=0))
    return Work(
        np.zeros(species), np.zeros(quantities), np.zeros(quantities), np.zeros(plan.k.size),
        np.zeros(plan.member.size), np.zeros((widest, widest + 1)),
    )  # fmt: skip


@compiled
def total(plan: Plan, y: Floats, out: Floats) -> None:
    """Quantities of a state of all species, intermediates counted as what they become."""
    for q in range(plan.plain.size):
        out[q] = y[plan.plain[q]]
    for e in range(plan.x_first.size):
        strands, begin = plan.x_first[e], plan.x_ptr[e]
        out[strands] = 0.0
        for p in range(begin, plan.x_ptr[e + 1]):
            out[strands] += y[plan.x_strand[p]]
            out[strands + 1 + p - begin] = y[plan.x_strand[p]] + y[plan.x_partner[p]]
    for u in range(plan.member.size):
        for o in range(plan.o_ptr[u], plan.o_ptr[u + 1]):
            out[plan.o_idx[o]] += plan.o_val[o] * y[plan.member[u]]


@compiled
def settle(plan: Plan, w: Work) -> bool:
    """Concentrations and weights for the free quantities ``w.x``, then intermediates; False if one is not used up."""
    spread(plan, w)
    c, weight, k, r_ptr, r_idx = w.c, w.weight, plan.k, plan.r_ptr, plan.r_idx
    for j in range(k.size):
        v = k[j]
        for p in range(r_ptr[j], r_ptr[j + 1]):
            v *= c[r_idx[p]]
        weight[j] = v
    sound = True
    for g in range(plan.b_ptr.size - 1):
        sound &= _block(plan.b_ptr, plan.a_ptr, plan.a_rxn, plan.a_from, plan.a_to, g, weight, w.matrix, w.mid)
    held = w.held
    held[:] = 0.0
    o_ptr, o_idx, o_val = plan.o_ptr, plan.o_idx, plan.o_val
    for u in range(o_ptr.size - 1):
        for o in range(o_ptr[u], o_ptr[u + 1]):
            held[o_idx[o]] += o_val[o] * w.mid[u]
    return sound


@compiled
def spread(plan: Plan, w: Work) -> None:
    """Concentrations of all species but intermediates: strands are spread over their places evenly."""
    c, x = w.c, w.x
    for q in range(plan.plain.size):
        c[plan.plain[q]] = x[q]
    for e in range(plan.x_first.size):
        strands, begin, end = plan.x_first[e], plan.x_ptr[e], plan.x_ptr[e + 1]
        places = 0.0
        for p in range(begin, end):
            places += x[strands + 1 + p - begin]
        share = x[strands] / places if places > 0.0 else 0.0
        for p in range(begin, end):
            room = x[strands + 1 + p - begin]
            c[plan.x_strand[p]] = share * room
            c[plan.x_partner[p]] = (1.0 - share) * room


@compiled
def _block(
    b_ptr: NDArray[np.int64], a_ptr: NDArray[np.int64], a_rxn: NDArray[np.int64], a_from: NDArray[np.int64],
    a_to: NDArray[np.int64], g: int, weight: Floats, m: Floats, mid: Floats,
) -> bool:  # fmt: skip
    """The steady state of one block: what flows into each of its intermediates flows out.

    Columns are diagonally dominant, so elimination needs no pivoting.
    """
    first, n = b_ptr[g], b_ptr[g + 1] - b_ptr[g]
    for i in range(n):
        for j in range(n + 1):
            m[i, j] = 0.0
    for a in range(a_ptr[g], a_ptr[g + 1]):
        v, i, j = weight[a_rxn[a]], a_from[a], a_to[a]
        if i < 0:
            m[j, n] += v
        else:
            m[i, i] += v
            if j >= 0:
                m[j, i] -= v
    for p in range(n):
        if not m[p, p] > 0.0:
            return False
        for i in range(p + 1, n):
            if m[i, p] != 0.0:
                f = m[i, p] / m[p, p]
                for j in range(p + 1, n + 1):
                    m[i, j] -= f * m[p, j]
    for i in range(n - 1, -1, -1):
        v = m[i, n]
        for j in range(i + 1, n):
            v -= m[i, j] * mid[first + j]
        mid[first + i] = v / m[i, i]
    return True


@compiled
def slopes(plan: Plan, w: Work, total: Floats, out: Floats) -> bool:
    """dX/dt (Q,) for quantities ``total``; False if an intermediate is no longer used up."""
    x, held = w.x, w.held
    x[:] = total
    sound = settle(plan, w)
    for _ in range(PASSES):
        _free(total, x, held)
        sound = settle(plan, w) and sound
    out[:] = 0.0
    for s in range(plan.s_rxn.size):
        v = w.weight[plan.s_rxn[s]]
        if plan.s_by[s] >= 0:
            v *= w.mid[plan.s_by[s]]
        for p in range(plan.s_ptr[s], plan.s_ptr[s + 1]):
            out[plan.s_idx[p]] += plan.s_val[p] * v
    return sound


@compiled
def _free(total: Floats, x: Floats, held: Floats) -> float:
    """One pass: what is free of ``total`` if so much is held; the largest relative change."""
    most = 0.0
    for q in range(total.size):
        if held[q] != 0.0 and total[q] > 0.0:
            old = x[q]
            if held[q] < 0.0:
                x[q] = total[q] - held[q]
            elif old + held[q] > 0.0:
                x[q] = total[q] * (old / (old + held[q]))
            most = max(most, abs((x[q] - old) / total[q]))
    return most


@compiled
def lift(plan: Plan, w: Work, total: Floats, y: Floats) -> bool:
    """The state of all species ``y`` (N,) with exactly these totals; False as in :func:`slopes`.

    Where more would be in flight than there is (just after a dose), only as much is.
    """
    x, held, mid = w.x, w.held, w.mid
    x[:] = total
    sound = settle(plan, w)
    for _ in range(MOST_PASSES):
        if _free(total, x, held) < SETTLED:
            break
        sound = settle(plan, w) and sound
    for g in range(plan.b_ptr.size - 1):
        part = 1.0
        for u in range(plan.b_ptr[g], plan.b_ptr[g + 1]):
            for o in range(plan.o_ptr[u], plan.o_ptr[u + 1]):
                q = plan.o_idx[o]
                if plan.o_val[o] > 0.0 and held[q] > max(total[q], 0.0):
                    part = min(part, max(total[q], 0.0) / held[q])
        for u in range(plan.b_ptr[g], plan.b_ptr[g + 1]):
            mid[u] *= part
    x[:] = total
    for u in range(plan.member.size):
        for o in range(plan.o_ptr[u], plan.o_ptr[u + 1]):
            x[plan.o_idx[o]] -= plan.o_val[o] * mid[u]
    spread(plan, w)
    y[:] = w.c
    for u in range(plan.member.size):
        y[plan.member[u]] = mid[u]
    return sound
