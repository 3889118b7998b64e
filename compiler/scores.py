"""How good predictions are: accuracy of a classification, R² of a regression, and the mean loss of either."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from compiler.schema_data import Task

Floats = NDArray[np.float64]


def measure(task: Task) -> str:
    """What :func:`score` is called for a task: ``"accuracy"`` or ``"R2"``."""
    return "R2" if task.kind == "regression" else "accuracy"


def score(task: Task, predicted: Floats, target: Floats) -> float | None:
    """Accuracy or R² of predictions (n, m) of targets (n, m); None where it has no meaning.

    Two classes are told apart by the threshold (on from there upwards), more by the largest output, of equal ones the
    first. R² is one minus the squared errors over those of predicting each output's mean.
    """
    if not len(target):
        return None
    if task.kind == "multiclass":
        return float(np.mean(predicted.argmax(axis=1) == target.argmax(axis=1)))
    if task.kind == "binary":
        return float(np.mean((predicted[:, 0] >= task.cut) == (target[:, 0] > task.cut)))
    total = float(np.sum((target - target.mean(axis=0)) ** 2))
    return 1 - float(np.sum((predicted - target) ** 2)) / total if total else None


def loss(predicted: Floats, target: Floats) -> float | None:
    """Mean over the samples of ``sum e² / 2``; None without samples."""
    return float(np.mean(np.sum((predicted - target) ** 2, axis=1)) / 2) if len(target) else None
