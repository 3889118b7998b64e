"""What is fast in a network, found in its reactions, and what intermediates count as."""

from __future__ import annotations

import pytest

from dsd.errors import InputError
from dsd.expand import expand
from dsd.lower import Lowering, lower
from dsd.network import Network, Reaction, Species, network
from dsd.reduction import reduction
from dsd.syntax import parse_crn


def dna(*reactions: tuple[tuple[str, ...], tuple[str, ...]], scheme: str = "two-domain-irreversible") -> Network:
    """The implementation network of reactions at 1e-4 /nM/s (or /s), all species starting at 5 nM."""
    formal = network(Reaction(a, b, 1e-4) for a, b in reactions)
    formal = formal.with_initial(**dict.fromkeys(formal.names, 5.0))
    return expand(lower(formal, Lowering(scheme=scheme))[0]).network


def test_a_gate_has_one_slow_step() -> None:
    """A + B -> C: A loads in equilibrium; the join's second step, the translator and the fork are on the way to C."""
    found = reduction(dna((("A", "B"), ("C",))))
    assert [(e.strand, e.partner, e.gates) for e in found.exchanges] == [("A", "A_r", (("J0", "J0_1"),))]
    assert found.blocks == (("F0_2", "J0_2", "F0_1", "T0"),)
    assert [(r.reactants, r.products) for r in found.slow] == [(("J0_2", "H0"), ("J0_w", "B0", "T0"))]
    changed = found.change(found.slow[0])
    assert {n: changed[q] for q, n in enumerate(found.plain) if q in changed} == {
        "B": -1, "B_r": 1, "C": 1, "C_r": -1, "H0": -1, "F0": -1, "End": -1, "End_b": 1, "B0": 1, "W0": 1, "J0_w": 1,
        "F0_w": 1,
    }  # fmt: skip


def test_an_intermediate_counts_as_what_it_becomes_or_came_from() -> None:
    """The translator is C already, and has used up its fork; the join's second step is still A on its gate, and B."""
    found = reduction(dna((("A", "B"), ("C",))))
    outcomes = dict(found.outcomes)

    def counts(name: str) -> dict[str, int]:
        return {found.plain[q]: n for q, n in outcomes[name].items() if q < len(found.plain)}

    assert counts("T0") == {"C": 1, "C_r": -1, "F0": -1, "W0": 1, "End": -1, "End_b": 1, "F0_w": 1}
    assert counts("F0_2") == {"End": -1, "End_b": 1, "F0_w": 1}
    assert counts("J0_2") == {"B": 1, "B_r": -1}
    strands = len(found.plain)
    assert {q - strands: n for q, n in outcomes["J0_2"].items() if q >= strands} == {0: 1, 2: 1}


@pytest.mark.parametrize("scheme", ["two-domain-irreversible", "two-domain"])
def test_totals_change_only_in_slow_reactions(scheme: str) -> None:
    """Each quantity is a sum over species that fast reactions leave alone."""
    net = dna((("A", "B"), ("B", "C")), (("C",), ("D", "D")), (("D", "A"), ()), scheme=scheme)
    found = reduction(net)
    slow = set(found.slow)
    assert found.intermediates
    assert all(r in slow or not found.change(r) for r in found.reactions)
    assert len(slow) < len(net.reactions) / 4


def test_a_join_of_one_input_is_an_intermediate_of_its_own() -> None:
    """Its loading is no faster than the helper, so it is in steady state, not in equilibrium."""
    formal = network([Reaction(("A",), ("C",), 0.1)], [Species("A", 5.0)])
    found = reduction(expand(lower(formal, Lowering())[0]).network)
    assert found.exchanges == ()
    assert "J0_1" in found.intermediates


def test_the_lag_is_the_longest_life_of_an_intermediate() -> None:
    """The translator waits for 500 nM of forks at 1e-3 /nM/s: 2 s; all else for 1000 nM."""
    assert reduction(dna((("A", "B"), ("C",)))).lag() == pytest.approx(2.0)


@pytest.mark.parametrize(
    ("text", "intermediates"),
    [
        ("@species: A = 1, F = 9\nA -> I\nI + F -> C", {"I"}),
        ("@species: A = 1, F = 9, I = 1\nA -> I\nI + F -> C", set()),
        ("@species: A = 1, F = 9\n@dose 1 I at 2\nA -> I\nI + F -> C", set()),
        ("@species: A = 1, F = 9\n@dose 1 A when I rises 0.5\nA -> I\nI + F -> C", set()),
        ("@species: A = 1, F = 9\nA -> I\nA -> K\nI + K -> C\nI + F -> C\nK + F -> C [k = 2]", {"K"}),
        ("@species: A = 1, F = 9\nA -> 2 I\nI + F -> C", set()),
        ("@species: A = 1, F = 9\nA -> I\nI + F -> K\nK + F -> I", set()),
    ],
    ids=["used up", "there", "dosed", "watched", "met in a reaction: the faster", "in pairs", "no way out"],
)
def test_what_is_an_intermediate(text: str, intermediates: set[str]) -> None:
    net = parse_crn(text + "\nJ + X <=> L + R\n@species: J = 9, X = 1, R = 9")
    assert reduction(net).intermediates == intermediates


def test_signals_are_never_intermediates() -> None:
    net = network([Reaction(("A",), ("I",)), Reaction(("I", "F"), ("C",))], [Species("A", 1), Species("F", 9)])
    assert reduction(net).intermediates == {"I"}
    marked = network(net.reactions, [*net.species[:2], Species("I", 0, "signal"), Species("C")])
    with pytest.raises(InputError, match=r"^this network has no fast exchange and no intermediates to eliminate; use"):
        reduction(marked)
