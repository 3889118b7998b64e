"""How long the stages of a clocked pot really act, measured on the pot itself.

In: a circuit, a clock, samples. Out: the clocked network whose N1 and N3 act for the circuit's T.

Phases hand over gradually, so the exposure of a stage, the integral of its operands over a period relative to what was
dosed, is shorter than a third of the period. A pilot run of a few periods measures both exposures; the rates of N1 and
N3 are then multiplied so that rate times exposure is T. The closed forms of :mod:`clock.timing` are the first guess.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from clock.timing import feedback_time, forward_time
from compiler.circuit import Circuit
from compiler.schema import Clock

if TYPE_CHECKING:
    from compiler.pipeline import Clocked

Floats = NDArray[np.float64]

PILOT_PERIODS = 2


def calibrated(circuit: Circuit, clock: Clock, xs: Floats, ys: Floats) -> Clocked:
    """Join ``circuit`` to ``clock`` so that N1 and N3 act for T; ``xs`` (n, d), ``ys`` (n, m) are samples."""
    from compiler.pipeline import join_clock

    forward, feedback = _guess(circuit, clock)
    pilot = join_clock(circuit, clock, forward, feedback)
    exposed_forward, exposed_feedback = exposures(pilot, xs[:PILOT_PERIODS], ys[:PILOT_PERIODS])
    return join_clock(circuit, clock, circuit.T / exposed_forward, circuit.T / exposed_feedback)


def _guess(circuit: Circuit, clock: Clock) -> tuple[float, float]:
    from compiler.pipeline import join_clock

    plain = join_clock(circuit, clock, 1.0, 1.0)
    from clock.gating import Gating

    k = plain.ring.k
    rates = Gating(transfer=clock.transfer * k, update=clock.update * k, flush=clock.flush * k)
    strategy = clock.gating.replace("-", "_")
    return circuit.T / forward_time(plain.ring, rates, strategy), circuit.T / feedback_time(plain.ring, rates, strategy)


def exposures(pot: Clocked, xs: Sequence[Floats] | Floats, ys: Sequence[Floats] | Floats) -> tuple[float, float]:
    """Exposure of N1 and of N3 in the last period of a run over the samples, in the network's time unit.

    N1's is the integral of the first input over what was dosed; N3's that of its feedback copy times the adjoint,
    over the dose and the adjoint's height. Where the strategy gates the reactions themselves, the phase species over
    its amplitude multiplies both.
    """
    from compiler.training.driver import Driver
    from compiler.training.pot import clocked_pot

    driver = Driver(clocked_pot(pot))
    driver.settle()
    for x, y in zip(xs, ys, strict=True):
        driver.iterate(x, y)
    t, totals = driver.last_period()
    circuit = pot.circuit
    rail = circuit.inputs[0]
    gated = pot.network.get("gating") == "per_reaction"
    one, two, _ = (totals[n] / pot.ring.amplitude if gated else 1.0 for n in pot.ring.names)
    dosed = abs(float(xs[-1][0]))
    copies = [n for n, m in pot.interpretation.table if m and m[0] in rail.species and n not in rail.species]
    seen = sum(totals[n] for n in rail.species)
    fed = sum((totals[n] for n in copies), start=np.zeros_like(t)) if copies else seen
    adjoint = circuit.adjoints[0]
    a = totals[adjoint.pos] - totals[adjoint.neg] if adjoint.dual else totals[adjoint.pos]
    height = float(a[np.argmax(np.abs(a))])
    return (
        float(np.trapezoid(seen * one, t)) / dosed,
        float(np.trapezoid(fed * a * two, t)) / (dosed * height),
    )
