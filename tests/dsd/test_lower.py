"""Lowering: names, shared parts, doses, interpretation."""

import pytest

from dsd.lower import Lowering, lower
from dsd.network import Dose, Reaction, Species, Threshold, network

CATALYST = network([Reaction(("C", "X"), ("C", "Y"), 1e-4)], [Species("C", 2.0), Species("X", 1.0)])


def gates(system):
    return [f"{c.name}: {c.duplex}" for c in system.complexes]


def test_a_catalytic_reaction():
    system, meaning = lower(CATALYST, Lowering())
    assert gates(system) == ["J0: [t] C.t X.t i0 r0.t", "F0: e t.Y t.C t.r0 [t]"]
    assert meaning.table == (("C", ("C",)), ("X", ("X",)), ("Y", ("Y",)), ("T0", ("C", "Y")))
    assert meaning == system.interpretation


def test_one_gate_of_each_kind():
    reactions = [
        Reaction(("A", "B"), ("C",), 1e-5),
        Reaction(("A", "B"), (), 1e-4),
        Reaction(("A",), (), 0.1),
        Reaction((), ("A", "B"), 1e-8),
    ]
    system, _ = lower(network(reactions), Lowering())
    assert gates(system) == [
        "J0: [t] A.t B.t i0 r0.t",
        "F0: e t.C t.r0 [t]",
        "A1: [t] A.t B",
        "A1m: [t] B.t A",
        "A2: [t] A",
        "S3: e t.B t.A t.r3 i3",
    ]
    assert system.toeless == (("I3", "S3"),)
    assert [(m.index, m.kind, m.gates, m.fuels) for m in system.modules] == [
        (0, "join", ("J0", "F0"), ("H0", "End")),
        (1, "annihilator", ("A1", "A1m"), ()),
        (2, "sink", ("A2",), ()),
        (3, "source", ("S3",), ("I3", "End")),
    ]
    assert system.modules[1].text == "A + B ->"
    assert system.modules[2]["gate_nM"] == system.complexes[4].initial


def test_equal_gates_are_added_up():
    twice = network([Reaction(("A", "B"), (), 1e-4), Reaction(("B", "A"), (), 1e-4)])
    system, _ = lower(twice, Lowering())
    assert gates(system) == ["A0: [t] A.t B", "A0m: [t] B.t A"]
    assert system.complexes[0].initial == pytest.approx(2 * system.modules[0]["gate_nM"])


def test_reverse_strands_only_where_a_gate_uses_them():
    def reverses(*reactions):
        system, _ = lower(network(Reaction(*r) for r in reactions), Lowering(annihilator_gate_nM=100.0))
        return [s.name for s in system.strands if s.role == "reverse"]

    assert reverses((("A",), (), 0.1)) == []
    assert reverses((("A", "B"), (), 1e-4)) == ["A_r", "B_r"]
    assert reverses((("A", "B", "C"), (), 1e-4)) == ["A_r", "B_r"]
    assert reverses(((), ("A",), 1e-8)) == ["A_r"]


def test_names_that_gates_would_take_are_left_to_the_species():
    reactions = [Reaction(("J0", "t"), ("e", "x'", "End"), 1e-5)]
    system, meaning = lower(network(reactions), Lowering())
    assert gates(system) == ["J0_: [t_] J0.t_ t.t_ i0 r0.t_", "F0: e_ t_.End t_.x_prime t_.e t_.r0 [t_]"]
    assert meaning("x_prime") == ("x'",)
    assert system.modules[0].fuels == ("H0", "End_")


def test_concentrations_and_doses_are_in_nM_and_s():
    """A threshold watches free signal: C is held back by the join that lists it first, X is not."""
    reactions = [Reaction(("C", "X"), ("C", "Y"), 1.0)]
    doses = [Dose("X", 2.0, 3.0), Dose("X", 2.0, Threshold(("C",), 0.5)), Dose("X", 2.0, Threshold(("X",), 0.5, -1))]
    formal = network(reactions, [Species("C", 2.0)], doses=doses)
    system, _ = lower(formal, Lowering(unit_nM=10.0, unit_s=1e3))
    load = system.modules[0]["gate_nM"] / 1000
    assert system.strands[0].initial == 20
    assert system.doses == (
        Dose("X", 20.0, 3000.0),
        Dose("X", 20.0, Threshold(("C",), pytest.approx(5 / (1 + load)), 1)),
        Dose("X", 20.0, Threshold(("X",), 5.0, -1)),
    )


def test_toeholds_follow_the_assignment():
    system, _ = lower(CATALYST, Lowering(), lambda domain: "s" if domain == "r0" else "t")
    assert gates(system) == ["J0: [t] C.t X.t i0 r0.s", "F0: e t.Y t.C s.r0 [s]"]
    assert system.toeholds == frozenset({"s", "t"})
