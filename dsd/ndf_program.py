"""Kinetics laid out for the compiled integrator: species in the order of elimination, matrices on one fixed pattern.

In: :class:`~dsd.kinetics.MassAction`. Out: :class:`Program`, arrays that :mod:`dsd.ndf_kernels` runs on.

Species that never react (waste, counters) feed nothing back: their columns of the Jacobian are empty. They come last,
stay out of the factorisation, which would fill between all that makes them, and are solved for by one row each.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dsd.kinetics import MassAction
from dsd.sparse_lu import SparseLU

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Places = NDArray[np.uint32]
"""Indices that are never negative, so that numba need not look whether they are."""


class Program(NamedTuple):
    """N species (``core`` of them react), R reactions, D derivatives of a rate by a reactant.

    Rate j is ``k[j] * y[r1[j]] * y[r2[j]]``, where index N is a constant 1; every further reactant is a pair of
    ``x_rate``, ``x_by``. Species i changes by ``s_val @ rates[s_rate]`` over ``s_ptr[i]`` to ``s_ptr[i + 1]``.
    Derivative d is ``d_k[d] * y[d_by[d]]``, further factors in ``e_term``, ``e_by``. Entry p of the matrix
    ``I - gamma J`` is ``unit[p] - gamma * m_val @ derivatives[m_term]``; the entries are the rows of L + U of the core
    (``ptr``, ``idx``, ``diag``), followed by the rows of the other species (``t_ptr`` (N - core + 1,), ``idx``).
    """

    k: Floats
    r1: Places
    r2: Places
    x_rate: Places
    x_by: Places
    s_ptr: Ints
    s_rate: Places
    s_val: Floats
    d_k: Floats
    d_by: Places
    e_term: Places
    e_by: Places
    m_ptr: Ints
    m_term: Places
    m_val: Floats
    unit: Floats
    ptr: Ints
    idx: Places
    diag: Ints
    t_ptr: Ints


def program(kinetics: MassAction) -> tuple[Program, Ints]:
    """The program of ``kinetics`` and ``order`` (N,): its species i is the network's species ``order[i]``."""
    m, size = kinetics, kinetics.size
    rows = np.repeat(np.arange(size), np.diff(m.j_ptr))
    order, core, lu = _order(m, rows)
    place = np.empty(size, dtype=np.int64)
    place[order] = np.arange(size)
    (r1, r2), x_rate, x_by = _two(m.r_ptr, place[m.r_idx], size, 2)
    (d_by,), e_term, e_by = _two(m.d_ptr, place[m.d_fac], size, 1)
    species = np.argsort(place[m.s_idx], kind="stable")
    rate_of = np.repeat(np.arange(m.k.size), np.diff(m.s_ptr))
    ptr, idx, diag = lu.pattern
    key, t_ptr, t_idx = _entries(place[rows[m.d_pos]] * size + place[m.j_idx[m.d_pos]], ptr, idx, core, size)
    entry = np.argsort(key, kind="stable")
    term_of = np.repeat(np.arange(m.d_rxn.size), np.diff(m.d_out))
    unit = np.zeros(idx.size + t_idx.size)
    unit[diag] = 1.0
    return Program(
        k=m.k, r1=r1, r2=r2, x_rate=x_rate, x_by=x_by,
        s_ptr=_pointers(place[m.s_idx], size), s_rate=_places(rate_of[species]), s_val=m.s_val[species],
        d_k=m.k[m.d_rxn] * m.d_mult, d_by=d_by, e_term=e_term, e_by=e_by,
        m_ptr=_pointers(key, unit.size), m_term=_places(term_of[entry]), m_val=m.d_val[entry],
        unit=unit, ptr=ptr, idx=_places(np.concatenate([idx, t_idx])), diag=diag, t_ptr=t_ptr,
    ), order  # fmt: skip


def _order(m: MassAction, rows: Ints) -> tuple[Ints, int, SparseLU]:
    """Species that react, in the order of elimination, then the others; how many react; their factorisation."""
    reacts = np.zeros(m.size, dtype=bool)
    reacts[m.r_idx[np.repeat(np.diff(m.s_ptr) > 0, np.diff(m.r_ptr))]] = True
    core = np.flatnonzero(reacts)
    inner = reacts[rows] & reacts[m.j_idx]
    number = np.cumsum(reacts) - 1
    lu = SparseLU(_pointers(number[rows[inner]], core.size), number[m.j_idx[inner]])
    return np.concatenate([core[lu.perm], np.flatnonzero(~reacts)]), core.size, lu


def _two(ptr: Ints, idx: Ints, one: int, width: int) -> tuple[tuple[Places, ...], Places, Places]:
    """Rows cut to ``width`` columns, short ones filled with the index ``one``; what is cut off as (row, index)."""
    count = np.diff(ptr)
    row = np.repeat(np.arange(count.size), count)
    within = np.arange(idx.size) - ptr[row]
    table = np.full((width, count.size), one, dtype=np.int64)
    near = within < width
    table[within[near], row[near]] = idx[near]
    return tuple(_places(column) for column in table), _places(row[~near]), _places(idx[~near])


def _entries(cells: Ints, ptr: Ints, idx: Ints, core: int, size: int) -> tuple[Ints, Ints, Ints]:
    """Where each cell (row * size + column) stands in the matrix; pointers and columns of the rows beyond the core."""
    inner = np.repeat(np.arange(core), np.diff(ptr)) * size + idx
    tail = np.unique(cells[cells >= core * size])
    t_ptr = idx.size + _pointers(tail // max(size, 1) - core, size - core)
    return np.searchsorted(np.concatenate([inner, tail]), cells), t_ptr, tail % max(size, 1)


def _pointers(rows: Ints, size: int) -> Ints:
    """Where each of ``size`` rows begins, when entries lie in the order of ``rows``."""
    return np.append(0, np.cumsum(np.bincount(rows, minlength=size))).astype(np.int64)


def _places(values: Ints) -> Places:
    return values.astype(np.uint32)
