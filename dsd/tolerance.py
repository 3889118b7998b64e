"""How exact an integration is, and when an undershoot of zero is an error."""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass

from dsd.errors import InputError
from dsd.network import Network, Threshold


@dataclass(frozen=True, slots=True)
class Tolerance:
    """Error control: ``rtol`` relative, ``atol`` absolute (concentration units), ``floor`` the allowed undershoot.

    ``atol`` must stay far below the deepest concentration that matters, which for a clocked network is the trough of
    its oscillator; the defaults suit concentrations near 1, and :func:`default_tolerance` suits a network.
    ``max_steps`` bounds the steps of one leg (between two rows, where rows at given times are asked for).

    ``rtol``: errors of phase add up. After 300 cycles a DNA ring is off by 6e-3 periods at 1e-5, 3e-3 at 1e-6, 5e-4 at
    1e-7 and 7e-5 at 1e-8 (``strandgrad bench convergence``; CVODE: 4e-1, 1e-3, 1e-3, 1e-4); what doses on the clock's
    own events bears that of 1e-6, and each decade more costs a third.
    """

    rtol: float = 1e-6
    atol: float = 1e-10
    floor: float = 1e-9
    max_steps: int = 200_000

    def __post_init__(self) -> None:
        for name, value in (("rtol", self.rtol), ("atol", self.atol), ("floor", self.floor)):
            if not (math.isfinite(value) and value > 0):
                raise InputError(f"{name} is {value}; give a number > 0")
        if self.max_steps < 1:
            raise InputError(f"max_steps is {self.max_steps}; allow at least 1")


def default_tolerance(network: Network, rtol: float = 1e-6) -> Tolerance:
    """Tolerances in proportion to the smallest concentration the network is given.

    ``atol`` is ``1e-4 * rtol`` times the smallest positive initial concentration, dose or threshold level, so that
    even an oscillator started at its trough keeps ``rtol``; but no less than the rounding error of the largest
    of them, below which no integrator can see. ``floor`` is ten times ``atol``. For concentrations of 1 these are the
    defaults of :class:`Tolerance`.
    """
    given = [s.initial for s in network.species] + [d.amount for d in network.doses]
    given += [d.at.level for d in network.doses if isinstance(d.at, Threshold)]
    positive = [x for x in given if x > 0] or [1.0]
    atol = max(1e-4 * rtol * min(positive), sys.float_info.epsilon * max(positive))
    return Tolerance(rtol, atol, 10 * atol)
