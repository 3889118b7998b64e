"""What a clock period costs as networks grow, by the engine's default method.

In: problems. Out: a :class:`Scale` for each, and the exponent of species that fits them.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from compiler.bench.networks import Problem
from dsd.integrate import Engine, Method, Tolerance

WIDTHS = (2, 4, 8, 16, 32, 64, 112)
"""Inputs of the linear circuits that are compiled for it: 394 to 16,232 species."""
TOLERANCE = Tolerance(rtol=1e-6, atol=1e-11, floor=1e-8)


@dataclass(frozen=True)
class Scale:
    """CPU seconds to prepare a network and to integrate one period of it (best of several), in ``steps`` steps.

    ``memory_MB`` is the peak of the whole process so far.
    """

    problem: str
    species: int
    reactions: int
    setup_s: float
    cpu_s: float
    steps: int
    memory_MB: float


def scale(problem: Problem, *, rounds: int = 3, method: Method = "auto") -> Scale:
    """Prepare the engine for ``problem`` and integrate a period ``rounds`` times."""
    before = time.process_time()
    engine = Engine(problem.network, TOLERANCE, method)
    setup = time.process_time() - before
    seconds = []
    for _ in range(rounds):
        before = time.process_time()
        leg = engine.run(0.0, engine.initial, problem.period)
        seconds.append(time.process_time() - before)
    size = len(problem.network.names), len(problem.network.reactions)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
    return Scale(problem.name, *size, setup, min(seconds), len(leg.t) - 1, peak)


def scales(names: Sequence[str], load: Callable[[str], Problem], say: Callable[[str], None]) -> tuple[Scale, ...]:
    """A scale for each name, in order of size."""
    found = []
    for name in names:
        found.append(s := scale(load(name)))
        say(f"{s.problem}: {s.species} species, {s.cpu_s:.4g} s a period, set-up {s.setup_s:.2f} s")
    return tuple(sorted(found, key=lambda s: s.species))


def exponent(found: Sequence[Scale]) -> float:
    """Least-squares slope of log CPU seconds over log species; not a number for fewer than two sizes."""
    sizes = np.log([s.species for s in found])
    if len(set(sizes.tolist())) < 2:
        return float("nan")
    return float(np.polyfit(sizes, np.log([s.cpu_s for s in found]), 1)[0])
