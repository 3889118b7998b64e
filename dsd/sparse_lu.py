"""LU of ``I - gamma J`` on a fixed pattern: minimum-degree ordering, one symbolic analysis, many factorisations.

In: the CSR pattern of a Jacobian. Out: :class:`SparseLU` with ``factor(jac, gamma)`` and ``solve(rhs, out)``.

Hub species (clock strands, shared fuels) fill the factors under COLAMD, the default of SuperLU and KLU; minimum degree
on A + A^T (MMD) keeps them sparse. Rows are not pivoted: ``I - gamma J`` of mass-action kinetics has a dominant
diagonal at the steps a stiff integrator takes. That is guarded, not assumed: a pivot smaller than ``PIVOT_FLOOR``
times its row raises the flag ``factor`` returns.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.sparse import csc_matrix, csr_matrix, identity
from scipy.sparse.linalg import splu

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

PIVOT_FLOOR = 1e-13


class SparseLU:
    """Symbolic analysis of an N x N pattern and the storage of its factors.

    ``j_ptr`` (N+1,), ``j_idx`` (nnz,) are the CSR pattern with a full diagonal. ``fill`` is nnz(L + U) / nnz(J).
    """

    def __init__(self, j_ptr: Ints, j_idx: Ints) -> None:
        self.size = j_ptr.size - 1
        self.perm = minimum_degree(j_ptr, j_idx)
        self._inverse = np.empty_like(self.perm)
        self._inverse[self.perm] = np.arange(self.size)
        self._j_ptr, self._j_idx = j_ptr, j_idx
        self._ptr, self._idx, self._diag = _symbolic(self.size, j_ptr, j_idx, self.perm, self._inverse)
        self._lu = np.zeros(self._idx.size)
        self._work = np.zeros(self.size)
        self.fill = self._idx.size / max(1, j_idx.size)

    def factor(self, jac: Floats, gamma: float) -> bool:
        """Factorise ``I - gamma J`` for Jacobian nonzeros ``jac`` (nnz,); False if a pivot was lost."""
        return bool(
            _factor(self._j_ptr, self._j_idx, jac, gamma, self.perm, self._inverse,
                    self._ptr, self._idx, self._diag, self._lu, self._work, PIVOT_FLOOR)
        )  # fmt: skip

    def solve(self, rhs: Floats, out: Floats) -> None:
        """Write ``(I - gamma J)^-1 rhs`` into ``out``, both (N,)."""
        _solve(self.perm, self._ptr, self._idx, self._diag, self._lu, self._work, rhs, out)


def minimum_degree(j_ptr: Ints, j_idx: Ints) -> Ints:
    """Minimum-degree order of A + A^T: row ``perm[i]`` is eliminated i-th."""
    size = j_ptr.size - 1
    if size < 3:
        return np.arange(size, dtype=np.int64)
    ones = csr_matrix((np.ones(j_idx.size), j_idx, j_ptr), shape=(size, size))
    symmetric = csc_matrix(ones + ones.T + identity(size) * (4.0 * size))
    options = {"SymmetricMode": True, "DiagPivotThresh": 0.0}
    factors = splu(symmetric, permc_spec="MMD_AT_PLUS_A", options=options)
    return np.argsort(factors.perm_c).astype(np.int64)


@njit(cache=True)
def _symbolic(n, j_ptr, j_idx, perm, inverse):  # type: ignore[no-untyped-def]
    """Row pattern of L + U of the permuted, symmetrised pattern: (row pointers, columns, diagonal positions)."""
    counts = np.zeros(n + 1, np.int64)
    for i in range(n):
        for p in range(j_ptr[i], j_ptr[i + 1]):
            a, b = inverse[i], inverse[j_idx[p]]
            if a != b:
                counts[max(a, b) + 1] += 1
    head = np.cumsum(counts)
    low = np.empty(head[n], np.int64)
    at = head[:-1].copy()
    for i in range(n):
        for p in range(j_ptr[i], j_ptr[i + 1]):
            a, b = inverse[i], inverse[j_idx[p]]
            if a != b:
                low[at[max(a, b)]] = min(a, b)
                at[max(a, b)] += 1
    # elimination tree (Liu 1990): row subtrees give the pattern of L, and U is its transpose
    parent = np.full(n, -1, np.int64)
    ancestor = np.full(n, -1, np.int64)
    for i in range(n):
        for p in range(head[i], head[i + 1]):
            k = low[p]
            while k != -1 and k < i:
                following = ancestor[k]
                ancestor[k] = i
                if following == -1:
                    parent[k] = i
                k = following
    mark = np.full(n, -1, np.int64)
    size = np.ones(n, np.int64)
    for i in range(n):
        mark[i] = i
        for p in range(head[i], head[i + 1]):
            k = low[p]
            while mark[k] != i:
                mark[k] = i
                size[i] += 1
                size[k] += 1
                k = parent[k]
    ptr = np.zeros(n + 1, np.int64)
    ptr[1:] = np.cumsum(size)
    idx = np.empty(ptr[n], np.int64)
    fill = ptr[:-1].copy()
    diag = np.empty(n, np.int64)
    mark[:] = -1
    for i in range(n):  # rows in order: L part first, then the diagonal; U entries arrive from later rows, sorted
        mark[i] = i
        start = fill[i]
        for p in range(head[i], head[i + 1]):
            k = low[p]
            while mark[k] != i:
                mark[k] = i
                idx[fill[i]] = k
                fill[i] += 1
                k = parent[k]
        idx[start : fill[i]].sort()
        diag[i] = fill[i]
        idx[fill[i]] = i
        fill[i] += 1
        for p in range(start, diag[i]):
            k = idx[p]
            idx[fill[k]] = i
            fill[k] += 1
    return ptr, idx, diag


@njit(cache=True, nogil=True)
def _factor(j_ptr, j_idx, jac, gamma, perm, inverse, ptr, idx, diag, lu, work, floor):  # type: ignore[no-untyped-def]
    good = True
    for i in range(perm.size):
        for p in range(ptr[i], ptr[i + 1]):
            work[idx[p]] = 0.0
        row = perm[i]
        largest = 0.0
        for p in range(j_ptr[row], j_ptr[row + 1]):
            work[inverse[j_idx[p]]] = -gamma * jac[p]
        work[i] += 1.0
        for p in range(j_ptr[row], j_ptr[row + 1]):
            largest = max(largest, abs(work[inverse[j_idx[p]]]))
        for p in range(ptr[i], diag[i]):
            k = idx[p]
            factor = work[k] * lu[diag[k]]
            lu[p] = factor
            if factor != 0.0:
                for q in range(diag[k] + 1, ptr[k + 1]):
                    work[idx[q]] -= factor * lu[q]
        pivot = work[i]
        if not abs(pivot) > floor * largest:
            good = False
            pivot = 1.0
        lu[diag[i]] = 1.0 / pivot
        for p in range(diag[i] + 1, ptr[i + 1]):
            lu[p] = work[idx[p]]
    return good


@njit(cache=True, nogil=True)
def _solve(perm, ptr, idx, diag, lu, work, rhs, out):  # type: ignore[no-untyped-def]
    n = perm.size
    for i in range(n):
        total = rhs[perm[i]]
        for p in range(ptr[i], diag[i]):
            total -= lu[p] * work[idx[p]]
        work[i] = total
    for i in range(n - 1, -1, -1):
        total = work[i]
        for p in range(diag[i] + 1, ptr[i + 1]):
            total -= lu[p] * work[idx[p]]
        work[i] = total * lu[diag[i]]
    for i in range(n):
        out[perm[i]] = work[i]
