"""States that a pot holds rather than retraces, and outputs that are read from their copies."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from compiler import pipeline
from compiler.design import load_design
from compiler.dynamics import dynamics
from compiler.neural import derive
from compiler.training.driver import Driver
from compiler.training.formal import Formal
from compiler.training.pot import clocked_pot
from dsd.errors import InputError


def test_held_states_stand_still_while_the_adjoint_moves() -> None:
    f = dynamics("theta*x - 0.5*z**3", 1)
    held = f.holding(["z"])
    assert [str(m) for m in f.monomials(f.feedback.states[0])] == ["-x1*theta1", "0.5*z1*z1*z1"]
    assert held.feedback.states == (0,)
    assert held.feedback.adjoint == f.feedback.adjoint
    assert held.feedback.gradient == f.feedback.gradient
    assert held.states_back == f.states_back  # a copy is kept, for the adjoint


def test_one_block_may_be_held_and_another_retraced() -> None:
    f = dynamics({"h": "Theta @ x", "z": "h*z"}, 1).holding(["z"])
    assert [e == 0 for e in f.feedback.states] == [False, True]


def test_held_states_may_go_back_at_a_share_of_their_speed() -> None:
    f = dynamics("theta*x - 0.5*z**3", 1)
    assert str(f.holding(["z"], 0.4).feedback.states[0]) == "-2*theta1*x1/5 + z1**3/5"
    whole = f.holding(["z"], 1.0)
    assert [str(m) for m in whole.monomials(whole.feedback.states[0])] == ["-x1*theta1", "0.5*z1*z1*z1"]


def test_a_block_that_is_not_there_cannot_be_held() -> None:
    with pytest.raises(InputError, match=r"^the state has no block h to hold; its blocks are z$"):
        dynamics("theta*x", 1).holding(["h"])


def test_the_header_says_what_is_held() -> None:
    text = pipeline.pot_circuit(load_design("cubic-xor")).network.meta
    assert ("comment", "The feedback phase holds z at the value of T: the gradient of these dynamics near T.") in text


def test_the_header_says_how_fast_states_are_retraced() -> None:
    meta = pipeline.pot_circuit(load_design("quadratic-rings")).network.meta
    lines = [value for key, value in meta if key == "comment"]
    assert "The feedback phase retraces z at 0.4 of their speed: the gradient of these dynamics near T." in lines


def test_the_pot_has_its_learning_rate_in_n3() -> None:
    """k1 / (k1 + k2) makes gradient to throw most of it away; the step is the same."""
    design = load_design("quadratic-xor")
    assert any(r.note.startswith("learning rate") for r in design.circuit().network)
    pot = pipeline.pot_circuit(design)
    assert not any(r.note.startswith("learning rate") for r in pot.network)
    assert {r.k for r in pot.network.stage("N3") if r.note.startswith("dg(")} == {0.05}


def test_held_states_hardly_change_the_gradient_of_a_contracting_flow() -> None:
    """One step of the cubic circuit, retraced and held: the same direction, within a few per cent in length."""
    design = load_design("cubic-xor")
    x, y = design.data.train_x[0], design.data.train_y[0]
    steps = []
    for blocks in ((), ("z",)):
        model = replace(design.neural, dynamics=design.neural.dynamics.holding(blocks))
        learner = Formal(derive(model, annihilation=True))
        before = np.array(learner.weights())
        learner.step(x, y)
        steps.append(np.array(learner.weights()) - before)
    cosine = steps[0] @ steps[1] / np.linalg.norm(steps[0]) / np.linalg.norm(steps[1])
    assert cosine > 0.995
    assert np.linalg.norm(steps[1]) == pytest.approx(np.linalg.norm(steps[0]), rel=0.1)


def test_an_output_is_read_from_kept_states_where_the_adjoint_moves() -> None:
    circuit = pipeline.pot_circuit(load_design("cubic-xor"))
    assert [[(rail.name, sign) for rail, sign in row] for row in circuit.kept] == [[("Zb1", 1), ("Zb2", 1), ("Zb3", 1)]]
    assert load_design("cubic-xor").circuit().kept == ()  # retraced copies do not stay
    assert pipeline.pot_circuit(load_design("linreg2d")).kept == ()  # its adjoint does not move


def test_a_pot_infers_what_its_circuit_does() -> None:
    """The adjoint of this circuit has lost half of itself by the time the pot is read; the kept states have not."""
    design = load_design("nonlinreg2d")
    exact, pot = Formal(design.circuit(annihilation=True)), Driver(clocked_pot(pipeline.clocked(design)))
    pot.settle()
    x = design.data.validation_x[:4]
    assert pot.predict(x) == pytest.approx(exact.predict(x), rel=0.05)


def test_a_design_that_holds_what_is_not_there_is_refused() -> None:
    with pytest.raises(InputError, match=r"\[clock\] held: no block h; the state is z"):
        load_design("cubic-xor").amended({"clock.held": ["h"]})
