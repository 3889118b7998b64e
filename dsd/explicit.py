"""Explicit integration of short, mildly stiff polynomial systems by :mod:`dsd.dormand_prince`.

In: a network (or the terms of any polynomial ODE), an initial state and a duration. Out: the state at the end, or word
that the system is too stiff.

A multistep method pays for a restart with many small steps and a call into Python for each; a stage that lasts for a
few time constants is over before that pays. Here a whole run is one compiled loop.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dsd.dormand_prince import BLOWN_UP, DONE, STUCK, advance_by
from dsd.errors import InputError
from dsd.failures import BLOW_UP, below_floor, gave_up
from dsd.integrate import Tolerance
from dsd.kinetics import Ints, mass_action
from dsd.network import Network

Floats = NDArray[np.float64]


class Terms(NamedTuple):
    """A polynomial right-hand side as arrays: term j is ``k[j]`` times its factors, and adds to some components.

    ``r_idx[r_ptr[j]:r_ptr[j+1]]`` are its factors, each as often as it occurs; the entry ``~i`` stands for the absolute
    value of component i. ``s_idx``, ``s_val`` (by ``s_ptr``) say to which components it adds, and how often.
    """

    k: Floats
    r_ptr: Ints
    r_idx: Ints
    s_ptr: Ints
    s_idx: Ints
    s_val: Floats


class March(NamedTuple):
    """How an integration ended: ``status`` DONE, STIFF, BLOWN_UP or STUCK, at ``time``."""

    status: int
    time: float
    steps: int
    evaluations: int


def march(
    terms: Terms, y: Floats, span: float, *, rtol: float, atol: float, ceiling: float, max_steps: int = 3000
) -> March:
    """Advance ``y`` (N,) in place by ``span``, or until a component exceeds ``ceiling`` or ``max_steps`` are made."""
    return March(*advance_by(*terms, np.unique(terms.s_idx), y, span, rtol, atol, ceiling, max_steps))


@dataclass(frozen=True, eq=False)
class Run:
    """Where a run ended: ``state`` (N,) at ``time``; ``finished`` is False if it was too stiff to go on."""

    state: Floats
    time: float
    steps: int
    evaluations: int
    finished: bool


@dataclass(eq=False)
class Explicit:
    """A network prepared for explicit integration; ``max_steps`` bounds a run before it counts as stiff.

    Raises :class:`InputError` for an empty network.
    """

    network: Network
    tolerance: Tolerance = field(default_factory=Tolerance)
    max_steps: int = 3000

    def __post_init__(self) -> None:
        if not self.network.names:
            raise InputError("the network has no species; nothing can be simulated; add a reaction or a species")
        m = mass_action(self.network)
        self._terms = Terms(m.k, m.r_ptr, m.r_idx, m.s_ptr, m.s_idx, m.s_val)

    def run(self, y0: Floats, span: float) -> Run:
        """Integrate from ``y0`` (N,) for ``span``.

        Raises :class:`InputError` for a state of another shape, and :class:`SimulationError` naming time and species
        for a blow-up or an undershoot of zero beyond the floor of the tolerance.
        """
        start, tol = np.array(y0, dtype=np.float64), self.tolerance
        if start.shape != (len(self.network.names),) or not np.isfinite(start).all():
            raise InputError(f"the state is not {len(self.network.names)} finite concentrations; give one per species")
        y = start.copy()
        ceiling = BLOW_UP * max(float(np.abs(start).max()), float(np.finfo(np.float64).tiny))
        end = march(self._terms, y, span, rtol=tol.rtol, atol=tol.atol, ceiling=ceiling, max_steps=self.max_steps)
        if end.status in (BLOWN_UP, STUCK):
            raise gave_up(self.network, start, end.time, y, "its steps became too short")
        low = below_floor(self.network, np.array([end.time]), y[np.newaxis], tol.floor, tol.atol)
        if low:
            raise low
        return Run(y, end.time, end.steps, end.evaluations, end.status == DONE)
