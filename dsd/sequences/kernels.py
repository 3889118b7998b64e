"""Compiled checks of the search: unique words, and energies against all sequences chosen so far."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dsd.compiled import compiled
from dsd.sequences.duplex import energy, reverse_complement

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dsd.sequences.duplex import Codes


@compiled
def word_codes(x: Codes, k: int) -> NDArray[np.int64]:
    """All words of ``k`` letters in ``x``, then those of its complement, as numbers in base 4."""
    count = len(x) - k + 1
    out = np.zeros(2 * max(count, 0), dtype=np.int64)
    other = reverse_complement(x)
    for i in range(count):
        for letter in range(k):
            out[i] = 4 * out[i] + x[i + letter]
            out[count + i] = 4 * out[count + i] + other[i + letter]
    return out


@compiled
def unique(x: Codes, k: int, used: NDArray[np.bool_]) -> bool:
    """Whether no word of ``k`` letters in ``x`` or its complement is used, or stands in it twice."""
    codes = word_codes(x, k)
    for i in range(len(codes)):
        if used[codes[i]]:
            return False
        for j in range(i):
            if codes[i] == codes[j]:
                return False
    return True


@compiled
def clash(
    x: Codes,
    chosen: Codes,
    lengths: NDArray[np.int64],
    count: int,
    floor: int,
    index: NDArray[np.int32],
    loop: NDArray[np.int32],
    low: NDArray[np.int32],
    end: NDArray[np.int32],
    init: int,
) -> int:
    """Row of the first chosen sequence that binds ``x`` below ``floor``, unasked; ``count`` for x itself, -1 for none.

    Looked at are x on the complement of the other, the other on the complement of x, and both senses on their like.
    """
    other = reverse_complement(x)
    for j in range(count):
        y = chosen[j, : lengths[j]]
        if energy(x, reverse_complement(y), index, loop, low, end, init) < floor:
            return j
        if energy(y, other, index, loop, low, end, init) < floor:
            return j
    for j in range(count):
        y = chosen[j, : lengths[j]]
        if energy(x, y, index, loop, low, end, init) < floor:
            return j
        if energy(other, reverse_complement(y), index, loop, low, end, init) < floor:
            return j
    if energy(x, x, index, loop, low, end, init) < floor:
        return count
    if energy(other, other, index, loop, low, end, init) < floor:
        return count
    return -1
