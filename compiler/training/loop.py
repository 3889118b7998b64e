"""The training loop that all levels share.

In: a design and a learner that can take one sample and predict many. Out: a :class:`History`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from compiler.design import Design
from compiler.scores import measure, score
from compiler.training.history import History, Progress, Recorder, TrainingError, losses
from dsd.errors import InputError, SimulationError

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


@runtime_checkable
class Accumulating(Protocol):
    """A learner that can put an update off."""

    def accumulate(self, x: Floats, y: Floats) -> float:
        """Add the gradient of one sample x (d,), y (m,) to those the next step applies; return its loss."""


def presentations(design: Design, epochs: int, seed: int | None = None) -> Iterator[Rows]:
    """Row numbers of the training table, one int array (n,) an epoch, in the order of presentation.

    ``seed`` replaces the design's; it only matters if the design shuffles.
    """
    rows: Rows = np.arange(len(design.data.train_x))
    random = np.random.default_rng(design.training.seed if seed is None else seed)
    for _ in range(epochs):
        yield random.permutation(rows) if design.training.order == "shuffled" else rows


def reseeded(design: Design, seed: int | None) -> Design:
    """The design with another seed for the order of presentation and the weights it draws; None keeps its own."""
    return design if seed is None else design.amended({"training.seed": seed})


def run(
    level: str,
    design: Design,
    learner: Learner,
    *,
    epochs: int | None = None,
    seed: int | None = None,
    progress: Progress | None = None,
) -> History:
    """Online training: validate, then epochs of updates, validating after each epoch; the test set comes last.

    ``extra["validation_trace"]`` holds (iteration, validation loss) for these moments and for some within the last
    epoch, the same at every level. Progress counts samples. Raises :class:`TrainingError` with the history so far for
    any failure of the learner (``extra["unfinished_epoch"]`` has the losses since the last epoch ended), and
    :class:`InputError` for a batch at a level that updates after every sample.
    """
    if design.training.batch > 1 and not isinstance(learner, Accumulating):
        raise InputError(f"level {level} updates after every sample; set [training] batch = 1, or train at formal")
    session = _Session(level, design, learner)
    try:
        session.train(design.training.epochs if epochs is None else epochs, seed, progress)
        return session.finished()
    except SimulationError as error:
        so_far = session.record.history(unfinished_epoch=list(session.record.pending))
        raise TrainingError(str(error), error.time, so_far) from error


class _Session:
    """One run: its learner, its record, and how a sample is presented."""

    def __init__(self, level: str, design: Design, learner: Learner) -> None:
        self.design, self.learner = design, learner
        accuracy = None if design.task.kind == "regression" else partial(score, design.task)
        self.record = Recorder(level, design.data.validation_y, accuracy)

    def train(self, epochs: int, seed: int | None, progress: Progress | None) -> None:
        """All epochs, with a validation before the first and after each."""
        record, learner, data = self.record, self.learner, self.design.data
        record.validated(learner.predict(data.validation_x), learner.weights())
        per_epoch = len(data.train_x)
        spread = max(1, per_epoch // LAST_EPOCH_CHECKS)
        done = 0
        for epoch, order in enumerate(presentations(self.design, epochs, seed)):
            for place, row in enumerate(order):
                if epoch == epochs - 1 and place and place % spread == 0:
                    record.checked(learner.predict(data.validation_x))
                self._present(data.train_x[row], data.train_y[row], place)
                done += 1
                if progress:
                    progress(done, epochs * per_epoch)
            record.validated(learner.predict(data.validation_x), learner.weights())

    def finished(self) -> History:
        """The history with what the test set says."""
        task, (x, y) = self.design.task, self.design.data.part("test")
        history = self.record.history()
        if not len(x):
            return history
        predicted = self.learner.predict(x)
        mean = float(np.mean(losses(predicted, y)))
        return history.tested(mean, **{measure(task).lower(): score(task, predicted, y)})

    def _present(self, x: Floats, y: Floats, place: int) -> None:
        """One sample: one step, its share of a batch, or steps until its loss settles."""
        training, learner = self.design.training, self.learner
        full = (place + 1) % training.batch == 0 or place + 1 == len(self.design.data.train_x)
        if not full and isinstance(learner, Accumulating):
            self.record.trained(learner.accumulate(x, y), learner.weights())
            return
        before = np.inf
        for _ in range(training.max_repeats if training.order == "repeated" else 1):
            loss = learner.step(x, y)
            self.record.trained(loss, learner.weights())
            if abs(before - loss) <= training.settle * loss:
                return
            before = loss
