"""Sizes of families over the dimension, against the paper's tables."""

from __future__ import annotations

import pytest

from compiler.families import FAMILIES, count, csv_table, dimensions, growth
from dsd.errors import InputError


def test_two_dimensions_have_the_sizes_of_the_paper() -> None:
    """arXiv 2409.00034, Table 5 (17 species, 14 reactions) and section 3.2 (15 and 13)."""
    assert count("linear", 2) == (17, 14)
    assert count("linear-minimal", 2) == (15, 13)


def test_first_order_gradients_scale_linearly() -> None:
    found = growth("quadratic-first-order", (2, 4, 8, 16))
    steps = [b / a for a, b in zip(found.reactions, found.reactions[1:], strict=False)]
    assert found.reactions == (21, 41, 81, 161)
    assert steps[-1] == pytest.approx(2, abs=0.02)
    assert found.exponent == pytest.approx(1, abs=0.02)


def test_the_first_order_gradient_is_the_smaller_circuit() -> None:
    for name in ("quadratic", "quadratic-matrix"):
        assert count(f"{name}-first-order", 4)[1] < count(name, 4)[1]


@pytest.mark.parametrize("name", list(FAMILIES))
def test_every_family_can_be_derived(name: str) -> None:
    species, reactions = count(name, 2)
    assert species > 0
    assert reactions > 0


def test_the_table_has_a_line_per_point() -> None:
    assert csv_table([growth("linear-minimal", (1, 2))]) == (
        "family,dimension,species,reactions\nlinear-minimal,1,10,7\nlinear-minimal,2,15,13\n"
    )


@pytest.mark.parametrize(
    ("text", "expected"), [("1..64", (1, 2, 4, 8, 16, 32, 64)), ("3..10", (3, 6, 10)), ("5,2", (2, 5)), ("4", (4,))]
)
def test_dimensions_double_within_a_range(text: str, expected: tuple[int, ...]) -> None:
    assert dimensions(text) == expected


@pytest.mark.parametrize("text", ["0..4", "a", "1..", "1000", "1..2..3"])
def test_dimensions_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(InputError, match=r"--dimensions = .*; (write for example 1..64|give dimensions from 1)"):
        dimensions(text)
