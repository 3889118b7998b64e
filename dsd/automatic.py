"""Integration that picks its method: explicit while a network is not stiff, the stiff integrator where it is.

In: a network, an initial state and a duration. Out: the state at the end.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from dsd.explicit import Explicit
from dsd.integrate import Engine, Tolerance
from dsd.network import Network

Floats = NDArray[np.float64]

PATIENCE = 50
"""Runs by the stiff integrator before the explicit method is tried again."""

MAX_STEPS = 600
"""Explicit steps for which the stiff integrator (NDF) would take less time: an iteration of ``quadratic-rings`` takes
43 ms at 3,000, 11 ms at 800 and at 300; one of ``quadratic-xor`` 6.8, 5.8 and 5.2 ms; cubic ones never get there."""


@dataclass(eq=False)
class Automatic:
    """A network prepared for many short runs from different states.

    A run starts explicitly. If that takes ``max_steps``, the stiff integrator goes on from where it stands, and does
    the next ``PATIENCE`` runs alone. ``explicit_runs`` and ``stiff_runs`` count what was used.

    ``wait`` says how many runs that one still does alone: besides its arguments, all that a run depends on. Who stops
    between two runs and goes on with a new object sets it to what it was.
    """

    network: Network
    tolerance: Tolerance = field(default_factory=Tolerance)
    max_steps: int = MAX_STEPS

    def __post_init__(self) -> None:
        self._explicit = Explicit(self.network, self.tolerance, self.max_steps)
        self._stiff = Engine(self.network, self.tolerance)
        self.wait = 0
        self.explicit_runs = self.stiff_runs = 0

    def run(self, y0: Floats, span: float) -> Floats:
        """The state (N,) after ``span`` from ``y0`` (N,); raises as the two methods do."""
        begin, state = 0.0, np.array(y0, dtype=np.float64)
        if self.wait == 0:
            tried = self._explicit.run(state, span)
            if tried.finished:
                self.explicit_runs += 1
                return tried.state
            begin, state, self.wait = tried.time, tried.state, PATIENCE
        self.wait -= 1
        self.stiff_runs += 1
        # Only the end is asked for: a row per internal step would cost three times as long.
        return self._stiff.run(begin, state, span, at=np.array([span])).state
