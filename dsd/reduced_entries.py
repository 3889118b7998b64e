"""Where slow reactions get their rates from: entries, the reactions that start what intermediates go on with.

In: a :class:`~dsd.reduction.Reduction` and its plan. Out: :class:`Entries`. The rate of an entry is a product of
quantities that change with every step (strands in gates, free strands); what comes of it, and when, is a linear
response of the intermediates behind it. Those depend on fuels, which change slowly, so the responses can stand for the
length of a step: they are worked out at its middle (:func:`dsd.reduced_slopes.freeze`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dsd.reduced_plan import Plan
from dsd.reduction import Reduction

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Term = tuple[float, int, int]
"""A value, the reaction whose weight it is multiplied by, and the response (-1: neither)."""


class Family(NamedTuple):
    """K coefficients: each is of an entry's rate ``entry`` in ``out``, a sum over terms (by ``ptr``) of value times the
    weight of reaction ``rxn`` times response ``slot`` (-1: none).
    """

    out: Ints
    entry: Ints
    ptr: Ints
    val: Floats
    rxn: Ints
    slot: Ints


class Entries(NamedTuple):
    """E entries; ``row`` is the intermediate that one starts (-1: none), solved for in ``turn`` of ``turns`` (1,).

    Rates are ``k`` times the factors (by ``f_ptr``): of kind 0 the strands in place ``f_idx``, 1 the partners there, 2
    the quantity; ``f_room`` is the quantity of such places. ``into_slow``, ``into_held`` (quantities), ``into_place``
    are what the entries feed; ``live`` are the quantities that rates depend on within a step, and slow reaction s
    changes those ``d_idx`` by ``d_val`` (``d_ptr``).
    """

    k: Floats
    row: Ints
    turn: Ints
    turns: Ints
    f_ptr: Ints
    f_kind: Ints
    f_idx: Ints
    f_room: Ints
    into_slow: Family
    into_held: Family
    into_place: Family
    live: Ints
    d_ptr: Ints
    d_idx: Ints
    d_val: Floats


def entries(reduction: Reduction, plan: Plan) -> Entries:
    """Lay out the entries of ``reduction``."""
    mids = {n: u for u, n in enumerate(n for block in reduction.blocks for n in block)}
    chosen = [
        (j, next((mids[n] for n in r.products if n in mids), -1))
        for j, r in enumerate(reduction.reactions)
        if not any(n in mids for n in r.reactants) and r.net()
    ]
    block = np.repeat(np.arange(plan.b_ptr.size - 1), np.diff(plan.b_ptr)).tolist()
    turns = _turns([block[u] if u >= 0 else -1 for _, u in chosen])
    behind = [_behind(plan, block, u, t, len(mids)) for (_, u), t in zip(chosen, turns, strict=True)]
    number = {j: e for e, (j, _) in enumerate(chosen)}
    factors = [[_factor(reduction, plan, n) for n in reduction.reactions[j].reactants] for j, _ in chosen]
    plain = [i for f in factors for kind, i in f if kind == 2]
    live = np.unique([*range(len(reduction.plain), reduction.size), *plain])
    sizes = np.diff(plan.x_ptr).tolist()
    room = [q + 1 + i for q, size in zip(plan.x_first.tolist(), sizes, strict=True) for i in range(size)]
    is_live = np.isin(plan.s_idx, live)
    slow = np.repeat(np.arange(plan.s_rxn.size), np.diff(plan.s_ptr))[is_live]
    return Entries(
        k=plan.k[[j for j, _ in chosen]], row=_ints(u for _, u in chosen), turn=_ints(turns),
        turns=_ints([max(turns, default=0) + 1]),
        f_ptr=_pointers([len(f) for f in factors]),
        f_kind=_ints(kind for f in factors for kind, _ in f), f_idx=_ints(i for f in factors for _, i in f),
        f_room=_ints(room[i] if kind < 2 else i for f in factors for kind, i in f),
        into_slow=_family(_slow(plan, number, behind)),
        into_held=_family(_held(plan, set(live.tolist()), behind)),
        into_place=_family(_places(plan, number, behind)),
        live=live.astype(np.int64),
        d_ptr=np.append(0, np.cumsum(np.bincount(slow, minlength=plan.s_rxn.size))).astype(np.int64),
        d_idx=plan.s_idx[is_live], d_val=plan.s_val[is_live],
    )  # fmt: skip


def _turns(blocks: Sequence[int]) -> list[int]:
    """Entries of different blocks are solved for together; those of one block take turns."""
    seen: dict[int, int] = {}
    turns = []
    for g in blocks:
        turns.append(seen.get(g, 0) if g >= 0 else 0)
        seen[g] = seen.get(g, 0) + 1
    return turns


def _behind(plan: Plan, block: Sequence[int], row: int, turn: int, size: int) -> list[tuple[int, int]]:
    """The intermediates an entry may lead to, and the slots of their responses."""
    if row < 0:
        return []
    g = block[row]
    return [(u, turn * size + u) for u in range(int(plan.b_ptr[g]), int(plan.b_ptr[g + 1]))]


def _factor(reduction: Reduction, plan: Plan, name: str) -> tuple[int, int]:
    """Kind and index of a reactant."""
    index = reduction.network.index[name]
    for kind, places in enumerate((plan.x_strand, plan.x_partner)):
        found = np.flatnonzero(places == index)
        if found.size:
            return kind, int(found[0])
    return 2, reduction.quantities[name][0]


Sums = dict[tuple[int, int], list[Term]]


def _slow(plan: Plan, number: dict[int, int], behind: Sequence[list[tuple[int, int]]]) -> Sums:
    """Rates of slow reactions: an entry's own, or their weight times the response of what they use up."""
    sums: Sums = {}
    for s, (j, by) in enumerate(zip(plan.s_rxn.tolist(), plan.s_by.tolist(), strict=True)):
        if by < 0:
            sums[s, number[j]] = [(1.0, -1, -1)]
        for e, reached in enumerate(behind if by >= 0 else ()):
            terms: list[Term] = [(1.0, j, slot) for u, slot in reached if u == by]
            if terms:
                sums[s, e] = terms
    return sums


def _held(plan: Plan, live: set[int], behind: Sequence[list[tuple[int, int]]]) -> Sums:
    """What intermediates hold of the live quantities."""
    sums: Sums = {}
    for e, reached in enumerate(behind):
        for u, slot in reached:
            for o in range(int(plan.o_ptr[u]), int(plan.o_ptr[u + 1])):
                if int(plan.o_idx[o]) in live:
                    sums.setdefault((int(plan.o_idx[o]), e), []).append((float(plan.o_val[o]), -1, slot))
    return sums


def _places(plan: Plan, number: dict[int, int], behind: Sequence[list[tuple[int, int]]]) -> Sums:
    """How fast other reactions than exchange change the strands in gates."""
    sums: Sums = {}
    for p in range(plan.g_ptr.size - 1):
        for g in range(int(plan.g_ptr[p]), int(plan.g_ptr[p + 1])):
            j, by, val = int(plan.g_rxn[g]), int(plan.g_by[g]), float(plan.g_val[g])
            if by < 0:
                sums.setdefault((p, number[j]), []).append((val, -1, -1))
            for e, reached in enumerate(behind if by >= 0 else ()):
                for u, slot in reached:
                    if u == by:
                        sums.setdefault((p, e), []).append((val, j, slot))
    return sums


def _family(sums: Sums) -> Family:
    rows = sorted(sums.items())
    terms = [t for _, row in rows for t in row]
    return Family(
        out=_ints(o for (o, _), _ in rows), entry=_ints(e for (_, e), _ in rows),
        ptr=_pointers([len(row) for _, row in rows]), val=np.array([t[0] for t in terms], dtype=np.float64),
        rxn=_ints(t[1] for t in terms), slot=_ints(t[2] for t in terms),
    )  # fmt: skip


def _pointers(lengths: Sequence[int]) -> Ints:
    return np.cumsum([0, *lengths], dtype=np.int64)


def _ints(values: Iterable[int]) -> Ints:
    return np.array(list(values), dtype=np.int64)
