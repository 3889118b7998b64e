"""Sequences as text: laws, and small cases by hand."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dsd.sequences.letters import common_word, gc, longest_run, nearest, reverse_complement

WORDS = st.text("ACGT", min_size=1, max_size=12)


@given(WORDS)
def test_complementing_twice_is_the_identity(word: str) -> None:
    assert reverse_complement(reverse_complement(word)) == word
    assert longest_run(reverse_complement(word)) == longest_run(word)
    assert gc(reverse_complement(word)) == gc(word)


@given(WORDS, WORDS)
def test_the_common_word_is_in_both_and_none_is_longer(a: str, b: str) -> None:
    word = common_word((a, b))
    forms = (b, reverse_complement(b))
    words = {a[i:j] for i in range(len(a)) for j in range(i + 1, len(a) + 1)}
    shared = {w for w in words if any(w in form for form in forms)}
    assert len(word) == max(map(len, shared), default=0)
    assert word in shared or reverse_complement(word) in shared or (word == "" and not shared)


def test_by_hand() -> None:
    assert reverse_complement("CTTCA") == "TGAAG"
    assert gc("CTTCA") == 0.4
    assert longest_run("ACCCT-CCCC") == 4
    assert longest_run("CC--CC") == 2
    assert nearest(("CTTCA", "CTACA", "TTTTT", "CTT")) == 1
    assert nearest(("CTTCA", "CTT")) is None
    assert common_word(()) == ""
