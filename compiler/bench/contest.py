"""Integrators compared at equal measured error.

In: a :class:`~compiler.bench.networks.Problem` and solvers by name. Out: a :class:`Result` for each. A solver's
tolerances are stepped until its samples are as exact as asked; at those it is then timed, in rounds that go
from solver to solver, so that a busy machine is equally unfair to all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from compiler.bench.networks import Problem
from compiler.bench.worker import Failed, Worker
from dsd.errors import SimulationError
from dsd.integrate import Engine, Tolerance

Floats = NDArray[np.float64]

SAMPLES = 20
"""Times at which solutions are compared, evenly spread over the period."""
ERROR = 1e-4
"""Error at which solvers are compared: relative to the largest concentration a species has, or to ``LEAST``."""
LEAST = 1e-3
"""nM; a species that never reaches it is compared to it: a millionth of the pools, a tenth of a percent of a signal."""
ATOL = 1e-5
"""nM of absolute tolerance per unit of rtol, for all alike: far below the troughs of the clocks."""
START, TIGHTEST, LOOSEST = 1e-5, 1e-9, 1e-3
STEP = 10**0.5
REFERENCE = 1e-10
AGREED = 0.01
"""Share of ``ERROR`` up to which two independent integrators at the reference tolerance may differ."""


@dataclass(frozen=True)
class Result:
    """How a solver did: ``cpu_s`` for one period at ``rtol``, with the measured ``error``; or why it ``failed``."""

    problem: str
    species: int
    reactions: int
    solver: str
    rtol: float = 0.0
    error: float = 0.0
    cpu_s: float = 0.0
    setup_s: float = 0.0
    memory_MB: float = 0.0
    failed: str = ""


Say = Callable[[str], None]


def reference(problem: Problem, times: Floats) -> Floats:
    """Samples (S, N) at the reference tolerance, where our own integrator and CVODE agree.

    Raises :class:`SimulationError` if they do not.
    """
    tolerance = Tolerance(REFERENCE, REFERENCE * ATOL, floor=1e-9, max_steps=10**7)
    found = []
    for method in ("ndf", "krylov"):
        engine = Engine(problem.network, tolerance, method)
        found.append(engine.run(0.0, engine.initial, problem.period, at=times).y[1:])
    apart = deviation(found[1], found[0])
    if not apart <= AGREED * ERROR:
        raise SimulationError(f"two references of {problem.name} differ by {apart:.2g}: neither can judge", 0.0)
    return found[0]


def deviation(samples: Floats, exact: Floats) -> float:
    """Largest error of the samples (S, N), relative to the largest concentration of the species."""
    scale = np.maximum(np.abs(exact).max(axis=0), LEAST)
    return float((np.abs(samples - exact) / scale).max())


def contest(problem: Problem, solvers: Iterable[str], *, limit_s: float, rounds: int, say: Say) -> tuple[Result, ...]:
    """One period of ``problem`` by each solver, best of ``rounds``; beyond ``limit_s`` CPU seconds it has failed."""
    times = np.linspace(0.0, problem.period, SAMPLES + 1)[1:]
    exact = reference(problem, times)
    size = len(problem.network.names), len(problem.network.reactions)
    workers, found = dict[str, Worker](), dict[str, Result]()
    try:
        for name in solvers:
            blank = Result(problem.name, *size, name)
            try:
                workers[name] = Worker(name, problem.network, times, limit_s)
                found[name] = _tuned(blank, workers[name], exact)
            except Failed as failed:
                found[name] = replace(blank, failed=str(failed))
            say(_sentence(found[name]))
        for _ in range(rounds):
            for name, result in found.items():
                if not result.failed:
                    found[name] = _again(result, workers[name])
    finally:
        for worker in workers.values():
            worker.close()
    return tuple(found.values())


def _tuned(blank: Result, worker: Worker, exact: Floats) -> Result:
    """The solver's loosest tolerance that is exact enough, found from ``START`` up or down."""
    rtol, found = START, _tried(blank, worker, exact, START)
    step, ends = (STEP, LOOSEST) if found.error <= ERROR else (1 / STEP, TIGHTEST)
    while abs(np.log(rtol / ends)) > 0.01:
        rtol *= step
        tried = _tried(blank, worker, exact, rtol) if worker.alive else replace(found, error=np.inf)
        if (tried.error <= ERROR) != (step > 1):
            found = tried if step < 1 else found
            break
        found = tried
    if found.error > ERROR:
        raise Failed(found.failed or f"an error above {ERROR:g} at rtol {rtol:.1g}")
    return replace(found, setup_s=worker.setup_s)


def _tried(blank: Result, worker: Worker, exact: Floats, rtol: float) -> Result:
    """One run; a solver that gave up at this tolerance, but can be asked again, has an infinite error."""
    try:
        samples, cpu_s = worker.run(rtol, ATOL * rtol)
    except Failed as failed:
        return replace(blank, error=np.inf, failed=str(failed))
    error = deviation(samples, exact) if np.isfinite(samples).all() else np.inf
    return replace(blank, rtol=rtol, error=error, cpu_s=cpu_s, memory_MB=worker.memory / 1e6)


def _again(result: Result, worker: Worker) -> Result:
    try:
        _, cpu_s = worker.run(result.rtol, ATOL * result.rtol)
    except Failed as failed:
        return replace(result, failed=str(failed))
    return replace(result, cpu_s=min(result.cpu_s, cpu_s), memory_MB=worker.memory / 1e6)


def _sentence(r: Result) -> str:
    told = f"failed: {r.failed}" if r.failed else f"{r.cpu_s:.4g} s at rtol {r.rtol:.1e}, error {r.error:.1e}"
    return f"{r.problem} ({r.species} species): {r.solver} {told}"
