"""How long the stages of a clocked pot really act, measured on the pot itself.

In: a circuit, a clock, inputs. Out: the clocked network whose N1 and N3 act for as long as the circuit's do.

Phases hand over gradually, so the exposure of a stage, the integral of its operands over a period relative to what was
dosed, is shorter than a third of the period. A pilot run of a few periods measures both exposures; the rates of N1 and
N3 are then multiplied so that rate times exposure is the stage's duration. The closed forms of :mod:`clock.timing` are
the first guess.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import trapezoid

from clock.families import clock_for_period
from clock.gating import Gating
from clock.timing import dose_when, feedback_time, forward_time, kept_share
from compiler.circuit import Circuit
from compiler.events import dose_level
from compiler.joining import Clocked, join_clock, strategy
from compiler.model import lift
from compiler.schema import Clock
from compiler.training.pilot import settled
from dsd.errors import InputError

Floats = NDArray[np.float64]

PILOT_PERIODS = 2


class Exposure(NamedTuple):
    """For how long N1 and N3 act at their full rates (the network's time unit).

    ``kept`` is the concentration of a feedback copy over that of its original, 1 but for pipelined gating.
    """

    forward: float
    feedback: float
    kept: float = 1.0


def calibrated(circuit: Circuit, clock: Clock, xs: Floats) -> Clocked:
    """Join ``circuit`` to ``clock`` so that N1 and N3 act for their durations.

    The pilot takes its samples from ``xs`` (n, d).

    Raises :class:`InputError` if the first input, or the sum of all inputs, is 0 in every sample.
    """
    guess = closed_forms(circuit, clock)
    pilot = join_clock(circuit, clock, *_factors(circuit, guess))
    return join_clock(circuit, clock, *_factors(circuit, exposures(pilot, _telling(circuit, xs))))


def _factors(circuit: Circuit, exposed: Exposure) -> tuple[float, float, float]:
    """What the rates of N1 and N3 are multiplied by so that each acts for its own duration, and what copies keep."""
    if min(exposed.forward, exposed.feedback) <= 0:
        raise InputError(
            f"the pilot run of the clocked pot saw N1 and N3 act for {exposed.forward:.3g} and {exposed.feedback:.3g}, "
            f"since its adjoint changes sign on the way; set [clock] handover nearer to 1, or hold the states "
            f"([clock] held)"
        )
    forward, feedback = circuit.durations
    return forward / exposed.forward, feedback / exposed.feedback, exposed.kept


def closed_forms(circuit: Circuit, clock: Clock) -> Exposure:
    """Exposure of N1 and of N3 by :mod:`clock.timing`, in the network's time unit, for this clock's dose level."""
    ring = clock_for_period(clock.family, 3 * circuit.T, clock.amplitude, clock.trough)
    rates = Gating(transfer=clock.transfer * ring.k, update=clock.update * ring.k, flush=clock.flush * ring.k)
    name = strategy(clock)
    usual = dose_when(ring, name)
    # Before or after the middle of the handover in units of 1/(k T): the pot has its own dose level.
    late = _logit(dose_level(name, clock)) - (_logit(usual.level / ring.amplitude) if usual.direction < 0 else 0.0)
    late = 0.0 if name == "two_phase" else late
    forward = forward_time(ring, rates, name) + late / (ring.k * ring.amplitude)
    kept = kept_share(ring, rates) if name == "pipelined" else 1.0
    return Exposure(forward, feedback_time(ring, rates, name), kept)


def exposures(pot: Clocked, xs: Sequence[Floats] | Floats) -> Exposure:
    """Exposure of N1 and of N3 in the last period of a run over the inputs ``xs``, in the network's time unit.

    N1's is the integral of the first input over what was dosed; N3's that of its feedback copy times the adjoint,
    over the dose and the adjoint's height. Where the strategy gates the reactions themselves, the phase species over
    its amplitude multiplies both. No target is dosed: the adjoint is the output then, while an error near zero has no
    height to speak of. The adjoint is the first output's; where it moves in N3 (``f`` depends on z), its movement
    counts as exposure, which is right to first order in T. The copies of a pipelined pot are taken for ``kept`` of
    their originals, as its rates take them.
    """
    t, totals = _passage(pot, xs)
    circuit, (one, two, _) = pot.circuit, pot.ring.names
    rail, (adjoint, _) = circuit.inputs[0], circuit.outputs[0]
    dosed = abs(rail.read(circuit.dose(xs[-1].tolist())))
    x, fed = _sum(totals, rail.species), _sum(totals, _fed_back(pot, *rail.species) or rail.species)
    made = totals[adjoint.pos] - _sum(totals, adjoint.species[1:])
    a = _sum(totals, _fed_back(pot, adjoint.pos)) - _sum(totals, _fed_back(pot, *adjoint.species[1:]))
    kept = float(fed.max()) / dosed if pot.pipelined else 1.0
    height = kept**2 * float(made[np.argmax(np.abs(made))])
    return Exposure(
        float(trapezoid(x * _gate(pot, totals[one]), t)) / dosed,
        float(trapezoid(fed * a * _gate(pot, totals[two]), t)) / (dosed * height),
        kept,
    )


def _passage(pot: Clocked, xs: Sequence[Floats] | Floats) -> tuple[Floats, dict[str, Floats]]:
    """Times (M,) and totals (M,) while the last of ``xs`` passes: its period, and the next if N3 runs in that one."""
    driver = settled(pot)
    for x in xs:
        driver.iterate(x, np.zeros(len(pot.circuit.targets)))
        t, totals = driver.last_period()
        if pot.pipelined:
            driver.idle()
            after, more = driver.last_period()
            t, totals = np.append(t, after), {n: np.append(v, more[n]) for n, v in totals.items()}
    return t, totals


def _sum(totals: Mapping[str, Floats], names: Sequence[str]) -> Floats:
    """Totals (M,) of some species together."""
    return np.sum([totals[n] for n in names], axis=0) if names else np.zeros_like(next(iter(totals.values())))


def _gate(pot: Clocked, phase: Floats) -> Floats | float:
    """A phase species (M,) over its amplitude where it gates the analog reactions themselves, else 1."""
    return phase / pot.ring.amplitude if pot.network.get("gating") == "per_reaction" else 1.0


def _fed_back(pot: Clocked, *names: str) -> list[str]:
    """The species of N3 that mean one of these formal ones."""
    used = {n for r in pot.network.stage("N3") for n in r.species}
    return [n for n, m in pot.interpretation.table if n in used and m and m[0] in names]


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
