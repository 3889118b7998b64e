"""Where domains stand: what a strand reads beside a domain, as far as the sequences are known.

In: the strands of a system and the sequences chosen so far. Out: the words around a domain, in which runs, forbidden
words and stray toeholds are looked for. A letter that is not known yet is ``-``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dsd.domains import Sequence, complement
from dsd.sequences.letters import longest_run, reverse_complement
from dsd.sequences.rules import Rules

Context = tuple[Sequence, Sequence]
"""Names of the domains to the left and to the right, nearest last and first."""


def spell(domains: Sequence, sequences: Mapping[str, str], lengths: Mapping[str, int]) -> str:
    """The letters of domains side by side, dashes for those without a sequence."""
    words = []
    for name in domains:
        plain = name.rstrip("*")
        word = sequences.get(plain, "-" * lengths[plain])
        words.append(reverse_complement(word) if name.endswith("*") else word)
    return "".join(words)


def contexts(strands: tuple[Sequence, ...], lengths: Mapping[str, int], reach: int) -> dict[str, tuple[Context, ...]]:
    """What stands within ``reach`` nt of each domain, in its own sense, every distinct surrounding once."""
    found: dict[str, dict[Context, None]] = {name: {} for name in lengths}
    for strand in strands:
        for sense in (strand, complement(strand)):
            for i, name in enumerate(sense):
                if not name.endswith("*"):
                    found[name][_left(sense, i, lengths, reach), _right(sense, i, lengths, reach)] = None
    return {name: tuple(around) or (((), ()),) for name, around in found.items()}


def _left(sense: Sequence, i: int, lengths: Mapping[str, int], reach: int) -> Sequence:
    return complement(_right(complement(sense), len(sense) - 1 - i, lengths, reach))


def _right(sense: Sequence, i: int, lengths: Mapping[str, int], reach: int) -> Sequence:
    names: list[str] = []
    length = 0
    for name in sense[i + 1 :]:
        if length >= reach:
            break
        names.append(name)
        length += lengths[name.rstrip("*")]
    return tuple(names)


class Neighbourhood:
    """Checks a sequence where its domain stands: runs, forbidden words, toeholds where none is meant.

    ``sequences`` is read anew at every check, so that it may grow meanwhile.
    """

    def __init__(
        self, strands: tuple[Sequence, ...], lengths: Mapping[str, int], rules: Rules, toeholds: Mapping[str, str]
    ) -> None:
        self.lengths, self.rules = lengths, rules
        self.stray = tuple(dict.fromkeys(word for t in toeholds.values() for word in (t, reverse_complement(t))))
        self.reach = rules.reach(max(map(len, toeholds.values()), default=1))
        self._contexts = contexts(strands, lengths, self.reach)

    def fault(self, name: str, sequence: str, sequences: Mapping[str, str]) -> str:
        """What is wrong with a long domain's sequence: run, word, toehold, or nothing."""
        for before, after in self._around(name, sequences):
            text = before + sequence + after
            if longest_run(text) > self.rules.max_run:
                return "run"
            if any(word in text for word in self.rules.words):
                return "word"
            if self._stray(text, len(before), len(sequence)):
                return "toehold"
        return ""

    def _around(self, name: str, sequences: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        for left, right in self._contexts[name]:
            before = spell(left, sequences, self.lengths)
            after = spell(right, sequences, self.lengths)
            yield before[max(0, len(before) - self.reach) :], after[: self.reach]

    def _stray(self, text: str, start: int, length: int) -> bool:
        """Whether a toehold word touches the domain, whose letters begin at ``start``; toeholds beside it do not."""
        for word in self.stray:
            at = text.find(word, max(0, start - len(word) + 1))
            if 0 <= at < start + length:
                return True
        return False
