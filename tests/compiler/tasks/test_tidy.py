"""Tidy tables: identity first, numbers that read back."""

from __future__ import annotations

import csv
from io import StringIO

from hypothesis import given
from hypothesis import strategies as st

from compiler.tasks.tidy import tidy


def test_what_tells_a_run_comes_first_and_gaps_are_empty() -> None:
    rows = [
        {"loss": 0.1, "seed": 3, "design": "a", "slopes": (1.0, 2.5)},
        {"design": "b, c", "error": None, "loss": None},
    ]
    assert tidy(rows) == 'design,seed,loss,slopes,error\na,3,0.1,1.0 2.5,\n"b, c",,,,\n'


@given(st.lists(st.floats(allow_nan=False), min_size=1))
def test_floats_read_back_as_they_were(values: list[float]) -> None:
    rows = list(csv.DictReader(StringIO(tidy([{"v": value} for value in values]))))
    assert [float(row["v"]) for row in rows] == values
