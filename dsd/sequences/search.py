"""Long domains: a greedy search for sequences that bind their own complement and nothing else.

In: how many domains of which length, where they stand, the rules, a random generator. Out: a sequence for each. A
sequence is drawn, has to keep the rules of its own (GC, runs, words, common words), and then to bind every sequence
chosen before more weakly than its complement, by the gap in force. That gap starts wide and narrows where nothing
passes, so what has been chosen stays good. The loop that compares energies is compiled; ViennaRNA folds what has
passed all else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from dsd.errors import InputError
from dsd.sequences.contexts import Neighbourhood
from dsd.sequences.duplex import encode, paired
from dsd.sequences.energy import LETTERS, fold, tables
from dsd.sequences.kernels import clash, unique, word_codes
from dsd.sequences.letters import reverse_complement
from dsd.sequences.rules import MOST_UNIQUE, Rules
from dsd.sequences.stall import Stall

STEP_KCAL = 0.25
"""By how much the gap narrows where nothing passes."""

_START_KCAL = 4.0  # the gap begins where no unintended duplex may be stronger than this
_LAST = 10  # how much more patient the search is at the least gap
_BATCH = 4096
_BAND = (0.2, 0.7)
"""Intended duplexes lie between these quantiles of what can be drawn: alike, and not the weak ones."""


@dataclass
class Search:
    """The state of one search; ``sequences`` grows, ``gap`` (kcal/mol) narrows. ``progress(done, total)`` is told."""

    names: tuple[str, ...]
    lengths: Mapping[str, int]
    rules: Rules
    around: Neighbourhood
    generator: np.random.Generator
    sequences: dict[str, str]
    progress: Callable[[float, float], None]
    unique_nt: int = 0
    gap: float = 0.0
    failed: Counter[str] = field(default_factory=Counter)

    def run(self) -> dict[str, str]:
        """Find a sequence for every name; raises :class:`InputError` where the search stalls."""
        self._table(len(self.names))
        fixed = [n for n in self.names if n in self.sequences]
        for name in fixed:
            self._keep(self.sequences[name])
        missing = [n for n in self.names if n not in self.sequences]
        for length in sorted({self.lengths[n] for n in missing}, reverse=True):
            self._fill([n for n in missing if self.lengths[n] == length], length)
        return self.sequences

    def _table(self, total: int) -> None:
        longest = max((self.lengths[n] for n in self.names), default=1)
        self.unique_nt = self.rules.unique_nt or unique_nt(total, longest, len(self.rules.alphabet))
        self._used = np.zeros(4**self.unique_nt, dtype=np.bool_)
        self._chosen = np.zeros((total, longest), dtype=np.int8)
        self._sizes = np.zeros(total, dtype=np.int64)
        self._count = 0

    def _keep(self, sequence: str) -> None:
        codes = encode(sequence)
        self._used[word_codes(codes, self.unique_nt)] = True
        self._chosen[self._count, : len(codes)] = codes
        self._sizes[self._count] = len(codes)
        self._count += 1

    def _fill(self, names: list[str], length: int) -> None:
        """Sequences for domains of one length."""
        draws = self._draws(length)
        low, high = self._band(draws)
        least = self.rules.min_gap_kcal
        self.gap = max(least, -high - _START_KCAL)
        patience = min(300, max(20, 20_000 // len(self.names)))
        missed = tried = 0
        while names:
            if tried >= self.rules.tries or missed >= _LAST * patience:
                raise self._stall(length, "gap" if missed >= _LAST * patience else "")
            if missed >= patience and self.gap > least:
                self.gap, missed = max(least, self.gap - STEP_KCAL), 0
            sequence = next(draws)
            fault = self._fault(names[0], sequence, low, high)
            if fault:
                self.failed[fault] += 1
                tried, missed = tried + 1, missed + (fault == "gap")
                continue
            self.sequences[names.pop(0)] = sequence
            self._keep(sequence)
            missed = tried = 0
            self.failed.clear()
            self.progress(self._count, len(self.names))

    def _stall(self, length: int, reason: str) -> InputError:
        return Stall(self._count, len(self.names), length, self.rules, self.failed, self.unique_nt).error(reason)

    def _fault(self, name: str, sequence: str, low: float, high: float) -> str:
        codes, t = encode(sequence), tables()
        if not unique(codes, self.unique_nt, self._used):
            return "unique"
        fault = self.around.fault(name, sequence, self.sequences)
        if fault:
            return fault
        if not low <= _intended(sequence) <= high:
            return "band"
        floor = round(100 * (high + self.gap))
        if clash(codes, self._chosen, self._sizes, self._count, floor, *t.arrays) >= 0:
            return "gap"
        folded = min(fold(s)[1] for s in (sequence, reverse_complement(sequence)))
        return "" if folded >= self.rules.min_mfe_kcal else "mfe"

    def _draws(self, length: int) -> Iterator[str]:
        """Random sequences within the GC window and without long runs; stalls where a whole batch has none."""
        codes = np.array([LETTERS.index(letter) for letter in sorted(self.rules.alphabet)], dtype=np.int8)
        letters = np.array(list(LETTERS))
        low, high = (limit * length for limit in (self.rules.gc_min, self.rules.gc_max))
        while True:
            drawn = codes[self.generator.integers(len(codes), size=(_BATCH, length))]
            share = ((drawn == 1) | (drawn == 2)).sum(axis=1)
            good = (share >= low - 1e-9) & (share <= high + 1e-9)
            self.failed["gc"] += int((~good).sum())
            runs = longest_runs(drawn) <= self.rules.max_run
            self.failed["run"] += int((good & ~runs).sum())
            rows = drawn[good & runs]
            if not len(rows):
                raise self._stall(length, max(("gc", "run"), key=self.failed.__getitem__))
            yield from ("".join(row) for row in letters[rows])

    def _band(self, draws: Iterator[str]) -> tuple[float, float]:
        sample = [next(draws) for _ in range(400)]
        on = paired(sample, [reverse_complement(s) for s in sample], tables())
        low, high = np.quantile(on, _BAND)
        return float(low), float(high)


def unique_nt(total: int, length: int, letters: int) -> int:
    """The shortest word length at which the words of ``total`` domains are at most a quarter of all words."""
    k = 2
    while k < min(length, MOST_UNIQUE) and letters**k < 4 * total * (length - k + 1):
        k += 1
    return k


def longest_runs(codes: np.ndarray[tuple[int, int], np.dtype[np.int8]]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """How often one letter stands in a row at most, for each row of codes."""
    run = np.ones(len(codes), dtype=np.int64)
    longest = run.copy()
    for i in range(1, codes.shape[1]):
        run = np.where(codes[:, i] == codes[:, i - 1], run + 1, 1)
        longest = np.maximum(longest, run)
    return longest


def _intended(sequence: str) -> float:
    """Energy (kcal/mol) of a sequence on its complement."""
    return float(paired([sequence], [reverse_complement(sequence)], tables())[0])
