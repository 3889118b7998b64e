"""Stiff integration of mass-action networks by SUNDIALS CVODE (BDF), prepared once and run many times.

In: a network, an initial state and a stopping rule. Out: a :class:`Leg`, the steps the integrator took.

Linear algebra: dense up to ``DENSE_LIMIT`` species; above it GMRES, preconditioned by our own LU of ``I - gamma J`` in
minimum-degree order (:mod:`dsd.sparse_lu`), which makes each Krylov solve one or two iterations. Concentrations may
undershoot zero by the solver's error only: a leg that falls below ``-floor`` fails, it is never clipped.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from sksundae.cvode import CVODE, CVODEJacTimes, CVODEPrecond

from dsd.errors import InputError, SimulationError
from dsd.kinetics import MassAction, mass_action
from dsd.network import Network, Threshold, describe
from dsd.sparse_lu import SparseLU

Floats = NDArray[np.float64]

DENSE_LIMIT = 48
"""Species up to which a dense solve is faster: measured on the clocked and expanded networks of the shipped designs
(dense 1.3x faster at 30 species, 1.2x slower at 60, 12x slower at 480)."""


@dataclass(frozen=True)
class Tolerance:
    """Error control: ``rtol`` relative, ``atol`` absolute (concentration units), ``floor`` the allowed undershoot.

    ``atol`` must stay far below the deepest concentration that matters, which for a clocked network is the trough of
    its oscillator. ``max_steps`` bounds the steps of one leg.
    """

    rtol: float = 1e-6
    atol: float = 1e-10
    floor: float = 1e-9
    max_steps: int = 200_000


@dataclass(frozen=True)
class Leg:
    """Steps of one integration: ``t`` (M,), ``y`` (M, N); ``event`` tells whether the threshold stopped it."""

    t: Floats
    y: Floats
    event: bool = False
    evaluations: int = 0

    @property
    def time(self) -> float:
        """Time reached."""
        return float(self.t[-1])

    @property
    def state(self) -> Floats:
        """State reached, shape (N,), a copy."""
        return self.y[-1].copy()


@dataclass
class Engine:
    """A network prepared for integration. ``method`` is ``"auto"``, ``"dense"`` or ``"krylov"``.

    Raises :class:`InputError` for an empty network or an unknown method.
    """

    network: Network
    tolerance: Tolerance = field(default_factory=Tolerance)
    method: Literal["auto", "dense", "krylov"] = "auto"

    def __post_init__(self) -> None:
        if not self.network.names:
            raise InputError("the network has no species; nothing can be simulated; add a reaction or a species")
        if self.method not in ("auto", "dense", "krylov"):
            raise InputError(f"method '{self.method}' is unknown; use auto, dense or krylov")
        self.kinetics: MassAction = mass_action(self.network)
        dense = self.method == "dense" or (self.method == "auto" and self.kinetics.size <= DENSE_LIMIT)
        self._options = _dense_options(self.kinetics) if dense else _krylov_options(self.kinetics)

    @property
    def initial(self) -> Floats:
        """Initial concentrations of the network, shape (N,)."""
        return np.array([s.initial for s in self.network.species], dtype=np.float64)

    def weights(self, names: tuple[str, ...]) -> Floats:
        """Indicator vector (N,) of the named species; raises :class:`InputError` for one that is not there."""
        vector = np.zeros(self.kinetics.size)
        for name in names:
            if name not in self.network.index:
                raise InputError(f"no species {name} in this network; cannot watch it; check the threshold's species")
            vector[self.network.index[name]] += 1.0
        return vector

    def run(
        self, t0: float, y0: Floats, t1: float, stop: Threshold | None = None, at: Floats | None = None
    ) -> Leg:
        """Integrate from ``t0`` to ``t1``, or to the first crossing of ``stop`` if that comes earlier.

        ``y0`` is (N,). The leg holds the integrator's own steps, or the times ``at`` (increasing, within the span) if
        given. Raises :class:`SimulationError` with the time and the likely cause when the integrator gives up, when a
        concentration is not finite or when it falls below ``-floor``.
        """
        if t1 <= t0:
            return Leg(np.array([t0]), np.array([y0]))
        extra: dict[str, Any] = {}
        if stop is not None:
            extra = {"eventsfn": _crossing(self.weights(stop.species), stop), "num_events": 1}
        tol = self.tolerance
        calls = [0]
        solver = CVODE(
            _counted(self.kinetics.rhs, calls), method="BDF", rtol=tol.rtol, atol=tol.atol,
            max_num_steps=tol.max_steps, **self._options, **extra,
        )  # fmt: skip
        grid = np.array([t0, t1]) if at is None else np.asarray(at, dtype=np.float64)
        result = solver.solve(grid, y0)
        leg = Leg(np.asarray(result.t), np.asarray(result.y), _stopped(result), calls[0])
        self._check(leg, result)
        return leg

    def _check(self, leg: Leg, result: Any) -> None:
        bad = ~np.isfinite(leg.y)
        if bad.any():
            row, column = np.argwhere(bad)[0]
            name = self.network.names[column]
            raise SimulationError(
                f"{name} became infinite at t = {leg.t[row]:.6g}: an autocatalytic blow-up; lower its rates or doses",
                float(leg.t[row]),
            )
        if result.status < 0:
            raise SimulationError(
                f"the integrator gave up at t = {leg.time:.6g} ({result.message}); {self._fastest(leg.state)}; "
                f"loosen rtol, or look for a rate constant in the wrong units",
                leg.time,
            )
        low = int(np.argmin(leg.y.min(axis=0)))
        if leg.y[:, low].min() < -self.tolerance.floor:
            row = int(np.argmin(leg.y[:, low]))
            raise SimulationError(
                f"{self.network.names[low]} fell to {leg.y[row, low]:.3g} at t = {leg.t[row]:.6g}, below the floor "
                f"-{self.tolerance.floor:g}; tighten atol (now {self.tolerance.atol:g})",
                float(leg.t[row]),
            )

    def _fastest(self, y: Floats) -> str:
        rates = [r.k * float(np.prod([y[self.network.index[n]] for n in r.reactants])) for r in self.network.reactions]
        if not rates:
            return "there are no reactions"
        worst = int(np.argmax(np.abs(rates)))
        return f"fastest reaction: {describe(self.network.reactions[worst])} at {rates[worst]:.3g}"


def _stopped(result: Any) -> bool:
    return result.t_events is not None and len(result.t_events) > 0


def _counted(rhs: Callable[[Floats, Floats], None], calls: list[int]) -> Callable[[float, Floats, Floats], None]:
    def rhsfn(t: float, y: Floats, yp: Floats) -> None:
        calls[0] += 1
        rhs(y, yp)

    return rhsfn


def _crossing(weights: Floats, stop: Threshold) -> Callable[[float, Floats, Floats], None]:
    watched = np.flatnonzero(weights)
    counts = weights[watched]

    def eventsfn(t: float, y: Floats, events: Floats) -> None:
        events[0] = counts @ y[watched] - stop.level

    eventsfn.terminal = [True]  # type: ignore[attr-defined]
    eventsfn.direction = [stop.direction]  # type: ignore[attr-defined]
    return eventsfn


def _dense_options(kinetics: MassAction) -> dict[str, Any]:
    rows = np.repeat(np.arange(kinetics.size), np.diff(kinetics.j_ptr))
    data = np.zeros(kinetics.j_idx.size)

    def jacfn(t: float, y: Floats, yp: Floats, out: Floats) -> None:
        kinetics.jacobian(y, data)
        out[rows, kinetics.j_idx] = data

    return {"linsolver": "dense", "jacfn": jacfn}


def _krylov_options(kinetics: MassAction) -> dict[str, Any]:
    lu = SparseLU(kinetics.j_ptr, kinetics.j_idx)
    data = np.zeros(kinetics.j_idx.size)

    def setup(t: float, y: Floats, yp: Floats, jok: int, jnew: list[int], gamma: float) -> None:
        if jok:
            jnew[0] = 0
        else:
            kinetics.jacobian(y, data)
            jnew[0] = 1
        if not lu.factor(data, gamma):
            raise SimulationError("a pivot vanished in the factorisation; reduce the step (max_step) or rtol", t)

    def solve(t: float, y: Floats, yp: Floats, r: Floats, z: Floats, gamma: float, delta: float, lr: int) -> None:
        lu.solve(r, z)

    def product(t: float, y: Floats, yp: Floats, v: Floats, out: Floats) -> None:
        kinetics.jacobian_product(y, v, out)

    return {
        "linsolver": "gmres",
        "precond": CVODEPrecond(setup, solve, side="left"),
        "jactimes": CVODEJacTimes(None, product),
    }
