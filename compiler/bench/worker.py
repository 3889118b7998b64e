"""A solver in a process of its own: prepared once, run on demand, stopped at a limit of CPU time.

In: the name of a solver, a network and sample times. Out: :class:`Worker`, whose ``run`` gives samples or says why not.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import time
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from dsd.network import Network

if TYPE_CHECKING:
    from collections.abc import Iterator

Floats = NDArray[np.float64]

MEMORY = 6 << 30
"""Bytes that a solver may allocate."""
LOOK = 0.05
"""Wall seconds between two looks at a process that works."""
PATIENCE = 12.0
"""Wall seconds per second of CPU limit after which a process that sleeps is given up."""
SINGLE = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
"""Environment of a solver that has one core."""


class Failed(Exception):
    """A solver gave no result; the message says why, in a few words."""


class Worker:
    """One solver for one network. ``setup_s`` is its preparation in CPU seconds, ``memory`` its peak in bytes."""

    def __init__(self, solver: str, network: Network, times: Floats, limit_s: float) -> None:
        self.limit_s, self.memory = limit_s, 0
        context = multiprocessing.get_context("spawn")
        self._pipe, other = context.Pipe()
        self._process = context.Process(target=_serve, args=(other, solver, network, times), daemon=True)
        with _environment(SINGLE):
            self._process.start()
        other.close()
        try:
            self.setup_s = float(self._answer("set-up"))
        except Failed:
            self.close()
            raise

    def run(self, rtol: float, atol: float) -> tuple[Floats, float]:
        """Samples (S, N) and CPU seconds; raises :class:`Failed`."""
        try:
            self._pipe.send((rtol, atol))
        except OSError:
            raise Failed("its process had ended") from None
        samples, cpu_s, self.memory = self._answer("a run")
        return samples, cpu_s

    @property
    def alive(self) -> bool:
        """Whether it can be asked again."""
        return self._process.is_alive()

    def close(self) -> None:
        """End the process."""
        self._pipe.close()
        self._process.terminate()
        self._process.join()

    def _answer(self, what: str) -> Any:
        """What the process sends; it is watched from here, since a timer of its own would coarsen its clock."""
        began, asked = cpu_seconds(self._process.pid), time.monotonic()
        while not self._pipe.poll(LOOK):
            over = cpu_seconds(self._process.pid) - began > self.limit_s
            if over or time.monotonic() - asked > PATIENCE * self.limit_s + 30.0:
                self._process.kill()
                self._process.join()
                raise Failed(f"{what} took over {self.limit_s:g} s" if over else f"{what} did not end")
        try:
            good, value = self._pipe.recv()
        except (EOFError, OSError):
            self._process.join()
            raise Failed(f"{what} ended its process") from None
        if not good:
            raise Failed(value)
        return value


def cpu_seconds(pid: int | None) -> float:
    """CPU time of a process so far; 0 where the system does not tell."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _serve(pipe: Connection, solver: str, network: Network, times: Floats) -> None:
    """The worker's own process: answer (True, value) or (False, reason) to everything asked."""
    from compiler.bench.solvers import SOLVERS

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    try:
        before = time.process_time()
        run = SOLVERS[solver](network, times)
        pipe.send((True, time.process_time() - before))
    except Exception as error:
        pipe.send((False, _said(error)))
        return
    while True:
        try:
            rtol, atol = pipe.recv()
        except EOFError:
            return
        try:
            samples, cpu_s = run(rtol, atol)
            pipe.send((True, (samples, cpu_s, peak_memory())))
        except Exception as error:
            pipe.send((False, _said(error)))


def peak_memory() -> int:
    """Most memory this process has held, in bytes: its own, where getrusage counts its parent's; 0 if not told."""
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:
        return 0
    return next((1024 * int(line.split()[1]) for line in lines if line.startswith("VmHWM")), 0)


def _said(error: Exception) -> str:
    if isinstance(error, ImportError):
        return f"not installed: {error}"
    if isinstance(error, MemoryError):
        return f"more than {MEMORY >> 30} GB of memory"
    return (str(error).splitlines() or [type(error).__name__])[0][:120]


@contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
