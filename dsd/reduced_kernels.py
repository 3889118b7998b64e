"""The compiled loops of a reduced network: from totals to concentrations, and how fast totals change.

In: a :class:`~dsd.reduced_plan.Plan`, totals X (Q,) and work arrays. Out: concentrations and intermediates
at rest.

*What is free.* Totals count what is in flight in the intermediates I, so free quantities are x = X - h(x) with
h = sum(o I). That is solved by ``x <- X x / (x + h)``, which keeps x above zero, is exact at once where h is in
proportion to x, and errs by O((h/x)^2) after one pass otherwise.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dsd.block_elimination import factor, solve
from dsd.compiled import compiled
from dsd.reduced_plan import Plan

Floats = NDArray[np.float64]


class Work(NamedTuple):
    """Concentrations ``c`` (N,), free quantities ``x`` and ``held`` (Q,), ``weight`` (R,), ``mid`` (U,), and the time
    derivatives ``c_rate``, ``x_rate``, ``weight_rate``, ``mid_rate``; ``above`` what is above equilibrium by place;
    ``matrix`` the factors of ``lu``; ``spare`` (U,), ``flow`` (Q,).
    """

    c: Floats
    x: Floats
    held: Floats
    weight: Floats
    mid: Floats
    c_rate: Floats
    x_rate: Floats
    weight_rate: Floats
    mid_rate: Floats
    above: Floats
    matrix: Floats
    spare: Floats
    flow: Floats


def work(plan: Plan, species: int, quantities: int) -> Work:
    """Zeroed arrays."""
    reactions, mids, places = plan.k.size, plan.member.size, plan.x_strand.size
    rates = (species, quantities, reactions, mids)
    factors = int(plan.lu.entries[0])
    sizes = (species, quantities, quantities, reactions, mids, *rates, places, factors, mids, quantities)
    return Work._make(np.zeros(n) for n in sizes)


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
def rest(plan: Plan, w: Work, total: Floats) -> bool:
    """The state of rest at quantities ``total``, after one pass; False if an intermediate is no longer used up."""
    w.x[:] = total
    w.above[:] = 0.0
    sound = settle(plan, w)
    free(total, w.x, w.held)
    return settle(plan, w) and sound


@compiled
def settle(plan: Plan, w: Work) -> bool:
    """Concentrations, weights, intermediates in steady state and what they hold, for the free quantities ``w.x``."""
    spread(plan, w)
    weigh(plan, w)
    w.mid_rate[:] = 0.0
    sound = steady(plan, w)
    hold(plan, w)
    return sound


@compiled
def spread(plan: Plan, w: Work) -> None:
    """Concentrations of all species but intermediates: strands spread evenly over their places, but for ``above``.

    What is above or below equilibrium is cut down where it would leave less than nothing.
    """
    c, x, above, plain = w.c, w.x, w.above, plan.plain
    x_first, x_ptr, x_strand, x_partner = plan.x_first, plan.x_ptr, plan.x_strand, plan.x_partner
    for q in range(plain.size):
        c[plain[q]] = x[q]
    for e in range(x_first.size):
        strands, begin, end = x_first[e], x_ptr[e], x_ptr[e + 1]
        places = 0.0
        for p in range(begin, end):
            places += x[strands + 1 + p - begin]
        share = x[strands] / places if places > 0.0 else 0.0
        part = 1.0
        for p in range(begin, end):
            even = share * x[strands + 1 + p - begin]
            if above[p] < 0.0 and even + above[p] < 0.0:
                part = min(part, max(even, 0.0) / -above[p])
        for p in range(begin, end):
            room = x[strands + 1 + p - begin]
            n = share * room + part * above[p]
            c[x_strand[p]] = n
            c[x_partner[p]] = room - n


@compiled
def weigh(plan: Plan, w: Work) -> None:
    """The weight of every reaction: its rate, or its rate per intermediate."""
    c, weight, k, r_ptr, r_idx = w.c, w.weight, plan.k, plan.r_ptr, plan.r_idx
    for j in range(k.size):
        v = k[j]
        for p in range(r_ptr[j], r_ptr[j + 1]):
            v *= c[r_idx[p]]
        weight[j] = v


@compiled
def steady(plan: Plan, w: Work) -> bool:
    """Intermediates, if what flows into each is what flows out and ``mid_rate``; the matrix is left factorised."""
    a_rxn, a_from, a_to, a_pos = plan.a_rxn, plan.a_from, plan.a_to, plan.a_pos
    weight, mid, mid_rate, m = w.weight, w.mid, w.mid_rate, w.matrix
    m[:] = 0.0
    for u in range(mid.size):
        mid[u] = -mid_rate[u]
    for a in range(a_rxn.size):
        v = weight[a_rxn[a]]
        if a_from[a] < 0:
            mid[a_to[a]] += v
        else:
            m[a_from[a]] += v
            if a_to[a] >= 0:
                m[a_pos[a]] -= v
    sound = factor(plan.lu, m, mid.size)
    if sound:
        solve(plan.lu, m, mid)
    return sound


@compiled
def hold(plan: Plan, w: Work) -> None:
    held, mid, o_ptr, o_idx, o_val = w.held, w.mid, plan.o_ptr, plan.o_idx, plan.o_val
    held[:] = 0.0
    for u in range(mid.size):
        for o in range(o_ptr[u], o_ptr[u + 1]):
            held[o_idx[o]] += o_val[o] * mid[u]


@compiled
def free(total: Floats, x: Floats, held: Floats) -> float:
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
def flows(plan: Plan, w: Work, out: Floats) -> None:
    """dX/dt by the slow reactions."""
    weight, mid, s_rxn, s_by = w.weight, w.mid, plan.s_rxn, plan.s_by
    s_ptr, s_idx, s_val = plan.s_ptr, plan.s_idx, plan.s_val
    out[:] = 0.0
    for s in range(s_rxn.size):
        v = weight[s_rxn[s]]
        if s_by[s] >= 0:
            v *= mid[s_by[s]]
        for p in range(s_ptr[s], s_ptr[s + 1]):
            out[s_idx[p]] += s_val[p] * v
