"""The table of ``strandgrad bench survival``: does learning survive the translation, design by design?

In: names of designs and levels. Out: tasks that train each design at each level from the same weights on the same
samples, and a row per design and level that compares it with the formal circuit.

A run is short, at most so many iterations, and is judged on at most so many samples, the same number of each class.
Survival is that of :mod:`compiler.metrics`. Where the formal circuit itself gained less than ``GAIN`` of its loss there
is nothing to divide by; then the mean validation loss of the last epoch decides.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from compiler.bench.samples import shortened
from compiler.design import Design, load_design
from compiler.metrics import late_loss
from compiler.scores import measure
from compiler.tasks.task import Progress, Record, Task
from compiler.training import trainer
from compiler.training.history import History, TrainingError
from dsd.errors import StrandgradError

Floats = NDArray[np.float64]

LEVELS = ("formal", "clocked", "dsd")
FULL = ("formal", "dsd-reduced")
"""Levels of a run over the design's whole schedule; the DNA by its slow quantities only, and labelled so."""

GAIN = 0.05
"""Part of its loss that formal must gain for survival to be a number."""

SURVIVES, LATE, POINTS = 0.9, 1.25, 0.03
"""Least survival, greatest last-epoch loss over formal's (in its place), and greatest loss of accuracy or R²."""


@dataclass(frozen=True, eq=False)
class Run:
    """A design as it is trained here, and the level."""

    design: Design
    level: str
    epochs: int | None


def tasks(
    names: Sequence[str],
    levels: Sequence[str],
    *,
    iterations: int | None,
    tests: int,
    changes: Mapping[str, object] | None = None,
) -> tuple[Task, ...]:
    """A task for each design and level; ``iterations`` and ``tests`` are upper bounds, None the design's schedule.

    ``changes`` are keys of every design file to replace, such as ``{"dna.profile": "literature"}``.
    """
    found = []
    for name in names:
        full = load_design(name).amended(changes) if changes else load_design(name)
        design, epochs = shortened(full, iterations, tests) if iterations else (full, None)
        for level in levels:
            about = {"design": full.name, "digest": full.digest, "level": level, "seed": full.training.seed}
            content = (full.digest, level, iterations, tests, "survival")
            found.append(Task(f"{full.name}-{level}", survival_run, Run(design, level, epochs), content, about))
    return tuple(found)


def survival_run(run: Run, progress: Progress | None = None) -> Record:
    """Train; the record of one run, with ``error`` and what there is if it stopped on the way."""
    started = time.perf_counter()
    try:
        history, error = trainer(run.level)(run.design, epochs=run.epochs, progress=progress), None
    except TrainingError as stopped:
        history, error = stopped.history, str(stopped)
    except StrandgradError as refused:
        return {"error": str(refused), "wall_s": time.perf_counter() - started}
    return _record(run.design, history) | {"error": error, "wall_s": time.perf_counter() - started}


def _record(design: Design, history: History) -> Record:
    extra = history.extra
    score = history.test_r2 if design.task.kind == "regression" else history.test_accuracy
    return {
        "measure": measure(design.task),
        "iterations": history.iterations,
        "validation_loss": list(history.validation_loss),
        "last_epoch_loss": late_loss(history) if history.validation_loss else None,
        "test_loss": history.test_loss,
        "score": score,
        "weights": [list(row) for row in history.weights],
        "simulation_s": history.wall_s,
        "lab_hours": extra.get("lab_hours"),
        "fuel_used_uM": sum(extra["fuel_used"].values()) / 1000.0 if "fuel_used" in extra else None,
        "size": extra.get("size") or _formal_size(design),
        "period_drift": (extra.get("clock") or {}).get("drift"),
        "warnings": list(extra.get("warnings", ())),
    }


def _formal_size(design: Design) -> list[int]:
    network = design.circuit(annihilation=True).network
    return [len(network.species), len(network.reactions)]


def rows(tasks: Sequence[Task], records: Sequence[Record]) -> list[dict[str, Any]]:
    """A row per run, compared with the formal run of its design."""
    formal = {
        t.about["design"]: r
        for t, r in zip(tasks, records, strict=True)
        if t.about["level"] == "formal" and not r.get("error")
    }
    return [
        dict(t.about) | _compared(record, formal.get(t.about["design"]))
        for t, record in zip(tasks, records, strict=True)
    ]


def _compared(record: Record, formal: Record | None) -> dict[str, Any]:
    """The columns of one run; None where there is nothing to tell."""
    losses = record.get("validation_loss") or [None]
    row: dict[str, Any] = {
        "loss_before": losses[0],
        "loss_after": losses[-1],
        "survival": None,
        "late_to_formal": None,
        "correlation": None,
        "survives": None,
        **{name: record.get(name) for name in ("measure", "score", "iterations", "lab_hours", "fuel_used_uM")},
        **{name: record.get(name) for name in ("period_drift", "simulation_s", "error")},
    }
    species, reactions = record.get("size") or (None, None)
    row |= {"species": species, "reactions": reactions}
    if formal is None or record.get("error"):
        return row | {"survives": False if record.get("error") else None}
    first, last = formal["validation_loss"][0], formal["validation_loss"][-1]
    row["late_to_formal"] = record["last_epoch_loss"] / formal["last_epoch_loss"]
    row["correlation"] = correlation(np.array(formal["weights"]), np.array(record["weights"]))
    if first - last >= GAIN * first:
        row["survival"] = (first - losses[-1]) / (first - last)
    learns = row["late_to_formal"] <= LATE if row["survival"] is None else row["survival"] >= SURVIVES
    judged = record["score"] is not None and formal["score"] is not None
    row["survives"] = bool(learns and (not judged or record["score"] >= formal["score"] - POINTS))
    return row


def correlation(one: Floats, other: Floats) -> float | None:
    """Correlation of two weight trajectories (N + 1, P), as changes from their starts; None if one does not move."""
    a, b = ((w - w[0]).ravel() for w in (one, other))
    if a.shape != b.shape or not a.any() or not b.any():
        return None
    return float(np.corrcoef(a, b)[0, 1])
