"""Gate families of a DNA pot, and the pot without one."""

from __future__ import annotations

import pytest

from compiler import pipeline
from compiler.design import Design
from compiler.knockouts import families, without
from compiler.training.pot import Pot, clocked_pot
from dsd.errors import InputError


def test_the_families_of_linear_regression(dna_pot: Pot) -> None:
    found = families(dna_pot)
    assert {name: " ".join(gates) for name, gates in found.items()} == {
        "feedforward": "J0 F0 J1 F1 J2 F2",
        "input transfer": "J3 F3 J4 F4",
        "state transfer": "J5 F5 J6 F6",
        "target transfer": "J7 F7",
        "bias transfer": "J8 F8",
        "feedback": "J9 F9 J10 F10 J11 F11 J12 F12",
        "update": "J13 F13 J14 F14 J15 F15 J16 F16",
        "flush": "J17 F17 J18 F18 J19 F19 J20 F20 J21 F21 J22 F22",
        "adjoint annihilators": "A23 A23m A24 A24m",
        "gradient annihilators": "A25 A25m A26 A26m",
        "parameter annihilators": "A27 A28",
        "clock": "J29 F29 J30 F30 J31 F31",
        "seed flux": "S32 S33 S34",
    }


def test_every_gate_is_in_one_family(dna_pot: Pot) -> None:
    assert dna_pot.lowered is not None
    gates = [g for family in families(dna_pot).values() for g in family]
    assert sorted(gates) == sorted(c.name for c in dna_pot.lowered.system.complexes)


def test_a_gate_that_is_left_out_never_comes_back(dna_pot: Pot) -> None:
    gates = families(dna_pot)["clock"]
    pot = without(dna_pot, gates)
    start = {s.name: s.initial for s in pot.network.species}
    assert [start[g] for g in gates] == [0.0] * 6
    assert set(dna_pot.stock) - set(pot.stock) == set(gates)
    assert pot.network.reactions == dna_pot.network.reactions


def test_a_clocked_pot_has_no_gates(linreg: Design) -> None:
    with pytest.raises(InputError, match="a clocked pot has no gates; take the DNA pot of the design"):
        families(clocked_pot(pipeline.clocked(linreg)))
