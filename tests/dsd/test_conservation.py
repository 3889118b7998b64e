"""Conservation laws: exact, complete, and for gates exactly the totals of their strands."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Matrix

from dsd.conservation import conservation, strand_totals
from dsd.conserved import given_laws
from dsd.expand import expand
from dsd.kinetics import mass_action
from dsd.lowering import Lowering
from dsd.network import Network, Reaction, network
from dsd.null_space import conservation_laws, conserves, spanned, spelled
from dsd.structural import structural
from dsd.translate import translate

SPECIES = "ABCDE"
sides = st.lists(st.sampled_from(SPECIES), max_size=3).map(tuple)
reactions = st.lists(st.builds(Reaction, sides, sides), max_size=6)


def laws_of(*texts: str) -> list[str]:
    """The laws of ``"A + B -> C"`` and so on, as text."""
    parsed = [[tuple(s.replace("+", " ").split()) for s in text.split("->")] for text in texts]
    net = network([Reaction(left, right) for left, right in parsed])
    return [spelled(law) for law in conservation_laws(net.reactions, net.names)]


def test_laws_of_a_dimer_and_of_an_enzyme() -> None:
    assert laws_of("A + A -> D") == ["2 D + A"]
    assert laws_of("E + S -> ES", "ES -> E + S", "ES -> E + P") == ["E - P - S", "ES + P + S"]
    assert laws_of("A -> B", "B -> ") == []


@given(reactions)
def test_laws_are_conserved_and_as_many_as_there_are(found: list[Reaction]) -> None:
    """As many as species minus the rank of the stoichiometry, by SymPy's exact arithmetic."""
    laws = conservation_laws(found, SPECIES)
    assert all(conserves(law, found) for law in laws)
    changes = [[r.net().get(x, 0) for x in SPECIES] for r in found]
    rank = Matrix(changes).rank() if changes else 0
    assert len(laws) == len(SPECIES) - rank
    assert spanned(laws, laws) == len(laws)
    assert all(isinstance(n, int) and Fraction(n) for law in laws for n in law.values())


CIRCUIT = network(
    [
        Reaction(("O", "X"), ("O", "Y")),
        Reaction(("X", "Y"), ()),
        Reaction(("Y",), ("X", "Z")),
        Reaction((), ("O",)),
        Reaction(("X",), ()),
    ]
)


def test_gates_conserve_their_strands_and_nothing_else() -> None:
    for scheme in ("two-domain-irreversible", "two-domain"):
        found = conservation(structural(CIRCUIT, Lowering(scheme=scheme))[0])
        assert found.faults == ()
        assert found.laws == found.spanned == found.strands
        assert str(found).endswith("strands are conserved, and they are all there are")


def test_the_engine_accepts_the_exact_laws() -> None:
    """What an integration checks while it runs are such sums."""
    expansion = expand(structural(CIRCUIT, Lowering())[0])
    net: Network = expansion.network
    laws = conservation_laws(net.reactions, net.names)
    matrix = np.zeros((len(laws), len(net.names)))
    for row, law in enumerate(laws):
        for name, n in law.items():
            matrix[row, net.index[name]] = n
    from scipy.sparse import csr_array

    assert given_laws(mass_action(net), csr_array(matrix)).matrix.shape == matrix.shape
    totals = strand_totals(expansion.composition)
    assert all(conserves(total, net.reactions) for total in totals.values())


@settings(max_examples=15, deadline=None, derandomize=True)
@given(reactions.filter(lambda found: found and all(r.net() for r in found)))
def test_strand_totals_are_all_laws_of_any_network(found: list[Reaction]) -> None:
    """So an integration that watches strand totals watches every law: whatever the reactions, nothing else is kept."""
    for joined in (False, True):
        told = conservation(structural(network(found), Lowering(), joined)[0])
        assert told.faults == ()
        assert told.laws == told.spanned


def test_strand_totals_are_all_laws_of_four_domain_gates() -> None:
    told = conservation(translate(CIRCUIT, Lowering(scheme="four-domain", unit_s=1e5)))
    assert told.faults == ()
    assert told.laws == told.spanned
