"""Networks: what can be built, what is refused, and how they are asked."""

import dataclasses

import pytest

from dsd.errors import InputError
from dsd.network import Dose, Network, Reaction, Species, Threshold, describe, network

RING = network(
    [Reaction(("A", "B"), ("B", "B")), Reaction(("B", "C"), ("C", "C")), Reaction(("C", "A"), ("A", "A"))],
    [Species("C", 0.1, "clock"), Species("A", 1.0, "clock")],
)


def test_undeclared_species_follow_the_declared_ones():
    assert RING.names == ("C", "A", "B")
    assert RING.index == {"C": 0, "A": 1, "B": 2}
    assert RING.species[2] == Species("B", 0.0, "")


def test_a_network_is_asked_by_role_and_stage():
    net = network(
        [Reaction(("X1", "P1"), ("Z1", "X1", "P1"), stage="N1"), Reaction(("Z1",), ("A1p",), stage="N2")],
        [Species("X1", role="input"), Species("P1", 0.5, "parameter")],
        meta=[("design", "line")],
    )
    assert net.role("input") == ("X1",)
    assert [describe(r) for r in net.stage("N2")] == ["Z1 -> A1p"]
    assert [describe(r) for r in net] == ["X1 + P1 -> Z1 + X1 + P1", "Z1 -> A1p"]
    assert net.get("design") == "line"
    assert net.get("period", "unknown") == "unknown"


def test_a_reaction_knows_its_order_and_net_change():
    r = Reaction(("X1", "P1", "X1"), ("Z1", "X1", "P1"))
    assert r.order == 3
    assert r.species == ("X1", "P1", "Z1")
    assert r.net() == {"X1": -1, "Z1": 1}


def test_initial_concentrations_are_replaced_in_a_new_network():
    assert [s.initial for s in RING.with_initial(A=2.0, B=3.0).species] == [0.1, 2.0, 3.0]
    assert RING.species[1].initial == 1.0
    with pytest.raises(InputError, match="no species D, E in this network; it has C, A, B"):
        RING.with_initial(E=1.0, D=1.0)


def test_networks_are_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        RING.level = "formal"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("build", "sentence"),
    [
        (
            lambda: network([], [Species("A"), Species("A")]),
            "species A is declared twice; declare it once",
        ),
        (
            lambda: network([], [Species("2A")]),
            "'2A' cannot name a species; use letters, digits, _ and ', starting with a letter",
        ),
        (
            lambda: network([], [Species("A", -1.0)]),
            "species A starts at -1.0; an initial concentration is a number >= 0",
        ),
        (
            lambda: network([Reaction(("A",), ("B",), float("nan"))]),
            "reaction A -> B has rate nan; a rate constant is a number >= 0",
        ),
        (
            lambda: Network((Reaction(("A",), ("B",)),), (Species("A"),)),
            "reaction A -> B uses undeclared species B; declare them",
        ),
        (
            lambda: network([], [Species("A")], doses=[Dose("A", 1.0, Threshold(("O1",), 0.5))]),
            "a dose names the unknown species O1; declare it or correct the name",
        ),
        (
            lambda: network([], [Species("A")], doses=[Dose("A", -1.0, 0.0)]),
            "the dose of A is -1.0; a dose is a number >= 0",
        ),
    ],
)
def test_impossible_networks_are_refused(build, sentence):
    with pytest.raises(InputError) as caught:
        build()
    assert str(caught.value) == sentence
