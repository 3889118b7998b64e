"""Comparison of levels: each trains in a process of its own, heaviest first, and a failure costs only its own level.

In: a design and levels. Out: :class:`Outcome` per level, in the order asked for.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass, fields
from multiprocessing import get_context
from types import MappingProxyType
from typing import Any

from compiler.design import Design
from compiler.training import LEVELS, trainer
from compiler.training.history import History
from dsd.errors import InputError, StrandgradError

Report = Callable[[str, int, int], None]
"""``report(level, done, total)`` after every iteration of a level."""

_channel: Any = None


@dataclass(frozen=True)
class Outcome:
    """What came of one level: its history, or the reason why there is none."""

    level: str
    history: History | None
    error: str = ""


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
        if level not in LEVELS:
            raise InputError(f"no level '{level}'; the levels are {', '.join(LEVELS)}")
    context = get_context("spawn")
    listener = _Listener(context.Queue(), report)
    count = max(1, min(workers or os.cpu_count() or 1, len(levels)))
    threads = ThreadPoolExecutor(count)

    def alone(level: str) -> dict[str, Any] | str:
        """Train in a process that no other level shares, so that its death is nobody else's."""
        with ProcessPoolExecutor(1, mp_context=context, initializer=_begin, initargs=(listener.channel,)) as pool:
            return pool.submit(_train, design, level, epochs, seed).result()

    try:
        heaviest_first = sorted(levels, key=LEVELS.index, reverse=True)
        futures = {threads.submit(alone, level): level for level in heaviest_first}
        found = {futures[future]: _outcome(futures[future], future) for future in as_completed(futures)}
    except BaseException:
        threads.shutdown(wait=False, cancel_futures=True)
        listener.stop()
        raise
    finally:
        threads.shutdown(wait=True)
        listener.close()
    return tuple(found[level] for level in levels)


def histories(outcomes: Sequence[Outcome]) -> dict[str, History]:
    """The histories of the levels that finished."""
    return {o.level: o.history for o in outcomes if o.history is not None}


def failures(outcomes: Sequence[Outcome]) -> dict[str, str]:
    """The reasons of the levels that did not."""
    return {o.level: o.error for o in outcomes if o.history is None}


class _Listener:
    """Reads what the workers send: their process ids once, then progress."""

    def __init__(self, channel: Any, report: Report | None) -> None:
        self.channel, self.report = channel, report
        self.workers: list[int] = []
        self.stopped = False
        self.thread = threading.Thread(target=self._listen, daemon=True)
        self.thread.start()

    def stop(self) -> None:
        """Terminate the workers, and those that are only now starting; what they have not returned is lost."""
        self.stopped = True
        for pid in self.workers:
            _end(pid)

    def close(self) -> None:
        """Stop listening."""
        self.channel.put(None)
        self.thread.join(timeout=5)
        self.channel.close()

    def _listen(self) -> None:
        while (message := self.channel.get()) is not None:
            if isinstance(message, int):
                self.workers.append(message)
                if self.stopped:
                    _end(message)
            elif self.report:
                self.report(*message)


def _end(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)


def _begin(channel: Any) -> None:
    """Set up a worker: it leaves Ctrl-C to its parent, which ends it."""
    global _channel
    _channel = channel
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    channel.put(os.getpid())


def _train(design: Design, level: str, epochs: int | None, seed: int | None) -> dict[str, Any] | str:
    """Train one level in a worker; the history as plain values, since read-only mappings do not travel."""

    def progress(done: int, total: int) -> None:
        _channel.put((level, done, total))

    try:
        history = trainer(level)(design, epochs=epochs, seed=seed, progress=progress)
    except StrandgradError as error:
        return str(error)
    values = {f.name: getattr(history, f.name) for f in fields(history)}
    return values | {"extra": dict(history.extra)}


def _outcome(level: str, future: Future[dict[str, Any] | str]) -> Outcome:
    try:
        result = future.result()
    except BrokenProcessPool:
        return Outcome(level, None, "its process was ended from outside, perhaps for lack of memory; run it alone")
    except Exception as error:  # a defect of one level must not take the others' results with it
        return Outcome(level, None, f"unexpected {type(error).__name__}: {error}")
    if isinstance(result, str):
        return Outcome(level, None, result)
    extra: Mapping[str, Any] = MappingProxyType(result.pop("extra"))
    return Outcome(level, History(**result, extra=extra))
