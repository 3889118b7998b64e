"""Stiff integration of mass-action networks, prepared once and run many times.

In: a network, an initial state and a stopping rule. Out: a :class:`Leg`, the steps the integrator took.

The integrator is our own (:mod:`dsd.ndf`). SUNDIALS CVODE (:mod:`dsd.cvode`), dense or with GMRES preconditioned by our
own factorisation in minimum-degree order, can be asked for by name, and is what it is checked against.
Concentrations may undershoot zero by the solver's error only: a leg that falls below ``-floor`` fails, it is never
clipped.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol, get_args

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from dsd.conserved import found_laws, given_laws
from dsd.errors import InputError
from dsd.failures import below_floor, gave_up, out_of_steps
from dsd.kinetics import MassAction, mass_action
from dsd.network import Network, Threshold
from dsd.outcome import End, History, Outcome, Watch
from dsd.tolerance import Tolerance, default_tolerance

__all__ = ["Engine", "Leg", "Method", "Tolerance", "default_tolerance"]

Floats = NDArray[np.float64]
Method = Literal["auto", "ndf", "dense", "krylov", "reduced"]


DEFAULT: Method = "ndf"
"""What ``"auto"`` stands for, whatever the size.

CPU seconds of a clock period at a measured error of 1e-4, of ndf, krylov, CVODE with KLU in C, and SciPy's BDF with a
sparse Jacobian: 0.011, 0.034, 0.023, 0.16 on LinReg2D's minimal circuit (388 species); 0.033, 0.081, 0.084, 0.43 on
quadratic XOR (1,652); 0.042, 0.11, 0.13, 0.59 on cubic XOR (1,928) (``strandgrad bench engine``, two shared cores).
"""


class Solver(Protocol):
    """An integrator of one network; :class:`dsd.ndf.Ndf` says what its arguments are."""

    def run(
        self, start: Floats | History, span: float, watch: Watch, marks: Floats | None, tolerance: Tolerance,
        tell: Callable[[Floats], None] | None = None,
    ) -> Outcome:  # fmt: skip
        """Integrate from a state or a history over ``span``."""


@dataclass(frozen=True, eq=False)
class Leg:
    """Steps of one integration: ``t`` (M,), ``y`` (M, N); ``event`` tells whether a threshold stopped it.

    ``crossed`` are the thresholds that did, ``evaluations`` counts those of the right-hand side, ``history`` is for
    :meth:`Engine.resume`.
    """

    t: Floats
    y: Floats
    event: bool = False
    evaluations: int = 0
    crossed: tuple[Threshold, ...] = ()
    history: History | None = None

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
    """A network prepared for integration.

    ``method`` is ``"ndf"``, our own integrator (``"auto"`` means it too), ``"dense"`` or ``"krylov"``, which name
    CVODE's linear algebra, or ``"reduced"``, which takes what is fast to be in equilibrium (:mod:`dsd.reduced`).
    Runs of one engine share work arrays: give each thread its own. Raises :class:`InputError` for an empty network or
    an unknown method.

    Every leg is checked for linear sums that no reaction changes: ``conserved`` (C, N), such as strand totals, or sums
    found for the purpose.
    """

    network: Network
    tolerance: Tolerance = field(default_factory=Tolerance)
    method: Method = "auto"
    conserved: csr_array | None = None

    def __post_init__(self) -> None:
        if not self.network.names:
            raise InputError("the network has no species; nothing can be simulated; add a reaction or a species")
        if self.method not in get_args(Method):
            raise InputError(f"method '{self.method}' is unknown; use auto, ndf, dense, krylov or reduced")
        self.kinetics: MassAction = mass_action(self.network)
        self.solver = _solver(self.network, self.kinetics, self.method)
        given = self.conserved
        self.laws = found_laws(self.kinetics) if given is None else given_laws(self.kinetics, given)

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
        y0 = self._state(y0)
        return self._leg(t0, y0, y0, t1, stop, at, progress)

    def resume(
        self,
        leg: Leg,
        t1: float,
        stop: Threshold | Sequence[Threshold] | None = None,
        at: Floats | None = None,
        progress: Callable[[float], None] | None = None,
    ) -> Leg:
        """Go on from the end of ``leg``, a leg of this network, to ``t1`` or a crossing, as :meth:`run` does.

        Nothing may have been added since: the integrator goes on with the steps and the order it had, which spares it
        a start. A leg of CVODE has no such history, and is started anew.
        """
        return self._leg(leg.time, leg.state, leg.history or leg.state, t1, stop, at, progress)

    def _leg(
        self, t0: float, y0: Floats, start: Floats | History, t1: float, stop: Threshold | Sequence[Threshold] | None,
        at: Floats | None, progress: Callable[[float], None] | None,
    ) -> Leg:  # fmt: skip
        """The leg from ``y0`` at ``t0``, for which ``start`` is the state or what is known besides."""
        marks = _marks(t0, t1, at)
        stops = () if stop is None else (stop,) if isinstance(stop, Threshold) else tuple(stop)
        watch = self._watch(stops)
        if t1 == t0:
            return Leg(np.array([t0]), y0[np.newaxis].copy())
        given = {} if marks is None else dict(zip((marks - t0).tolist(), marks.tolist(), strict=True))
        given |= {0.0: t0, t1 - t0: t1}

        def absolute(times: Floats) -> list[float]:
            return [given.get(t, min(t0 + t, t1)) for t in times.tolist()]

        def tell(times: Floats) -> None:
            if progress:
                for time in absolute(times):
                    progress(time)

        local = None if marks is None else marks - t0
        out = self.solver.run(start, t1 - t0, watch, local, self.tolerance, tell)
        self._check(y0, t0, t1, out)
        t, y = np.array(absolute(out.t)), out.y
        self.laws.check(y[0], y[-1], float(t[-1]), self.tolerance)
        low = below_floor(self.network, t, y, self.tolerance.floor, self.tolerance.atol)
        if low:
            raise low
        crossed = tuple(stops[i] for i in out.hit)
        return Leg(t, y, bool(crossed), out.evaluations, crossed, out.history)

    def _check(self, y0: Floats, t0: float, t1: float, out: Outcome) -> None:
        """Raise what went wrong, if anything did."""
        time = min(t0 + out.time, t1)
        if out.end is End.STEPS:
            raise out_of_steps(self.network, y0, time, out.state, t1, self.tolerance.max_steps)
        if out.end not in (End.DONE, End.EVENT):
            raise gave_up(self.network, y0, time, out.state, out.reason)
        if not np.isfinite(out.y).all():
            row = int(np.argmin(np.isfinite(out.y).all(axis=1)))
            raise gave_up(self.network, y0, t0 + out.t[row], out.y[row], "a concentration is not a number")

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

    def _watch(self, stops: Sequence[Threshold]) -> Watch:
        for s in stops:
            where = f"the threshold {'+'.join(s.species)} at {s.level:g}"
            if not s.species or not (math.isfinite(s.level) and s.level > 0):
                raise InputError(f"{where} cannot be crossed; name species and a level > 0")
            if s.direction not in (-1, 1):
                raise InputError(f"{where} has direction {s.direction}; use 1 (rising) or -1 (falling)")
        weights = np.array([self.weights(s.species) for s in stops]).reshape(len(stops), self.kinetics.size)
        return Watch(weights, np.array([s.level for s in stops]), np.array([float(s.direction) for s in stops]))


def _solver(network: Network, kinetics: MassAction, method: Method) -> Solver:
    """The integrator of that name; each is imported where it is used."""
    if (DEFAULT if method == "auto" else method) == "ndf":
        from dsd.ndf import Ndf

        return Ndf(kinetics)
    if method == "reduced":
        from dsd.reduced import Reduced

        return Reduced(network)
    from dsd.cvode import Cvode

    return Cvode(kinetics, dense=method == "dense")


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
