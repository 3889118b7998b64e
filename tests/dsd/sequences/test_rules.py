"""Rules that cannot be used are refused with the key and the remedy."""

from __future__ import annotations

import re
from typing import Any

import pytest

from dsd.errors import InputError
from dsd.sequences.rules import Rules


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"alphabet": "ACU"}, "alphabet = 'ACU' is no alphabet; write two to four of the letters ACGT"),
        ({"toehold_alphabet": "AA"}, "toehold_alphabet = 'AA' is no alphabet"),
        ({"gc_min": 0.7}, "gc_min = 0.7 and gc_max = 0.55 are no window; write 0 <= gc_min <= gc_max <= 1"),
        ({"max_run": 0}, "max_run = 0; write a whole number of at least 1"),
        ({"unique_nt": 13}, "unique_nt = 13; write at most 12, or 0 to have it chosen"),
        ({"min_gap_kcal": float("nan")}, "min_gap_kcal = nan; write a finite number"),
        ({"forbidden": ("GAATTX",)}, "forbidden word 'GAATTX' is 'GAATTX'; write it with the letters A, C, G, T"),
        ({"fixed": (("t", ""),)}, "the fixed sequence of t is ''; write it with the letters A, C, G, T"),
    ],
)
def test_refused(keys: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=re.escape(message)):
        Rules(**keys)


def test_words_are_forbidden_in_both_senses() -> None:
    assert Rules(forbidden=("GAATTC", "CTGCAG", "AACC")).words == ("GGGG", "GAATTC", "CTGCAG", "AACC", "CCCC", "GGTT")
    assert Rules(forbidden=("GAATTC",)).reach(5) == 5
    assert Rules().reach(7) == 6
