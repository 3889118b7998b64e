"""Sequences as text, 5' to 3' over A, C, G, T: complements, composition, runs, common words."""

from __future__ import annotations

import numpy as np

_COMPLEMENT = str.maketrans("ACGT", "TGCA")


def reverse_complement(sequence: str) -> str:
    """The complementary strand, 5' to 3'. Its own inverse.

    >>> reverse_complement("CTTCA")
    'TGAAG'
    """
    return sequence.translate(_COMPLEMENT)[::-1]


def gc(sequence: str) -> float:
    """The fraction of G and C."""
    return (sequence.count("G") + sequence.count("C")) / len(sequence)


def longest_run(sequence: str) -> int:
    """How often one letter stands in a row at most; anything but a letter breaks a run."""
    longest, run, before = 0, 0, ""
    for letter in sequence:
        run = run + 1 if letter == before else 1
        before = letter
        if letter.isalpha():
            longest = max(longest, run)
    return longest


def common_word(sequences: tuple[str, ...]) -> str:
    """The longest word that two of the sequences share, or that one has and another's complement; "" for none.

    Words are looked for in whole sequences: the first in alphabetical order of the longest ones.
    """
    for length in range(max(map(len, sequences), default=0), 0, -1):
        owner: dict[str, int] = {}
        shared = set()
        for number, sequence in enumerate(sequences):
            other = reverse_complement(sequence)
            for at in range(len(sequence) - length + 1):
                for word in (sequence[at : at + length], other[at : at + length]):
                    if owner.setdefault(word, number) != number:
                        shared.add(word)
        if shared:
            return min(shared)
    return ""


def nearest(sequences: tuple[str, ...]) -> int | None:
    """The least Hamming distance between two sequences of one length; None where no two have the same length."""
    least = None
    for length in sorted({len(s) for s in sequences}):
        codes = np.array([list(s.encode()) for s in sequences if len(s) == length], dtype=np.uint8)
        for i in range(1, len(codes)):
            distance = int((codes[:i] != codes[i]).sum(axis=1).min())
            least = distance if least is None else min(least, distance)
    return least
