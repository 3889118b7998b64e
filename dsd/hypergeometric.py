"""Draws without replacement, from populations of any size."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

LARGE = 10**9
"""NumPy draws from smaller populations exactly; in larger ones the laws used here differ from that by about 1e-5."""

NORMAL = 100.0
"""Variance above which a draw from a large population is a rounded normal one; below it is binomial."""


def spread(room: NDArray[np.int64], items: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """How many of ``items`` fall to each kind of place, if ``room`` (K,) counts the places and all are alike."""
    drawn, left, total = np.zeros_like(room), items, int(room.sum())
    for i, places in enumerate(room.tolist()):
        total -= places
        drawn[i] = marked(places, total, left, rng)
        left -= int(drawn[i])
    return drawn


def marked(good: int, bad: int, draws: int, rng: np.random.Generator) -> int:
    """How many of ``draws`` out of ``good`` marked and ``bad`` other ones are marked."""
    if not good or not draws:
        return 0
    if good + bad < LARGE:
        return int(rng.hypergeometric(good, bad, draws))
    if good > bad:
        return draws - marked(bad, good, draws, rng)
    if 2 * draws > good + bad:
        return good - marked(good, bad, good + bad - draws, rng)
    few, many, everything = min(good, draws), max(good, draws), good + bad
    share = many / everything
    variance = few * share * (1 - share) * (1 - few / everything)
    if variance < NORMAL:
        return int(rng.binomial(few, share))
    return min(few, max(0, round(rng.normal(few * share, math.sqrt(variance)))))
