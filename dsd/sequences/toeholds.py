"""Toeholds: out of all words of the alphabet, one after the other the one that binds those before the least.

In: how many toeholds of which length, and the rules. Out: their sequences. Energies are those of the bare words.
"""

from __future__ import annotations

from itertools import product

import numpy as np
from numpy.typing import NDArray

from dsd.errors import InputError
from dsd.sequences.duplex import energies, paired
from dsd.sequences.energy import tables
from dsd.sequences.letters import gc, longest_run, reverse_complement
from dsd.sequences.rules import Rules


def words(length: int, rules: Rules) -> list[str]:
    """Every word that may be a toehold, in alphabetical order; no word is its own complement."""
    found = ["".join(letters) for letters in product(sorted(rules.toehold_alphabet), repeat=length)]
    return [
        w
        for w in found
        if rules.toehold_gc_min <= gc(w) <= rules.toehold_gc_max
        and longest_run(w) <= rules.max_run
        and not any(word in w for word in rules.words)
        and w != reverse_complement(w)
    ]


def choose(count: int, length: int, rules: Rules, taken: tuple[str, ...], generator: np.random.Generator) -> list[str]:
    """``count`` toeholds beside those ``taken``; raises :class:`InputError` where the words do not suffice.

    Words whose intended duplex is among the middle half by energy are preferred, so that all toeholds bind about
    alike; equally good words are drawn from.
    """
    pool = [w for w in words(length, rules) if w not in taken and reverse_complement(w) not in taken]
    if len(pool) < count:
        raise InputError(
            f"the design asks for {count + len(taken)} toeholds of {length} nt; {len(pool) + len(taken)} words over "
            f"{rules.toehold_alphabet} keep the rules; lengthen toehold_nt, widen toehold_gc_min and toehold_gc_max, "
            "or use fewer toeholds"
        )
    pool = [pool[i] for i in generator.permutation(len(pool))]
    on = paired(pool, [reverse_complement(w) for w in pool], tables())
    low, middle, high = np.quantile(on, (0.25, 0.5, 0.75))
    preferred = (low <= on) & (on <= high)
    worst = np.full(len(pool), np.inf)
    for word in taken:
        worst = np.minimum(worst, _unintended(pool, word))
    if not taken:
        worst = -np.abs(on - middle)
    chosen: list[str] = []
    free = np.ones(len(pool), dtype=np.bool_)
    for _ in range(count):
        among = free & preferred if (free & preferred).any() else free
        best = int(np.argmax(np.where(among, worst, -np.inf)))
        free[best] = False
        first = not taken and not chosen
        chosen.append(pool[best])
        binding = _unintended(pool, pool[best])
        worst = binding if first else np.minimum(worst, binding)
    return chosen


def _unintended(pool: list[str], word: str) -> NDArray[np.float64]:
    """The strongest duplex (kcal/mol) of each word with ``word`` or its complement."""
    t, both = tables(), [word, reverse_complement(word)]
    off = np.hstack([energies(pool, both, t), energies([reverse_complement(w) for w in pool], both, t)])
    least: NDArray[np.float64] = off.min(axis=1)
    return least
