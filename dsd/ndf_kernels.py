"""Rates, slopes, and the linear algebra of ``I - gamma J``, compiled, on the layout of a :class:`Program`.

Concentrations are arrays (N + 1,) in the program's order, whose last entry is the constant 1.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dsd.compiled import compiled
from dsd.ndf_program import Program

Floats = NDArray[np.float64]

GROWTH_LIMIT = 1e8
"""Growth of an entry over the largest of its row beyond which a factorisation without pivoting is not trusted."""


@compiled
def slopes(program: Program, y: Floats, rates: Floats, out: Floats) -> None:
    """Write dy/dt (N,) into ``out``; ``rates`` (R,) is scratch."""
    k, r1, r2 = program.k, program.r1, program.r2
    for j in range(k.size):
        rates[j] = k[j] * y[r1[j]] * y[r2[j]]
    for e in range(program.x_rate.size):
        rates[program.x_rate[e]] *= y[program.x_by[e]]
    gather(program, rates, out)


@compiled
def gather(program: Program, rates: Floats, out: Floats) -> None:
    """Write S rates (N,) into ``out``."""
    s_ptr, s_rate, s_val = program.s_ptr, program.s_rate, program.s_val
    for i in range(s_ptr.size - 1):
        total = 0.0
        for p in range(s_ptr[i], s_ptr[i + 1]):
            total += s_val[p] * rates[s_rate[p]]
        out[i] = total


@compiled
def curvature(program: Program, y: Floats, slope: Floats, rates: Floats, out: Floats) -> None:
    """Write the second derivative of y by time, J dy/dt (N,), into ``out``; ``slope`` (N + 1,) is dy/dt, then 0."""
    k, r1, r2 = program.k, program.r1, program.r2
    for j in range(k.size):
        a, b = r1[j], r2[j]
        rates[j] = k[j] * (slope[a] * y[b] + y[a] * slope[b])
    for e in range(program.x_rate.size):  # a third and further reactant: its own slope counts as nothing
        rates[program.x_rate[e]] *= y[program.x_by[e]]
    gather(program, rates, out)


@compiled
def matrix(program: Program, y: Floats, gamma: float, terms: Floats, out: Floats) -> None:
    """Write the entries of ``I - gamma J(y)`` into ``out``; ``terms`` (D,) is scratch."""
    d_k, d_by = program.d_k, program.d_by
    for d in range(d_k.size):
        terms[d] = d_k[d] * y[d_by[d]]
    for e in range(program.e_term.size):
        terms[program.e_term[e]] *= y[program.e_by[e]]
    m_ptr, m_term, m_val, unit = program.m_ptr, program.m_term, program.m_val, program.unit
    for p in range(unit.size):
        total = 0.0
        for q in range(m_ptr[p], m_ptr[p + 1]):
            total += m_val[q] * terms[m_term[q]]
        out[p] = unit[p] - gamma * total


@compiled
def factor(program: Program, entries: Floats, work: Floats) -> bool:
    """Replace the core's rows of ``entries`` by L and U, with inverse pivots; False if they cannot be trusted."""
    ptr, idx, diag = program.ptr, program.idx, program.diag
    for i in range(diag.size):
        largest = 0.0
        for p in range(ptr[i], ptr[i + 1]):
            work[idx[p]] = entries[p]
            largest = max(largest, abs(entries[p]))
        for p in range(ptr[i], diag[i]):
            k = idx[p]
            multiple = work[k] * entries[diag[k]]
            entries[p] = multiple
            if multiple != 0.0:
                for q in range(diag[k] + 1, ptr[k + 1]):
                    work[idx[q]] -= multiple * entries[q]
        grown = 0.0
        for p in range(diag[i], ptr[i + 1]):
            entries[p] = work[idx[p]]
            grown = max(grown, abs(entries[p]))
        pivot = entries[diag[i]]
        if not (grown <= GROWTH_LIMIT * largest and abs(pivot) * GROWTH_LIMIT > grown):
            return False
        entries[diag[i]] = 1.0 / pivot
    return True


@compiled
def solve(program: Program, entries: Floats, x: Floats) -> None:
    """Replace the right-hand side ``x`` (N,) by the solution."""
    ptr, idx, diag, t_ptr = program.ptr, program.idx, program.diag, program.t_ptr
    core = diag.size
    for i in range(core):
        total = x[i]
        for p in range(ptr[i], diag[i]):
            total -= entries[p] * x[idx[p]]
        x[i] = total
    for i in range(core - 1, -1, -1):
        total = x[i]
        for p in range(diag[i] + 1, ptr[i + 1]):
            total -= entries[p] * x[idx[p]]
        x[i] = total * entries[diag[i]]
    for i in range(t_ptr.size - 1):
        total = x[core + i]
        for p in range(t_ptr[i], t_ptr[i + 1]):
            total -= entries[p] * x[idx[p]]
        x[core + i] = total
