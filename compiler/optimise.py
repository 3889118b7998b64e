"""Units, pace and pools that meet the rates within stated limits, at the least lab time or with the least strands.

In: a clocked network and ``[dna]`` with limits. Out: a :class:`~compiler.pipeline.Lowered` that keeps to all of them.

Five numbers are chosen, each relative to the pot that :mod:`compiler.tempo` makes without limits: the concentration
unit, the pace of the clock, and the amounts of reverse strands, of helpers, and of forks, ends and least gates; and a
toehold length, where there is a choice. Gates follow from them by :func:`dsd.mapping.solve`. Every quantity that is
limited is nearly a product of powers of the five, so in logarithms the problem is nearly linear
(:mod:`compiler.successive`), and some fifty to a hundred mappings find its solution. The clock is never faster relative
to its gates than ``ring_per_nM_s`` at a slowdown of 1: faster rings of gates were never tried.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from compiler.joining import Clocked
from compiler.limits import Measure, measures, worst
from compiler.lowered import Lowered, as_stated
from compiler.schema import Dna
from compiler.successive import successive
from compiler.tempo import paced, thinned, turned
from dsd.errors import MappingError

Floats = NDArray[np.float64]

SPAN = math.log(30.0)
"""Each of the five numbers may change by so much, up or down, in logarithms."""

MARGIN = 1e-3
"""What is kept in hand, in logarithms, so that the solver's tolerance breaks no limit."""

FAR = 30.0
"""As much room as counts, in logarithms."""

LIMITS = ("min_free", "strand_uM", "total_uM", "iteration_hours", "depletion")

UNIT, PACE, POOLS, HELPERS, FORKS = range(5)
OBJECTIVES = {"hours": "iteration_hours", "strands": "total_uM"}
GROUPS = {
    UNIT: ("unit_nM", "clock_helper_nM", "clock_fork_nM", "clock_gate_nM"),
    POOLS: ("reverse_nM",),
    HELPERS: ("helper_nM",),
    FORKS: ("fork_nM", "end_nM", "min_gate_nM"),
}
"""What each number multiplies. The clock's own gates keep their proportion to its amplitude: what they stand was found
by simulation, not by closed forms."""


def optimised(pot: Clocked, dna: Dna) -> Lowered:
    """The best mapping within the limits of ``dna``, over all toehold lengths to choose from.

    Raises :class:`MappingError` where there is none: with every limit that could be relaxed, and to what.
    """
    start = unlimited(pot, dna)
    bounds = complete(start, dna)
    best: tuple[float, Lowered] | None = None
    failed: list[tuple[int, _Search | str]] = []
    for nt in dna.limits.toehold_nt or (dna.toehold_nt,):
        try:
            base = start.dna if nt == dna.toehold_nt else unlimited(pot, dna, nt).dna
        except MappingError as error:
            failed.append((nt, str(error)))
            continue
        search = _Search(pot, base, bounds)
        x = search.best()
        if x is None:
            failed.append((nt, search))
            continue
        found = search.made(x)
        score = worst(measures(found, bounds))[OBJECTIVES[bounds.limits.objective]].value
        if best is None or score < best[0] * (1 - MARGIN):
            best = score, found
    if best is None:
        raise MappingError(_remedies(failed))
    return best[1]


def unlimited(pot: Clocked, dna: Dna, toehold_nt: int | None = None) -> Lowered:
    """The mapping that the design has without limits: the least slowdown, thinned to ``made_uM``."""
    nt = dna.toehold_nt if toehold_nt is None else toehold_nt
    chosen = paced(pot, dna.model_copy(update={"toehold_nt": nt}))
    made = as_stated(pot, chosen)
    thinner = thinned(chosen, made.system.total_strand_nM)
    return made if thinner is chosen else as_stated(pot, thinner)


def complete(start: Lowered, dna: Dna) -> Dna:
    """``dna`` with the limits that follow from the mapping without limits."""
    limits, now = dna.limits, worst(measures(start, dna))
    wanted = ["depletion", *(("iteration_hours",) if limits.objective == "strands" else ())]
    found = {n: now[n].value for n in wanted if n in now and getattr(limits, n) is None}
    return dna.model_copy(update={"limits": limits.model_copy(update=found)})


def changed(base: Dna, x: Floats) -> Dna:
    """``base`` with its unit, pace and pools multiplied by ``exp(x)`` (5,)."""
    unit, pace, pools, helpers, forks = np.exp(x).tolist()
    assert base.slowdown != "auto"
    factor = {UNIT: unit, POOLS: pools, HELPERS: helpers, FORKS: forks}
    changes: dict[str, object] = {n: getattr(base, n) * factor[g] for g, names in GROUPS.items() for n in names}
    changes["pools"] = {role: pool * (unit if role == "clock" else pools) for role, pool in base.pools.items()}
    # A ring twice as thick turns twice as fast, and the flux that holds its trough goes with the square.
    changes["seed_flux_nM_s"] = base.seed_flux_nM_s * unit**2
    slower = turned(base.model_copy(update=changes), pace, pace)
    return slower.model_copy(update={"slowdown": base.slowdown * pace})


@dataclass(eq=False)
class _Search:
    """The search for one toehold length; ``base`` is where it starts, ``bounds`` has the limits."""

    pot: Clocked
    base: Dna
    bounds: Dna

    def __post_init__(self) -> None:
        self.broken: tuple[str, ...] = ()
        self._known: dict[bytes, tuple[Measure, ...] | None] = {}
        most = 1000.0 * (self.bounds.limits.total_uM or self.bounds.made_uM)
        # No gate need be limited by itself: it is one of the strands.
        self.base = self.base.model_copy(update={"max_gate_nM": max(self.base.max_gate_nM, most)})
        assert self.base.slowdown != "auto"
        self.fastest = -math.log(self.base.slowdown)

    def made(self, x: Floats) -> Lowered:
        """The mapping at ``x`` (5,)."""
        return as_stated(self.pot, changed(self.base, x))

    def measured(self, x: Floats) -> tuple[Measure, ...] | None:
        """What it comes to; None where no concentrations meet the rates."""
        at = np.round(x, 12).tobytes()
        if at not in self._known:
            try:
                self._known[at] = measures(self.made(x), self.bounds)
            except MappingError:
                self._known[at] = None
        return self._known[at]

    def best(self) -> Floats | None:
        """Where the objective is least within all limits; None if they cannot be kept together.

        Then ``broken`` names those that stand in the way of each other where all are broken the least.
        """
        x, excess = self._solved(OBJECTIVES[self.bounds.limits.objective], LIMITS)
        if excess <= 0:
            return x
        nearest = worst(self.measured(x) or ())
        self.broken = tuple(n for n in LIMITS if n in nearest and nearest[n].excess > 0.9 * excess)
        return None

    def sufficient(self, name: str) -> float | None:
        """The value of limit ``name`` at which all the others can be kept; None if none is enough."""
        x, excess = self._solved(name, tuple(n for n in LIMITS if n != name))
        found = self.measured(x)
        return worst(found)[name].value if found and excess <= 0 else None

    def _solved(self, aim: str, kept: Sequence[str]) -> tuple[Floats, float]:
        """Make the worst of ``aim`` as good as can be within the limits ``kept``; and their excess then."""
        low = np.array([-SPAN, max(-SPAN, self.fastest), -SPAN, -SPAN, -SPAN])
        x = successive(lambda at: self._levels(at, aim, kept), np.zeros(5), low, np.full(5, SPAN))
        measured = self.measured(x) or ()
        return x, max((m.excess for m in measured if m.name in kept), default=0.0)

    def _levels(self, x: Floats, aim: str, kept: Sequence[str]) -> tuple[Floats, Floats] | None:
        """The levels of ``aim`` and by how much limits are broken, one for each measure that there is at the start.

        Strands come and go where a gate takes another form; those that are gone have all the room there is.
        """
        origin, measured = self.measured(np.zeros(5)), self.measured(x)
        if origin is None or measured is None:
            return None
        now = {(m.name, m.where): m for m in measured if m.value > 0}
        aims = [now.get((m.name, m.where)) for m in origin if m.name == aim and m.value > 0]
        rows = [now.get((m.name, m.where)) for m in origin if m.name in kept and math.isfinite(m.excess)]
        levels = [-FAR if m is None else _level(m) for m in aims]
        return np.array(levels), np.array([-FAR if m is None else m.excess + MARGIN for m in rows])


def _level(m: Measure) -> float:
    """log of a measure, or its negative where more is better."""
    return -math.log(m.value) if m.least else math.log(m.value)


def _remedies(failed: Sequence[tuple[int, _Search | str]]) -> str:
    """Why there is no mapping, and which limit to relax to what."""
    lines = []
    for nt, search in failed:
        if isinstance(search, str):
            lines.append(f"with toeholds of {nt} nt: {search}")
            continue
        values = [(name, search.sufficient(name)) for name in search.broken]
        ways = [_way(name, value, search.bounds) for name, value in values if value is not None]
        alone = [name for name, value in values if value is None]
        told = "any one of these would do: " + ", ".join(ways) if ways else "relaxing one of them is not enough"
        if ways and alone:
            told += f"; not enough alone: {', '.join(alone)}"
        lines.append(f"with toeholds of {nt} nt: {told}")
    return "no mapping keeps to [dna.limits] together; " + "; ".join(lines)


def _way(name: str, value: float, bounds: Dna) -> str:
    return f"{name} = {_rounded(value, name == 'min_free')} (now {_now(name, bounds)})"


def _rounded(value: float, down: bool) -> str:
    """Three digits, to the side on which the value suffices."""
    digits = 2 - math.floor(math.log10(value))
    shifted = value * 10.0**digits
    return f"{(math.floor(shifted * 0.999999) if down else math.ceil(shifted * 1.000001)) / 10.0**digits:.4g}"


def _now(name: str, bounds: Dna) -> str:
    stated = bounds.min_free if name == "min_free" else getattr(bounds.limits, name)
    return f"{bounds.made_uM if stated is None else stated:.4g}"
