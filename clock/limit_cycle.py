"""A ring made a limit cycle by a seed flux: it forgets disturbances instead of remembering them.

In: a wanted period, amplitude and trough. Out: reactions, rates and a start on the cycle.

The ring of three is neutrally stable. Handovers that take time make it unstable: with ``O_i + O_(i+1) -> H_i`` at ``k``
and ``H_i -> 2 O_(i+1)`` at ``h``, a species grows from its trough at rate ``lam k T < k T`` but is eaten at ``k T``, so
every trough is deeper than the one before. This is what gates do to the ring, whose forks take time. A flux ``f`` into
each phase species stops the deepening at a floor of about ``2 f / (k T)``, and the cycle that remains attracts from
both sides. A decay of the phase species balances the flux, so the amplitude stays.

Linearised where ``O_i = T``, with time in ``1 / (k T)`` and ``r = h / (k T)``: ``(lam + 1)(lam + r) = 2 r``, hence
``lam = [sqrt((1 + r)^2 + 4 r) - (1 + r)] / 2``, and the period grows by ``3 / lam`` for every factor of e that the flux
is less. The rest of the map has no closed form and is measured: :func:`limit_cycle_for_period` simulates the unitless
cycle and corrects the flux until the trough is the wanted one; period and amplitude then follow by scaling.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.integrate import trapezoid

from clock.oscillator import ROLE, STAGE, Oscillator, seeds
from clock.ring import Ring
from dsd.errors import InputError
from dsd.integrate import Engine, Leg, Tolerance
from dsd.network import Reaction, Species, Threshold, network

RATIO = 3.0
"""``h / (k T)``: a handover complex lasts a third of ``1 / (k T)``. Small ratios settle fast but hold much in H."""

SETTLED = 1e-6
"""Relative change of the period from cycle to cycle at which the cycle counts as reached."""

MOST = 60
"""Cycles after which it must have been."""

EXACT = 1e-4
"""Relative error of the trough that the map leaves."""


@dataclass(frozen=True, slots=True)
class LimitCycle(Oscillator):
    """A ring with handover complexes, seed flux and decay.

    ``flux`` (concentration/time) goes into each phase species, ``decay`` (1/time) takes each away, ``release``
    (1/time) opens handover complexes; ``cycle`` is the measured period, ``start`` the measured state where O1 rises
    through half the amplitude, in the order of ``names`` and then of the complexes. Others as in
    :class:`~clock.ring.Ring`.
    """

    amplitude: float
    trough: float
    k: float
    flux: float
    decay: float
    release: float
    cycle: float
    start: tuple[float, ...]
    names: tuple[str, str, str] = ("O1", "O2", "O3")

    def __post_init__(self) -> None:
        Ring(self.amplitude, self.trough, self.k, self.names)

    @property
    def period(self) -> float:
        """The measured period."""
        return self.cycle

    @property
    def complexes(self) -> tuple[str, ...]:
        """Handover complexes: H_O1_O2, H_O2_O3, H_O3_O1 for the usual names."""
        return tuple(f"H_{a}_{b}" for a, b in _pairs(self.names))

    def reactions(self, seed_flux: float = 0.0) -> tuple[Reaction, ...]:
        """Handovers, releases, decay, and ``-> O_i`` at the cycle's own ``flux``, whatever ``seed_flux`` says."""
        pairs = tuple(zip(_pairs(self.names), self.complexes, strict=True))
        take = (Reaction((a, b), (h,), self.k, STAGE, f"{b} takes over from {a}") for (a, b), h in pairs)
        give = (Reaction((h,), (b, b), self.release, STAGE, f"{h} gives two {b}") for (_, b), h in pairs)
        lose = (Reaction((n,), (), self.decay, STAGE, "decay balances the flux") for n in self.names)
        return (*take, *give, *(lose if self.decay else ()), *seeds(self.names, self.flux))

    def species(self, done: float = 0.51) -> tuple[Species, ...]:
        """The six species at the start of phase 1: where O1 has risen through half, and O3 fallen to ``1 - done``.

        Raises :class:`InputError` unless ``0 < done < 1``.
        """
        if not 0 < done < 1:
            raise InputError(f"a start {done} of the way into phase 1 is no handover; give a number between 0 and 1")
        names, state = (*self.names, *self.complexes), np.array(self.start)
        low = (1 - done) * self.amplitude
        if state[2] > low:
            tolerance = Tolerance(1e-9, 1e-6 * self.trough * self.amplitude, self.trough * self.amplitude)
            here = network(self.reactions(), tuple(Species(n) for n in names))
            state = Engine(here, tolerance).run(0, state, self.period / 3, Threshold((self.names[2],), low, -1)).state
        return tuple(Species(n, float(v), ROLE) for n, v in zip(names, state, strict=True))


def growth(ratio: float) -> float:
    """``lam``: the rate, over ``k T``, at which a phase species grows from its trough."""
    return (math.sqrt((1 + ratio) ** 2 + 4 * ratio) - (1 + ratio)) / 2


def limit_cycle_for_period(
    period: float, amplitude: float, trough: float, names: tuple[str, str, str] = ("O1", "O2", "O3")
) -> LimitCycle:
    """The limit cycle of that period (time units), amplitude (concentration units) and relative trough.

    Raises :class:`InputError` for a period that is not > 0, for what :class:`~clock.ring.Ring` refuses, and for a
    trough so shallow (above 1e-2) that the cycle has died.
    """
    if not (math.isfinite(period) and period > 0):
        raise InputError(f"the ring's period is {period}; give a number > 0")
    Ring(amplitude, trough, 1.0, names)
    if trough > 1e-2:
        raise InputError(f"the trough is {trough}; a limit cycle needs one of at most 0.01, or it dies out")
    unit = _unit(trough)
    k = unit.cycle / (period * amplitude)
    rate = k * amplitude
    return LimitCycle(
        amplitude, trough, k, unit.flux * rate * amplitude, unit.decay * rate, unit.release * rate, period,
        tuple(amplitude * v for v in unit.start), names,
    )  # fmt: skip


@lru_cache(maxsize=64)
def _unit(trough: float) -> LimitCycle:
    """The cycle of that trough with k = T = 1: secant steps on the logarithm of the flux."""
    flux = trough / 2
    found = settled(flux, trough)
    before = (math.log(flux), math.log(found.trough))
    flux *= trough / found.trough
    for _ in range(20):
        found = settled(flux, trough)
        now = (math.log(flux), math.log(found.trough))
        if abs(found.trough / trough - 1) <= EXACT:
            return found
        slope = (now[1] - before[1]) / (now[0] - before[0])
        flux, before = math.exp(now[0] + (math.log(trough) - now[1]) / slope), now
    raise InputError(f"no flux gives a limit cycle of trough {trough}; choose another trough")


def settled(flux: float, around: float, ratio: float = RATIO) -> LimitCycle:
    """The unitless cycle (k = T = 1) of that flux, run until its period repeats; ``around`` is its likely trough."""
    guess = LimitCycle(1.0, around, 1.0, flux, 3 * flux, ratio, 1.0, (0.5, around, 0.5, 0.0, 0.0, 0.0))
    for _ in range(2):
        guess, shared = _turned(guess)
        # What the complexes hold does not decay, so the phase species must decay a little faster.
        decay = 3 * flux / shared
        guess = LimitCycle(1.0, guess.trough, 1.0, flux, decay, ratio, guess.cycle, guess.start)
    return guess


def _turned(cycle: LimitCycle) -> tuple[LimitCycle, float]:
    """The cycle after so many turns that its period repeats, and the mean of O1 + O2 + O3 over one."""
    species = tuple(Species(n, v) for n, v in zip((*cycle.names, *cycle.complexes), cycle.start, strict=True))
    engine = Engine(network(cycle.reactions(), species), Tolerance(1e-8, 1e-7 * cycle.trough, cycle.trough))
    time, state, last = 0.0, engine.initial, 0.0
    for _ in range(MOST):
        legs: list[Leg] = []
        for direction in (-1, 1):
            leg = engine.run(time, state, time + 1000 / growth(cycle.release), Threshold(("O1",), 0.5, direction))
            if not leg.event:
                raise InputError(f"a seed flux of {cycle.flux:.3g} quenches the ring; choose a deeper trough")
            time, state = leg.time, leg.state
            legs.append(leg)
        # Until the decay is known, flux and decay may not balance; the amplitude is to be 1 all the same.
        state /= state[:3].sum() + 2 * state[3:].sum()
        t, y = np.concatenate([leg.t for leg in legs]), np.concatenate([leg.y for leg in legs])
        period = float(t[-1] - t[0])
        if abs(period - last) <= SETTLED * period:
            break
        last = period
    else:
        raise InputError(f"the ring with a seed flux of {cycle.flux:.3g} has no steady period; choose another trough")
    shared = float(trapezoid(y[:, :3].sum(axis=1), t)) / period
    low = 2 * float(y[:, :3].min())
    start = tuple(state.tolist())
    return LimitCycle(1.0, low, 1.0, cycle.flux, cycle.decay, cycle.release, period, start), shared


def _pairs(names: tuple[str, str, str]) -> tuple[tuple[str, str], ...]:
    one, two, three = names
    return (one, two), (two, three), (three, one)
