"""The gradient of the formal network against finite differences, for any polynomial f."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

from compiler.dynamics import Dynamics, dynamics
from compiler.model import Model
from compiler.neural import derive
from compiler.training.formal import Formal
from compiler.training.reference import Reference
from dsd.errors import SimulationError

Floats = NDArray[np.float64]

LINEAR = ["Theta @ x", "theta*x", "theta*z", "beta", "0.3*z", "0.7", "x"]
HIGHER = ["z*z", "0.5*z**3", "theta*x*z", "z*(Theta @ x)", "beta*z**2", "x*z", "theta*x**2", "beta*x*z", "z**3/6"]


@st.composite
def polynomials(draw: st.DrawFn) -> str:
    """A random f of degree at most 3 that has weights."""
    first = draw(st.sampled_from(LINEAR[:4]))
    more = draw(st.lists(st.tuples(st.sampled_from("+-"), st.sampled_from(LINEAR + HIGHER)), max_size=3))
    return first + "".join(f" {sign} {term}" for sign, term in more)


def growth(f: Dynamics, model: Model, x: Floats) -> float:
    """The most that a perturbation can grow or shrink along the flow, as an exponent: the integral of |df/dz|."""
    import sympy as sp

    given_symbols = [*f.states, *f.inputs, *f.parameters, *f.constants]
    right = sp.lambdify(given_symbols, list(f.f))
    jacobian = sp.lambdify(given_symbols, sp.Matrix(f.f).jacobian(list(f.states)))
    fixed = [*x, *model.initial]

    def rhs(t: float, y: Floats) -> Floats:
        return np.append(right(*y[:-1], *fixed), np.linalg.norm(jacobian(*y[:-1], *fixed), 2))

    def far(t: float, y: Floats) -> float:
        return float(np.abs(y[:-1]).max()) - 20

    far.terminal = True  # type: ignore[attr-defined]
    end = solve_ivp(rhs, (0, model.T), [*x, 0.0], events=far, rtol=1e-6)
    return float(end.y[-1, -1]) if end.status == 0 else np.inf


@settings(max_examples=30, deadline=None)
@given(text=polynomials(), d=st.integers(1, 4), seed=st.integers(0, 2**32 - 1))
def test_the_formal_gradient_is_that_of_finite_differences(text: str, d: int, seed: int) -> None:
    """Within 1e-3, where the flow grows or contracts by at most e^5; annihilation drops out of all differences."""
    random = np.random.default_rng(seed)
    f = dynamics(text, d)
    theta = random.normal(0, 0.7, len(f.parameters))
    x, y = random.uniform(-1, 1, d), np.array([random.uniform(-1, 1)])
    model = Model(f, tuple(theta), (True,) * d, T=0.8, eta=1.0, signed_target=True)
    assume(growth(f, model, x) <= 5)

    def loss(weights: Floats) -> float:
        error = Reference(replace(model, initial=tuple(weights))).predict(x[None, :])[0, 0] - y[0]
        return 0.5 * float(error) ** 2

    step = 1e-5
    central = np.array([(loss(theta + step * e) - loss(theta - step * e)) / (2 * step) for e in np.eye(theta.size)])
    formal = Formal(derive(model, annihilation=True))
    formal.step(x, y)
    found = theta - np.array(formal.weights())
    assert np.abs(found - central).max() <= 1e-3 * max(1.0, np.abs(central).max())


@pytest.mark.parametrize("text", ["theta*x - 0.5*z**2", "z*(Theta @ x + beta) - 0.5*z**2 + 0.1"])
def test_the_per_rail_gradient_in_the_limit_of_fast_annihilation(text: str) -> None:
    """-z|z|/2: what both rails hold is an error, of first order in 1/k; two rates extrapolate it away."""
    f = dynamics(text, 2, per_rail=True)
    theta = np.random.default_rng(5).normal(0, 0.6, len(f.parameters))
    x, y = np.array([-0.8, 0.6]), np.array([0.4])
    model = Model(f, tuple(theta), (True, True), T=0.8, eta=1.0, signed_target=True)
    exact = Reference(model).gradient(x, y)[1]

    def gradient(rate: float) -> Floats:
        formal = Formal(derive(replace(model, annihilation=rate), annihilation=True))
        formal.step(x, y)
        return theta - np.array(formal.weights())

    slow, fast = gradient(1000.0), gradient(2000.0)
    assert np.abs(2 * fast - slow - exact).max() < 1e-3 * max(1.0, np.abs(exact).max())
    assert np.abs(fast - exact).max() < np.abs(slow - exact).max()


@pytest.mark.parametrize(
    "options",
    [
        {"outputs": 2},
        {"outputs": 2, "per_rail": True},
        {"mask": [[1, 0], [0, 1]]},
        {"trained_bias": True},
    ],
)
def test_the_reference_gradient_equals_finite_differences(options: dict[str, object]) -> None:
    f = dynamics("Theta @ x - 0.5*z**2 + h", 2, **options)  # type: ignore[arg-type]
    theta = np.random.default_rng(1).normal(0.3, 0.4, len(f.parameters))
    x, y, step = np.array([-0.4, 0.9]), np.array([1.0, -0.5][: 2 if f.trained_output else 1]), 1e-5
    model = Model(f, tuple(theta), (True, False), h=0.1, T=0.8)

    def loss(weights: Floats) -> float:
        error = Reference(replace(model, initial=tuple(weights))).predict(x[None, :])[0] - y
        return 0.5 * float(error @ error)

    central = [(loss(theta + step * e) - loss(theta - step * e)) / (2 * step) for e in np.eye(theta.size)]
    assert Reference(model).gradient(x, y)[1] == pytest.approx(central, abs=1e-7)


def test_blocks_have_the_closed_form_of_an_exponential() -> None:
    """dh/dt = Theta x, dz/dt = h z from 1: z(T) = exp(T^2/2 Theta x), read with signs."""
    f = dynamics({"h": "Theta @ x", "z": "h*z"}, 3, hidden=2)
    theta = (0.3, -0.8, 0.2, -0.5, 0.4, 1.0)
    model = Model(
        f, theta, (True, False, False), T=1.2, eta=1.0, padding=(1.0,), start=(0.0, 0.0, 1.0, 1.0), signs=((1, -1),)
    )
    x, y = np.array([-0.7, 0.5]), np.array([0.1])
    full = np.append(x, 1.0)
    z = np.exp(0.72 * np.array(theta).reshape(2, 3) @ full)
    error = z[0] - z[1] - 0.1
    formal, exact = Formal(derive(model, annihilation=True)), Reference(model)
    assert exact.predict(x[None, :])[0, 0] == pytest.approx(z[0] - z[1], abs=1e-9)
    assert formal.infer(x)[0] == pytest.approx(z[0] - z[1], abs=1e-6)
    formal.step(x, y)
    wanted = error * 0.72 * np.outer(z * [1, -1], full).ravel()
    assert np.array(theta) - np.array(formal.weights()) == pytest.approx(wanted, abs=1e-6)
    assert exact.gradient(x, y)[1] == pytest.approx(wanted, abs=1e-8)


def test_first_order_gradients_freeze_adjoint_and_states() -> None:
    """f = theta z^2 with z and a frozen at T: g_i = T (yhat - y) z_i(T)^2, z_i(T) = x_i / (1 - T theta_i x_i)."""
    f = dynamics("theta*z**2", 2, first_order=True)
    model = Model(f, (-0.5, -1.0), (False, False), T=0.8, eta=1.0)
    x, y = np.array([1.0, 0.5]), np.array([0.2])
    z = x / (1 + 0.8 * np.array([0.5, 1.0]) * x)
    wanted = 0.8 * (z.sum() - 0.2) * z**2
    formal = Formal(derive(model, annihilation=True))
    formal.step(x, y)
    assert np.array([-0.5, -1.0]) - np.array(formal.weights()) == pytest.approx(wanted, abs=1e-7)
    assert Reference(model).gradient(x, y)[1] == pytest.approx(wanted, abs=1e-8)


def test_a_blow_up_in_the_formal_network_names_iteration_stage_and_species() -> None:
    model = Model(dynamics("theta*z**2", 1), (5.0,), (False,), T=1.0)
    with pytest.raises(SimulationError, match=r"iteration 1, stage N1: Z1p? grew from .*: an autocatalytic blow-up"):
        Formal(derive(model, annihilation=True)).step(np.array([1.0]), np.array([1.0]))
