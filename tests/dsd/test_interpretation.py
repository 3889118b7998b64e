"""Interpretations: tables of meaning, their composition and their matrices."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dsd.interpretation import Interpretation, identity

LOW, MIDDLE, FORMAL = ("x1", "x1_free", "gate", "fuel"), ("X", "Y", "Z"), ("A", "B")


def tables(low, high):
    multiset = st.lists(st.sampled_from(high), max_size=3).map(tuple)
    return st.tuples(*(multiset for _ in low)).map(lambda rows: Interpretation(tuple(zip(low, rows, strict=True))))


def test_a_species_means_a_multiset_and_fuel_means_nothing():
    meaning = Interpretation((("i1", ("A", "B")), ("a", ("A",)), ("f", ())))
    assert meaning("i1") == ("A", "B")
    assert meaning("f") == meaning("unlisted") == ()


def test_formal_totals_are_a_matrix_times_the_state():
    meaning = Interpretation((("dimer", ("A", "A")), ("a", ("A",)), ("b", ("B",))))
    matrix = meaning.matrix(("a", "b", "dimer", "fuel"), ("A", "B"))
    assert matrix.tolist() == [[1, 0, 2, 0], [0, 1, 0, 0]]
    assert (matrix @ np.array([1.0, 5.0, 10.0, 300.0])).tolist() == [21.0, 5.0]


def test_formal_species_that_are_not_asked_for_are_left_out():
    assert Interpretation((("i", ("A", "B")),)).matrix(("i",), ("B",)).tolist() == [[1.0]]


@given(tables(LOW, MIDDLE), tables(MIDDLE, FORMAL))
def test_composition_multiplies_the_matrices(lower, upper):
    composed = lower.then(upper).matrix(LOW, FORMAL)
    assert (composed == upper.matrix(MIDDLE, FORMAL) @ lower.matrix(LOW, MIDDLE)).all()


@given(tables(LOW, MIDDLE))
def test_the_identity_changes_nothing(meaning):
    assert meaning.then(identity(MIDDLE)) == meaning
    assert identity(LOW).then(meaning) == meaning
