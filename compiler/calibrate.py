"""How long the stages of a clocked pot really act, measured on the pot itself.

In: a circuit, a clock, inputs. Out: the clocked network whose N1 and N3 act for as long as the circuit's do.

Phases hand over gradually, so the exposure of a stage, the integral of its operands over a period relative to what was
dosed, is shorter than a third of the period. A pilot run of a few periods measures both exposures; the rates of N1 and
N3 are then multiplied so that rate times exposure is the stage's duration. The closed forms of :mod:`clock.timing` are
the first guess.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import trapezoid

from clock.families import clock_for_period
from clock.gating import Gating
from clock.timing import dose_when, feedback_time, forward_time
from compiler.circuit import Circuit
from compiler.model import lift
from compiler.schema import Clock
from dsd.errors import InputError

if TYPE_CHECKING:
    from compiler.pipeline import Clocked

Floats = NDArray[np.float64]

PILOT_PERIODS = 2


def calibrated(circuit: Circuit, clock: Clock, xs: Floats) -> Clocked:
    """Join ``circuit`` to ``clock`` so that N1 and N3 act for their durations.

    The pilot takes its samples from ``xs`` (n, d).

    Raises :class:`InputError` if the first input, or the sum of all inputs, is 0 in every sample.
    """
    from compiler.pipeline import join_clock

    guess = closed_forms(circuit, clock)
    pilot = join_clock(circuit, clock, *_factors(circuit, guess))
    return join_clock(circuit, clock, *_factors(circuit, exposures(pilot, _telling(circuit, xs))))


def _factors(circuit: Circuit, exposed: tuple[float, float]) -> tuple[float, float]:
    """What the rates of N1 and N3 are multiplied by so that each stage acts for its own duration."""
    if min(exposed) <= 0:
        raise InputError(
            f"the pilot run of the clocked pot saw N1 and N3 act for {exposed[0]:.3g} and {exposed[1]:.3g}, since its "
            f"adjoint changes sign on the way; set [clock] handover nearer to 1, or hold the states ([clock] held)"
        )
    forward, feedback = circuit.durations
    return forward / exposed[0], feedback / exposed[1]


def closed_forms(circuit: Circuit, clock: Clock) -> tuple[float, float]:
    """Exposure of N1 and of N3 by :mod:`clock.timing`, in the network's time unit, for this clock's dose level."""
    from compiler.pipeline import strategy

    ring = clock_for_period(clock.family, 3 * circuit.T, clock.amplitude, clock.trough)
    rates = Gating(transfer=clock.transfer * ring.k, update=clock.update * ring.k, flush=clock.flush * ring.k)
    name = strategy(clock)
    usual = dose_when(ring, name)
    # Before or after the middle of the handover in units of 1/(k T): the pot has its own dose level.
    late = _logit(clock.dose_level) - (_logit(usual.level / ring.amplitude) if usual.direction < 0 else 0.0)
    late = 0.0 if name == "two_phase" else late
    forward = forward_time(ring, rates, name) + late / (ring.k * ring.amplitude)
    return forward, feedback_time(ring, rates, name)


def exposures(pot: Clocked, xs: Sequence[Floats] | Floats) -> tuple[float, float]:
    """Exposure of N1 and of N3 in the last period of a run over the inputs ``xs``, in the network's time unit.

    N1's is the integral of the first input over what was dosed; N3's that of its feedback copy times the adjoint,
    over the dose and the adjoint's height. Where the strategy gates the reactions themselves, the phase species over
    its amplitude multiplies both. No target is dosed: the adjoint is the output then, while an error near zero has no
    height to speak of. The adjoint is the first output's; where it moves in N3 (``f`` depends on z), its movement
    counts as exposure, which is right to first order in T.
    """
    from compiler.training.driver import Driver
    from compiler.training.pot import clocked_pot

    driver = Driver(clocked_pot(pot))
    driver.settle()
    for x in xs:
        driver.iterate(x, np.zeros(len(pot.circuit.targets)))
    t, totals = driver.last_period()
    circuit = pot.circuit
    rail = circuit.inputs[0]
    gated = pot.network.get("gating") == "per_reaction"
    one, two, _ = (totals[n] / pot.ring.amplitude if gated else 1.0 for n in pot.ring.names)
    dosed = abs(rail.read(circuit.dose(xs[-1].tolist())))
    copies = [n for n, m in pot.interpretation.table if m and m[0] in rail.species and n not in rail.species]
    seen: Floats = sum((totals[n] for n in rail.species), start=np.zeros_like(t))
    fed = sum((totals[n] for n in copies), start=np.zeros_like(t)) if copies else seen
    adjoint, _ = circuit.outputs[0]
    a = totals[adjoint.pos] - totals[adjoint.neg] if adjoint.dual else totals[adjoint.pos]
    height = float(a[np.argmax(np.abs(a))])
    return (
        float(trapezoid(seen * one, t)) / dosed,
        float(trapezoid(fed * a * two, t)) / (dosed * height),
    )


def _telling(circuit: Circuit, xs: Floats) -> Floats:
    """The samples whose first input and output are farthest from zero, so that exposures are good ratios."""
    x = lift(xs, circuit.input_layer, circuit.padding)
    size = np.abs(x[:, 0] * x.sum(axis=1))
    if not size.any():
        raise InputError("the first input or the sum of all is 0 in every sample; a clock needs one to be timed by")
    chosen: Floats = xs[np.argsort(-size, kind="stable")[:PILOT_PERIODS]]
    return chosen


def _logit(share: float) -> float:
    return math.log(share / (1 - share))
