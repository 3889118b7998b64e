"""Comparison of levels: each trains in a process of its own, heaviest first, and a failure costs only its own level.

In: a design and levels. Out: :class:`Outcome` per level, in the order asked for.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import cast

from compiler.design import Design
from compiler.training import EVERY_LEVEL, LEVELS, trainer
from compiler.training.history import History, TrainingError
from dsd.errors import InputError, StrandgradError

Report = Callable[[str, int, int], None]
"""``report(level, done, total)`` after every iteration of a level."""

Run = tuple[str, BaseProcess]
"""A level and the process that trains it."""


@dataclass(frozen=True)
class Outcome:
    """What came of one level: its history, or the reason why there is none, and what there was until it failed."""

    level: str
    history: History | None
    error: str = ""
    partial: History | None = None


def compare(
    design: Design,
    levels: Sequence[str] = LEVELS,
    *,
    epochs: int | None = None,
    seed: int | None = None,
    workers: int | None = None,
    report: Report | None = None,
) -> tuple[Outcome, ...]:
    """Train ``design`` at every level of ``levels``, at most ``workers`` (default: one a core) at a time.

    Raises :class:`InputError` for an unknown level. A level that fails, or whose process dies, yields an outcome with
    the reason. On KeyboardInterrupt all workers are stopped before it is raised again.
    """
    for level in levels:
        if level not in EVERY_LEVEL:
            raise InputError(f"no level '{level}'; the levels are {', '.join(EVERY_LEVEL)}")
    count = workers or os.cpu_count() or 1
    waiting = sorted(levels, key=EVERY_LEVEL.index)
    running: dict[Connection, Run] = {}
    found: dict[str, Outcome] = {}
    try:
        while waiting or running:
            while waiting and len(running) < count:
                pipe, run = _start(design, waiting.pop(), epochs, seed)
                running[pipe] = run
            for ready in wait(list(running)):
                pipe = cast(Connection, ready)
                level, process = running[pipe]
                outcome = _received(level, pipe, process, report)
                if outcome:
                    found[level] = outcome
                    del running[pipe]
                    pipe.close()
    finally:
        for _, process in running.values():
            process.terminate()
            process.join()
    return tuple(found[level] for level in levels)


def histories(outcomes: Sequence[Outcome]) -> dict[str, History]:
    """The histories of the levels that finished."""
    return {o.level: o.history for o in outcomes if o.history is not None}


def failures(outcomes: Sequence[Outcome]) -> dict[str, str]:
    """The reasons of the levels that did not."""
    return {o.level: o.error for o in outcomes if o.history is None}


def partials(outcomes: Sequence[Outcome]) -> dict[str, History]:
    """The histories of the levels that began to train and failed, up to there."""
    return {o.level: o.partial for o in outcomes if o.partial is not None}


def _start(design: Design, level: str, epochs: int | None, seed: int | None) -> tuple[Connection, Run]:
    """Start training a level in a fresh process, and the pipe that it reports through.

    A pipe of its own shares no lock with others, so a process can be ended at any moment.
    """
    context = get_context("spawn")
    reader, writer = context.Pipe(duplex=False)
    process = context.Process(target=_train, args=(writer, design, level, epochs, seed), name=level, daemon=True)
    process.start()
    writer.close()
    return reader, (level, process)


def _train(pipe: Connection, design: Design, level: str, epochs: int | None, seed: int | None) -> None:
    """Train one level: sends ``(done, total)`` again and again, then the history, or what says why there is none.

    Ctrl-C reaches the whole process group; it is left to the parent, which ends this process.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def progress(done: int, total: int) -> None:
        pipe.send((done, total))

    try:
        history = trainer(level)(design, epochs=epochs, seed=seed, progress=progress)
    except TrainingError as error:
        pipe.send(error)
    except StrandgradError as error:
        pipe.send(str(error))
    except Exception as error:  # a defect of one level must not take the others' results with it
        pipe.send(f"unexpected {type(error).__name__}: {error}")
    else:
        pipe.send(history)


def _received(level: str, pipe: Connection, process: BaseProcess, report: Report | None) -> Outcome | None:
    """Take one message of a level; its outcome, or None if it goes on."""
    try:
        message = pipe.recv()
    except (EOFError, OSError):
        process.join()
        how = f"its process ended with code {process.exitcode}"
        return Outcome(level, None, f"{how}, perhaps for lack of memory; train it alone")
    if isinstance(message, tuple):
        if report:
            report(level, *message)
        return None
    process.join()
    if isinstance(message, str):
        return Outcome(level, None, message)
    if isinstance(message, TrainingError):
        return Outcome(level, None, str(message), message.history)
    return Outcome(level, message)
