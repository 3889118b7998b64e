"""Translation schemes side by side, each with a limit of CPU time.

In: a network. Out: a :class:`~dsd.scheme_bench.Row` a scheme, as they are found. A scheme works in a process apart,
which is ended when its time is over, and the next one has a new process.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import resource
import signal
from collections.abc import Iterator, Mapping
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from compiler.bench.worker import LOOK, MEMORY, cpu_seconds
from dsd.network import Network
from dsd.scheme_bench import Row, row, unfinished
from dsd.syntax import print_crn
from dsd.translate import scheme_names

OVER = "not done in"
"""How the fault of a scheme begins that took too long."""


def rows(
    network: Network, limit_s: float, toehold_nt: int = 5, long_nt: int = 15, kept: Mapping[str, Row] | None = None
) -> Iterator[Row]:
    """A row for every scheme there is here, in the order of :func:`~dsd.translate.scheme_names`.

    One that takes more than ``limit_s`` CPU seconds has a row that says so. ``kept`` rows are given as they are.
    """
    worker: _Worker | None = None
    try:
        for name in scheme_names():
            if kept and name in kept:
                yield kept[name]
                continue
            worker = worker if worker and worker.process.is_alive() else _Worker()
            yield worker.row(name, network, toehold_nt, long_nt, limit_s)
    finally:
        if worker:
            worker.end()


class _Worker:
    """A process that does one scheme after the other."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, other = context.Pipe()
        self.process: BaseProcess = context.Process(target=_serve, args=(other,), daemon=True)
        self.process.start()
        other.close()
        with suppress(EOFError):
            self.pipe.recv()  # it has imported what it needs

    def row(self, name: str, network: Network, toehold_nt: int, long_nt: int, limit_s: float) -> Row:
        """The row of a scheme, within the limit or not."""
        before = cpu_seconds(self.process.pid)
        try:
            self.pipe.send((name, network, toehold_nt, long_nt))
            while not self.pipe.poll(LOOK):
                if cpu_seconds(self.process.pid) - before > limit_s:
                    self.end()
                    return unfinished(name, f"{OVER} {limit_s:g} s", limit_s)
            found: Row = self.pipe.recv()
        except (EOFError, OSError):
            self.process.join()
            return unfinished(name, f"its process ended with code {self.process.exitcode}", 0.0)
        return found

    def end(self) -> None:
        """End the process, whatever it does."""
        self.process.kill()
        self.process.join()
        self.pipe.close()


def _serve(pipe: Connection) -> None:
    """Ctrl-C reaches the whole process group; it is left to the parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    pipe.send("ready")
    while True:
        try:
            name, *given = pipe.recv()
        except EOFError:
            return  # the parent has gone
        try:
            found = row(name, *given)
        except Exception as error:  # a scheme's own interpreter and a lack of memory may raise anything
            found = unfinished(name, f"{type(error).__name__}: {(str(error).splitlines() or [''])[0][:200]}", 0.0)
        pipe.send(found)


def facts(network: Network, toehold_nt: int, long_nt: int) -> dict[str, Any]:
    """What rows depend on beside their scheme."""
    digest = hashlib.sha256(print_crn(network).encode()).hexdigest()
    return {"network": digest, "toehold_nt": toehold_nt, "long_nt": long_nt}


def kept(file: Path, wanted: Mapping[str, Any], limit_s: float) -> dict[str, Row]:
    """Rows of an earlier run with the same ``facts``; those that it gave up, only if this one would as early."""
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
        if any(told.get(key) != value for key, value in wanted.items()):
            return {}
        found = [Row(**entry) for entry in told["schemes"]]
    except (OSError, ValueError, TypeError, KeyError):
        return {}  # none yet, or none of ours
    return {r.scheme: r for r in found if not r.fault.startswith(OVER) or r.seconds >= limit_s}
