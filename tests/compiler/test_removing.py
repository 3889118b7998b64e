"""Terms that take the rail that is there, instead of making the other one."""

from __future__ import annotations

import numpy as np
import pytest

from compiler import pipeline
from compiler.design import load_design
from compiler.neural import derive
from compiler.removing import removing
from compiler.training.formal import Formal
from compiler.training.reference import Reference
from dsd.network import describe


def test_type_iii_becomes_type_v_where_the_lowered_rail_is_a_reactant() -> None:
    """The decays of z theta x, for either rail of z; nothing else of the feedforward changes."""
    circuit = load_design("relu-rings").circuit()
    changed = {
        describe(a): describe(b)
        for a, b in zip(circuit.network.stage("N1"), removing(circuit).network.stage("N1"), strict=True)
        if a != b
    }
    assert changed["X1p + Z1p + P11n -> Z1n + X1p + Z1p + P11n"] == "X1p + Z1p + P11n -> X1p + P11n"
    assert changed["X1n + Z1n + P11p -> Z1p + X1n + Z1n + P11p"] == "X1n + Z1n + P11p -> X1n + P11p"
    assert not any(before.startswith(("X1p + Z1p + P11p", "X1n + Z1n + P11n", "B")) for before in changed)


def test_the_difference_of_the_rails_moves_as_before() -> None:
    """Net change of p - n of every variable, by every reaction of N1 and N3."""
    circuit = load_design("relu-rings").circuit()
    after = removing(circuit)
    rails = [rail for rail in (*circuit.states, *circuit.feedback, *circuit.adjoints) if rail.dual]
    for a, b in zip(circuit.network, after.network, strict=True):
        assert a.reactants == b.reactants
        assert a.k == b.k
        for rail in rails:
            change = [r.net().get(rail.pos, 0) - r.net().get(rail.neg, 0) for r in (a, b)]
            assert change[0] == change[1]


@pytest.mark.parametrize("name", ["linreg2d", "cubic-xor"])
def test_circuits_without_such_terms_stay_as_they_are(name: str) -> None:
    """A product of weight and input moves a state from outside; powers of a state take their own rail already."""
    circuit = load_design(name).circuit()
    stages = [[describe(r) for r in c.network.stage("N1")] for c in (circuit, removing(circuit))]
    assert stages[0] == stages[1]


def test_predictions_need_less_annihilation() -> None:
    """Without annihilation at all, rails that both grow are an error where powers are taken rail by rail."""
    design = load_design("relu-rings")
    x = design.data.train_x[1:3]
    exact = Reference(design.neural).predict(x)
    without = derive(design.neural)
    apart = [float(np.abs(Formal(c).predict(x) - exact).max()) for c in (without, removing(without))]
    assert apart[1] < apart[0] / 4


def test_pots_remove_where_the_clock_section_says_so() -> None:
    design = load_design("relu-xor")
    assert design.clock.removing
    kept = pipeline.pot_circuit(design.amended({"clock.removing": False})).network
    products = [sum(len(r.products) for r in n.stage("N3")) for n in (pipeline.pot_circuit(design).network, kept)]
    assert products[0] < products[1]
