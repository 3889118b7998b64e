"""What the time loop of a reduced network works on: arrays that move, what is watched, rows, coefficients."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dsd.reduced_entries import Entries
from dsd.reduced_kernels import Work
from dsd.reduced_plan import Plan
from dsd.reduced_slopes import Frozen

Floats = NDArray[np.float64]


class State(NamedTuple):
    """What moves: quantities ``total`` (Q,) with ``rate`` (stages + 1, Q), and rates of slow reactions ``v``
    (stages + 1, S).

    ``last`` (S,) are those at the end of the last step, ``trial`` (Q,) is the state after a step, ``y`` (N,) that of
    all species; ``reals`` (T, H), ``counts``.
    """

    total: Floats
    rate: Floats
    v: Floats
    last: Floats
    trial: Floats
    y: Floats
    reals: Floats
    counts: NDArray[np.int64]


class Stops(NamedTuple):
    """Sums ``weights`` (E, N) times y against ``levels``; ``before`` and ``after`` a step; ``hit`` those crossed.

    ``armed`` are those that can cross. A dose speeds reactions up, and more is in flight at once; a sum that stood at
    its level or beyond may fall short of it by that, which is no crossing back.
    """

    weights: Floats
    levels: Floats
    directions: Floats
    before: Floats
    after: Floats
    hit: NDArray[np.int64]
    armed: NDArray[np.int64]


class Rows(NamedTuple):
    """Rows so far: ``t`` (M,), ``y`` (M, N); ``marks`` (K,) are the times wanted, none for every step."""

    t: Floats
    y: Floats
    marks: Floats


class System(NamedTuple):
    """The reduced network: its plan and work space, its entries and their responses."""

    plan: Plan
    work: Work
    entries: Entries
    frozen: Frozen


class Method(NamedTuple):
    """Coefficients: of the stages, of the result, and of its two error estimates."""

    a: Floats
    b: Floats
    e3: Floats
    e5: Floats
