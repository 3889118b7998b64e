"""The pot with cooperative annihilators learns, a little off: each rail is held back by 13 % on 40 nM of gate."""

from __future__ import annotations

import pytest

from compiler.design import Design
from compiler.training.driver import Driver
from compiler.training.pot import design_pot
from compiler.training.reference import Reference


def test_a_pot_with_cooperative_annihilators_learns(linreg: Design) -> None:
    pot = design_pot(linreg.amended({"dna.annihilator": "cooperative"}))
    pairs = [m for m in pot.lowered.system.modules if m.kind == "annihilator"] if pot.lowered else []
    assert len(pairs) == len(pot.network.role("annihilator")) > 0
    driver, exact = Driver(pot), Reference(linreg.neural)
    driver.settle()
    for x, y in zip(linreg.data.train_x[:3], linreg.data.train_y[:3], strict=True):
        driver.iterate(x, y)
        exact.step(x, y)
    assert driver.weights() == pytest.approx(exact.theta.tolist(), rel=0.15)
    assert driver.warnings == []
