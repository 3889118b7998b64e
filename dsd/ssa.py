"""The inner loop of exact stochastic simulation (Gillespie's direct method on sum trees).

In: a :class:`~dsd.propensities.Plan` and a state of integer quantities. Out: the state moved on in place, event by
event, until a time, a threshold or a number of events.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dsd.compiled import compiled
from dsd.propensities import Floats, Ints, Plan, Products

Bools = NDArray[np.bool_]

REACHED, CROSSED, SPENT = 0, 1, 2
"""Why :func:`advance` came back: the goal is reached, a threshold was crossed, or the budget of events is spent."""


class Tables(NamedTuple):
    """What moves: quantities ``q`` (Q,), partial propensities ``tree``, totals of the groups ``top``, ``time`` (1,).

    ``armed`` (W,): thresholds that a crossing would set off; ``fired`` (W,): those that one has, until it is cleared.
    """

    q: Ints
    tree: Floats
    top: Floats
    time: Floats
    armed: Bools
    fired: Bools


class Watch(NamedTuple):
    """W thresholds: sum w is of products ``terms`` from ``ptr`` (W+1,); ``level`` and ``direction`` (W,).

    Once crossed, a level is armed again when the sum has gone back beyond ``again`` (W,). ``touched`` (R,) tells which
    reactions change a watched sum.
    """

    terms: Products
    ptr: Ints
    level: Floats
    again: Floats
    direction: Ints
    touched: Bools


@compiled
def value(p: Products, j: int, q: Ints) -> float:
    """Product ``j`` in state ``q``."""
    return _value(p.k, p.over_ptr, p.over_idx, p.over_off, p.under_ptr, p.under_idx, p.under_off, j, q)


@compiled
def refresh(plan: Plan, watch: Watch, tables: Tables) -> None:
    """Work out everything anew from the quantities, as after a dose."""
    q, tree, top = tables.q, tables.tree, tables.top
    tree[:] = 0.0
    top[:] = 0.0
    for j in range(plan.group.size):
        tree[plan.leaf[j]] = value(plan.partials, j, q)
    for g in range(plan.hub.size):
        base = plan.base[g]
        for node in range(plan.width[g] - 1, 0, -1):
            tree[base + node] = tree[base + 2 * node] + tree[base + 2 * node + 1]
        top[top.size // 2 + g] = _hub(plan.hub, plan.hub_under, g, q) * tree[base + 1]
    for node in range(top.size // 2 - 1, 0, -1):
        top[node] = top[2 * node] + top[2 * node + 1]
    look(watch, tables)


@compiled
def look(watch: Watch, tables: Tables) -> bool:
    """Whether a watched sum has crossed its level since the last look; marks which."""
    crossed = False
    for w in range(watch.level.size):
        total = 0.0
        for i in range(watch.ptr[w], watch.ptr[w + 1]):
            total += value(watch.terms, i, tables.q)
        ahead = (total - watch.level[w]) * watch.direction[w]
        if tables.armed[w] and ahead >= 0.0:
            tables.armed[w] = False
            tables.fired[w] = crossed = True
        elif ahead < 0.0 and (total - watch.again[w]) * watch.direction[w] <= 0.0:
            tables.armed[w] = True
    return crossed


@compiled
def advance(
    plan: Plan, watch: Watch, tables: Tables, rng: np.random.Generator, goal: float, grid: Floats, rows: Ints, row: int,
    budget: int,
) -> tuple[int, int, int]:  # fmt: skip
    """Move on to time ``goal``, a crossing, or ``budget`` events, whichever comes first.

    States at times ``grid[row:]`` (ascending, below ``goal``) go to ``rows``. Returns the reason, the next row and the
    number of events. The process has no memory, so stopping at the goal and going on draws from the same law.
    """
    q, tree, top, touched = tables.q, tables.tree, tables.top, watch.touched
    # Arrays taken out of their tuples once: taking them inside of the loop would cost more than the rest of it.
    p, group, leaf, base, width = plan.partials, plan.group, plan.leaf, plan.base, plan.width
    k, over_ptr, over_idx, over_off = p.k, p.over_ptr, p.over_idx, p.over_off
    under_ptr, under_idx, under_off = p.under_ptr, p.under_idx, p.under_off
    first, members, hub, hub_under = plan.first, plan.members, plan.hub, plan.hub_under
    net_ptr, net_idx, net_val = plan.net_ptr, plan.net_idx, plan.net_val
    dep_ptr, dep_idx, tot_ptr, tot_idx = plan.dep_ptr, plan.dep_idx, plan.tot_ptr, plan.tot_idx
    now, half = tables.time[0], top.size // 2
    for event in range(budget):
        time = now + rng.standard_exponential() / top[1] if top[1] > 0.0 else np.inf
        while row < grid.size and grid[row] < time:
            rows[row] = q
            row += 1
        if time >= goal:
            tables.time[0] = goal
            return REACHED, row, event
        now = time
        node, at = _descend(top, 0, half, rng.random() * top[1])
        g = node - half
        start = base[g]
        node, _ = _descend(tree, start, width[g], at * tree[start + 1] / top[node])
        j = members[first[g] + node - width[g]]
        for e in range(net_ptr[j], net_ptr[j + 1]):
            q[net_idx[e]] += net_val[e]
        for e in range(dep_ptr[j], dep_ptr[j + 1]):
            i = dep_idx[e]
            partial = _value(k, over_ptr, over_idx, over_off, under_ptr, under_idx, under_off, i, q)
            _climb(tree, base[group[i]], leaf[i] - base[group[i]], partial)
        for e in range(tot_ptr[j], tot_ptr[j + 1]):
            g = tot_idx[e]
            _climb(top, 0, half + g, _hub(hub, hub_under, g, q) * tree[base[g] + 1])
        if touched[j] and look(watch, tables):
            tables.time[0] = now
            return CROSSED, row, event + 1
    tables.time[0] = now
    return SPENT, row, budget


@compiled
def _descend(tree: Floats, base: int, width: int, at: float) -> tuple[int, float]:
    """The leaf in which ``at`` falls, in a tree of ``width`` leaves from ``base``, and how far into it."""
    node = 1
    while node < width:
        left = tree[base + 2 * node]
        right = (at >= left) & (tree[base + 2 * node + 1] > 0.0)  # no branch: it would be guessed wrong half the time
        node = 2 * node + right
        at -= left * right
    return node, at


@compiled
def _climb(tree: Floats, base: int, node: int, x: float) -> None:
    """Set a leaf and the sums above it."""
    tree[base + node] = x
    while node > 1:
        x += tree[base + (node ^ 1)]
        node >>= 1
        tree[base + node] = x


@compiled
def _hub(hub: Ints, hub_under: Ints, g: int, q: Ints) -> float:
    """The factor that the reactions of group ``g`` have in common."""
    x = 1.0
    if hub[g] >= 0:
        x = float(q[hub[g]])
    if hub_under[g] >= 0:
        under = q[hub_under[g]]
        x = x / under if under > 0 else 0.0
    return x


@compiled
def _value(
    k: Floats, over_ptr: Ints, over_idx: Ints, over_off: Ints, under_ptr: Ints, under_idx: Ints, under_off: Ints,
    j: int, q: Ints,
) -> float:  # fmt: skip
    x: float = k[j]
    for i in range(over_ptr[j], over_ptr[j + 1]):
        factor = q[over_idx[i]] - over_off[i]
        if factor <= 0:
            return 0.0
        x *= factor
    for i in range(under_ptr[j], under_ptr[j + 1]):
        factor = q[under_idx[i]] - under_off[i]
        if factor <= 0:
            return 0.0
        x /= factor
    return x
