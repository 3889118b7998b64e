"""Duplex energies by the thousand: ViennaRNA's recursion for two strands, compiled, on its own loop energies.

In: sequences as letter codes (:data:`dsd.sequences.energy.LETTERS`). Out: integers, 0.01 kcal/mol. The recursion is
that of ``duplexfold`` (Lorenz et al. 2011): the best run of pairs and loops.
Tests compare it with ViennaRNA pair by pair.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dsd.compiled import compiled
from dsd.sequences.energy import LETTERS, LOOP_NT, Tables

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Codes = NDArray[np.int8]

NONE = 1_000_000
"""Energy of two strands that cannot pair at all."""

_NT = LOOP_NT


def encode(sequence: str) -> Codes:
    """Letter codes of a sequence, shape ``(nt,)``."""
    return np.array([LETTERS.index(letter) for letter in sequence], dtype=np.int8)


def padded(sequences: list[str] | tuple[str, ...]) -> tuple[Codes, NDArray[np.int64]]:
    """Codes of many sequences, shape ``(n, longest)``, zeros behind the shorter ones; and their lengths."""
    lengths = np.array([len(s) for s in sequences], dtype=np.int64)
    codes = np.zeros((len(sequences), int(lengths.max(initial=0))), dtype=np.int8)
    for row, sequence in zip(codes, sequences, strict=True):
        row[: len(sequence)] = encode(sequence)
    return codes, lengths


@compiled
def reverse_complement(codes: Codes) -> Codes:
    """The complementary strand, 5' to 3'."""
    return (3 - codes[::-1]).astype(np.int8)


@compiled
def _looped(
    a: Codes,
    b: Codes,
    i: int,
    m: int,
    least: int,
    best: NDArray[np.int32],
    rows: NDArray[np.int32],
    index: NDArray[np.int32],
    loop: NDArray[np.int32],
    low: NDArray[np.int32],
) -> int:
    """``least``, or what a loop from an earlier pair to (i, m) costs if that is less; ``b`` is read 3' to 5'."""
    last, near = a[i], (a[i - 1] << 2) | b[m - 1]
    for k in range(i - 1, max(-1, i - _NT - 2), -1):
        skipped = i - k - 1
        if rows[k] + low[skipped] >= least:
            continue
        for q in range(m - 1, max(-1, m - (_NT - skipped) - 2), -1):
            if best[k, q] + low[skipped] < least and (skipped or q < m - 1):
                inside = (a[k + 1] << 6) | (b[q + 1] << 4) | near
                least = min(least, best[k, q] + loop[index[skipped, m - q - 1], a[k], last, inside])
    return least


@compiled
def energy(
    a: Codes,
    b: Codes,
    index: NDArray[np.int32],
    loop: NDArray[np.int32],
    low: NDArray[np.int32],
    end: NDArray[np.int32],
    init: int,
) -> int:
    """Energy of the best duplex of two strands given 5' to 3' (0.01 kcal/mol), :data:`NONE` if no letters pair."""
    n1, n2 = len(a), len(b)
    b = b[::-1].copy()
    best = np.full((n1, n2), NONE, dtype=np.int32)
    rows = np.full(n1, NONE, dtype=np.int32)
    total = NONE
    for i in range(n1):
        for m in range(n2):
            if a[i] + b[m] != 3:
                continue
            least = init + end[a[i], a[i - 1] if i else 4, b[m - 1] if m else 4]
            if i and m:
                if best[i - 1, m - 1] < NONE:
                    inside = (a[i] << 6) | (b[m] << 4) | (a[i - 1] << 2) | b[m - 1]
                    least = min(least, best[i - 1, m - 1] + loop[0, a[i - 1], a[i], inside])
                least = _looped(a, b, i, m, least, best, rows, index, loop, low)
            best[i, m] = least
            rows[i] = min(rows[i], least)
            total = min(total, least + end[b[m], b[m + 1] if m + 1 < n2 else 4, a[i + 1] if i + 1 < n1 else 4])
    return total


@compiled
def _listed(
    a: Codes,
    na: NDArray[np.int64],
    b: Codes,
    nb: NDArray[np.int64],
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    index: NDArray[np.int32],
    loop: NDArray[np.int32],
    low: NDArray[np.int32],
    end: NDArray[np.int32],
    init: int,
) -> NDArray[np.int32]:
    """Energies of the strands ``a[first[k]]`` and ``b[second[k]]``, for every k."""
    out = np.empty(len(first), dtype=np.int32)
    for k in range(len(first)):
        i, j = first[k], second[k]
        out[k] = energy(a[i, : na[i]], b[j, : nb[j]], index, loop, low, end, init)
    return out


def paired(a: list[str], b: list[str], t: Tables) -> NDArray[np.float64]:
    """Energies (kcal/mol) of the best duplex of each strand of ``a`` with the one of ``b`` in its place."""
    (codes, sizes), (others, lengths), each = padded(a), padded(b), np.arange(len(a))
    return _listed(codes, sizes, others, lengths, each, each, *t.arrays) / 100.0


def energies(a: list[str], b: list[str], t: Tables) -> NDArray[np.float64]:
    """Energies (kcal/mol) of the best duplex of every strand of ``a`` with every one of ``b``, shape ``(a, b)``."""
    (codes, sizes), (others, lengths) = padded(a), padded(b)
    first, second = np.indices((len(a), len(b))).reshape(2, -1)
    found = _listed(codes, sizes, others, lengths, first, second, *t.arrays)
    return found.reshape(len(a), len(b)) / 100.0
