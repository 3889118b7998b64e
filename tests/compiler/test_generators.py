"""Generators of the paper's data sets, against their definitions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler import generators
from compiler.datasets import load
from compiler.schema_data import Data, GeneratorName, Task
from dsd.errors import InputError


def draw(name: GeneratorName, n: int = 101, stream: int = generators.TRAIN, **keys: object) -> generators.Sample:
    return generators.sample(Data.model_validate({"generator": name, **keys}), stream, n)


def test_rings_are_a_disc_in_a_ring_with_51_and_50_samples() -> None:
    """rajiv256/NeuralCRNGen, branch nonlinear_z3: r <= 0.45 is off, 0.5 <= r <= 1 is on; 101 samples."""
    x, y = draw("rings")
    r = np.hypot(*x.T)
    assert (np.count_nonzero(y == 0), np.count_nonzero(y == 1)) == (51, 50)
    assert (r[y == 0] <= 0.45).all()
    assert ((r[y == 1] >= 0.5) & (r[y == 1] <= 1)).all()


def test_rings_about_another_centre_have_positive_inputs() -> None:
    x, y = draw("rings", centre=1.0, range=(0.0, 2.0), radii=(0.4, 0.6, 1.0))
    r = np.hypot(*(x - 1).T)
    assert x.min() > 0
    assert np.array_equal(y == 1, r >= 0.6)


@pytest.mark.parametrize(
    ("name", "expected"),
    [("xor", [0, 1, 1, 0]), ("and", [0, 0, 0, 1]), ("or", [0, 1, 1, 1]), ("linear", [0, 0, 0, 1])],
)
def test_each_rule_at_four_points(name: GeneratorName, expected: list[int]) -> None:
    """The corners of (0.2, 0.8) squared; x1 + 2 x2 = 2.4 is above 2 at the last only."""
    x = np.array([[0.2, 0.2], [0.2, 0.8], [0.8, 0.2], [0.8, 0.8]])
    assert generators.RULES[name](x, Data(generator=name)).tolist() == expected


def test_the_authors_or_has_51_off_among_201() -> None:
    y = draw("or", 201, off_share=0.25)[1]
    assert (np.count_nonzero(y == 0), np.count_nonzero(y == 1)) == (51, 150)


def test_linear2d_has_its_odd_sample_on() -> None:
    assert np.count_nonzero(draw("linear")[1]) == 51


@pytest.mark.parametrize(("name", "side", "top"), [("xor", 40, 1.0), ("linear", 60, 2.0)])
def test_the_authors_grids_include_their_ends(name: GeneratorName, side: int, top: float) -> None:
    found = generators.grid(Data(generator=name))
    assert found is not None
    assert (found[0].shape, found[0].min(), found[0].max()) == ((side * side, 2), 0.0, top)


def test_rings_have_no_grid() -> None:
    assert generators.grid(Data(generator="rings")) is None


def test_regressions_follow_their_functions_up_to_noise() -> None:
    x, y = draw("product_square", 2000)
    noise = y - (x[:, 0] * x[:, 1] + x[:, 1] ** 2)
    assert x.min() >= 0.5
    assert x.max() <= 2
    assert noise.std() == pytest.approx(0.1, rel=0.1)
    x, y = draw("sine_square", 10, noise=0.0)
    assert np.allclose(y, np.sin(x[:, 0]) + x[:, 1] ** 2)
    x, y = draw("linreg", 10, noise=0.0)
    assert np.allclose(y, x[:, 0] + 2 * x[:, 1] + 1)


@given(seed=st.integers(0, 2**32), name=st.sampled_from(["rings", "xor", "linear", "sine_square"]))
def test_a_seed_fixes_every_set_and_the_sets_differ(seed: int, name: GeneratorName) -> None:
    data = Data(generator=name, seed=seed, n_train=5, n_validation=5, n_test=5)
    task = Task() if name == "sine_square" else Task(kind="binary")
    one, two = load_here(data, task), load_here(data, task)
    assert np.array_equal(one.train_x, two.train_x)
    assert np.array_equal(one.test_y, two.test_y)
    assert not np.array_equal(one.train_x, one.validation_x)
    more = load_here(data.model_copy(update={"n_train": 9}), task)
    assert np.array_equal(more.validation_x, one.validation_x)


def test_a_range_without_one_of_the_classes_is_refused() -> None:
    with pytest.raises(
        InputError, match=r"generator linear finds next to no samples of class 1 there; widen the range"
    ):
        draw("linear", range=(0.0, 0.5))


def load_here(data: Data, task: Task):  # type: ignore[no-untyped-def]
    from pathlib import Path

    return load(Path(), data, task)
