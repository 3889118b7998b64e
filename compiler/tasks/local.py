"""Tasks on the cores of this machine.

In: tasks and a number of processes. Out: each task with its value, as they finish. Every process has a pipe of its own:
one that is killed takes nothing along but the task it had, and that is run again in a new process.
"""

from __future__ import annotations

import os
import signal
from collections import Counter, deque
from collections.abc import Generator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, cast

from compiler.tasks.task import Lost, Note, Task, Tell

ATTEMPTS = 3
"""Processes that may die over one task before it counts as lost."""

PATIENCE_S = 5.0
"""Seconds that a process has to end when it is told to."""


@dataclass(eq=False)
class _Worker:
    process: BaseProcess
    pipe: Connection
    task: Task


def perform_here(
    tasks: Sequence[Task], workers: int | None = None, tell: Tell | None = None, note: Note | None = None
) -> Generator[tuple[Task, Any]]:
    """Run ``tasks``, begun in their order, and yield each with its value or :class:`Lost` as they finish.

    A task is lost if its function raised, or if ``ATTEMPTS`` processes died over it. However the iteration ends, no
    process is left behind.
    """
    pool = _Pool(max(1, min(workers or os.cpu_count() or 1, len(tasks))), tell, note)
    waiting = deque(tasks)
    try:
        while waiting or pool.busy:
            while waiting and len(pool.busy) < pool.count:
                pool.give(waiting.popleft())
            for pipe in wait(list(pool.busy)):
                task, value = pool.heard(cast(Connection, pipe))
                if value is _AGAIN:
                    waiting.append(task)
                elif value is not _NOTHING:
                    yield task, value
    finally:
        pool.end()


_AGAIN, _NOTHING = object(), object()


class _Pool:
    """Processes with a task each (``busy``, by their pipes) and without (``idle``)."""

    def __init__(self, count: int, tell: Tell | None, note: Note | None) -> None:
        self.count, self.tell, self.note = count, tell, note
        self.busy: dict[Connection, _Worker] = {}
        self.idle: list[tuple[BaseProcess, Connection]] = []
        self.deaths: Counter[int] = Counter()

    def give(self, task: Task) -> None:
        """Send a task to a process, a new one if all are busy."""
        process, pipe = self.idle.pop() if self.idle else self._started()
        self.busy[pipe] = _Worker(process, pipe, task)
        with suppress(OSError):  # if it has died, its pipe will say so
            pipe.send(task)

    def _started(self) -> tuple[BaseProcess, Connection]:
        context = get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=_work, args=(theirs, self.tell is not None), daemon=True)
        process.start()
        theirs.close()
        return process, ours

    def heard(self, pipe: Connection) -> tuple[Task, Any]:
        """Take one message: a task and its value, ``_AGAIN`` if it is to be run again, ``_NOTHING`` if it goes on."""
        worker = self.busy[pipe]
        try:
            kind, value = pipe.recv()
        except (EOFError, OSError):
            return worker.task, self._died(worker)
        if kind == "progress":
            if self.tell:
                self.tell(worker.task, *value)
            return worker.task, _NOTHING
        del self.busy[pipe]
        self.idle.append((worker.process, pipe))
        return worker.task, Lost(value) if kind == "raised" else value

    def _died(self, worker: _Worker) -> Any:
        del self.busy[worker.pipe]
        worker.pipe.close()
        worker.process.join()
        self.deaths[id(worker.task)] += 1
        how = f"its process ended with code {worker.process.exitcode}"
        if self.deaths[id(worker.task)] >= ATTEMPTS:
            return Lost(f"{how}, as did {ATTEMPTS - 1} before it, perhaps for lack of memory; use fewer --workers")
        if self.note:
            self.note(f"{worker.task.name}: {how}; it is run again")
        return _AGAIN

    def end(self) -> None:
        """End every process."""
        processes = [(w.process, w.pipe) for w in self.busy.values()] + self.idle
        for process, pipe in processes:
            process.terminate()
            pipe.close()
        for process, _ in processes:
            process.join(PATIENCE_S)
            if process.is_alive():
                process.kill()
                process.join()


def _work(pipe: Connection, chatty: bool) -> None:
    """Do tasks until there are no more. Ctrl-C reaches the whole process group; it is left to the parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def progress(done: int, total: int) -> None:
        if chatty:
            pipe.send(("progress", (done, total)))

    try:
        while True:
            task: Task = pipe.recv()
            try:
                message = "value", task.function(task.argument, progress)
            except Exception as error:  # a defect of one task must not take the others' results with it
                message = "raised", f"unexpected {type(error).__name__}: {error}"
            pipe.send(message)
    except (EOFError, OSError):
        return  # the parent has gone
