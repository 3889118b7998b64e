"""The state of all species behind totals that move: what is fast, and how far it lags behind.

In: a :class:`~dsd.reduced_plan.Plan`, totals X (Q,) and work arrays. Out: concentrations of all species.

*What is late.* Equilibrium and steady state are exact where nothing moves. While totals change at dX/dt, what is fast
follows them a little behind: with strands n_p in the places p of an exchange (n_0 of them free, r_p places of each
kind, rate constant k_p), ``dn_p/dt = k_p (r_p n_0 - r_0 n_p) + s_p``, so ``n_p`` is ``(s_p - dn_p/dt) / (k_p r_0)``
above equilibrium, and likewise ``A I = b - dI/dt`` for intermediates, all derivatives being those of the equilibrium
(first-order slow manifold: Fenichel, J. Differ. Equations 31:53, 1979). With s the ratio of fast to slow times the
error is thus O(s^2). An oscillator that is almost neutrally stable needs that: what damps or drives it is O(s) itself.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dsd.block_elimination import solve
from dsd.compiled import compiled
from dsd.reduced_kernels import Work, flows, free, hold, settle, spread, steady, weigh
from dsd.reduced_plan import Plan

Floats = NDArray[np.float64]

SETTLED, MOST_PASSES = 1e-10, 60
"""Relative change of x at which a state counts as solved for, and passes after which what is left is accepted: the
totals are kept exactly in any case."""


@compiled
def lift(plan: Plan, w: Work, total: Floats, y: Floats) -> bool:
    """The state of all species ``y`` (N,) with exactly these totals; False as in :func:`rest`.

    Where more would be in flight than there is (just after a dose), only as much is.
    """
    x, held, mid = w.x, w.held, w.mid
    x[:] = total
    w.above[:] = 0.0
    sound = settle(plan, w)
    for _ in range(MOST_PASSES):
        if free(total, x, held) < SETTLED:
            break
        sound = settle(plan, w) and sound
    sound = sound and _late(plan, w, total)
    if not sound:
        mid[:] = held[:] = 0.0
    b_ptr, o_ptr, o_idx, o_val, member = plan.b_ptr, plan.o_ptr, plan.o_idx, plan.o_val, plan.member
    for g in range(b_ptr.size - 1):
        part = 1.0
        for o in range(o_ptr[b_ptr[g]], o_ptr[b_ptr[g + 1]]):
            q = o_idx[o]
            if o_val[o] > 0.0 and held[q] > max(total[q], 0.0):
                part = min(part, max(total[q], 0.0) / held[q])
        for u in range(b_ptr[g], b_ptr[g + 1]):
            mid[u] *= part
    x[:] = total
    for u in range(member.size):
        for o in range(o_ptr[u], o_ptr[u + 1]):
            x[o_idx[o]] -= o_val[o] * mid[u]
    spread(plan, w)
    y[:] = w.c
    for u in range(member.size):
        y[member[u]] = mid[u]
    return sound


@compiled
def _late(plan: Plan, w: Work, total: Floats) -> bool:
    """From the state of rest to that behind which what is fast lags, to first order."""
    x, held, x_rate = w.x, w.held, w.x_rate
    flows(plan, w, w.flow)
    for q in range(x.size):
        # x = X x / (x + h): what is held in proportion to x keeps its share.
        x_rate[q] = w.flow[q] * (x[q] / total[q] if held[q] > 0.0 and total[q] > 0.0 else 1.0)
    _spread_rates(plan, w)
    _weigh_rates(plan, w)
    _lags(plan, w)
    _mid_rates(plan, w)
    spread(plan, w)
    weigh(plan, w)
    w.spare[:] = w.mid
    sound = steady(plan, w)
    for g in range(plan.b_ptr.size - 1):
        first, end = plan.b_ptr[g], plan.b_ptr[g + 1]
        if w.mid[first:end].min() < 0.0:  # just after a dose: there is no slow manifold yet
            w.mid[first:end] = w.spare[first:end]
    hold(plan, w)
    return sound


@compiled
def _spread_rates(plan: Plan, w: Work) -> None:
    """dc/dt in equilibrium."""
    c, x, x_rate = w.c_rate, w.x, w.x_rate
    x_first, x_ptr, x_strand, x_partner = plan.x_first, plan.x_ptr, plan.x_strand, plan.x_partner
    for q in range(plan.plain.size):
        c[plan.plain[q]] = x_rate[q]
    for e in range(x_first.size):
        strands, begin, end = x_first[e], x_ptr[e], x_ptr[e + 1]
        places = growth = 0.0
        for p in range(begin, end):
            places += x[strands + 1 + p - begin]
            growth += x_rate[strands + 1 + p - begin]
        share = x[strands] / places if places > 0.0 else 0.0
        rise = (x_rate[strands] - share * growth) / places if places > 0.0 else 0.0
        for p in range(begin, end):
            q = strands + 1 + p - begin
            n = rise * x[q] + share * x_rate[q]
            c[x_strand[p]] = n
            c[x_partner[p]] = x_rate[q] - n


@compiled
def _weigh_rates(plan: Plan, w: Work) -> None:
    """Time derivatives of the weights."""
    c, c_rate, rate, k, r_ptr, r_idx = w.c, w.c_rate, w.weight_rate, plan.k, plan.r_ptr, plan.r_idx
    for j in range(k.size):
        v = 0.0
        for p in range(r_ptr[j], r_ptr[j + 1]):
            term = k[j] * c_rate[r_idx[p]]
            for o in range(r_ptr[j], r_ptr[j + 1]):
                if o != p:
                    term *= c[r_idx[o]]
            v += term
        rate[j] = v


@compiled
def _lags(plan: Plan, w: Work) -> None:
    """What each kind of place holds above equilibrium, while gates feed what follows them and totals change."""
    x, above, weight, mid, c_rate = w.x, w.above, w.weight, w.mid, w.c_rate
    x_first, x_ptr, x_k, x_strand = plan.x_first, plan.x_ptr, plan.x_k, plan.x_strand
    g_ptr, g_rxn, g_by, g_val = plan.g_ptr, plan.g_rxn, plan.g_by, plan.g_val
    for e in range(x_first.size):
        strands, begin, end = x_first[e], x_ptr[e], x_ptr[e + 1]
        places = missing = 0.0
        for p in range(begin, end):
            places += x[strands + 1 + p - begin]
        free = x[strands + 1]
        if not (free > 0.0 and places > 0.0):
            continue
        for p in range(begin + 1, end):
            extra = -c_rate[x_strand[p]]
            for s in range(g_ptr[p], g_ptr[p + 1]):
                extra += g_val[s] * weight[g_rxn[s]] * (mid[g_by[s]] if g_by[s] >= 0 else 1.0)
            above[p] = extra / x_k[p] / free
            missing += extra / x_k[p]
        above[begin] = -missing / places
        for p in range(begin + 1, end):
            above[p] += above[begin] * x[strands + 1 + p - begin] / free


@compiled
def _mid_rates(plan: Plan, w: Work) -> None:
    """dI/dt in steady state: ``A dI/dt = db/dt - dA/dt I``."""
    a_rxn, a_from, a_to = plan.a_rxn, plan.a_from, plan.a_to
    rate, mid, mid_rate = w.weight_rate, w.mid, w.mid_rate
    mid_rate[:] = 0.0
    for a in range(a_rxn.size):
        v, i, j = rate[a_rxn[a]], a_from[a], a_to[a]
        if i >= 0:
            v *= mid[i]
            mid_rate[i] -= v
        if j >= 0:
            mid_rate[j] += v
    solve(plan.lu, w.matrix, mid_rate)
