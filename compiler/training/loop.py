"""The training loop that all levels share.

In: a design and a learner that can take one sample and predict many. Out: a :class:`History`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from compiler.design import Design
from compiler.training.history import History, Progress, Recorder

LAST_EPOCH_CHECKS = 8
"""Extra validations within the last epoch: online learning jitters, and one moment of it says little."""

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]


class Learner(Protocol):
    """A level's trainable state."""

    def weights(self) -> Sequence[float]:
        """The weights now, in parameter order."""

    def step(self, x: Floats, y: Floats) -> float:
        """Train on one sample x (d,), y (m,); return the loss before the update."""

    def predict(self, x: Floats) -> Floats:
        """Outputs (n, m) for inputs (n, d), without changing the state."""


def presentations(design: Design, epochs: int, seed: int | None = None) -> Iterator[Rows]:
    """Row numbers of the training table, one int array (n,) an epoch, in the order of presentation.

    ``seed`` replaces the design's; it only matters if the design shuffles.
    """
    rows: Rows = np.arange(len(design.data.train_x))
    random = np.random.default_rng(design.training.seed if seed is None else seed)
    for _ in range(epochs):
        yield random.permutation(rows) if design.training.order == "shuffled" else rows


def run(
    level: str,
    design: Design,
    learner: Learner,
    *,
    epochs: int | None = None,
    seed: int | None = None,
    progress: Progress | None = None,
) -> History:
    """Online training: validate, then epochs of single-sample updates, validating after each epoch.

    ``extra["validation_trace"]`` holds (iteration, validation loss) for these moments and for some within the last
    epoch, the same at every level.
    """
    count = design.training.epochs if epochs is None else epochs
    data = design.data
    record = Recorder(level, data.validation_y)
    record.validated(learner.predict(data.validation_x), learner.weights())
    per_epoch = len(data.train_x)
    spread = max(1, per_epoch // LAST_EPOCH_CHECKS)
    done = 0
    for epoch, order in enumerate(presentations(design, count, seed)):
        for place, row in enumerate(order):
            if epoch == count - 1 and place and place % spread == 0:
                record.checked(learner.predict(data.validation_x))
            loss = learner.step(data.train_x[row], data.train_y[row])
            record.trained(loss, learner.weights())
            done += 1
            if progress:
                progress(done, count * per_epoch)
        record.validated(learner.predict(data.validation_x), learner.weights())
    return record.history()
