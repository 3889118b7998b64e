"""A feedback phase that is not the derived one: the published variants, which leave the gradient."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from compiler.circuit import circuit_of
from compiler.design import Design, load_design
from compiler.dynamics import dynamics
from compiler.training.formal import Formal
from compiler.training.reference import Reference
from dsd.errors import InputError
from dsd.network import Network, describe
from dsd.syntax import parse_crn, print_crn

Write = Callable[..., Path]

QUADRATIC = {
    "model.T": 0.4, "model.learning_rate": 0.5, "model.feedback.T": 2.0, "model.feedback.states": "Theta @ x",
}  # fmt: skip
"""rajiv256/NeuralCRNGen, branch nonlinear_z3_linapprox: 0.4 forward, 2.0 back, states retraced without z**2."""

RELU = "h + z*(Theta @ x) - z**2"
"""Branch relu_nofinallayer: the adjoint as if f were this."""


def growing(network: Network) -> list[str]:
    """The reactions by which a state grows out of two of itself in N3: what a loss of z**2 is when retraced."""
    return [describe(r) for r in network.stage("N3") if r.order == 2 and set(r.reactants) == set(r.products)]


def published_quadratic() -> Design:
    return load_design("quadratic-xor").amended(QUADRATIC)


def test_the_published_relu_adjoint_has_minus_2az_and_no_beta() -> None:
    f = dynamics("h + z*(Theta @ x + beta) - 0.5*z**2", 1, adjoint_of=RELU)
    exact = dynamics("h + z*(Theta @ x + beta) - 0.5*z**2", 1)
    assert [str(m) for m in exact.monomials(exact.feedback.adjoint[0])] == ["x1*a1*Theta11", "-z1*a1", "a1*beta1"]
    assert [str(m) for m in f.monomials(f.feedback.adjoint[0])] == ["x1*a1*Theta11", "-2*z1*a1"]
    assert f.feedback.gradient == exact.feedback.gradient
    assert f.feedback.states == exact.feedback.states


def test_the_published_quadratic_circuit_retraces_without_its_power_and_for_longer() -> None:
    circuit = published_quadratic().circuit()
    assert circuit.durations == (0.4, 2.0)
    assert growing(circuit.network) == []
    derived = load_design("quadratic-xor").circuit().network
    assert growing(derived)[:2] == ["Zb1p + Zb1p -> Zb1p + Zb1p + Zb1p", "Zb1n + Zb1n -> Zb1n + Zb1n + Zb1n"]
    comments = [text for key, text in circuit.network.meta if key == "comment"]
    assert comments[-2:] == [
        "N3 runs for 2, not for 0.4: the weights leave the gradient.",
        "The states retrace Theta @ x instead: the weights do not move along the gradient of these dynamics.",
    ]
    assert circuit_of(parse_crn(print_crn(circuit.network))).durations == (0.4, 2.0)


@pytest.mark.parametrize(
    "design",
    [published_quadratic(), load_design("relu-xor").amended({"model.feedback.adjoint": RELU})],
    ids=["quadratic", "relu"],
)
def test_formal_and_reference_train_the_same_variant(design: Design) -> None:
    formal = Formal(design.circuit(annihilation=True))
    exact = Reference(design.neural)
    for x, y in zip(design.data.train_x[:5], design.data.train_y[:5], strict=True):
        assert formal.step(x, y) == pytest.approx(exact.step(x, y), rel=0.02)
    assert formal.weights() == pytest.approx(exact.weights(), abs=0.02)


@pytest.mark.parametrize(
    ("changes", "right"),
    [({}, True), ({"model.feedback.T": 2.0}, False), ({"model.feedback.adjoint": RELU}, False)],
    ids=["derived", "longer", "adjoint"],
)
def test_only_the_derived_phase_gives_the_gradient(changes: dict[str, object], right: bool) -> None:
    """Central differences of the loss at one sample."""
    design = load_design("relu-xor").amended(changes)
    model = Reference(design.neural)
    x, y = design.data.train_x[0], design.data.train_y[0]
    _, found = model.gradient(x, y)
    wanted = []
    for i in range(model.theta.size):
        losses = []
        for step in (1e-5, -1e-5):
            moved = Reference(design.neural)
            moved.theta[i] += step
            losses.append(0.5 * float(np.sum((moved.predict(x[None, :])[0] - y) ** 2)))
        wanted.append((losses[0] - losses[1]) / 2e-5)
    off = float(np.abs(found - wanted).max() / np.abs(wanted).max())
    assert off < 1e-5 if right else off > 0.05


def test_a_design_without_the_section_is_the_derived_one(write: Write) -> None:
    design = load_design(write())
    assert design.neural.durations == design.circuit().durations == (0.5, 0.5)
    assert design.amended({"model.feedback": {}}).digest == design.digest
    assert design.amended({"model.feedback.T": 0.5}).digest != design.digest


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"first_order": True, "retraced": "theta*x"}, "a first-order gradient freezes states and adjoint"),
        ({"adjoint_of": "theta*x + beta"}, "the feedback phase of 'theta*x' cannot have beta, which f does not"),
        ({"adjoint_of": {"h": "x", "z": "h"}}, "other dynamics for the feedback phase need a text for z each"),
    ],
)
def test_other_dynamics_that_do_not_fit_are_refused(options: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=re.escape(message)):
        dynamics("theta*x", 2, **options)  # type: ignore[arg-type]
