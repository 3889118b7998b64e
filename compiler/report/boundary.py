"""Where a classifier of two features decides, as training goes on.

In: a design and the weights of its levels. Out: for each level a few moments, each with the lines on which the
decision changes. The outputs between samples are those of the neural ODE with the level's weights: to ask a pot for
each point of a grid would take hours.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from compiler.design import Design
from compiler.report.folder import Level
from compiler.training.reference import Reference
from dsd.errors import SimulationError

Floats = NDArray[np.float64]

GRID, MOMENTS = 41, 9
"""Points of the grid a side, and moments of training that are drawn."""

MARGIN = 0.08
"""By which the plot is wider than the validation samples, as a share of their range."""


def boundaries(design: Design, levels: Sequence[Level]) -> dict[str, Any] | None:
    """Lines by level and moment, and the ``range`` [[x0, x1], [y0, y1]] of both features; None for other tasks."""
    if design.task.kind == "regression" or len(design.data.inputs) != 2:
        return None
    x = np.concatenate([design.data.train_x, design.data.validation_x])
    low, high = x.min(axis=0), x.max(axis=0)
    low, high = low - MARGIN * (high - low), high + MARGIN * (high - low)
    across, up = (np.linspace(a, b, GRID) for a, b in zip(low, high, strict=True))
    grid = np.stack([a.ravel() for a in np.meshgrid(across, up)], axis=1)
    learner = Reference(design.neural, rtol=1e-6, atol=1e-9)
    drawn = {
        level.name: [
            {"iteration": i, "lines": _lines(design, learner, level.weights[i], grid, across, up)}
            for i in moments(len(level.weights) - 1)
        ]
        for level in levels
        if level.weights
    }
    return {"range": [[float(a), float(b)] for a, b in zip(low, high, strict=True)], "levels": drawn}


def moments(last: int) -> list[int]:
    """Iterations from 0 to ``last`` that are drawn: closer together at first, when most is learnt."""
    return sorted({round(last * (i / (MOMENTS - 1)) ** 1.7) for i in range(MOMENTS)})


def _lines(
    design: Design, learner: Reference, weights: Sequence[float], grid: Floats, across: Floats, up: Floats
) -> list[list[list[float]]] | None:
    """Where the decision changes, as lines of points; None where the neural ODE blows up at these weights."""
    from contourpy import contour_generator

    learner.theta = np.array(weights, dtype=np.float64)
    try:
        found = learner.predict(grid)
    except SimulationError:
        return None
    lines: list[Floats] = []
    for margin in _margins(design, found):
        made = contour_generator(across, up, margin.reshape(GRID, GRID), line_type="Separate")
        lines += cast(list[Floats], made.lines(0.0))
    return [[[float(f"{v:.4g}") for v in point] for point in line] for line in lines]


def _margins(design: Design, outputs: Floats) -> list[Floats]:
    """Functions that change sign where the decision does: over the threshold, or of each class over all others."""
    if design.task.kind == "binary":
        return [outputs[:, 0] - design.task.cut]
    classes = range(outputs.shape[1])
    return [outputs[:, k] - np.delete(outputs, k, axis=1).max(axis=1) for k in classes]
