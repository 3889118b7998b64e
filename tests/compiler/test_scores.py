"""Accuracy and R² against hand counts."""

from __future__ import annotations

import numpy as np
import pytest

from compiler.schema_data import Task
from compiler.scores import loss, measure, score


def column(*values: float) -> np.ndarray:
    return np.array(values, dtype=float)[:, None]


def test_two_classes_are_told_apart_by_the_threshold() -> None:
    task = Task(kind="binary", labels=(0, 4))
    assert measure(task) == "accuracy"
    assert score(task, column(1.9, 2.0, 5.0, -3.0), column(0, 4, 0, 0)) == 0.75


def test_among_many_classes_the_largest_output_wins() -> None:
    predicted = np.array([[0.2, 0.9, 0.1], [-1.0, -2.0, -3.0]])
    assert score(Task(kind="multiclass"), predicted, np.array([[0, 1, 0], [0, 1, 0]])) == 0.5


def test_r2_is_one_for_the_truth_and_zero_for_the_mean() -> None:
    y = column(1, 2, 3)
    assert score(Task(), y, y) == 1
    assert score(Task(), column(2, 2, 2), y) == 0
    assert score(Task(), y, column(1, 1, 1)) is None


def test_the_loss_is_half_the_squared_error_summed_over_outputs() -> None:
    assert loss(np.array([[1.0, 2.0]]), np.array([[0.0, 0.0]])) == pytest.approx(2.5)


def test_no_samples_have_neither() -> None:
    nothing = np.empty((0, 1))
    assert score(Task(), nothing, nothing) is None
    assert loss(nothing, nothing) is None
