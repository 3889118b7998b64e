"""Measuring an oscillator: period, drift, duty, overlap, handover, trough and amplitude of a trajectory.

In: sample times and the concentrations of the three phase species, from any level. Out: a :class:`ClockReport`.

Cycles are counted between rising crossings of half the amplitude by the first species; crossings are interpolated
linearly between samples, so a hundred samples a period are plenty.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dsd.errors import InputError, StrandgradError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Array = NDArray[np.float64]
PAIRS = ((0, 1), (1, 2), (2, 0))


class LostClockError(StrandgradError):
    """The trajectory has fewer than two cycles, so nothing can be said about its clock."""


@dataclass(frozen=True, slots=True)
class ClockReport:
    """What a trajectory's clock did, over n cycles; times and concentrations in the trajectory's units.

    ``crossings`` (n + 1): starts of the cycles. ``periods`` (n). ``drift``: relative change of the period from cycle
    ``drift_cycles[0]`` to ``drift_cycles[1]`` (counted from 1). ``duty`` (3): share of the time in which each phase
    species is above half the amplitude. ``overlap_raw`` (3): mean over cycles of ``int min(O_i, O_j) dt`` for phases
    1-2, 2-3, 3-1; ``overlap`` (3): the same over amplitude times period. ``handover`` (3): mean time in which each
    species rises from 10 to 90 % of the amplitude; ``handover_fraction``: the longest of them over a third of the mean
    period. ``trough`` (n): the lowest concentration of any phase species in the cycle. ``peak`` (n): the lowest of the
    three peaks of the cycle.
    """

    amplitude: float
    crossings: tuple[float, ...]
    periods: tuple[float, ...]
    drift: float
    drift_cycles: tuple[int, int]
    duty: tuple[float, ...]
    overlap: tuple[float, ...]
    overlap_raw: tuple[float, ...]
    handover: tuple[float, ...]
    handover_fraction: float
    trough: tuple[float, ...]
    peak: tuple[float, ...]

    def to_dict(self) -> dict[str, Any]:
        """The report as plain dicts, lists and numbers, for JSON."""
        return {key: list(v) if isinstance(v, tuple) else v for key, v in asdict(self).items()}


def measure(t: ArrayLike, o: ArrayLike, amplitude: float | None = None, first: int = 10) -> ClockReport:
    """Report on the clock of a trajectory.

    ``t`` has shape (M,) and increases; ``o`` has shape (M, 3), phase 1 first. ``amplitude`` sets the levels of 10, 50
    and 90 %; without it, it is the highest concentration of the first species. ``first`` is the cycle that drift is
    counted from (the first of all, if there are no more than ``first``). Raises :class:`LostClockError` for fewer than
    two cycles, and :class:`InputError` for arrays of other shapes or with values that are not finite.
    """
    time, phases = _arrays(t, o)
    top = float(phases[:, 0].max()) if amplitude is None else amplitude
    starts = crossings(time, phases[:, 0], top / 2)
    if len(starts) < 3:
        raise LostClockError(
            f"lost clock: phase 1 rose through half its amplitude ({top / 2:.4g}) {len(starts)} times from t = "
            f"{time[0]:.6g} to {time[-1]:.6g}, and two cycles need 3; simulate longer, or check the ring's k and trough"
        )
    periods = np.diff(starts)
    begin = first if len(periods) > first else 1
    inside = (time >= starts[0]) & (time <= starts[-1])
    cycles = [(time >= a) & (time <= b) for a, b in pairwise(starts)]
    raw = [_between(time, np.minimum(phases[:, i], phases[:, j]), starts) / len(periods) for i, j in PAIRS]
    rises = tuple(_rise(time[inside], phases[inside, i], top) for i in range(3))
    return ClockReport(
        amplitude=top,
        crossings=tuple(starts.tolist()),
        periods=tuple(periods.tolist()),
        drift=float(periods[-1] / periods[begin - 1] - 1),
        drift_cycles=(begin, len(periods)),
        duty=tuple(_above(time, phases[:, i], top / 2, starts) for i in range(3)),
        overlap=tuple(r / (top * float(periods.mean())) for r in raw),
        overlap_raw=tuple(raw),
        handover=rises,
        handover_fraction=max(rises) / (float(periods.mean()) / 3),
        trough=tuple(float(phases[c].min()) for c in cycles),
        peak=tuple(float(phases[c].max(axis=0).min()) for c in cycles),
    )


def crossings(t: Array, y: Array, level: float, direction: int = 1) -> Array:
    """Times at which ``y`` (M,) rises (direction 1) or falls (-1) through ``level``, interpolated; shape (count,)."""
    side = direction * (y - level)
    at = np.flatnonzero((side[:-1] < 0) & (side[1:] >= 0))
    return t[at] - side[at] * (t[at + 1] - t[at]) / (side[at + 1] - side[at])


def plot_period(
    ax: Axes,
    t: ArrayLike,
    o: ArrayLike,
    cycle: int = -1,
    names: tuple[str, ...] = ("O1", "O2", "O3"),
    unit: str = "",
    amplitude: float | None = None,
) -> None:
    """Draw one cycle (counted from 0, or from the end if negative) of the phase species, overlaps shaded.

    Time starts at the cycle's first crossing; ``amplitude`` as for :func:`measure`. Raises as :func:`measure`, and
    :class:`InputError` for a cycle that is not there.
    """
    report = measure(t, o, amplitude)
    if not -len(report.periods) <= cycle < len(report.periods):
        raise InputError(f"no cycle {cycle} to plot; the trajectory has {len(report.periods)} cycles")
    time, phases = _arrays(t, o)
    start = report.crossings[:-1][cycle]
    inside = (time >= start) & (time <= start + report.periods[cycle])
    clock = time[inside] - start
    for i, name in enumerate(names):
        ax.plot(clock, phases[inside, i], label=name)
    for i, j in PAIRS:
        ax.fill_between(clock, np.minimum(phases[inside, i], phases[inside, j]), color="0.8", linewidth=0)
    ax.set_xlabel("time in the cycle")
    ax.set_ylabel(f"concentration ({unit})" if unit else "concentration")
    ax.legend(loc="center right")


def _arrays(t: ArrayLike, o: ArrayLike) -> tuple[Array, Array]:
    time, phases = np.asarray(t, dtype=np.float64), np.asarray(o, dtype=np.float64)
    if time.ndim != 1 or phases.shape != (time.size, 3) or time.size < 2:
        raise InputError(f"a clock is times (M,) and phases (M, 3), M >= 2; got {time.shape} and {phases.shape}")
    if not (np.isfinite(time).all() and np.isfinite(phases).all()):
        raise InputError("the clock's trajectory holds values that are not finite; find where its simulation failed")
    if (np.diff(time) < 0).any():
        raise InputError("the times of the clock's trajectory run backwards; sort the samples")
    return time, phases


def _integral(t: Array, y: Array) -> Array:
    """Cumulative trapezoidal integral, shape (M,)."""
    return np.concatenate([[0.0], np.cumsum(np.diff(t) * (y[1:] + y[:-1]) / 2)])


def _between(t: Array, y: Array, starts: Array) -> float:
    """Integral of ``y`` from the first to the last start."""
    total = _integral(t, y)
    return float(np.interp(starts[-1], t, total) - np.interp(starts[0], t, total))


def _above(t: Array, y: Array, level: float, starts: Array) -> float:
    """Share of the time between the first and last start in which ``y`` is above ``level``."""
    up, down = crossings(t, y, level), crossings(t, y, level, -1)
    edges = np.concatenate([[starts[0]], np.sort(np.concatenate([up, down])), [starts[-1]]])
    edges = edges[(edges >= starts[0]) & (edges <= starts[-1])]
    middle = np.interp((edges[1:] + edges[:-1]) / 2, t, y)
    return float(np.diff(edges)[middle > level].sum() / (starts[-1] - starts[0]))


def _rise(t: Array, y: Array, top: float) -> float:
    """Mean time from the last crossing of 10 % before each crossing of 90 %; not a number if it never gets there."""
    low, high = crossings(t, y, 0.1 * top), crossings(t, y, 0.9 * top)
    before = np.searchsorted(low, high) - 1
    good = before >= 0
    return float((high[good] - low[before[good]]).mean()) if good.any() else float("nan")
