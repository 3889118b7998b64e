"""Many training runs at once: parallel processes, one result file each, and what is on disk is not run again.

In: jobs, each a design (its seeds already in it), a level and limits. Out: one JSON-ready record per job, in the order
of the jobs. A file's name carries a hash of all that its content depends on, so a stale file is never read.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from compiler.design import Design
from dsd.files import write_json_atomic

Record = dict[str, Any]
Report = Callable[[int, int, str], None]
"""``report(done, total, sentence)`` after every job."""


@dataclass(frozen=True, eq=False)
class Job:
    """One training run: ``name`` is for people and file names; ``tests`` bounds the samples of each test set."""

    name: str
    design: Design
    level: str = "formal"
    epochs: int | None = None
    tests: int | None = None

    @cached_property
    def key(self) -> str:
        """Twelve hex digits of design, data, seeds, level, limits and version."""
        from compiler import __version__

        given = [self.design.digest, self.level, self.epochs, self.tests, __version__]
        return hashlib.sha256(json.dumps(given).encode()).hexdigest()[:12]

    @property
    def file(self) -> str:
        """Name of the result file."""
        return f"{self.name}-{self.key}.json"


def run_jobs(
    jobs: Sequence[Job],
    folder: str | Path,
    *,
    workers: int | None = None,
    report: Report | None = None,
    work: Callable[[Job], Record] | None = None,
) -> tuple[Record, ...]:
    """The records of all jobs; those that lie in ``folder`` already are read, the others run and are written there.

    A run that fails for a reason of its own (a blow-up) is a result: its record has ``error``. A job whose process
    dies has ``error`` too, but no file, so that it is run again next time. On KeyboardInterrupt the workers are ended
    before it is raised again. ``work`` runs a job (default: :func:`compiler.bench.train.train_job`); kinds of work
    that write different records need different folders.
    """
    folder = Path(folder)
    found = {job.file: record for job in jobs if (record := _stored(folder / job.file)) is not None}
    waiting = {job.file: job for job in jobs if job.file not in found}
    total = len({job.file for job in jobs})
    if report and found:
        report(len(found), total, f"{len(found)} of {total} runs were already in {folder}")
    for file, record in _finished(waiting, workers, work):
        if record.pop("lost", False):
            record |= {"design": waiting[file].design.name, "seed": waiting[file].design.training.seed}
        else:
            write_json_atomic(folder / file, record)
        found[file] = record
        if report:
            report(len(found), total, _sentence(waiting[file], record))
    return tuple(found[job.file] for job in jobs)


def _finished(waiting: dict[str, Job], workers: int | None, work: Callable[[Job], Record] | None) -> Any:
    """Run jobs in processes; yields (file, record) as they finish."""
    from compiler.bench.train import train_job

    if not waiting:
        return
    count = max(1, min(workers or os.cpu_count() or 1, len(waiting)))
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(count, mp_context=context)
    try:
        futures = {pool.submit(work or train_job, job): file for file, job in waiting.items()}
        for future in as_completed(futures):
            try:
                yield futures[future], future.result()
            except BrokenProcessPool:
                reason = "a worker process was ended from outside, perhaps for lack of memory; use fewer --workers"
                yield futures[future], {"error": reason, "lost": True}
    except BaseException:
        for process in multiprocessing.active_children():
            process.terminate()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _stored(path: Path) -> Record | None:
    """A record on disk; a file that is not one is treated as absent and written anew."""
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return record if isinstance(record, dict) else None


def _sentence(job: Job, record: Record) -> str:
    if record.get("error"):
        return f"{job.name}: {record['error']}"
    last = record["validation_loss"][-1]
    return f"{job.name}: validation loss {last:.4g} after {record['iterations']} iterations, {record['wall_s']:.0f} s"
