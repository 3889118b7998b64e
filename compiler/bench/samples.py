"""Fewer samples of a design, for a run that is to be short: the same for every level that it is trained at.

In: a design. Out: the design with a bounded training schedule, and test and validation samples spread over classes.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from compiler.design import Design

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]

VALIDATIONS = 40
"""Validation samples: they are predicted after every epoch and within the last."""


def shortened(design: Design, iterations: int, tests: int) -> tuple[Design, int]:
    """The design with at most ``tests`` test samples, and epochs (>= 1) of at most ``iterations`` samples in all.

    A table longer than ``iterations`` keeps its first rows in the order of the first epoch. Rails stay those of all
    samples.
    """
    from compiler.training.loop import presentations

    data = design.data
    rows = next(presentations(design, 1))[:iterations] if len(data.train_x) > iterations else slice(None)
    epochs = max(1, min(design.training.epochs, iterations // len(data.train_x[rows])))
    test = stratified(data.test_y, tests)
    validation = stratified(data.validation_y, VALIDATIONS)
    fewer = replace(
        data,
        train_x=data.train_x[rows], train_y=data.train_y[rows],
        validation_x=data.validation_x[validation], validation_y=data.validation_y[validation],
        test_x=data.test_x[test], test_y=data.test_y[test],
    )  # fmt: skip
    return design.on(fewer), epochs


def stratified(y: Floats, most: int) -> Rows:
    """Rows of targets y (n, m), at most ``most`` of them, in proportion to their classes and spread over each.

    Rows are sorted by target and taken at even distances, so a regression gets a share of all sizes.
    """
    order = np.lexsort(y.T[::-1])
    if len(order) > most:
        order = order[np.linspace(0, len(order) - 1, most).round().astype(np.intp)]
    rows: Rows = np.sort(order)
    return rows
