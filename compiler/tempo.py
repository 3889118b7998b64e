"""How fast a pot can run, and how thick: what ``[dna]`` leaves to be chosen for a clocked network.

In: a clocked network and ``[dna]``. Out: ``[dna]`` with the least slowdown of the clock at which gates meet the rates
and signals stay free, the clock's own gates made for it, and all concentrations within the budget of strands.

A join holds back its first input by rate over exchange rate, whatever its pools; where many joins list one signal
first, only a slower network leaves any of it free. Slowing is the ring's rate constant divided by s, with everything
else in proportion. A slow ring wants other gates than a fast one. What runs down between refills (T / J) speeds the
handovers before the refill up and lets the trough rise by some 16 T / J a cycle, the 16 being the e-folds of a phase;
the delay of a strand in its fork, k T / F, lets it fall. So forks shrink as 1/s, joins stay, and the pools grow as
sqrt(s), which keeps joins slow without making them few. Simulated rings of gates then contract by 0.2 to 0.4 of an
e-fold a cycle at s = 1, 2, 4 and 8, and the seed flux holds their troughs at 1 to 3e-5 nM. What a spent fork lets go,
``<t r>``, pushes translators back and makes that delay grow for as long as a pot runs; it competes with the reverse
strands of the clock, so a larger clock pool means less drift (205 periods of LinReg2D: 4.8 % at 2,640 nM, 1.4 % at
7,920 nM).
"""

from __future__ import annotations

import math

from compiler.joining import Clocked
from compiler.lowered import mapped
from compiler.schema import Dna
from dsd.errors import MappingError
from dsd.mapping import Mapping
from dsd.rates import profile

DOUBLINGS, STEPS = 10, 4
"""Slowdowns tried: powers of two up to ``2**DOUBLINGS``, then ``STEPS`` to the octave below the first that does."""


def paced(pot: Clocked, dna: Dna) -> Dna:
    """``dna`` with a slowdown that is a number: its own, or the least that works.

    Raises :class:`MappingError` with the reason at the slowest if none does.
    """
    if dna.slowdown != "auto":
        return slowed(dna, dna.slowdown)
    reason: MappingError | None = None
    for octave in range(DOUBLINGS + 1):
        try:
            chosen = _fitting(mapped(pot, slowest := slowed(dna, 2.0**octave)), slowest)
        except MappingError as error:
            reason = error
            continue
        return _refined(pot, dna, octave, chosen)
    raise MappingError(f"no slowdown of the clock up to {2**DOUBLINGS} helps: {reason}")


def _refined(pot: Clocked, dna: Dna, octave: int, chosen: Dna) -> Dna:
    """The least of the slowdowns within the octave that works, or ``chosen`` at its end."""
    for step in range(1, STEPS if octave else 0):
        finer = slowed(dna, round(2.0 ** (octave - 1 + step / STEPS), 2))
        try:
            return _fitting(mapped(pot, finer), finer)
        except MappingError:
            continue
    return chosen


def _fitting(mapping: Mapping, dna: Dna) -> Dna:
    """``dna`` if the mapping made with it leaves enough of every signal free."""
    name, least = min(mapping.free, key=lambda pair: pair[1], default=("", 1.0))
    if least < dna.min_free:
        raise MappingError(
            f"only {least:.0%} of {name} would be free, less than min_free = {dna.min_free:g}; lower min_free, "
            f"or allow a larger slowdown"
        )
    return dna


def slowed(dna: Dna, slowdown: float) -> Dna:
    """The same pot with its clock ``slowdown`` times slower.

    Gates that are slow themselves need no others for it: what they are made for is the pace in units of their own.
    """
    pace = slowdown * _exchange(dna.profile, dna) / _exchange("ideal", dna)
    return turned(dna, slowdown, pace).model_copy(update={"slowdown": slowdown})


def turned(dna: Dna, factor: float, pace: float) -> Dna:
    """The clock ``factor`` times slower, on gates made for a pace that is ``pace`` times slower."""
    pools = dict(dna.pools)
    pools["clock"] = pools.get("clock", dna.reverse_nM) * math.sqrt(pace)
    changes = {
        "ring_per_nM_s": dna.ring_per_nM_s / factor,
        "seed_flux_nM_s": dna.seed_flux_nM_s / factor,
        "clock_fork_nM": dna.clock_fork_nM / pace,
        "pools": pools,
    }
    return dna.model_copy(update=changes)


def _exchange(name: str, dna: Dna) -> float:
    """Rate of an exchange of the design's toeholds, /M/s."""
    return profile(name).exchange(dna.toehold_nt, dna.toehold_nt, dna.long_nt)


SCALED = (
    "unit_nM", "reverse_nM", "helper_nM", "fork_nM", "clock_fork_nM", "clock_helper_nM", "clock_gate_nM", "end_nM",
    "min_gate_nM", "max_gate_nM", "initiator_nM", "cmax_nM",
)  # fmt: skip
"""All concentrations of ``[dna]``; ``pools`` are besides."""


def thinned(dna: Dna, total_nM: float) -> Dna:
    """``dna`` with all concentrations lowered so that a pot of ``total_nM`` of strands keeps to ``made_uM``.

    Every rate is of second order, so a pot at a share c of its concentrations does the same in 1/c of the time.
    """
    share = dna.made_uM * 1000.0 / total_nM
    if share >= 1:
        return dna
    changes = {name: getattr(dna, name) * share for name in SCALED}
    pools = {role: pool * share for role, pool in dna.pools.items()}
    return dna.model_copy(update={**changes, "pools": pools, "seed_flux_nM_s": dna.seed_flux_nM_s * share**2})
