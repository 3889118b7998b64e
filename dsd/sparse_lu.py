"""LU of ``I - gamma J`` on a fixed pattern: minimum-degree ordering, one symbolic analysis, many factorisations.

In: the CSR pattern of a Jacobian. Out: :class:`SparseLU` with ``factor(jac, gamma)`` and ``solve(rhs, out)``.

Hub species (clock strands, shared fuels) fill the factors under COLAMD, the default of SuperLU and KLU; minimum degree
on A + A^T (MMD) keeps them sparse. Rows are not pivoted: ``I - gamma J`` of mass-action kinetics has a dominant
diagonal at the steps a stiff integrator takes. That is guarded, not assumed: a pivot smaller than ``PIVOT_FLOOR``
times its row makes ``factor`` return False.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_matrix, csr_matrix, identity
from scipy.sparse.linalg import splu

from dsd.compiled import compiled
from dsd.errors import InputError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

PIVOT_FLOOR = 1e-13


class SparseLU:
    """Symbolic analysis of an N x N pattern and the storage of its factors.

    ``j_ptr`` (N+1,), ``j_idx`` (nnz,) are the CSR pattern with a full diagonal. ``fill`` is nnz(L + U) / nnz(J), and
    ``perm`` (N,) the order of elimination. Wrong shapes raise :class:`InputError` here and below.
    """

    def __init__(self, j_ptr: Ints, j_idx: Ints) -> None:
        self.size = j_ptr.size - 1
        if self.size < 0 or j_ptr[-1] != j_idx.size or (j_idx.size and not 0 <= j_idx.min() <= j_idx.max() < self.size):
            raise InputError(
                f"{j_ptr.size} row pointers and {j_idx.size} columns are no square CSR pattern; correct them"
            )
        self.perm = minimum_degree(j_ptr, j_idx)
        self._inverse = np.empty_like(self.perm)
        self._inverse[self.perm] = np.arange(self.size)
        self._j_ptr, self._j_idx = j_ptr, j_idx
        head, low = _lower(j_ptr, j_idx, self._inverse)
        parent = _elimination_tree(head, low)
        self._ptr, self._idx, self._diag = _factor_pattern(head, low, parent, _row_counts(head, low, parent))
        self._lu = np.zeros(self._idx.size)
        self._work = np.zeros(self.size)
        self.fill = self._idx.size / max(1, j_idx.size)

    @property
    def pattern(self) -> tuple[Ints, Ints, Ints]:
        """Rows of L + U as eliminated: pointers (N+1,), sorted columns, positions of the diagonal (N,)."""
        return self._ptr, self._idx, self._diag

    def factor(self, jac: Floats, gamma: float) -> bool:
        """Factorise ``I - gamma J`` for Jacobian nonzeros ``jac`` (nnz,); False if a pivot was lost."""
        if jac.shape != self._j_idx.shape:
            raise InputError(
                f"this pattern has {self._j_idx.size} nonzeros, not {jac.shape}; give ({self._j_idx.size},)"
            )
        return bool(
            _factor(self._j_ptr, self._j_idx, jac, gamma, self.perm, self._inverse,
                    self._ptr, self._idx, self._diag, self._lu, self._work, PIVOT_FLOOR)
        )  # fmt: skip

    def solve(self, rhs: Floats, out: Floats) -> None:
        """Write ``(I - gamma J)^-1 rhs`` into ``out``, both (N,)."""
        if not rhs.shape == out.shape == (self.size,):
            raise InputError(f"this matrix has {self.size} rows, not {rhs.shape} and {out.shape}; give ({self.size},)")
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


@compiled
def _lower(j_ptr: Ints, j_idx: Ints, inverse: Ints) -> tuple[Ints, Ints]:
    """Strict lower part of the permuted, symmetrised pattern by rows (entries may repeat): (pointers, columns)."""
    n = inverse.size
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
    return head, low


@compiled
def _elimination_tree(head: Ints, low: Ints) -> Ints:
    """Parent of each row (-1 for a root): Liu, SIAM J. Matrix Anal. Appl. 11:134 (1990), with path compression."""
    n = head.size - 1
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
    return parent


@compiled
def _row_counts(head: Ints, low: Ints, parent: Ints) -> Ints:
    """Nonzeros in each row of L + U: the row subtree of i is row i of L, and U is the transpose of L."""
    n = parent.size
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
    return size


@compiled
def _factor_pattern(head: Ints, low: Ints, parent: Ints, size: Ints) -> tuple[Ints, Ints, Ints]:
    """Sorted rows of L + U: (row pointers, columns, positions of the diagonal)."""
    n = parent.size
    ptr = np.zeros(n + 1, np.int64)
    ptr[1:] = np.cumsum(size)
    idx = np.empty(ptr[n], np.int64)
    fill = ptr[:-1].copy()
    diag = np.empty(n, np.int64)
    mark = np.full(n, -1, np.int64)
    for i in range(n):  # rows in order: the L part first, then the diagonal; U entries arrive from later rows, sorted
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


@compiled
def _factor(
    j_ptr: Ints, j_idx: Ints, jac: Floats, gamma: float, perm: Ints, inverse: Ints,
    ptr: Ints, idx: Ints, diag: Ints, lu: Floats, work: Floats, floor: float,
) -> bool:  # fmt: skip
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


@compiled
def _solve(perm: Ints, ptr: Ints, idx: Ints, diag: Ints, lu: Floats, work: Floats, rhs: Floats, out: Floats) -> None:
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
