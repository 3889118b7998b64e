"""One job of a benchmark: train, then infer every set of samples with the trained weights, at the same level."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from compiler.bench.runs import Job
from compiler.datasets import PARTS
from compiler.design import Design
from compiler.neural import derive, paper_count
from compiler.scores import loss, measure, score
from compiler.tasks.task import Progress, Record
from compiler.training import trainer
from dsd.errors import StrandgradError

Floats = NDArray[np.float64]


def train_job(job: Job, progress: Progress | None = None) -> Record:
    """The record of one run: losses by epoch, and loss and score on each set; ``error`` if it could not be trained."""
    started = time.perf_counter()
    data = job.design.data
    nothing = data.test_x[:0], data.test_y[:0]
    try:
        # The test set is inferred once, at the end, together with the others.
        copy = job.design.on(data.with_parts(test=nothing))
        history = trainer(job.level)(copy, epochs=job.epochs, progress=progress)
        found = sets(job, history.weights[-1])
    except StrandgradError as error:
        return _about(job) | {"error": str(error), "wall_s": time.perf_counter() - started}
    return _about(job) | {
        "train_loss": list(history.train_loss),
        "validation_loss": list(history.validation_loss),
        "weights": list(history.weights[-1]),
        "iterations": history.iterations,
        "training_s": history.wall_s,
        "wall_s": time.perf_counter() - started,
        "measure": measure(job.design.task),
        "sets": found,
        "error": None,
    }


def sets(job: Job, weights: tuple[float, ...]) -> dict[str, Any]:
    """Loss, score and number of samples of every set that is not empty, inferred at the job's level."""
    parts = {}
    for part in PARTS:
        x, y = job.design.data.part(part)
        most = job.tests if part in ("test", "authors") else None
        if len(x):
            parts[part] = spread(x, most), spread(y, most)
    x, y = (np.concatenate(arrays) for arrays in zip(*parts.values(), strict=True))
    every = predictions(job.design, job.level, weights, x, y)
    found, at = {}, 0
    for part, (_, target) in parts.items():
        predicted = every[at : at + len(target)]
        at += len(target)
        scored = score(job.design.task, predicted, target)
        found[part] = {"n": len(target), "loss": loss(predicted, target), "score": scored}
    return found


def predictions(design: Design, level: str, weights: tuple[float, ...], x: Floats, y: Floats) -> Floats:
    """Outputs (n, m) for inputs (n, d), whose targets are y (n, m), with these weights: a run of no epochs."""
    data = design.data
    asked = data.with_parts(validation=(x, y), test=(data.test_x[:0], data.test_y[:0]))
    untrained = trainer(level)(design.on(asked, weights), epochs=0)
    return np.array(untrained.predictions_after)


def spread(rows: Floats, most: int | None) -> Floats:
    """At most ``most`` rows, evenly spread over all of them."""
    if most is None or len(rows) <= most:
        return rows
    chosen: Floats = rows[np.linspace(0, len(rows) - 1, most).round().astype(int)]
    return chosen


def _about(job: Job) -> Record:
    design = job.design
    circuit = derive(design.neural, annihilation=True)
    species, reactions = paper_count(design.circuit().network)
    return {
        **job.about,
        "paper_count": [species, reactions],
        "trained_count": [len(circuit.network.species), len(circuit.network.reactions)],
        "orders": sorted({r.order for r in circuit.network}),
    }
