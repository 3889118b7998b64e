"""Replicates: one design trained from many seeds; and a drill that ends a worker half-way to show that none is lost.

In: a design and a number. Out: jobs for :mod:`compiler.bench.runs`; a local Dask cluster with the means to end one of
its workers; and :class:`Tally`, what is there in the end.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, stdev

from compiler.bench.runs import Job
from compiler.design import Design
from compiler.tasks.store import Report
from compiler.tasks.task import Record
from dsd.errors import InputError


def replicates(design: Design, count: int, *, level: str = "formal", epochs: int | None = None) -> tuple[Job, ...]:
    """A run for each seed from 0 on: it draws samples (or their split), weights and order, as far as they are drawn.

    Raises :class:`InputError` for a design that draws nothing, whose replicates would all be the same.
    """
    seeded = [design.seeded(seed) for seed in range(count)]
    if count > 1 and seeded[0].neural.initial == seeded[1].neural.initial and _same_samples(*seeded[:2]):
        raise InputError(
            f"{design.name} draws neither samples nor weights nor their order, so all replicates would be the same; "
            f'set [training] order = "shuffled"'
        )
    digits = len(str(count - 1))
    return tuple(Job(f"{d.name}-{seed:0{digits}}", d, level, epochs, 200) for seed, d in enumerate(seeded))


def _same_samples(one: Design, other: Design) -> bool:
    a, b = one.data, other.data
    same = a.train_x.shape == b.train_x.shape and bool((a.train_x == b.train_x).all())
    return same and one.training.order != "shuffled"


@dataclass(frozen=True)
class Tally:
    """What there is of ``wanted`` replicates: ``files`` on disk, ``seeds`` that are different, and ``failed`` runs."""

    wanted: int
    files: int
    seeds: int
    failed: int

    @property
    def complete(self) -> bool:
        """Whether every replicate has one result, and none has two."""
        return self.wanted == self.files == self.seeds


def tally(jobs: Sequence[Job], records: Sequence[Record], folder: Path) -> Tally:
    """Count the results of ``jobs`` in ``folder``, those that other versions or limits left there included."""
    names = {job.name for job in jobs}
    files = [p for p in folder.glob("*.json") if p.stem.rpartition("-")[0] in names]
    # A run that was lost has a record of what it was about, but took no time.
    results = [record for record in records if "wall_s" in record]
    seeds = {record["seed"] for record in results}
    return Tally(len(jobs), len(files), len(seeds), sum(bool(record["error"]) for record in results))


def spread(records: Sequence[Record]) -> str:
    """Mean and standard deviation of the last validation losses, in a few words."""
    losses = [record["validation_loss"][-1] for record in records if not record.get("error")]
    if len(losses) < 2:
        return "too few runs for a spread"
    return f"validation loss {mean(losses):.4g} ± {stdev(losses):.2g} (standard deviation) over {len(losses)} seeds"


class Drill:
    """A local Dask cluster, one of whose workers is ended by SIGKILL when half of the runs are done."""

    def __init__(self, address: str, victims: Sequence[int]) -> None:
        self.address, self.victims = address, tuple(victims)
        self.killed: int | None = None
        self.done_when_killed = 0

    def watching(self, report: Report) -> Report:
        """The same report, with the killing."""

        def watched(done: int, total: int, sentence: str) -> None:
            report(done, total, sentence)
            if self.killed is None and 2 * done >= total:
                self.killed, self.done_when_killed = self.victims[0], done
                os.kill(self.killed, signal.SIGKILL)
                report(done, total, f"worker process {self.killed} was ended by SIGKILL")

        return watched


@contextmanager
def drill(workers: int) -> Iterator[Drill]:
    """Start a Dask cluster of ``workers`` processes on this machine; it is gone afterwards."""
    try:
        from distributed import LocalCluster
    except ImportError:
        raise InputError("--drill needs dask.distributed; pip install 'strandgrad[cluster]'") from None
    with LocalCluster(
        n_workers=workers, threads_per_worker=1, processes=True, dashboard_address="127.0.0.1:0", host="127.0.0.1"
    ) as cluster:
        yield Drill(cluster.scheduler_address, [nanny.pid for nanny in cluster.workers.values()])
