"""Level ``reference``: gradient descent on the neural ODE itself, without chemistry.

In: a design. Out: a :class:`History`. States, adjoint and gradient are integrated to tight tolerances (DOP853) from the
parsed polynomial, for any ``f`` of the grammar; nothing is special to linear regression, whose closed form
``yhat = sum x_i (1 + T theta_i) + d T h`` serves as a test.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import sympy as sp
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

from compiler.design import Design
from compiler.grammar import Expr
from compiler.model import Model
from compiler.training.history import History, Progress
from compiler.training.loop import run
from dsd.errors import SimulationError

Floats = NDArray[np.float64]
Function = Callable[..., Floats]

HUGE = 1e12
"""A state beyond this has blown up; no trained network comes near it."""


class Reference:
    """The neural ODE of ``model`` with its weights; outputs are ``yhat = sum z(T)``, one per sample."""

    def __init__(self, model: Model, *, rtol: float = 1e-10, atol: float = 1e-12) -> None:
        d = model.dynamics
        self.model, self.rtol, self.atol = model, rtol, atol
        self.theta = np.array(model.initial, dtype=np.float64)
        given = d.states + d.inputs + d.parameters + d.constants
        back = d.feedback
        self._f = _compiled(given, d.f)
        self._back = _compiled(d.adjoints + given, back.states + back.adjoint + back.gradient)
        self._constants = np.array([model.h] * len(d.constants))

    def weights(self) -> Sequence[float]:
        """Weights in parameter order."""
        return [float(v) for v in self.theta]

    def forward(self, x: Floats) -> Floats:
        """Final states z(T), shape (n, d), for inputs (n, d), all integrated as one system."""
        n, d = x.shape
        fixed = [*x.T, *self.theta, *self._constants]

        def rhs(t: float, flat: Floats) -> Floats:
            return np.ravel(_stack(self._f(*flat.reshape(d, n), *fixed), n))

        return self._solve(rhs, np.ravel(x.T)).reshape(d, n).T

    def predict(self, x: Floats) -> Floats:
        """Outputs, shape (n, 1)."""
        outputs: Floats = self.forward(x).sum(axis=1, keepdims=True)
        return outputs

    def gradient(self, x: Floats, y: Floats) -> tuple[float, Floats]:
        """Loss and its gradient (P,) for one sample, by the adjoint method."""
        d = self.model.dynamics.dimension
        z = self.forward(x[None, :])[0]
        error = float(z.sum() - y[0])
        fixed = [*x, *self.theta, *self._constants]

        def rhs(t: float, flat: Floats) -> Floats:
            return _stack(self._back(*flat[d : 2 * d], *flat[:d], *fixed), 1)[:, 0]

        start = np.concatenate([z, np.full(d, error), np.zeros(self.theta.size)])
        return 0.5 * error * error, self._solve(rhs, start)[2 * d :]

    def step(self, x: Floats, y: Floats) -> float:
        """One update; returns the loss before it."""
        loss, gradient = self.gradient(x, y)
        self.theta = self.theta - self.model.eta * gradient
        return loss

    def _solve(self, rhs: Callable[[float, Floats], Floats], start: Floats) -> Floats:
        def bounded(t: float, flat: Floats) -> Floats:
            # The integrator's step control loops for ever on a NaN, so a blow-up must stop it from here.
            if not np.abs(flat).max() < HUGE:
                raise self._blow_up(t)
            return rhs(t, flat)

        with np.errstate(over="ignore", invalid="ignore"):
            result = solve_ivp(bounded, (0.0, self.model.T), start, method="DOP853", rtol=self.rtol, atol=self.atol)
        if not result.success:
            raise self._blow_up(float(result.t[-1]))
        end: Floats = result.y[:, -1]
        return end

    def _blow_up(self, t: float) -> SimulationError:
        weights = ", ".join(f"{v:.4g}" for v in self.theta)
        message = f"the neural ODE blew up at t = {t:.4g} of {self.model.T:g} with weights {weights}"
        return SimulationError(f"{message}; lower [model] T or learning_rate", t)


def train_reference(
    design: Design, *, epochs: int | None = None, seed: int | None = None, progress: Progress | None = None
) -> History:
    """Train the neural ODE of ``design`` by exact online gradient descent."""
    return run("reference", design, Reference(design.neural), epochs=epochs, seed=seed, progress=progress)


def _compiled(arguments: Sequence[Expr], expressions: Sequence[Expr]) -> Function:
    function: Function = sp.lambdify(list(arguments), list(expressions), modules="numpy", cse=True)
    return function


def _stack(rows: Sequence[Floats | float] | Floats, n: int) -> Floats:
    """Component rows as (len, n); constant components come as plain numbers and are spread out."""
    return np.stack([np.broadcast_to(np.asarray(row, dtype=np.float64), (n,)) for row in rows])
