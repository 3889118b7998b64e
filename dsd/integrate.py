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

from dsd.cvode import StalledError, Watch, counted, dense_options, krylov_options, march
from dsd.errors import InputError
from dsd.failures import below_floor, gave_up, out_of_steps
from dsd.kinetics import MassAction, mass_action
from dsd.network import Network, Threshold
from dsd.tolerance import Tolerance, default_tolerance

__all__ = ["DENSE_LIMIT", "Engine", "Leg", "Method", "Tolerance", "default_tolerance"]

Floats = NDArray[np.float64]
Method = Literal["auto", "dense", "krylov"]

DENSE_LIMIT = 120
"""Species up to which the dense solve is used.

Measured as the CPU time of whole runs (rtol 1e-6, atol 1e-9), dense over krylov, best of 3 to 7 on two shared cores of
a Xeon server with scikit-sundae 1.2:

- catalytic gates whose every step binds a shared clock, 6.3 periods: 0.38 at 13 species, 0.70 at 67, 1.03 at 112, 1.53
  at 148, 2.4 at 220, 6.2 at 490;
- a stiff chain (rates 1e-2 to 1e4): 0.41 at 10, 0.58 at 120, 0.90 at 180, 1.2 at 240, 1.9 at 360;
- independent rings: 0.36 at 9, 0.46 at 120, 0.76 at 240, 1.2 at 360;
- the shipped linreg2d: 0.41 clocked (23 species), 2.9 expanded (455).

Gates around hubs are what this project makes, so the limit is theirs; a network without hubs would be up to twice as
fast dense for some way beyond it. SUNDIALS' LAPACK solver was slower than its own dense one at every size: 1.1 times at
10 to 60 species, 2.4 to 10 times (CPU time of both cores) at 148 and more.
"""


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
        y: Floats = self.y[-1].copy()
        return y


@dataclass(eq=False)
class Engine:
    """A network prepared for integration. ``method`` is ``"auto"``, ``"dense"`` or ``"krylov"``.

    Runs of one engine share work arrays: give each thread its own. Raises :class:`InputError` for an empty network or
    an unknown method.
    """

    network: Network
    tolerance: Tolerance = field(default_factory=Tolerance)
    method: Method = "auto"

    def __post_init__(self) -> None:
        if not self.network.names:
            raise InputError("the network has no species; nothing can be simulated; add a reaction or a species")
        if self.method not in ("auto", "dense", "krylov"):
            raise InputError(f"method '{self.method}' is unknown; use auto, dense or krylov")
        self.kinetics: MassAction = mass_action(self.network)
        dense = self.method == "dense" or (self.method == "auto" and self.kinetics.size <= DENSE_LIMIT)
        self._linear = dense_options(self.kinetics) if dense else krylov_options(self.kinetics)

    @property
    def initial(self) -> Floats:
        """Initial concentrations of the network, shape (N,)."""
        y: Floats = np.array([s.initial for s in self.network.species], dtype=np.float64)
        return y

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
            y = y0 if stall.y is None else stall.y
            raise gave_up(self.network, y0, t0 + stall.time, y, "its steps became too short") from None
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
            if not np.isfinite(result.t):
                raise gave_up(self.network, y0, t[-1], y[-1], "its first step is too short for numbers")
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
            if progress:
                progress(time)
        times, rows = np.array(t), np.array(y)
        if not np.isfinite(rows).all():
            row = int(np.argmin(np.isfinite(rows).all(axis=1)))
            raise gave_up(self.network, y0, t[row], y[row], "a concentration is not a number")
        return times, rows, crossed

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
