"""Effective phase lengths: how long the stages of a clocked network really act, in closed form.

In: a ring, gating rates, a strategy. Out: times (the network's unit) for which N1 and N3 act at their full rate.
Divide the formal duration of a stage by these to get ``analog_forward`` and ``analog_feedback``.

A species that phase 2 removes at rate ``a k`` per clock falls as ``y_a(u) = (1 + e^u)^-a`` with ``u = k T (t - t2)``,
since the clock rises by the logistic law around the middle t2 of its handover. Its time is that of a step at t2,
changed by ``int (y_a - [u < 0]) du / (k T) = -H(a - 1) / (k T)``, where H is the harmonic number: nothing for a = 1,
earlier for a fast transfer. Products of falling species add their exponents; what a transfer makes rises as 1 - y_a.

The forms hold for a deep trough. What they leave out: the part of a state that N1 made arrives at its adjoint later
than a target does, by ``pi^2 / (3 k T L)`` with ``L = ln(8/s)`` for a = 1, so the pot's feedback counts it less by
about ``pi^2 / (6 L^2)``: weights end 0.7 % high at s = 1e-6, 2 % at 1e-3.

Under pipelined gating the flush of copies, at rate ``f k``, hands over to their making, at rate ``c k``. With ``v = 1 /
(1 + e^-u)`` for the clock that makes them, a copy follows ``dB/dv = c (1 - v)^(c-1) - f B / v``, which ``B = kept *
v^-f I_v(f + 1, c)`` solves: I is the regularised incomplete beta function, and ``kept = c B(f + 1, c)`` is what stays.
"""

from __future__ import annotations

import math

from scipy.integrate import quad
from scipy.special import beta, betainc, digamma, expit

from clock.gating_parts import Gating
from clock.gating_pipelined import CARRY
from clock.gating_pipelined import DOSE_LEVEL as PIPELINED_LEVEL
from clock.gating_reaction import DOSE_LEVEL
from clock.oscillator import Oscillator
from dsd.errors import InputError
from dsd.network import Threshold

REACH = 40.0
"""Distance from the middle of a handover, in 1/(k T), at which one is over: e^-40."""


def dose_when(ring: Oscillator, strategy: str = "operand") -> Threshold:
    """The clock event at which a sample is dosed: phase 1 begins, or under per-reaction gating phase 3 is all but
    over, or under pipelined gating phase 2 ends.
    """
    _known(strategy)
    if strategy == "pipelined":
        return ring.ends(2, PIPELINED_LEVEL)
    return ring.ends(3, DOSE_LEVEL) if strategy == "per_reaction" else ring.begins(1)


def forward_time(ring: Oscillator, rates: Gating, strategy: str = "operand", operands: int = 1) -> float:
    """Time for which N1 acts on a sample dosed at :func:`dose_when`, in the network's time unit.

    ``operands`` counts the reactants of the reaction that phase 2 hands over (1 for X P, 2 for X Z; parameters do not
    count). ``rates.transfer`` must be > 0.
    """
    _known(strategy)
    a, unit = _ratio(rates.transfer, ring, "transfer"), 1 / (ring.k * ring.amplitude)
    if strategy == "two_phase":
        return ring.phase - unit * _harmonic(operands * a - 1)
    if strategy == "operand":
        return ring.spans[0] - unit * _harmonic(operands * a - 1)
    if strategy == "pipelined":
        return ring.spans[0] + ring.phase - unit * (_after(PIPELINED_LEVEL) + _harmonic(operands * a - 1))
    return ring.spans[0] - unit * _after(DOSE_LEVEL)


def feedback_time(ring: Oscillator, rates: Gating, strategy: str = "operand", operands: int = 2) -> float:
    """Time for which N3 acts on copies and adjoints, in the network's time unit.

    ``operands`` counts the reactants that phase 2 makes and phase 3 flushes (2 for Xb A; under per-reaction gating 1 of
    them, the adjoint, rises, and all of them are flushed). ``rates.transfer`` and ``rates.flush`` must be > 0.
    """
    _known(strategy)
    a, f = _ratio(rates.transfer, ring, "transfer"), _ratio(rates.flush, ring, "flush")
    unit = 1 / (ring.k * ring.amplitude)
    if strategy == "pipelined":
        rise = _rise(CARRY * a, f if ring.overlapping else 0.0, operands)
        return 2 * ring.phase - unit * (rise + _harmonic(operands * f - 1))
    if strategy != "per_reaction":
        rise = math.fsum(math.comb(operands, j) * (-1.0) ** j * _harmonic(j * a - 1) for j in range(1, operands + 1))
        span = ring.spans[1] if strategy == "operand" else 2 * ring.phase
        return span - unit * (rise + _harmonic(operands * f - 1))
    return ring.spans[1] - unit * (1 / a + _harmonic(operands * f))


def kept_share(ring: Oscillator, rates: Gating) -> float:
    """Share of a feedback copy that the flush before it leaves under pipelined gating: ``1 / (c + f choose f)``.

    1 for clocks whose phases do not overlap. ``rates.transfer`` and ``rates.flush`` must be > 0.
    """
    c, f = CARRY * _ratio(rates.transfer, ring, "transfer"), _ratio(rates.flush, ring, "flush")
    return c * float(beta(f + 1, c)) if ring.overlapping else 1.0


def transfer_time(ring: Oscillator, transfer: float) -> float:
    """Time in which a species handed over at rate ``transfer`` per clock falls from 90 to 10 %.

    ``2 ln 9 / (k T)`` at ``transfer = k``, and never below ``ln(ln 10 / ln(10/9)) / (k T) = 3.1 / (k T)`` however fast
    the transfer: the clock itself only grows as ``exp(k T t)``.
    """
    a = _ratio(transfer, ring, "transfer")
    high, low = (math.log(math.expm1(math.log(x) / -a)) for x in (0.1, 0.9))
    return (high - low) / (ring.k * ring.amplitude)


def _rise(c: float, f: float, operands: int) -> float:
    """How much later than a step a product of ``operands`` copies rises, in units of 1/(k T)."""

    def copied(u: float) -> float:
        v, rest = float(expit(u)), float(expit(-u))
        return float(v**-f * (betainc(f + 1, c, v) if u < 0 else 1.0 - betainc(c, f + 1, rest))) ** operands

    before = quad(copied, -REACH, 0)[0]
    return float(quad(lambda u: 1.0 - copied(u), 0, REACH / min(c, 1.0))[0] - before)


def _after(level: float) -> float:
    """How long after the middle of its fall a clock is down to ``level`` of its amplitude, in units of 1/(k T)."""
    return math.log((1 - level) / level)


def _harmonic(x: float) -> float:
    """The harmonic number H(x), analytic for x > -1."""
    return float(digamma(x + 1)) + 0.5772156649015329


def _ratio(rate: float, ring: Oscillator, name: str) -> float:
    if rate <= 0:
        raise InputError(f"the gating rate {name} is {rate}; effective phase lengths need it > 0")
    return rate / ring.k


def _known(strategy: str) -> None:
    if strategy not in ("operand", "per_reaction", "two_phase", "pipelined"):
        raise InputError(f"no gating strategy '{strategy}'; choose operand, per_reaction, two_phase or pipelined")
