"""Robustness: how strong a fault a design's pot stands, and which of its modules fails first.

In: a design. Out: one training run at level dsd for each strength of each fault, as jobs for
:mod:`compiler.bench.runs`; then, at the least strength where survival falls under ``FAILED``, one run for each gate
family with the fault in that family alone. The family whose fault costs most survival is the one that fails first.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import mean
from types import MappingProxyType

import numpy as np

from compiler.bench.runs import Job
from compiler.bench.train import spread
from compiler.design import Design
from compiler.metrics import survival
from compiler.tasks.task import Progress, Record, Task
from compiler.training import trainer
from compiler.training.history import History, TrainingError
from dsd.errors import StrandgradError

FAILED = 0.9
"""Survival under which a pot counts as having failed."""

AXES: Mapping[str, tuple[float, ...]] = MappingProxyType(
    {
        "leak": (1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1.4),
        "scatter": (0.01, 0.02, 0.05, 0.1, 0.2, 0.36),
        "concentration": (0.01, 0.02, 0.05, 0.1, 0.2),
    }
)
"""Faults and the strengths tried, weakest first; the last of leak and scatter are the literature's own."""

UNITS: Mapping[str, str] = MappingProxyType(
    {
        "leak": "/M/s, toeless displacement",
        "scatter": "standard deviation of log10 of rate constants",
        "concentration": "standard deviation of ln of concentrations",
    }
)


@dataclass(frozen=True)
class Point:
    """Runs at one strength of one fault, in ``only`` (all gates if empty): mean survival over the seeds, and evidence.

    A run that stopped counts with survival 0, and ``note`` has its reason. ``drift`` is that of the clock's period,
    ``trough`` the factor by which its trough moved (last cycle over first), None where the clock was not measured.
    """

    fault: str
    strength: float
    only: str
    survival: float
    worst: float
    drift: float | None
    trough: float | None
    note: str


def level_jobs(design: Design, faults: Sequence[str], seeds: int, epochs: int, tests: int) -> tuple[Job, ...]:
    """A run without faults, then one for every fault, strength and seed."""
    jobs = [Job(f"{design.name}-intact", design, "dsd", epochs, tests)]
    for fault in faults:
        for strength in AXES[fault]:
            jobs += [_job(design, fault, strength, "", s, epochs, tests) for s in range(_draws(fault, seeds))]
    return tuple(jobs)


def family_jobs(
    design: Design, fault: str, strength: float, families: Sequence[str], seeds: int, epochs: int, tests: int
) -> tuple[Job, ...]:
    """A run for every gate family with the fault in it alone, and every seed."""
    draws = range(_draws(fault, seeds))
    return tuple(_job(design, fault, strength, f, s, epochs, tests) for f in families for s in draws)


def _draws(fault: str, seeds: int) -> int:
    """A leak is not drawn, so one run says it all."""
    return 1 if fault == "leak" else seeds


def _job(design: Design, fault: str, strength: float, only: str, seed: int, epochs: int, tests: int) -> Job:
    changes = {f"faults.{fault}": strength, "faults.seed": seed, "faults.only": (only,) if only else ()}
    name = "-".join([design.name, f"{fault}{strength:g}", *only.split(), f"draw{seed}"])
    return Job(name, design.amended(changes), "dsd", epochs, tests)


def task(job: Job) -> Task:
    """A job as a task; its result depends on design (faults and seeds in it), level and limits."""
    content = ("robust", job.design.digest, job.level, job.epochs, job.tests)
    return Task(job.name, robust_job, job, content, {**job.about, "survival": 0.0})


def robust_job(job: Job, progress: Progress | None = None) -> Record:
    """One training run: survival against formal, what the clock did, or why the run stopped and when."""
    started = time.perf_counter()
    data = job.design.data
    few = spread(data.validation_x, job.tests), spread(data.validation_y, job.tests)
    design = job.design.on(data.with_parts(validation=few, test=(data.test_x[:0], data.test_y[:0])))
    formal = trainer("formal")(design, epochs=job.epochs)
    record: Record = {"design": job.design.name, "error": None, "survival": 0.0}
    try:
        history = trainer(job.level)(design, epochs=job.epochs, progress=progress)
        record["survival"] = survival(history, formal).value
    except TrainingError as error:
        history, record["error"] = error.history, str(error)
    except StrandgradError as error:
        return record | {"error": str(error), "wall_s": time.perf_counter() - started}
    return record | {
        "validation_loss": list(history.validation_loss),
        "iterations": history.iterations,
        "clock": _clock(history),
        "warnings": list(history.extra.get("warnings", ())),
        "wall_s": time.perf_counter() - started,
    }


def _clock(history: History) -> dict[str, float] | None:
    clock = history.extra.get("clock")
    if not clock:
        return None
    periods, troughs = np.array(clock["periods"]), np.array(clock["trough"])
    return {
        "drift": float(periods[-1] / periods[0] - 1),
        "trough": float(troughs[-1] / troughs[0]),
        "overlap": float(max(clock["overlap"])),
    }


def points(jobs: Sequence[Job], records: Sequence[Record]) -> tuple[Point, ...]:
    """What the runs of :func:`level_jobs` or :func:`family_jobs` say, seeds gathered, in their order."""
    groups: dict[tuple[str, float, str], list[Record]] = {}
    for job, record in zip(jobs, records, strict=True):
        groups.setdefault(_what(job.design), []).append(record)
    return tuple(_point(key, found) for key, found in groups.items())


def _what(design: Design) -> tuple[str, float, str]:
    on = [(f, float(getattr(design.faults, f))) for f in AXES if getattr(design.faults, f)]
    fault, strength = on[0] if on else ("", 0.0)
    return fault, strength, " ".join(design.faults.only)


def _point(key: tuple[str, float, str], records: Sequence[Record]) -> Point:
    kept = [0.0 if r["survival"] is None else float(r["survival"]) for r in records]
    clocks = [r["clock"] for r in records if r.get("clock")]
    notes = [str(r["error"]) for r in records if r["error"]] or [w for r in records for w in r.get("warnings", ())]
    drift = max((c["drift"] for c in clocks), key=abs, default=None)
    trough = max((c["trough"] for c in clocks), key=lambda x: abs(float(np.log(x))), default=None)
    return Point(*key, mean(kept), min(kept), drift, trough, notes[0] if notes else "")


def falls(table: Sequence[Point], fault: str) -> Point | None:
    """The weakest strength of ``fault`` at which mean survival is under ``FAILED``; None if it stands them all."""
    return next((p for p in table if p.fault == fault and not p.only and p.survival < FAILED), None)


def first(table: Sequence[Point], fault: str) -> Point | None:
    """The family that fails first under ``fault``: the least survival of those affected alone; None if untried."""
    alone = [p for p in table if p.fault == fault and p.only]
    return min(alone, key=lambda p: p.survival, default=None)
