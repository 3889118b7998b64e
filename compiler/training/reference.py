"""Level ``reference``: gradient descent on the neural ODE itself, without chemistry.

In: a design. Out: a :class:`History`. States, adjoint and gradient are integrated to tight tolerances from the
parsed polynomial, for any ``f`` of the grammar; nothing is special to linear regression, whose closed form
``yhat = sum x_i (1 + T theta_i) + d T h`` serves as a test.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Unpack

import numpy as np
from numpy.typing import NDArray

from compiler.design import Design
from compiler.dynamics import Dynamics
from compiler.model import Model
from compiler.symbols import Expr
from compiler.training.checkpoint import State
from compiler.training.history import History
from compiler.training.loop import reseeded, run
from compiler.training.options import Options
from dsd.dormand_prince import DONE
from dsd.errors import SimulationError
from dsd.explicit import Terms, march

Floats = NDArray[np.float64]

HUGE = 1e12
"""A state beyond this has blown up; no trained network comes near it."""

MAX_STEPS = 100_000


class Reference:
    """The neural ODE of ``model`` with its weights; outputs are sums of ``z(T)``, or the trained output states."""

    def __init__(self, model: Model, *, rtol: float = 1e-10, atol: float = 1e-12) -> None:
        d = model.dynamics
        self.model, self.rtol, self.atol = model, rtol, atol
        self.theta = np.array(model.initial, dtype=np.float64)
        self.iteration = 0
        self.pending = np.zeros_like(self.theta)
        fixed = (*d.inputs, *d.parameters, *d.constants)
        back = d.feedback
        self._f = polynomial(d, d.states + fixed, d.f)
        gradients = tuple(object() for _ in d.parameters)
        moving = (*d.states, *d.adjoints, *gradients)
        self._back = polynomial(d, (*moving, *fixed), back.states + back.adjoint + back.gradient)
        self._readout = np.array(model.readout, dtype=np.float64)
        self._constants = np.array([model.h] * len(d.constants))

    def weights(self) -> Sequence[float]:
        """Weights in parameter order."""
        return [float(v) for v in self.theta]

    def forward(self, x: Floats) -> Floats:
        """Final states z(T), shape (n, s), for samples (n, d)."""
        inputs = self.model.lift(x)
        begin = self.model.begin(inputs)
        T, _ = self.model.durations
        ends = [self._solve(self._f, start, row, T) for start, row in zip(begin, inputs, strict=True)]
        return np.array(ends).reshape(len(x), begin.shape[1])

    def predict(self, x: Floats) -> Floats:
        """Outputs, shape (n, m)."""
        outputs: Floats = self.forward(x) @ self._readout.T
        return outputs

    def gradient(self, x: Floats, y: Floats) -> tuple[float, Floats]:
        """Loss and its gradient (P,) for one sample, by the adjoint method."""
        z, error = self.judged(x, y)
        return 0.5 * float(error @ error), self.backward(x, z, error)

    def judged(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Final states z(T) (s,) and errors (m,) of one sample."""
        z: Floats = self.forward(x[None, :])[0]
        error: Floats = self._readout @ z - y
        return z, error

    def backward(self, x: Floats, z: Floats, error: Floats) -> Floats:
        """The gradient (P,) by the adjoint method, from final states (s,) and errors (m,) back, at the weights now."""
        start = np.concatenate([z, self._readout.T @ error, np.zeros(self.theta.size)])
        _, T = self.model.durations
        end = self._solve(self._back, start, self.model.lift(x[None, :])[0], T)
        return end[2 * z.size :]

    def step(self, x: Floats, y: Floats) -> float:
        """One update, by all gradients since the last; returns the loss before it."""
        loss = self.accumulate(x, y)
        self.theta = self.theta - self.model.eta * self.pending
        self.pending = np.zeros_like(self.theta)
        return loss

    def accumulate(self, x: Floats, y: Floats) -> float:
        """Add the gradient of a sample to the next update; returns its loss."""
        self.iteration += 1
        loss, gradient = self.gradient(x, y)
        self.pending = self.pending + gradient
        return loss

    def snapshot(self) -> State:
        """Weights, and gradients that wait for the next update."""
        return {"theta": self.theta, "pending": self.pending, "iteration": self.iteration}

    def restore(self, state: State) -> None:
        """Go on from a snapshot."""
        self.theta, self.pending, self.iteration = state["theta"], state["pending"], state["iteration"]

    def _solve(self, terms: Terms, start: Floats, inputs: Floats, T: float) -> Floats:
        y = np.concatenate([start, inputs, self.theta, self._constants])
        end = march(terms, y, T, rtol=self.rtol, atol=self.atol, ceiling=HUGE, max_steps=MAX_STEPS)
        if end.status != DONE:
            raise self._blow_up(y[: start.size], end.time, T)
        return y[: start.size]

    def _blow_up(self, moving: Floats, t: float, T: float) -> SimulationError:
        """Names the variable that is farthest gone: a state, and in the feedback phase an adjoint or a gradient."""
        d = self.model.dynamics
        names = [*map(str, d.states + d.adjoints), *(f"g({p})" for p in d.parameters)]
        size = np.where(np.isfinite(moving), np.abs(moving), np.inf)
        worst = int(np.argmax(size))
        weights = ", ".join(f"{v:.4g}" for v in self.theta)
        where = f"iteration {self.iteration}: the neural ODE blew up at t = {t:.4g} of {T:g}"
        grown = f"{names[worst]} reached {moving[worst]:.3g} with weights {weights}"
        return SimulationError(f"{where}: {grown}; lower [model] T or learning_rate", t)


def train_reference(design: Design, **options: Unpack[Options]) -> History:
    """Train the neural ODE of ``design`` by exact online gradient descent."""
    from compiler.training.pipelined import PipelinedReference

    design = reseeded(design, options.get("seed"))
    learner = (PipelinedReference if design.pipelined else Reference)(design.neural)
    return run("reference", design, learner, **options)


def polynomial(d: Dynamics, components: Sequence[object], right: Sequence[Expr]) -> Terms:
    """The polynomials ``right``, of the first components, as arrays over all ``components``."""
    place = {s: i for i, s in enumerate(components)}
    k: list[float] = []
    factors: list[list[int]] = []
    rows: list[int] = []
    for row, expression in enumerate(right):
        for m in d.monomials(expression):
            k.append(m.coefficient)
            factors.append([place[s] if s in place else ~place[d.plain(s)] for s in m.factors])
            rows.append(row)
    ends = np.cumsum([0, *(len(f) for f in factors)])
    return Terms(
        np.array(k, dtype=np.float64),
        ends.astype(np.int64),
        np.array([i for f in factors for i in f], dtype=np.int64),
        np.arange(len(k) + 1, dtype=np.int64),
        np.array(rows, dtype=np.int64),
        np.ones(len(k)),
    )
