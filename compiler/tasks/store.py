"""Results on disk: one file a task, and what is there is not run again.

In: tasks and a folder. Out: one record per task, in their order. Only the command writes files, when a result arrives:
so each is written once, however often a worker had to begin.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from compiler.tasks.task import HERE, Lost, Note, Record, Task, Tell, Where
from dsd.files import write_json_atomic

Report = Callable[[int, int, str], None]
"""``report(done, total, sentence)`` after every task."""

Describe = Callable[[Record], str]
"""A few words about a record that has no error."""


def perform(
    tasks: Sequence[Task], where: Where = HERE, tell: Tell | None = None, note: Note | None = None
) -> Generator[tuple[Task, Any]]:
    """Run tasks here or on a cluster; yields each with its value, or :class:`Lost`, as they finish.

    Close it (``contextlib.closing``): that ends the workers, whatever happened in between.
    """
    if where.scheduler and tasks:
        from compiler.tasks.cluster import perform_on_cluster

        return perform_on_cluster(tasks, where.scheduler)
    from compiler.tasks.local import perform_here

    return perform_here(tasks, where.workers, tell, note)


def run_tasks(
    tasks: Sequence[Task],
    folder: str | Path,
    where: Where = HERE,
    *,
    describe: Describe = lambda record: "done",
    report: Report | None = None,
) -> tuple[Record, ...]:
    """The records of all tasks, whose functions return records; those in ``folder`` already are read.

    A run that fails for a reason of its own (a blow-up) is a result: its record has ``error``. A task that is lost has
    a record of what it is about, with ``error``, but no file, so that it is run again next time.
    """
    folder = Path(folder)
    wanted = {task.file: task for task in tasks}
    found = {file: record for file in wanted if (record := _stored(folder / file)) is not None}
    said = report or _silent
    if found:
        said(len(found), len(wanted), f"{len(found)} of {len(wanted)} runs were already in {folder}")
    waiting = [task for file, task in wanted.items() if file not in found]

    def note(sentence: str) -> None:
        said(len(found), len(wanted), sentence)

    with closing(perform(waiting, where, note=note)) as results:
        for task, value in results:
            if isinstance(value, Lost):
                value = {**task.about, "error": value.reason}
            else:
                write_json_atomic(folder / task.file, value)
            found[task.file] = value
            said(len(found), len(wanted), f"{task.name}: {value.get('error') or describe(value)}")
    return tuple(found[task.file] for task in tasks)


def _stored(path: Path) -> Record | None:
    """A record on disk; a file that is not one is treated as absent and written anew."""
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return record if isinstance(record, dict) else None


def _silent(done: int, total: int, sentence: str) -> None:
    """Nobody watches."""
