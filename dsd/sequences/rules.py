"""The rules that sequences obey: letters, words, energies, and how long to look for them."""

from __future__ import annotations

import math
from dataclasses import dataclass

from dsd.errors import InputError
from dsd.sequences.energy import LETTERS
from dsd.sequences.letters import reverse_complement

MOST_UNIQUE = 12
"""The longest words that are kept unique; 4**12 of them fit a table."""

MOST_LONG = 1000
"""The most long domains that sequences are designed for."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What every sequence has to satisfy, and the fixed ones.

    ``alphabet`` (long domains) and ``toehold_alphabet`` are the letters of domains in the sense of signal strands;
    the other sense has their complements. GC windows are fractions. No letter stands more than ``max_run`` times in a
    row, and no word of ``forbidden`` (nor GGGG) is read on any strand, across domains included. No two long domains
    share ``unique_nt`` letters in a row, complements included (0: chosen by the number of domains). ``min_gap_kcal``
    is the least gap between the weakest intended and the strongest unintended duplex of long domains; the search looks
    for a wider one first. ``min_mfe_kcal`` bounds the structure of a domain on its own. ``candidates`` sets are
    designed, and ranked; ``tries`` is how many sequences in a row may fail before the search has stalled. ``fixed``
    holds (domain, sequence) pairs that are taken as they are.

    Raises :class:`InputError` for values that cannot be used.
    """

    alphabet: str = "ACT"
    toehold_alphabet: str = "ACT"
    gc_min: float = 0.4
    gc_max: float = 0.55
    toehold_gc_min: float = 0.2
    toehold_gc_max: float = 0.6
    max_run: int = 3
    forbidden: tuple[str, ...] = ()
    unique_nt: int = 0
    min_gap_kcal: float = 10.0
    min_mfe_kcal: float = -2.0
    candidates: int = 3
    tries: int = 200_000
    fixed: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        for key in ("alphabet", "toehold_alphabet"):
            letters = getattr(self, key)
            if len(letters) < 2 or len(set(letters)) < len(letters) or set(letters) - set(LETTERS):
                raise InputError(f"{key} = '{letters}' is no alphabet; write two to four of the letters {LETTERS}")
        for low, high in (("gc_min", "gc_max"), ("toehold_gc_min", "toehold_gc_max")):
            if not 0 <= getattr(self, low) <= getattr(self, high) <= 1:
                values = f"{low} = {getattr(self, low):g} and {high} = {getattr(self, high):g}"
                raise InputError(f"{values} are no window; write 0 <= {low} <= {high} <= 1")
        for key, least in (("max_run", 1), ("candidates", 1), ("tries", 1), ("unique_nt", 0)):
            if getattr(self, key) < least:
                raise InputError(f"{key} = {getattr(self, key)}; write a whole number of at least {least}")
        if self.unique_nt > MOST_UNIQUE:
            raise InputError(f"unique_nt = {self.unique_nt}; write at most {MOST_UNIQUE}, or 0 to have it chosen")
        for key in ("min_gap_kcal", "min_mfe_kcal"):
            if not math.isfinite(getattr(self, key)):
                raise InputError(f"{key} = {getattr(self, key)}; write a finite number")
        _check_letters([(f"forbidden word '{word}'", word) for word in self.forbidden])
        _check_letters([(f"the fixed sequence of {name}", sequence) for name, sequence in self.fixed])

    @property
    def words(self) -> tuple[str, ...]:
        """Words that no domain may read in either sense: GGGG and the forbidden ones, and their complements."""
        words = ("GGGG", *self.forbidden)
        return tuple(dict.fromkeys((*words, *map(reverse_complement, words))))

    def reach(self, toehold_nt: int) -> int:
        """How many letters beside a domain decide whether a forbidden word or run lies across its edge."""
        return max(self.max_run, toehold_nt - 1, *(len(word) - 1 for word in self.words))


def _check_letters(given: list[tuple[str, str]]) -> None:
    for what, sequence in given:
        if not sequence or set(sequence) - set(LETTERS):
            raise InputError(f"{what} is '{sequence}'; write it with the letters {', '.join(LETTERS)}")
