"""Training runs as tasks: one record each, with losses and scores.

In: jobs, each a design (its seeds already in it), a level and limits. Out: one JSON-ready record per job, in the order
of the jobs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from compiler.design import Design
from compiler.tasks.store import Report, run_tasks
from compiler.tasks.task import HERE, Record, Task, Where


@dataclass(frozen=True, eq=False)
class Job:
    """One training run: ``name`` is for people and file names; ``tests`` bounds the samples of each test set."""

    name: str
    design: Design
    level: str = "formal"
    epochs: int | None = None
    tests: int | None = None

    @property
    def about(self) -> dict[str, Any]:
        """The columns that tell this run from others."""
        from compiler import __version__

        return {
            "design": self.design.name,
            "digest": self.design.digest,
            "version": __version__,
            "level": self.level,
            "seed": self.design.training.seed,
            "epochs": self.design.training.epochs if self.epochs is None else self.epochs,
        }

    @property
    def task(self) -> Task:
        """The run as a task; its result depends on design, data, seeds, level and limits."""
        from compiler.bench.train import train_job

        content = (self.design.digest, self.level, self.epochs, self.tests)
        return Task(self.name, train_job, self, content, self.about)


def run_jobs(
    jobs: Sequence[Job], folder: str | Path, where: Where = HERE, *, report: Report | None = None
) -> tuple[Record, ...]:
    """The records of all jobs, as :func:`compiler.tasks.store.run_tasks` has them."""
    return run_tasks([job.task for job in jobs], folder, where, describe=_described, report=report)


def runs_table(jobs: Sequence[Job], records: Sequence[Record]) -> list[Record]:
    """A row a run for :func:`compiler.tasks.tidy.tidy`: what it is, its final losses, a score per set, or its error."""
    return [_row(job, record) for job, record in zip(jobs, records, strict=True)]


def _row(job: Job, record: Record) -> Record:
    row = {**job.about, "run": job.name, "train_loss": None, "validation_loss": None, "measure": None}
    if not record.get("error"):
        row |= {name: record[name][-1] for name in ("train_loss", "validation_loss") if record[name]}
        row["measure"] = record["measure"]
        row |= {f"{part}_score": found["score"] for part, found in record["sets"].items()}
        row |= {"iterations": record["iterations"], "training_s": record["training_s"]}
    return row | {"error": record.get("error")}


def _described(record: Record) -> str:
    last = record["validation_loss"][-1]
    return f"validation loss {last:.4g} after {record['iterations']} iterations, {record['wall_s']:.0f} s"
