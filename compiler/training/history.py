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

Floats = NDArray[np.float64]
Progress = Callable[[int, int], None]
"""Called after every training iteration with (iterations done, iterations in all)."""


@dataclass(frozen=True)
class History:
    """One training run at one level; E epochs, N iterations, P weights, V validation samples, m outputs.

    ``train_loss`` (E): mean over an epoch of the losses before each update. ``validation_loss`` (E + 1) and
    ``parameters`` (E + 1, P): entry 0 is untrained. ``weights`` (N + 1, P): after each iteration, entry 0 initial.
    ``predictions_before`` and ``predictions_after`` (V, m): the validation samples. ``extra`` holds what one level
    reports beyond the others, as JSON-ready values.
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

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready summary: everything but the per-iteration weights and the predictions."""
        return {
            "train_loss": list(self.train_loss),
            "validation_loss": list(self.validation_loss),
            "parameters": [list(row) for row in self.parameters],
            "iterations": self.iterations,
            "wall_s": self.wall_s,
            **self.extra,
        }

    def with_extra(self, **values: Any) -> History:
        """The same record with more level-specific values."""
        return replace(self, extra=MappingProxyType({**self.extra, **values}))


def losses(predicted: Floats, target: Floats) -> Floats:
    """``sum e^2 / 2`` per sample; both arrays (n, m), result (n,)."""
    error: Floats = predicted - target
    loss: Floats = 0.5 * np.sum(error * error, axis=1)
    return loss


class Recorder:
    """Collects a :class:`History` while a run goes on. Call :meth:`validated` once before training and after each
    epoch, :meth:`trained` after each iteration, :meth:`history` at the end (or after a failure, for what there is).
    """

    def __init__(self, level: str, target: Floats) -> None:
        self.level, self.target = level, target
        self.started = time.perf_counter()
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
            extra=MappingProxyType({"validation_trace": [list(pair) for pair in self.trace], **extra}),
        )


def _row(values: Sequence[float] | Floats) -> tuple[float, ...]:
    return tuple(float(v) for v in values)
