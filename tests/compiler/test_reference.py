"""Exact gradient descent on the neural ODE, against the authors' log, closed forms and finite differences."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compiler.design import load_design
from compiler.dynamics import dynamics
from compiler.model import Model
from compiler.training.loop import presentations
from compiler.training.reference import Reference, train_reference
from dsd.errors import SimulationError

# The authors' public run log (rajiv256/NeuralCRNGen, branch linear_regression), to its printed digits.
TRAIN = [0.55739, 0.17398, 0.16528, 0.16429, 0.16412]
VALIDATION = [4.25333, 0.12523, 0.11831, 0.11866, 0.11878]  # scored before each epoch
THETA = [0.30166934, 2.15897214]


def test_the_authors_run_log_is_reproduced_to_its_printed_digits() -> None:
    history = train_reference(load_design("linreg2d"))
    assert [round(v, 5) for v in history.train_loss] == TRAIN
    assert [round(v, 5) for v in history.validation_loss] == [*VALIDATION, 0.11880]
    assert np.abs(np.array(history.parameters[-1]) - THETA).max() < 2e-8
    assert history.iterations == 205
    assert min(min(row) for row in history.weights) > 0.0215  # positive throughout: a single rail is enough


@settings(max_examples=20, deadline=None)
@given(x=st.lists(st.floats(0.5, 5), min_size=2, max_size=2), theta=st.lists(st.floats(-2, 2), min_size=2, max_size=2))
def test_linear_regression_has_a_closed_form(x: list[float], theta: list[float]) -> None:
    # yhat = sum x_i (1 + T theta_i) + d T h and dL/dtheta_i = T (yhat - y) x_i
    net = Reference(Model(dynamics("theta*x + h", 2), tuple(theta), (False, False), h=0.1, T=0.5))
    yhat = sum(v * (1 + 0.5 * t) for v, t in zip(x, theta, strict=True)) + 2 * 0.5 * 0.1
    assert net.predict(np.array([x]))[0, 0] == pytest.approx(yhat, abs=1e-9)
    loss, gradient = net.gradient(np.array(x), np.array([3.0]))
    assert loss == pytest.approx(0.5 * (yhat - 3.0) ** 2, abs=1e-8)
    assert gradient == pytest.approx([0.5 * (yhat - 3.0) * v for v in x], abs=1e-8)


@pytest.mark.parametrize(
    "text",
    [
        "theta*z",
        "theta*x - 0.5*z**2 + h",
        "Theta @ x - z**3/6",
        "z*(Theta @ x + beta) - 0.5*z**2 + h",
        "beta*z*x + theta",
    ],
)
def test_the_adjoint_gradient_equals_finite_differences(text: str) -> None:
    f = dynamics(text, 2)
    theta = np.random.default_rng(1).normal(0.3, 0.4, len(f.parameters))
    x, y, step = np.array([0.4, 0.9]), np.array([1.0]), 1e-5

    def loss(weights: np.ndarray) -> float:
        net = Reference(Model(f, tuple(weights), (False, False), h=0.1, T=0.8))
        return 0.5 * float(net.predict(x[None, :])[0, 0] - y[0]) ** 2

    gradient = Reference(Model(f, tuple(theta), (False, False), h=0.1, T=0.8)).gradient(x, y)[1]
    central = [(loss(theta + step * e) - loss(theta - step * e)) / (2 * step) for e in np.eye(theta.size)]
    assert gradient == pytest.approx(central, abs=1e-7)


def test_a_blow_up_is_caught_and_named() -> None:
    net = Reference(Model(dynamics("theta*z**2", 1), (5.0,), (False,), T=1.0))
    with pytest.raises(SimulationError, match=r"the neural ODE blew up at t = .* lower \[model\] T or learning_rate"):
        net.predict(np.array([[1.0]]))


def test_progress_and_epochs_can_be_given(write: Callable[..., Path]) -> None:
    calls: list[tuple[int, int]] = []
    history = train_reference(load_design(write()), epochs=2, progress=lambda done, total: calls.append((done, total)))
    assert calls == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert len(history.train_loss) == 2


def test_shuffled_order_follows_the_seed() -> None:
    design = load_design("linreg2d").amended({"training.order": "shuffled"})
    first, second, other = (np.array(list(presentations(design, 2, seed))) for seed in (1, 1, 2))
    assert np.array_equal(first, second)
    assert not np.array_equal(first, other)
    assert np.array_equal(np.sort(first, axis=1), [np.arange(41)] * 2)
    fixed = replace(design, file=load_design("linreg2d").file)
    assert all(np.array_equal(rows, np.arange(41)) for rows in presentations(fixed, 2, 1))
