"""A clock on its own, without anything to drive: as formal reactions, or as the strands and gates they compile to.

In: a clock, and for the DNA level how to lower it. Out: an :class:`Oscillation`, for :mod:`clock.measure`.

At the DNA level fuels are topped up whenever phase 1 begins, by additions that dilute what is there
(:mod:`compiler.training.tube`); what an addition would dilute of the clock is put back.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clock.measure import ClockReport
from clock.oscillator import Oscillator
from compiler.lowered import lowering
from compiler.schema import Dna
from compiler.training.tube import Tube
from dsd.errors import InputError, SimulationError
from dsd.expand import expand
from dsd.integrate import Engine, Leg, Tolerance
from dsd.lower import lower
from dsd.mapping import solve
from dsd.network import Network, Threshold, network
from dsd.paced import run_paced
from dsd.system import FUELS

Floats = NDArray[np.float64]

PATIENCE = 3
"""Periods without a beat after which a clock has stopped."""


@dataclass(frozen=True, eq=False)
class Oscillation:
    """What a clock did: ``t`` (M,) and totals of the phase species ``o`` (M, 3), in the units of ``units``.

    ``amplitude`` is what a phase species should reach, ``period`` the nominal one. ``species`` and ``reactions`` count
    the simulated network. ``fuel_uM`` is the strands and gates added on the way. ``stopped`` says why it ended early.
    """

    t: Floats
    o: Floats
    amplitude: float
    period: float
    units: tuple[str, str]
    species: int
    reactions: int
    fuel_uM: float = 0.0
    stopped: str = ""


@dataclass(frozen=True, eq=False)
class _Setting:
    """A network to run, ``reading`` (3, N) of its phase species, the unit of a concentration and of time."""

    net: Network
    reading: Floats
    unit: float
    time: float
    beat: Threshold
    tolerance: Tolerance
    fuels: dict[int, float]
    stock: float
    first: int


def held(run: Oscillation, report: ClockReport, stray: float = 0.05, decades: float = 1.0) -> tuple[bool, str]:
    """Whether a clock held its period within ``stray`` and its trough within ``decades`` after the first cycle.

    With it a few words on how far both went, or why the run ended early.
    """
    periods, troughs = report.periods[1:], report.trough[1:]
    wide, deep = max(periods) / min(periods) - 1, math.log10(max(troughs) / min(troughs))
    words = f"period within {wide:.2%}, trough within {deep:.2f} decades over {len(report.periods)} cycles"
    if run.stopped:
        return False, f"{run.stopped} ({words})"
    return wide <= stray and deep <= decades, words


def oscillate(
    clock: Oscillator, cycles: int, dna: Dna | None = None, progress: Callable[[int, int], None] | None = None
) -> Oscillation:
    """Run ``clock`` for so many cycles: formal reactions, or with ``dna`` the network of its gates.

    A clock that stops or cannot be simulated any further ends the run, and ``stopped`` says why. Raises
    :class:`InputError` for a clock that is no chemistry, :class:`MappingError` if its rates cannot be met.
    """
    setting = _formal(clock) if dna is None else _strands(clock, dna)
    engine = Engine(setting.net, setting.tolerance)
    tube = Tube(engine.initial, setting.fuels, setting.stock, setting.first, setting.reading.sum(axis=0))
    time, stopped = 0.0, ""
    period = clock.period * setting.time
    # Additions dilute the clock for a moment, so the way down is watched at half the level.
    away = Threshold(setting.beat.species, setting.beat.level / 2, -1)
    kept: list[Leg] = []
    try:
        for cycle in range(cycles + 1):
            for stop in (away, setting.beat) if cycle else (setting.beat,):
                end = time + PATIENCE * period
                leg = run_paced(engine, clock.doses(1), clock.period, time, tube.state, end, stop)
                kept.append(Leg(leg.t, leg.y @ setting.reading.T))
                time, tube.state = leg.time, leg.state
                if not leg.event:
                    raise SimulationError(f"phase 1 did not begin again within {PATIENCE} periods", time)
            if setting.fuels:
                tube.pipette({}, refill=True)
            if progress:
                progress(cycle, cycles)
    except SimulationError as error:
        stopped = f"stopped in cycle {cycle + 1}: {error}"
    t, o = np.concatenate([leg.t for leg in kept]), np.concatenate([leg.y for leg in kept])
    units = ("1", "1") if dna is None else ("nM", "s")
    used = float(tube.used.sum()) / 1000.0
    size = len(setting.net.names), len(setting.net.reactions)
    return Oscillation(t, o, clock.amplitude * setting.unit, period, units, *size, used, stopped)


def _formal(clock: Oscillator) -> _Setting:
    net = network(clock.reactions(), clock.species(), level="formal")
    reading = np.array([[float(n == name) for n in net.names] for name in clock.names])
    low = clock.trough * clock.amplitude
    tolerance = Tolerance(1e-8, max(1e-6 * low, 1e-15 * clock.amplitude), low)
    first = net.index[clock.names[0]]
    return _Setting(net, reading, 1.0, 1.0, clock.begins(1), tolerance, {}, float("inf"), first)


def _strands(clock: Oscillator, dna: Dna) -> _Setting:
    if clock.doses(1):
        raise InputError("an external clock is a device, not strands; measure it with --level formal")
    seconds = clock.k / (dna.ring_per_nM_s * dna.unit_nM)
    flux = dna.seed_flux_nM_s * seconds / dna.unit_nM
    net = network(clock.reactions(flux), clock.species(), level="clocked")
    options = lowering(net, dna, seconds)
    system, meaning = lower(net, options)
    expansion, free = expand(system), solve(net, options)
    table = expansion.network
    signal = {meaning(s.name)[0]: s.name for s in system.strands if s.role == "signal"}
    begins = clock.begins(1)
    name = begins.species[0]
    beat = Threshold((signal[name],), begins.level * dna.unit_nM * free.free_fraction(name), 1)
    stock = {s.name: s.initial for s in system.strands if s.role in FUELS}
    stock |= {c.name: c.initial for c in system.complexes}
    fuels = {table.index[n]: v for n, v in stock.items() if n in table.index and v > 0}
    reading = expansion.interpretation.matrix(table.names, clock.names)
    return _Setting(
        table, reading, dna.unit_nM, seconds, beat, Tolerance(1e-7, 1e-12, 1e-9), fuels, dna.stock_uM * 1000.0,
        table.index[signal[name]],
    )  # fmt: skip
