"""The compiled recursion against ViennaRNA, pair by pair."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsd.sequences.duplex import energies, paired
from dsd.sequences.energy import LOOP_NT, conditions, duplex, tables
from dsd.sequences.letters import reverse_complement

SHORT = st.text("ACGT", min_size=2, max_size=9)
"""Two strands this short leave no loop longer than the tables go."""


@given(SHORT, SHORT)
@settings(max_examples=200, deadline=None)
def test_short_strands_have_viennas_energy(a: str, b: str) -> None:
    assert LOOP_NT >= 2 * (9 - 2)
    found = float(paired([a], [b], tables())[0])
    expected = duplex(a, b)
    assert min(found, 1000.0) == round(min(expected, 1000.0), 2)


def test_long_strands_have_viennas_energy_where_loops_are_no_longer_than_the_tables() -> None:
    """Only weak duplexes are held together by longer loops; those come out weaker here, by less than 2 kcal/mol."""
    generator = np.random.default_rng(7)
    words = ["".join(row) for row in generator.choice(list("ACT"), size=(40, 20))]
    others = [reverse_complement(w) for w in words]
    found = energies(words, others, tables())
    expected = np.array([[duplex(a, b) for b in others] for a in words])
    assert np.all(found >= expected - 0.005)
    assert np.all(found <= expected + 2.0)
    assert np.mean(np.abs(found - expected) < 0.005) > 0.99
    assert np.allclose(found[expected < -10], expected[expected < -10], atol=0.005)
    assert np.allclose(np.diag(found), np.diag(expected), atol=0.005)


def test_a_perfect_duplex_is_the_sum_of_its_stacks() -> None:
    """The nearest-neighbour model: one C-G pair more on a run of C-G adds one stack, whatever the length."""
    run = [duplex("C" * n, "G" * n) for n in range(4, 9)]
    steps = np.diff(run)
    assert np.allclose(steps, steps[0], atol=1e-6)
    assert steps[0] == pytest.approx(tables().loop[0, 1, 1, 0] / 100)


def test_the_conditions_are_stated() -> None:
    assert str(conditions()).startswith("DNA Mathews 2004, no G-T pairs, 25 °C, 1.021 M NaCl, ViennaRNA ")
