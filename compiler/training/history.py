"""What a training run leaves: one record, the same for every level.

Losses are the paper's ``sum e^2 / 2`` with ``e = yhat - y``, in formal units.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dsd.errors import SimulationError

Floats = NDArray[np.float64]
Accuracy = Callable[[Floats, Floats], float | None]
"""Share of right predictions (n, m) for targets (n, m), None where there are no classes."""

Progress = Callable[[int, int], None]
"""Called after every training iteration with (iterations done, iterations in all)."""


_TESTED = ("test_loss", "test_accuracy", "test_r2")


@dataclass(frozen=True)
class History:
    """One training run at one level; E epochs, N iterations, P weights, V validation samples, m outputs.

    ``train_loss`` (E): mean over an epoch of the losses before each update. ``validation_loss`` (E + 1) and
    ``parameters`` (E + 1, P): entry 0 is untrained. ``weights`` (N + 1, P): after each iteration, entry 0 initial.
    ``predictions_before`` and ``predictions_after`` (V, m): the validation samples. ``extra`` holds what one level
    reports beyond the others, as JSON-ready values. Classification adds ``validation_accuracy`` (E + 1); a design with
    test samples adds ``test_loss`` and ``test_accuracy``, or ``test_r2`` for a regression, after training.
    """

    level: str
    train_loss: tuple[float, ...]
    validation_loss: tuple[float, ...]
    parameters: tuple[tuple[float, ...], ...]
    weights: tuple[tuple[float, ...], ...]
    predictions_before: tuple[tuple[float, ...], ...]
    predictions_after: tuple[tuple[float, ...], ...]
    iterations: int
    wall_s: float
    extra: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    validation_accuracy: tuple[float, ...] = ()
    test_loss: float | None = None
    test_accuracy: float | None = None
    test_r2: float | None = None

    def __getstate__(self) -> dict[str, Any]:
        """A history crosses process boundaries; a read-only view of a mapping cannot."""
        return {**self.__dict__, "extra": dict(self.extra)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """The record again, read-only as before."""
        self.__dict__.update({**state, "extra": MappingProxyType(state["extra"])})

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready summary: everything but the per-iteration weights and the predictions."""
        return {
            "train_loss": list(self.train_loss),
            "validation_loss": list(self.validation_loss),
            "parameters": [list(row) for row in self.parameters],
            "iterations": self.iterations,
            "wall_s": self.wall_s,
            **({"validation_accuracy": list(self.validation_accuracy)} if self.validation_accuracy else {}),
            **{name: value for name in _TESTED if (value := getattr(self, name)) is not None},
            **self.extra,
        }

    def tested(self, loss: float, accuracy: float | None = None, r2: float | None = None) -> History:
        """The same record with what the test samples say: mean loss, and accuracy or R²."""
        return replace(self, test_loss=loss, test_accuracy=accuracy, test_r2=r2)

    def with_extra(self, **values: Any) -> History:
        """The same record with more level-specific values."""
        return replace(self, extra=MappingProxyType({**self.extra, **values}))


class TrainingError(SimulationError):
    """Training could not go on; ``history`` is the record up to there."""

    def __init__(self, message: str, time: float, history: History) -> None:
        self.history = history
        super().__init__(message, time)

    def __reduce__(self) -> tuple[type[TrainingError], tuple[str, float, History]]:
        """So that it can cross a process boundary."""
        return TrainingError, (str(self), self.time, self.history)


class Interrupted(KeyboardInterrupt):
    """Ctrl-C while training; ``history`` is the record up to there."""

    def __init__(self, history: History) -> None:
        self.history = history
        super().__init__()


def losses(predicted: Floats, target: Floats) -> Floats:
    """``sum e^2 / 2`` per sample; both arrays (n, m), result (n,)."""
    error: Floats = predicted - target
    loss: Floats = 0.5 * np.sum(error * error, axis=1)
    return loss


class Recorder:
    """Collects a :class:`History` while a run goes on. Call :meth:`validated` once before training and after each
    epoch, :meth:`trained` after each iteration, :meth:`history` at the end (or after a failure, for what there is).
    """

    def __init__(self, level: str, target: Floats, accuracy: Accuracy | None = None) -> None:
        self.level, self.target, self.accuracy = level, target, accuracy
        self.right: list[float] = []
        self.started = time.perf_counter()  # of this part of the run, less what earlier parts took
        self.train: list[float] = []
        self.pending: list[float] = []
        self.validation: list[float] = []
        self.parameters: list[tuple[float, ...]] = []
        self.weights: list[tuple[float, ...]] = []
        self.predictions: list[Floats] = []
        self.trace: list[tuple[int, float]] = []

    def validated(self, predicted: Floats, weights: Sequence[float]) -> None:
        """Close an epoch (or open the run) with the predictions (V, m) on the validation samples."""
        if self.pending:
            self.train.append(float(np.mean(self.pending)))
            self.pending = []
        if not self.weights:
            self.weights.append(_row(weights))
        self.checked(predicted)
        self.validation.append(self.trace[-1][1])
        share = self.accuracy(predicted, self.target) if self.accuracy else None
        self.right += [] if share is None else [share]
        self.parameters.append(_row(weights))
        self.predictions = [*self.predictions[:1], predicted]

    def checked(self, predicted: Floats) -> None:
        """Note a validation within an epoch; predictions (V, m)."""
        iteration = max(0, len(self.weights) - 1)
        self.trace.append((iteration, float(np.mean(losses(predicted, self.target)))))

    def trained(self, loss: float, weights: Sequence[float]) -> None:
        """Note one iteration: the loss before its update and the weights (P) after it."""
        self.pending.append(float(loss))
        self.weights.append(_row(weights))

    def snapshot(self) -> dict[str, Any]:
        """Everything recorded so far, for a checkpoint."""
        return {
            "train": self.train, "pending": self.pending, "validation": self.validation, "right": self.right,
            "trace": self.trace, "parameters": np.array(self.parameters), "weights": np.array(self.weights),
            "first": self.predictions[0], "last": self.predictions[-1], "checks": len(self.predictions),
            "seconds": time.perf_counter() - self.started,
        }  # fmt: skip

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from a snapshot, which is taken after the first :meth:`validated`."""
        self.train, self.pending, self.validation = state["train"], state["pending"], state["validation"]
        self.right, self.trace = state["right"], [(int(at), loss) for at, loss in state["trace"]]
        self.parameters = [_row(row) for row in state["parameters"]]
        self.weights = [_row(row) for row in state["weights"]]
        self.predictions = [state["first"], state["last"]][: state["checks"]]
        self.started = time.perf_counter() - state["seconds"]

    def history(self, **extra: Any) -> History:
        """The record so far; an epoch that is not closed is left out of the losses."""
        first, last = (self.predictions[0], self.predictions[-1]) if self.predictions else (np.empty((0, 0)),) * 2
        return History(
            level=self.level,
            train_loss=tuple(self.train),
            validation_loss=tuple(self.validation),
            parameters=tuple(self.parameters),
            weights=tuple(self.weights),
            predictions_before=tuple(_row(row) for row in first),
            predictions_after=tuple(_row(row) for row in last),
            iterations=max(0, len(self.weights) - 1),
            wall_s=time.perf_counter() - self.started,
            validation_accuracy=tuple(self.right),
            extra=MappingProxyType({"validation_trace": [list(pair) for pair in self.trace], **extra}),
        )


def _row(values: Sequence[float] | Floats) -> tuple[float, ...]:
    return tuple(float(v) for v in values)
