"""The implementation network of each gate shape, whole, and the laws every network obeys."""

from dataclasses import replace
from textwrap import dedent

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsd.errors import InputError
from dsd.expand import expand
from dsd.lower import Lowering, lower
from dsd.network import Network, Reaction, describe, network
from dsd.rates import LITERATURE, PEPPERCORN
from dsd.schemes import SCHEMES


def steps(*reactions, k=1e-5, **options):
    """The expanded network of a few reactions, one line a step."""
    system, _ = lower(network(Reaction(*r, k) for r in reactions), Lowering(**options))
    return "\n".join(describe(r) for r in expand(system).network)


def text(block):
    return dedent(block).strip()


def test_irreversible_join_and_fork_of_two_inputs_and_two_outputs():
    assert steps((("A", "B"), ("C", "D"))) == text(
        """
        J0 + A -> J0_1 + A_r
        J0_1 + B -> J0_2 + B_r
        J0_1 + A_r -> J0 + A
        J0_2 + H0 -> J0_w + B0 + T0
        J0_2 + B_r -> J0_1 + B
        F0 + T0 -> F0_1 + W0
        F0_1 + C_r -> F0_2 + C
        F0_1 + W0 -> F0 + T0
        F0_2 + C -> F0_1 + C_r
        F0_2 + D_r -> F0_3 + D
        F0_3 + D -> F0_2 + D_r
        F0_3 + End -> F0_w + End_b
        """
    )


def test_reversible_join_and_fork_give_the_helper_back():
    assert steps((("A", "B"), ("C",)), scheme="two-domain") == text(
        """
        J0 + A -> J0_1 + A_r
        J0_1 + B -> J0_2 + B_r
        J0_1 + A_r -> J0 + A
        J0_2 + H0 -> J0_3 + T0
        J0_2 + B_r -> J0_1 + B
        J0_3 + T0 -> J0_2 + H0
        F0 + T0 -> F0_1 + H0
        F0_1 + H0 -> F0 + T0
        F0_1 + C_r -> F0_2 + C
        F0_2 + C -> F0_1 + C_r
        F0_2 + End -> F0_w + End_b
        """
    )


def test_a_dosed_species_that_is_used_up_gets_its_reverse_strand_back():
    assert steps((("C", "X"), ("C",)), dosed=("X",)).splitlines()[-1] == "F0_2 + X_r -> F0_w + X_b"
    assert steps((("C", "X"), ("C", "X")), dosed=("X",)).splitlines()[-1] == "F0_3 + End -> F0_w + End_b"


def test_a_mirror_pair_of_annihilators():
    assert steps((("A", "B"), ()), k=1e-4) == text(
        """
        A0 + A -> A0_1 + A_r
        A0_1 + B -> A0_w + B_b
        A0_1 + A_r -> A0 + A
        A0m + B -> A0m_1 + B_r
        A0m_1 + A -> A0m_w + A_b
        A0m_1 + B_r -> A0m + B
        """
    )


def test_an_annihilator_of_three():
    assert steps((("A", "B", "A"), ()), k=1e-7) == text(
        """
        A0 + A -> A0_1 + A_r
        A0_1 + B -> A0_2 + B_r
        A0_1 + A_r -> A0 + A
        A0_2 + A -> A0_w + A_b
        A0_2 + B_r -> A0_1 + B
        """
    )


def test_a_sink():
    assert steps((("A",), ()), k=0.1) == "A0 + A -> A0_w + A_b"


def test_a_slow_sink_is_a_join_with_a_fork_that_has_no_outputs():
    assert steps((("A",), ()), k=1e-3) == text(
        """
        J0 + A -> J0_1 + A_r
        J0_1 + H0 -> J0_w + B0 + T0
        J0_1 + A_r -> J0 + A
        F0 + T0 -> F0_1 + W0
        F0_1 + End -> F0_w + End_b
        F0_1 + W0 -> F0 + T0
        """
    )


def test_a_source():
    assert steps(((), ("A", "A")), k=1e-8) == text(
        """
        S0 + I0 -> S0_1 + W0 + B0
        S0_1 + A_r -> S0_2 + A
        S0_2 + A -> S0_1 + A_r
        S0_2 + A_r -> S0_3 + A
        S0_3 + A -> S0_2 + A_r
        S0_3 + End -> S0_w + End_b
        """
    )


def test_what_the_species_of_a_catalytic_gate_mean():
    system, _ = lower(network([Reaction(("A", "B"), ("A", "C", "C"), 1e-5)]), Lowering())
    meaning = {name: " ".join(formal) for name, formal in expand(system).interpretation.table if formal}
    assert meaning == {
        "A": "A", "B": "B", "C": "C",
        "T0": "A C C", "J0_1": "A", "J0_2": "A B", "F0_1": "C C A", "F0_2": "C C", "F0_3": "C",
    }  # fmt: skip


def test_what_annihilators_and_sources_mean():
    reactions = [Reaction(("A", "B"), (), 1e-4), Reaction((), ("A",), 1e-8)]
    table = expand(lower(network(reactions), Lowering())[0]).interpretation.table
    meaning = {name: " ".join(formal) for name, formal in table if formal}
    assert meaning == {"A": "A", "B": "B", "A0_1": "A", "A0m_1": "B", "S1_1": "A"}


def test_rates_come_from_the_profile():
    system, _ = lower(network([Reaction(("A",), ("B",), 1e-3), Reaction((), ("A",), 1e-8)]), Lowering())
    for kinetics in (LITERATURE, PEPPERCORN):
        exchange, displacement = kinetics.exchange(5, 5, 20) * 1e-9, kinetics.displacement(5, 20) * 1e-9
        rates = {describe(r): r.k for r in expand(system, kinetics).network}
        assert rates["J0 + A -> J0_1 + A_r"] == exchange
        assert rates["J0_1 + A_r -> J0 + A"] == exchange
        assert rates["J0_1 + H0 -> J0_w + B0 + T0"] == displacement
        assert rates["F0_2 + End -> F0_w + End_b"] == displacement
        assert rates["S1 + I1 -> S1_1 + W1 + B1"] == pytest.approx(1.4e-9)


def test_initial_concentrations_and_roles_reach_the_network():
    system, _ = lower(network([Reaction(("A",), ("B",), 1e-2)]), Lowering(fork_nM=300))
    species = {s.name: (s.role, round(s.initial, 6)) for s in expand(system).network.species}
    assert species == {
        "A": ("signal", 0), "B": ("signal", 0), "A_r": ("reverse", 1000), "B_r": ("reverse", 1000),
        "H0": ("helper", 1000), "T0": ("translator", 0), "B0": ("waste", 0), "W0": ("waste", 0),
        "End": ("end", 1000), "End_b": ("waste", 0), "J0": ("join", 20.20202), "F0": ("fork", 300),
        "J0_1": ("intermediate", 0), "J0_w": ("waste", 0),
        "F0_1": ("intermediate", 0), "F0_2": ("intermediate", 0), "F0_w": ("waste", 0),
    }  # fmt: skip


FEW = st.lists(st.sampled_from("ABCD"), max_size=3).map(tuple)
REACTIONS = st.tuples(FEW, FEW).filter(any)
NETWORKS = st.lists(REACTIONS, min_size=1, max_size=4).map(lambda rs: network(Reaction(*r, 1e-9) for r in rs))


@settings(max_examples=60, deadline=None)
@given(NETWORKS, st.sampled_from(sorted(SCHEMES)))
def test_every_strand_is_conserved(formal, scheme):
    expansion = expand(lower(formal, Lowering(scheme=scheme))[0])
    assert not (expansion.composition.matrix @ stoichiometry(expansion.network)).any()
    assert tuple(name for name, _ in expansion.composition.table) == expansion.network.names


@settings(max_examples=60, deadline=None)
@given(NETWORKS, st.sampled_from(sorted(SCHEMES)))
def test_every_step_is_silent_or_fires_one_formal_reaction(formal, scheme):
    """Read through the interpretation, a step does nothing or is one of the formal reactions."""
    expansion = expand(lower(formal, Lowering(scheme=scheme))[0])
    fired = {(count(r.reactants), count(r.products)) for r in formal}
    reverse = {(after, before) for before, after in fired} if scheme == "two-domain" else set()
    for r in expansion.network:
        before, after = (count(f for s in side for f in expansion.interpretation(s)) for side in sides(r))
        assert before == after or (before, after) in fired | reverse, describe(r)


def sides(r):
    return r.reactants, r.products


def count(names):
    return tuple(sorted(names))


def stoichiometry(net: Network):
    matrix = np.zeros((len(net.names), len(net.reactions)), dtype=int)
    for j, r in enumerate(net):
        for name, change in r.net().items():
            matrix[net.index[name], j] += change
    return matrix


def test_a_large_circuit_expands_without_crosstalk():
    """200 joins and forks over 50 species: 12 steps each, so nothing but the intended steps was found."""
    names = [f"X{i}" for i in range(50)]
    pick = np.random.default_rng(1).integers(0, 50, (200, 4))
    reactions = [Reaction((names[a], names[b]), (names[c], names[d]), 1e-7) for a, b, c, d in pick]
    assert len(expand(lower(network(reactions), Lowering())[0]).network.reactions) == 12 * 200


def test_a_toeless_pair_must_match():
    system, _ = lower(network([Reaction((), ("A", "A"), 1e-8)]), Lowering())
    with pytest.raises(InputError, match="A_r matches S0 in 2 places; a toeless pair must match in one"):
        expand(replace(system, toeless=(("A_r", "S0"),)))
