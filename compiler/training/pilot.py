"""Pilot runs of a clocked pot: what calibration, tuning and the budget of gates measure it by.

In: a clocked network, a design's samples. Out: a running pot, and a few samples that stand for all.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from compiler.datasets import Dataset
from compiler.joining import Clocked
from compiler.training.driver import Driver
from compiler.training.pot import clocked_pot

Floats = NDArray[np.float64]


def settled(pot: Clocked) -> Driver:
    """A driver of the clocked network, run to the moment at which the first sample belongs in."""
    driver = Driver(clocked_pot(pot))
    driver.settle()
    return driver


def spread(data: Dataset, count: int) -> tuple[Floats, Floats]:
    """At most ``count`` training samples x (n, d), y (n, m), at even distances over the table."""
    rows = np.unique(np.linspace(0, len(data.train_x) - 1, count).round().astype(np.intp))
    return data.train_x[rows], data.train_y[rows]
