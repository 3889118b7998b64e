"""Tuning of clocked pots: inputs handed over first, outputs and updates brought to those of the exact model."""

from __future__ import annotations

import numpy as np
import pytest

from compiler import pipeline
from compiler.design import Design, load_design
from compiler.pipeline import Clocked
from compiler.training.driver import Driver
from compiler.training.pot import clocked_pot
from compiler.tune import ratio, scaled, tuned
from dsd.errors import InputError


def changed(one: Clocked, other: Clocked) -> dict[str, float]:
    """Stage or role -> factor between the rates of two pots with the same reactions, for those that differ."""
    found = {}
    for a, b in zip(one.network, other.network, strict=True):
        assert (a.reactants, a.products) == (b.reactants, b.products)
        if a.k != b.k:
            found[f"{a.stage}: {' + '.join(a.reactants)}"] = round(b.k / a.k, 9)
    return found


def test_only_n1_and_what_makes_gradients_is_scaled() -> None:
    pot = pipeline.clocked(load_design("linreg2d-minimal"))
    assert changed(pot, scaled(pot, forward=1.5)) == {"N1: X1 + P1": 1.5, "N1: X2 + P2": 1.5}
    assert changed(pot, scaled(pot, step=0.5)) == {
        "N3: Xb1 + Ap": 0.5, "N3: Xb1 + An": 0.5, "N3: Xb2 + Ap": 0.5, "N3: Xb2 + An": 0.5,
    }  # fmt: skip
    assert scaled(pot) == pot


def test_adjoints_that_move_keep_their_pace() -> None:
    """In dz/dt = Theta x - z^3 / 6 the adjoint moves in N3 by reactions that make no gradient."""
    pot = pipeline.clocked(load_design("cubic-xor").amended({"clock.tune": 0}))
    slower = scaled(pot, step=0.5)
    gradients = {s.name for s in pot.network.species if s.role == "gradient"}
    for before, after in zip(pot.network.stage("N3"), slower.network.stage("N3"), strict=True):
        made = any(n in gradients for n in before.products)
        assert after.k == pytest.approx(before.k * (0.5 if made else 1.0))


def test_inputs_are_handed_over_first(linreg: Design) -> None:
    """Phase 2 takes inputs and the bias twice as fast, and calibration follows: N1 then acts for less of the period."""
    plain, early = pipeline.clocked(linreg), pipeline.clocked(linreg.amended({"clock.handover": 2.0}))
    factors = changed(plain, early)
    assert {k: v for k, v in factors.items() if k.startswith("N2")} == {
        "N2: X1 + O2": 2.0, "N2: X2 + O2": 2.0, "N2: B + O2": 2.0,
    }  # fmt: skip
    assert all(1.0 < v < 1.3 for k, v in factors.items() if k.startswith("N1"))


def test_a_tuned_pot_steps_as_far_as_the_gradient_says() -> None:
    """Nonlinear regression: untuned, phases that overlap make its updates a quarter too long."""
    design = load_design("nonlinreg2d").amended({"clock.handover": 1.0, "clock.tune": 0})
    better = design.amended({"clock.handover": 2.0, "clock.tune": 8})
    medians = []
    for each in (design, better):
        driver = Driver(clocked_pot(pipeline.clocked(each)))
        driver.settle()
        found = [ratio(each, driver, each.data.train_x[i], each.data.train_y[i]) for i in range(6)]
        medians.append(float(np.median([r for r in found if r is not None])))
    assert medians[0] > 1.1
    assert medians[1] == pytest.approx(1.0, abs=0.06)


def test_outputs_come_closer_too() -> None:
    design = load_design("nonlinreg2d").amended({"clock.handover": 1.0, "clock.tune": 0})
    from compiler.training.reference import Reference

    x = design.data.validation_x[:8]
    wanted = Reference(design.neural).predict(x)
    errors = []
    for pot in (plain := pipeline.clocked(design), tuned(design, plain, 8)):
        driver = Driver(clocked_pot(pot))
        driver.settle()
        errors.append(float(np.linalg.norm(driver.predict(x) - wanted)))
    assert errors[1] < 0.7 * errors[0]


def test_a_pot_that_is_far_off_is_not_tuned(linreg: Design) -> None:
    """Hardly any gradient reaches the weights when updates take a hundredth of their time."""
    pot = pipeline.clocked(linreg.amended({"clock.update": 0.001}))
    with pytest.raises(InputError, match=r"changes its weights by 0\.\d+ of what the gradient asks for"):
        tuned(linreg, pot, 4)
