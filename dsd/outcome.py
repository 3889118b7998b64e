"""What an integrator is asked to watch, and what it hands back: shared by :mod:`dsd.ndf` and :mod:`dsd.cvode`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Watch(NamedTuple):
    """E sums of concentrations and their levels: ``weights`` (E, N) times y, ``levels``, ``directions`` +1 or -1 (E,).

    A sum that starts on the far side of its level, or exactly at it, has not crossed it.
    """

    weights: Floats
    levels: Floats
    directions: Floats


class End(Enum):
    """Why an integration ended; the value is the reason given where that is a failure."""

    DONE = "the end was reached"
    EVENT = "a sum crossed its level"
    STEPS = "too many steps"
    STALLED = "its steps became too short"
    FAILED = "it failed"


@dataclass(frozen=True, eq=False)
class History:
    """What the project's own integrator remembers where it stopped, at ``state`` (N,), to go on as if it had not."""

    reals: Floats
    counts: Ints
    diff: Floats
    state: Floats


@dataclass(frozen=True, eq=False)
class Outcome:
    """Rows from the start on: local times ``t`` (M,) and ``y`` (M, N); why there are no more, with the ``reason``.

    ``time`` and ``state`` are where it stopped, ``hit`` the numbers of the sums that crossed, ``evaluations`` those of
    the right-hand side, ``history`` what to go on with, if there is anything.
    """

    end: End
    t: Floats
    y: Floats
    time: float
    state: Floats
    hit: tuple[int, ...] = ()
    evaluations: int = 0
    reason: str = ""
    history: History | None = None
