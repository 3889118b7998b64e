"""Stiff integration of mass-action networks by SUNDIALS CVODE (BDF), prepared once and run many times.

In: a network, an initial state and a stopping rule. Out: a :class:`Leg`, the steps the integrator took.

Linear algebra: dense up to ``DENSE_LIMIT`` species; above it GMRES, preconditioned by our own LU of ``I - gamma J`` in
minimum-degree order (:mod:`dsd.sparse_lu`), which makes each Krylov solve one or two iterations. Concentrations may
undershoot zero by the solver's error only: a leg that falls below ``-floor`` fails, it is never clipped.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from sksundae.cvode import CVODE

from dsd.cvode import StalledError, Watch, counted, linear_options, march
from dsd.errors import InputError
from dsd.failures import below_floor, gave_up, out_of_steps
from dsd.kinetics import MassAction, mass_action
from dsd.network import Network, Threshold

Floats = NDArray[np.float64]
Method = Literal["auto", "dense", "lapack", "krylov"]

DENSE_LIMIT = 48
"""PLACEHOLDER"""


@dataclass(frozen=True, slots=True)
class Tolerance:
    """Error control: ``rtol`` relative, ``atol`` absolute (concentration units), ``floor`` the allowed undershoot.

    ``atol`` must stay far below the deepest concentration that matters, which for a clocked network is the trough of
    its oscillator; the defaults suit concentrations near 1, and :func:`default_tolerance` suits a network. ``max_steps``
    bounds the steps of one leg (between two rows, where rows at given times are asked for).
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
    atol = max(1e-4 * rtol * min(positive), float(np.finfo(np.float64).eps) * max(positive))
    return Tolerance(rtol, atol, 10 * atol)


@dataclass(frozen=True, eq=False)
class Leg:
    """Steps of one integration: ``t`` (M,), ``y`` (M, N); ``event`` tells whether a threshold stopped it.

    ``crossed`` are the thresholds that did, ``evaluations`` counts those of the right-hand side.
    """

    t: Floats
    y: Floats
    event: bool = False
    evaluations: int = 0
    crossed: tuple[Threshold, ...] = ()

    @property
    def time(self) -> float:
        """Time reached."""
        return float(self.t[-1])

    @property
    def state(self) -> Floats:
        """State reached, shape (N,), a copy."""
        return self.y[-1].copy()


@dataclass(eq=False)
class Engine:
    """A network prepared for integration. ``method`` is ``"auto"``, ``"dense"``, ``"lapack"`` or ``"krylov"``.

    Runs of one engine share work arrays: give each thread its own. Raises :class:`InputError` for an empty network or
    an unknown method.
    """

    network: Network
    tolerance: Tolerance = field(default_factory=Tolerance)
    method: Method = "auto"

    def __post_init__(self) -> None:
        if not self.network.names:
            raise InputError("the network has no species; nothing can be simulated; add a reaction or a species")
        if self.method not in ("auto", "dense", "lapack", "krylov"):
            raise InputError(f"method '{self.method}' is unknown; use auto, dense, lapack or krylov")
        self.kinetics: MassAction = mass_action(self.network)
        auto: Literal["dense", "krylov"] = "dense" if self.kinetics.size <= DENSE_LIMIT else "krylov"
        self._linear = linear_options(self.kinetics, auto if self.method == "auto" else self.method)

    @property
    def initial(self) -> Floats:
        """Initial concentrations of the network, shape (N,)."""
        return np.array([s.initial for s in self.network.species], dtype=np.float64)

    def weights(self, names: Sequence[str]) -> Floats:
        """How often each species is named, shape (N,); raises :class:`InputError` for one that is not there."""
        vector = np.zeros(self.kinetics.size)
        for name in names:
            if name not in self.network.index:
                raise InputError(f"no species {name} in this network; cannot watch it; check the threshold's species")
            vector[self.network.index[name]] += 1.0
        return vector

    def run(
        self,
        t0: float,
        y0: Floats,
        t1: float,
        stop: Threshold | Sequence[Threshold] | None = None,
        at: Floats | None = None,
        progress: Callable[[float], None] | None = None,
    ) -> Leg:
        """Integrate from ``t0`` to ``t1``, or to the first crossing of ``stop`` (one threshold, or several) before it.

        ``y0`` is (N,). The leg's rows are the start, the integrator's own steps, and the end; or the start, the times
        ``at`` (K,) that were reached, and the end. A crossing is a change of side: a sum already beyond its level stops
        nothing, and neither does one that is back within a single step of the integrator. ``progress(time)`` is
        called at every row.

        Raises :class:`InputError` for states, times and thresholds that no run has, and :class:`SimulationError` with
        the time and the likely cause when the integrator gives up, when a concentration is not finite, or when one
        falls below ``-floor`` in a row of the leg.
        """
        y0, marks = self._state(y0), _marks(t0, t1, at)
        stops = () if stop is None else (stop,) if isinstance(stop, Threshold) else tuple(stop)
        watch = self._watch(stops)
        if t1 == t0:
            return Leg(np.array([t0]), y0[np.newaxis].copy())
        calls = [0]
        try:
            t, y, crossed = self._rows(t0, y0, t1, marks, watch, calls, progress)
        except StalledError as stall:
            raise gave_up(self.network, y0, t0 + stall.time, stall.y, "its steps became too short") from None
        low = below_floor(self.network, t, y, self.tolerance.floor, self.tolerance.atol)
        if low:
            raise low
        return Leg(t, y, bool(crossed), calls[0], tuple(stops[i] for i in crossed))

    def _rows(
        self, t0: float, y0: Floats, t1: float, marks: Floats | None, watch: Watch | None, calls: list[int],
        progress: Callable[[float], None] | None,
    ) -> tuple[Floats, Floats, list[int]]:  # fmt: skip
        """Times (M,), states (M, N) and the thresholds crossed at the end; raises if the end is a failure."""
        tol, span, time = self.tolerance, t1 - t0, t0
        options = {**self._linear, **(watch.options() if watch else {})}
        solver = CVODE(
            counted(self.kinetics.rhs, calls), method="BDF", rtol=tol.rtol, atol=tol.atol,
            max_num_steps=tol.max_steps, **options,
        )  # fmt: skip
        t, y, crossed = [t0], [y0], list[int]()
        for row, result in enumerate(march(solver, y0, span, None if marks is None else marks - t0)):
            time = t1 if result.t >= span else min(t0 + result.t, t1)
            if result.status == 2:
                crossed = np.flatnonzero(result.i_events[-1]).tolist()
            elif marks is not None and result.status >= 0:
                time = float(marks[row])
            t.append(time)
            y.append(result.y)
            if result.status == -1 or (marks is None and row + 1 >= tol.max_steps and time < t1 and not crossed):
                raise out_of_steps(self.network, y0, time, result.y, t1, tol.max_steps)
            if result.status < 0:
                raise gave_up(self.network, y0, time, result.y, result.message)
            if not np.isfinite(result.y).all():
                raise gave_up(self.network, y0, time, result.y, "a concentration is not a number")
            if progress:
                progress(time)
        return np.array(t), np.array(y), crossed

    def _state(self, y0: Floats) -> Floats:
        y = np.array(y0, dtype=np.float64)
        if y.shape != (self.kinetics.size,):
            raise InputError(
                f"the state has shape {y.shape}, the network {self.kinetics.size} species; give ({self.kinetics.size},)"
            )
        if not np.isfinite(y).all():
            column = int(np.argmin(np.isfinite(y)))
            raise InputError(f"{self.network.names[column]} starts at {y[column]}; start from finite concentrations")
        return y

    def _watch(self, stops: Sequence[Threshold]) -> Watch | None:
        for s in stops:
            where = f"the threshold {'+'.join(s.species)} at {s.level:g}"
            if not s.species or not (math.isfinite(s.level) and s.level > 0):
                raise InputError(f"{where} cannot be crossed; name species and a level > 0")
            if s.direction not in (-1, 1):
                raise InputError(f"{where} has direction {s.direction}; use 1 (rising) or -1 (falling)")
        if not stops:
            return None
        weights = np.array([self.weights(s.species) for s in stops])
        return Watch(weights, [s.level for s in stops], [s.direction for s in stops])


def _marks(t0: float, t1: float, at: Floats | None) -> Floats | None:
    """The times after ``t0`` at which rows are wanted, the end included."""
    if not (math.isfinite(t0) and math.isfinite(t1) and t0 <= t1):
        raise InputError(f"cannot integrate from t = {t0:g} to t = {t1:g}; give an end that is not before the start")
    if at is None:
        return None
    times = np.asarray(at, dtype=np.float64)
    if times.ndim != 1 or not (np.diff(times) > 0).all() or (times.size and not t0 <= times[0] <= times[-1] <= t1):
        raise InputError(f"the times asked for do not increase from {t0:g} to {t1:g}; sort them and stay within")
    return np.append(times[(times > t0) & (times < t1)], t1)
