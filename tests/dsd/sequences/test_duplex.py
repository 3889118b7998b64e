"""The compiled recursion against ViennaRNA, pair by pair."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsd.sequences.duplex import energies, paired
from dsd.sequences.energy import conditions, duplex, tables
from dsd.sequences.letters import reverse_complement

WORDS = st.text("ACGT", min_size=2, max_size=30)


@given(WORDS, WORDS)
@settings(max_examples=200, deadline=None)
def test_two_strands_have_viennas_energy(a: str, b: str) -> None:
    found = float(paired([a], [b], tables())[0])
    expected = duplex(a, b)
    assert min(found, 1000.0) == round(min(expected, 1000.0), 2)


def test_domains_have_viennas_energy() -> None:
    """Letters as in domains, where more pairs are possible than in random words, and loops can be long."""
    generator = np.random.default_rng(7)
    words = ["".join(row) for row in generator.choice(list("ACT"), size=(60, 20), p=[0.3, 0.45, 0.25])]
    others = [reverse_complement(w) for w in words]
    found = energies(words, others, tables())
    expected = np.array([[duplex(a, b) for b in others] for a in words])
    assert np.allclose(found, expected, atol=0.005)


def test_a_perfect_duplex_is_the_sum_of_its_stacks() -> None:
    """The nearest-neighbour model: one C-G pair more on a run of C-G adds one stack, whatever the length."""
    run = [duplex("C" * n, "G" * n) for n in range(4, 9)]
    steps = np.diff(run)
    assert np.allclose(steps, steps[0], atol=1e-6)
    assert steps[0] == pytest.approx(tables().loop[0, 1, 1, 0] / 100)


def test_the_conditions_are_stated() -> None:
    assert str(conditions()).startswith("DNA Mathews 2004, no G-T pairs, 25 °C, 1.021 M NaCl, ViennaRNA ")
