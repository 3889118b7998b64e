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
from compiler.training.checkpoint import Checkpoints, Parts, Resumable, Run
from compiler.training.history import History, Interrupted, Progress, Recorder, TrainingError, losses
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
    checkpoints: Checkpoints | None = None,
) -> History:
    """Online training: validate, then epochs of updates, validating after each epoch; the test set comes last.

    ``extra["validation_trace"]`` holds (iteration, validation loss) for these moments and for some within the last
    epoch, the same at every level. Progress counts samples. Raises :class:`TrainingError` with the history so far for
    any failure of the learner (``extra["unfinished_epoch"]`` has the losses since the last epoch ended), and
    :class:`InputError` for a batch at a level that updates after every sample. ``checkpoints`` are written between
    samples; a run that goes on from one ends bit for bit like one that never stopped. Ctrl-C raises
    :class:`Interrupted` with the history so far.
    """
    if design.training.batch > 1 and not isinstance(learner, Accumulating):
        raise InputError(f"level {level} updates after every sample; set [training] batch = 1, or train at formal")
    count, seed = design.training.epochs if epochs is None else epochs, design.training.seed if seed is None else seed
    session = _Session(level, design, learner)
    try:
        session.train(count, seed, progress, _Keeper(session, checkpoints, seed, count) if checkpoints else None)
        return session.finished()
    except KeyboardInterrupt:
        raise Interrupted(session.record.history(unfinished_epoch=list(session.record.pending))) from None
    except SimulationError as error:
        so_far = session.record.history(unfinished_epoch=list(session.record.pending))
        raise TrainingError(str(error), error.time, so_far) from error


class _Session:
    """One run: its learner, its record, and how a sample is presented. ``done`` counts samples."""

    def __init__(self, level: str, design: Design, learner: Learner) -> None:
        self.level, self.design, self.learner, self.done = level, design, learner, 0
        accuracy = None if design.task.kind == "regression" else partial(score, design.task)
        self.record = Recorder(level, design.data.validation_y, accuracy)

    def train(self, epochs: int, seed: int, progress: Progress | None, keeper: _Keeper | None) -> None:
        """All epochs, with a validation before the first and after each; what a checkpoint has is not done again."""
        if not self.done:
            self._validate()
        per_epoch = len(self.design.data.train_x)
        for epoch, order in enumerate(presentations(self.design, epochs, seed)):
            # A checkpoint at the end of an epoch is written before its validation.
            if self.done <= (epoch + 1) * per_epoch:
                self._epoch(epoch, order, epochs, progress, keeper)
                self._validate()

    def _epoch(self, epoch: int, order: Rows, epochs: int, progress: Progress | None, keeper: _Keeper | None) -> None:
        """What is left of an epoch, in this order of rows."""
        data, per_epoch = self.design.data, len(order)
        spread = max(1, per_epoch // LAST_EPOCH_CHECKS)
        for place in range(self.done - epoch * per_epoch, per_epoch):
            if epoch == epochs - 1 and place and place % spread == 0:
                self.record.checked(self.learner.predict(data.validation_x))
            self._present(data.train_x[order[place]], data.train_y[order[place]], place)
            self.done += 1
            if keeper:
                keeper.offer(last=self.done == epochs * per_epoch)
            if progress:
                progress(self.done, epochs * per_epoch)

    def _validate(self) -> None:
        learner = self.learner
        self.record.validated(learner.predict(self.design.data.validation_x), learner.weights())

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


class _Keeper:
    """Takes checkpoints of a session between samples; a session that has one goes on from there."""

    def __init__(self, session: _Session, checkpoints: Checkpoints, seed: int, epochs: int) -> None:
        from compiler import __version__

        learner, level = session.learner, session.level
        if not isinstance(learner, Resumable):
            raise InputError(f"level {level} keeps no checkpoints; train it without")
        self.session, self.learner, self.checkpoints = session, learner, checkpoints
        begun = checkpoints.begin(Run(level, session.design.digest, seed, epochs, __version__))
        if begun:
            learner.restore(begun["learner"])
            session.record.restore(begun["record"])
            session.done = begun["loop"]["done"]

    def offer(self, *, last: bool) -> None:
        """Write a checkpoint if one is due."""
        self.checkpoints.offer(len(self.session.record.weights) - 1, self._parts, last=last)

    def _parts(self) -> Parts:
        session = self.session
        return {
            "learner": self.learner.snapshot(),
            "record": session.record.snapshot(),
            "loop": {"done": session.done},
        }
