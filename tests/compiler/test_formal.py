"""The formal Neural CRN trains like the neural ODE it was derived from."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from compiler.design import load_design
from compiler.dynamics import dynamics
from compiler.model import Model
from compiler.neural import derive
from compiler.training.formal import Formal, train_formal
from compiler.training.reference import Reference, train_reference
from dsd.errors import SimulationError


def test_the_formal_circuit_reproduces_the_authors_run_log() -> None:
    # losses and theta of the authors' public run log (rajiv256/NeuralCRNGen, branch linear_regression)
    history = train_formal(load_design("linreg2d"))
    assert history.train_loss == pytest.approx([0.55739, 0.17398, 0.16528, 0.16429, 0.16412], abs=1e-5)
    assert history.validation_loss[:5] == pytest.approx([4.25333, 0.12523, 0.11831, 0.11866, 0.11878], abs=1e-5)
    assert history.parameters[-1] == pytest.approx([0.30166934, 2.15897214], abs=1e-6)
    assert history.extra["largest_leftover_gradient"] < 1e-9


def test_the_minimal_circuit_learns_the_same_data_without_a_bias() -> None:
    design = load_design("linreg2d-minimal")
    formal, exact = train_formal(design, epochs=1), train_reference(design, epochs=1)
    assert formal.parameters[-1] == pytest.approx(exact.parameters[-1], abs=1e-6)
    assert formal.validation_loss[-1] < 0.05 * formal.validation_loss[0]


def test_a_slower_update_leaves_gradient_behind() -> None:
    # N4 at k = 100 for eps = 1: theta shifts by 1e-3, to (0.3025, 2.1583)
    history = train_formal(load_design("linreg2d").amended({"formal.k_fast": 100.0}))
    assert history.parameters[-1] == pytest.approx([0.3025, 2.1583], abs=1e-4)
    assert 1e-3 < history.extra["largest_leftover_gradient"] < 1e-2
    with pytest.raises(SimulationError, match=r"iteration \d+: .* of G1p is left because P1 has run out, or N4 is too"):
        train_formal(load_design("linreg2d").amended({"formal.k_fast": 10.0}))


def test_predictions_come_from_the_network_and_follow_its_weights() -> None:
    # closed form: yhat = sum x_i (1 + T theta_i) + d T h, here 3*1.25 + 2*1.5 + 0.1
    design = load_design("linreg2d").amended({"model.parameters.theta": (0.5, 1.0)})
    assert Formal(design.circuit()).infer(np.array([3.0, 2.0])) == pytest.approx(6.85, abs=1e-6)


@pytest.mark.parametrize(
    ("text", "annihilation"),
    [
        ("theta*z", False),
        ("theta*z", True),
        ("theta*x - 0.5*z**2 + h", False),
        ("theta*x - 0.5*z**2 + h", True),
        ("Theta @ x - z**3/6 + 0.1", True),
        ("z*(theta*x + beta) - 0.5*z**2 + h", True),
    ],
)
def test_nonlinear_dynamics_train_like_the_reference(text: str, annihilation: bool) -> None:
    f = dynamics(text, 2)
    initial = tuple(np.random.default_rng(3).normal(0.0, 0.5, len(f.parameters)))
    model = Model(f, initial, (True, False), h=0.1, T=0.6, eta=0.2)
    formal, exact = Formal(derive(model, annihilation=annihilation)), Reference(model)
    for x1, x2, y in [(0.5, 1.0, 1.0), (-1.0, 0.8, 0.2), (0.7, 0.2, 1.5)]:
        x, target = np.array([x1, x2]), np.array([y])
        assert formal.infer(x) == pytest.approx(float(exact.predict(x[None, :])[0, 0]), abs=1e-5)
        assert formal.step(x, target) == pytest.approx(exact.step(x, target), abs=1e-5)
    assert formal.weights() == pytest.approx(exact.weights(), abs=1e-5)


def test_a_design_with_two_rail_weights_trains_to_the_end(write: Callable[..., Path]) -> None:
    # The rails of theta*z feed on themselves; annihilation keeps them small and leaves every difference as it is.
    path = write(
        ('"theta*x + h"', '"theta*z"'), ("[model.bias]\nh = 0.1\n", ""), ('theta = "single"', 'theta = "dual"')
    )
    design = load_design(path).amended({"model.learning_rate": 0.02})
    formal, exact = train_formal(design, epochs=20), train_reference(design, epochs=20)
    assert formal.validation_loss == pytest.approx(exact.validation_loss, rel=1e-4)
    assert formal.parameters[-1] == pytest.approx(exact.parameters[-1], abs=1e-5)
