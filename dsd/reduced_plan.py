"""A reduction laid out for compiled code.

In: a :class:`~dsd.reduction.Reduction`. Out: a :class:`Plan`, the arrays that :mod:`dsd.reduced_kernels` runs on.
Species and quantities are indices; rows of different lengths lie end to end, ``*_ptr`` tells where each begins.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dsd.block_elimination import Elimination, elimination
from dsd.network import Reaction
from dsd.reduction import Reduction

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Plan(NamedTuple):
    """N species, Q quantities, R reactions other than exchanges, U intermediates in G blocks, S slow reactions.

    ``plain`` (P,) are the species of the first P quantities. Exchange e has its strands in quantity ``x_first[e]``, its
    places in those that follow, and their species in ``x_strand``, ``x_partner`` (by ``x_ptr``), which they exchange at
    ``x_k`` (free places come first and have none). The strand in a place is also changed by reactions ``g_rxn`` (by
    ``g_ptr``), times the intermediate ``g_by`` (-1: none), by ``g_val``. A reaction has the weight ``k`` times the
    species ``r_idx`` (its reactants without intermediates).

    Block g has the intermediates ``b_ptr[g]`` to ``b_ptr[g + 1]``, whose species are ``member``. Arcs take the weight
    of reaction ``a_rxn`` from intermediate ``a_from`` to ``a_to``, -1 standing for what is none; ``a_pos`` is where an
    arc between two stands in the matrix that ``lu`` factorises. Intermediate u counts ``o_val`` times in quantities
    ``o_idx``.

    Slow reaction s is reaction ``s_rxn``, times the intermediate ``s_by`` (-1: none), and changes ``s_idx`` by
    ``s_val``. ``moving`` are the quantities that anything changes.
    """

    plain: Ints
    x_first: Ints
    x_ptr: Ints
    x_strand: Ints
    x_partner: Ints
    x_k: Floats
    g_ptr: Ints
    g_rxn: Ints
    g_by: Ints
    g_val: Floats
    k: Floats
    r_ptr: Ints
    r_idx: Ints
    member: Ints
    b_ptr: Ints
    a_rxn: Ints
    a_from: Ints
    a_to: Ints
    a_pos: Ints
    lu: Elimination
    o_ptr: Ints
    o_idx: Ints
    o_val: Floats
    s_rxn: Ints
    s_by: Ints
    s_ptr: Ints
    s_idx: Ints
    s_val: Floats
    moving: Ints


def plan(reduction: Reduction) -> Plan:
    """Lay out ``reduction``."""
    index = reduction.network.index
    number = {n: u for u, n in enumerate(chain.from_iterable(reduction.blocks))}
    rest = [[index[n] for n in r.reactants if n not in number] for r in reduction.reactions]
    firsts = np.cumsum([len(reduction.plain), *(1 + len(e.places) for e in reduction.exchanges)])[:-1]
    arcs = _arcs(reduction.reactions, number)
    lu, position = elimination(len(number), [(b, a) for _, a, b in arcs if min(a, b) >= 0])
    outcomes = dict(reduction.outcomes)
    counts = [sorted(outcomes[n].items()) for n in number]
    by = [next((number[n] for n in r.reactants if n in number), -1) for r in reduction.reactions]
    fed = [_changing(reduction.reactions, strand) for e in reduction.exchanges for _, strand in e.places]
    constants = _constants(reduction)
    slow = [(j, r, sorted(c.items())) for j, r in enumerate(reduction.reactions) if (c := reduction.change(r))]
    r_ptr, r_idx = _packed(rest)
    o_ptr, o_idx = _packed([[q for q, _ in row] for row in counts])
    s_ptr, s_idx = _packed([[q for q, _ in row] for *_, row in slow])
    return Plan(
        plain=_ints(index[n] for n in reduction.plain),
        x_first=_ints(firsts),
        x_ptr=_pointers([len(e.places) for e in reduction.exchanges]),
        x_strand=_ints(index[s] for e in reduction.exchanges for _, s in e.places),
        x_partner=_ints(index[p] for e in reduction.exchanges for p, _ in e.places),
        x_k=np.array([constants.get(gate, 0.0) for e in reduction.exchanges for gate in e.places]),
        g_ptr=_pointers([len(rows) for rows in fed]),
        g_rxn=_ints(j for rows in fed for j, _ in rows), g_by=_ints(by[j] for rows in fed for j, _ in rows),
        g_val=np.array([float(n) for rows in fed for _, n in rows]),
        k=np.array([r.k for r in reduction.reactions], dtype=np.float64), r_ptr=r_ptr, r_idx=r_idx,
        member=_ints(index[n] for n in number), b_ptr=_pointers([len(b) for b in reduction.blocks]),
        a_rxn=_ints(j for j, _, _ in arcs), a_from=_ints(a for _, a, _ in arcs), a_to=_ints(b for *_, b in arcs),
        a_pos=_ints(position[b, a] if min(a, b) >= 0 else -1 for _, a, b in arcs), lu=lu,
        o_ptr=o_ptr, o_idx=o_idx, o_val=np.array([float(n) for row in counts for _, n in row]),
        s_rxn=_ints(j for j, *_ in slow),
        s_by=_ints(by[j] for j, *_ in slow),
        s_ptr=s_ptr, s_idx=s_idx, s_val=np.array([float(n) for *_, row in slow for _, n in row]),
        moving=np.unique(s_idx),
    )  # fmt: skip


def _constants(reduction: Reduction) -> dict[tuple[str, str], float]:
    """The rate constant of each gate's exchange, by (with a partner, with a strand)."""
    k = {frozenset(r.reactants): r.k for r in reduction.network.reactions if r.order == 2}
    return {gate: k[frozenset((gate[0], e.strand))] for e in reduction.exchanges for gate in e.gates}


def _changing(reactions: Sequence[Reaction], name: str) -> list[tuple[int, int]]:
    """Reactions that change a species, and by how much."""
    return [(j, n) for j, r in enumerate(reactions) if name in r.species and (n := r.net().get(name, 0))]


def _arcs(reactions: Sequence[Reaction], number: dict[str, int]) -> list[tuple[int, int, int]]:
    """Reaction, intermediate it uses up, intermediate it makes, for every reaction that does either."""
    ends = (
        (j, *(next((number[n] for n in side if n in number), -1) for side in (r.reactants, r.products)))
        for j, r in enumerate(reactions)
    )
    return [(j, a, b) for j, a, b in ends if a != b]


def _packed(rows: Sequence[Sequence[int]]) -> tuple[Ints, Ints]:
    return _pointers([len(row) for row in rows]), _ints(x for row in rows for x in row)


def _pointers(lengths: Sequence[int]) -> Ints:
    return np.cumsum([0, *lengths], dtype=np.int64)


def _ints(values: Iterable[int]) -> Ints:
    return np.array([int(v) for v in values], dtype=np.int64)
