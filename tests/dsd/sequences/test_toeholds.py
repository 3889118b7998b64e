"""Toeholds: all words are considered, and those that are kept keep the rules."""

from __future__ import annotations

import numpy as np
import pytest

from dsd.errors import InputError
from dsd.sequences.letters import gc, longest_run, reverse_complement
from dsd.sequences.rules import Rules
from dsd.sequences.toeholds import choose, words

LAX = Rules(toehold_gc_min=0, toehold_gc_max=1, max_run=9)


@pytest.mark.parametrize(("length", "count"), [(3, 27), (4, 81 - 1 - 4), (5, 243 - 5)])
def test_every_word_of_three_letters_is_enumerated(length: int, count: int) -> None:
    """3**n words, less those with CCCC (1 of 4 nt, 5 of 5), and less AATT, ATAT, TATA, TTAA, their own complements."""
    found = words(length, LAX)
    every = {""}
    for _ in range(length):
        every = {w + letter for w in every for letter in "ACT"}
    expected = {w for w in every if "CCCC" not in w and w != reverse_complement(w)}
    assert set(found) == expected
    assert found == sorted(found)
    assert len(found) == count


def test_a_palette_keeps_the_rules_and_binds_alike() -> None:
    rules = Rules(forbidden=("TTC",))
    chosen = choose(6, 5, rules, ("CATAC",), np.random.default_rng(1))
    assert len(set(chosen)) == 6
    assert "CATAC" not in chosen
    assert choose(6, 5, rules, ("CATAC",), np.random.default_rng(1)) == chosen
    for word in chosen:
        assert 0.2 <= gc(word) <= 0.6
        assert longest_run(word) <= 3
        assert "TTC" not in word
        assert "GAA" not in word


def test_too_many_toeholds_are_refused_with_the_number_there_is() -> None:
    with pytest.raises(InputError, match=r"asks for 90 toeholds of 4 nt; \d\d words over ACT keep the rules; lengthen"):
        choose(90, 4, Rules(), (), np.random.default_rng(1))
