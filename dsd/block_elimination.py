"""Linear systems of intermediates, laid out for elimination on a fixed pattern.

In: which intermediate flows into which. Out: :class:`Elimination`, the operations of an LU factorisation in order.
Blocks are chains, or nearly, and those nearest a way out come first, so next to nothing is filled in. The columns of
``A I = b`` are diagonally dominant (what flows out of an intermediate, flows into another at most), so there is no
pivoting.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dsd.compiled import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Elimination(NamedTuple):
    """U unknowns; entries of the matrix and its factors by position, the diagonal at 0 to U - 1.

    Elimination e divides the entry ``low`` by the diagonal ``pivot``, then takes it times the entries ``upper`` off the
    entries ``target`` (by ``ptr``); ``row`` is the row it belongs to. Row i has, right of the diagonal, the entries
    ``u_pos`` in columns ``u_col`` (by ``u_ptr``). ``entries`` (1,) is the number of positions.
    """

    low: Ints
    pivot: Ints
    row: Ints
    ptr: Ints
    target: Ints
    upper: Ints
    u_ptr: Ints
    u_pos: Ints
    u_col: Ints
    entries: Ints


def elimination(size: int, cells: Iterable[tuple[int, int]]) -> tuple[Elimination, dict[tuple[int, int], int]]:
    """The operations for a matrix with a full diagonal and entries at ``cells`` (row, column), and their positions."""
    position = {(i, i): i for i in range(size)}
    for cell in sorted(set(cells)):
        position.setdefault(cell, len(position))
    below: list[set[int]] = [set() for _ in range(size)]
    right: list[set[int]] = [set() for _ in range(size)]
    for i, j in position:
        if i > j:
            below[j].add(i)
        elif j > i:
            right[i].add(j)
    steps: list[tuple[int, int, int, list[tuple[int, int]]]] = []
    for p in range(size):
        for i in sorted(below[p]):
            updates = []
            for j in sorted(right[p]):
                target = position.setdefault((i, j), len(position))
                if i > j:
                    below[j].add(i)
                elif j > i:
                    right[i].add(j)
                updates.append((target, position[p, j]))
            steps.append((position[i, p], p, i, updates))
    uppers = [[(position[i, j], j) for j in sorted(row)] for i, row in enumerate(right)]
    return Elimination(
        low=_ints([s[0] for s in steps]), pivot=_ints([s[1] for s in steps]), row=_ints([s[2] for s in steps]),
        ptr=_pointers([len(s[3]) for s in steps]),
        target=_ints([t for s in steps for t, _ in s[3]]), upper=_ints([u for s in steps for _, u in s[3]]),
        u_ptr=_pointers([len(row) for row in uppers]),
        u_pos=_ints([pos for row in uppers for pos, _ in row]), u_col=_ints([j for row in uppers for _, j in row]),
        entries=_ints([len(position)]),
    ), position  # fmt: skip


@compiled
def factor(e: Elimination, m: Floats, size: int) -> bool:
    """Factorise in place; False if a diagonal entry is not positive: nothing flows out of that unknown."""
    low, pivot, ptr, target, upper = e.low, e.pivot, e.ptr, e.target, e.upper
    for s in range(low.size):
        d = m[pivot[s]]
        if not d > 0.0:
            return False
        f = m[low[s]] / d
        m[low[s]] = f
        for p in range(ptr[s], ptr[s + 1]):
            m[target[p]] -= f * m[upper[p]]
    sound = True
    for i in range(size):
        sound &= m[i] > 0.0
    return sound


@compiled
def solve(e: Elimination, m: Floats, x: Floats) -> None:
    """Solve with the factors, in place."""
    low, pivot, row = e.low, e.pivot, e.row
    u_ptr, u_pos, u_col = e.u_ptr, e.u_pos, e.u_col
    for s in range(low.size):
        x[row[s]] -= m[low[s]] * x[pivot[s]]
    for i in range(x.size - 1, -1, -1):
        v = x[i]
        for p in range(u_ptr[i], u_ptr[i + 1]):
            v -= m[u_pos[p]] * x[u_col[p]]
        x[i] = v / m[i]


def _pointers(lengths: Sequence[int]) -> Ints:
    return np.cumsum([0, *lengths], dtype=np.int64)


def _ints(values: Sequence[int]) -> Ints:
    return np.array(values, dtype=np.int64)
