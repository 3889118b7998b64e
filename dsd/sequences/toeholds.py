"""Toeholds: every word of the alphabet is tried, and the set kept whose worst unintended duplex is weakest.

In: how many toeholds of which length, and the rules. Out: their sequences. All energies are those of the bare words.
"""

from __future__ import annotations

from itertools import product

import numpy as np

from dsd.errors import InputError
from dsd.sequences.duplex import energies
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
    letters = [*taken, *pool]
    t = tables()
    cross = energies(letters, [reverse_complement(w) for w in letters], t)
    on = np.diag(cross).copy()
    same = energies(letters, letters, t)
    off = np.minimum(np.minimum(cross, cross.T), same)
    np.fill_diagonal(off, np.inf)
    low, middle, high = np.quantile(on, (0.25, 0.5, 0.75))
    chosen = list(range(len(taken)))
    left = set(range(len(taken), len(letters)))
    while len(chosen) < len(taken) + count:
        inside = [i for i in sorted(left) if low <= on[i] <= high] or sorted(left)
        worst = off[np.ix_(inside, chosen)].min(axis=1) if chosen else -np.abs(on[inside] - middle)
        best = inside[int(np.argmax(worst))]
        chosen.append(best)
        left.discard(best)
    return [letters[i] for i in chosen[len(taken) :]]
