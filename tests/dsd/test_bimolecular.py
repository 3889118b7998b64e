"""Reactions of many inputs in pairs: the printed result, and what it does to the trajectory."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import trapezoid

from dsd.bimolecular import bimolecular, read_complexes
from dsd.errors import InputError
from dsd.expand import expand
from dsd.integrate import default_tolerance
from dsd.lower import lower
from dsd.lowering import Lowering
from dsd.network import NANOMOLAR, Reaction, Species, network
from dsd.simulate import simulate
from dsd.syntax import parse_crn, print_crn

CUBIC = """\
A + B + C -> A + B + D [k = 1]
A + B + E -> A [k = 2]
3 A -> B [k = 0.5]
A + B + C + E -> C [k = 1]
A + D -> E [k = 3]
"""

PAIRED = """\
@units 1 1
@meta complexes = A_B A B, A_A A A, C_E C E
@species: A, B, C, D, E
@species complex: A_B, A_A, C_E

A_B + C -> A + B + D [k = 20]
A_B + E -> A [k = 40]
A_A + A -> B [k = 10]
C_E + A_B -> C [k = 400]
A + D -> E [k = 3]
A + B -> A_B [k = 80]  # A and B meet
A_B -> A + B [k = 1600]  # and part
2 A -> A_A [k = 10]  # A and A meet
A_A -> 2 A [k = 200]  # and part
C + E -> C_E [k = 20]  # C and E meet
C_E -> C + E [k = 400]  # and part
"""

SPECIES = "ABCD"
START = dict(zip(SPECIES, (1.0, 0.8, 0.6, 0.3), strict=True))


def test_the_printed_result_of_one_network() -> None:
    """A + B serves three reactions, one of them of four inputs; all rates follow from e = 0.05 at a height of 1."""
    made = bimolecular(parse_crn(CUBIC, "cubic"), dict.fromkeys("ABCDE", 1.0), 0.05)
    assert print_crn(made.network) == PAIRED
    assert made.interpretation("C_E") == ("C", "E")
    assert read_complexes(parse_crn(PAIRED, "again")) == made.interpretation


@st.composite
def circuits(draw: st.DrawFn):
    """Two to four reactions of up to four inputs, at least one of three; rates give each reaction a time near 5."""
    inputs = st.lists(st.sampled_from(SPECIES), min_size=1, max_size=4).map(tuple)
    outputs = st.lists(st.sampled_from(SPECIES), max_size=3).map(tuple)
    reactions = st.builds(Reaction, inputs, outputs, st.floats(0.05, 0.3)).filter(lambda r: r.net() and r.order > 0)
    found = draw(st.lists(reactions, min_size=2, max_size=4))
    cubic = draw(reactions.filter(lambda r: r.order > 2))
    return network([*found, cubic], [Species(x, n) for x, n in START.items()])


@settings(max_examples=40, deadline=None, derandomize=True)
@given(circuits(), st.sampled_from([0.1, 0.02]))
def test_the_interpreted_trajectory_stays_within_the_bound(formal, share: float) -> None:
    """Rates are off by at most ``slowing``, so the paths part by no more than that of what has moved, and what follows
    from it: twice as much, over the time in which each reaction moves about its own share.
    """
    until = 4.0
    upper = simulate(formal, until, every=0.1, tolerance=default_tolerance(formal))
    most = dict(zip(formal.names, upper.y.max(axis=0), strict=True))
    made = bimolecular(formal, most, share)
    assert all(r.order <= 2 for r in made.network)
    run = simulate(made.network, until, every=0.1, tolerance=default_tolerance(made.network))
    read = run.y @ made.interpretation.matrix(made.network.names, formal.names).T
    moved = sum(
        slow * trapezoid(r.k * np.prod([upper.y[:, formal.index[x]] for x in r.reactants], axis=0), upper.t)
        * max(map(abs, r.net().values()))
        for r, slow in zip(formal, made.slowing, strict=True)
    )  # fmt: skip
    error = np.abs(read - upper.y).max()
    assert error <= 2 * moved + 1e-6, (error, moved)


def test_half_the_share_is_half_the_error() -> None:
    formal = network([Reaction(("A", "B", "C"), ("D",), 0.5)], [Species(x, n) for x, n in START.items()])
    upper = simulate(formal, 4.0, every=0.1)
    errors = []
    for share in (0.1, 0.05, 0.025):
        made = bimolecular(formal, START, share)
        run = simulate(made.network, 4.0, every=0.1)
        read = run.y @ made.interpretation.matrix(made.network.names, formal.names).T
        errors.append(np.abs(read - upper.y).max())
    assert errors[1] / errors[0] == pytest.approx(0.5, abs=0.06)
    assert errors[2] / errors[1] == pytest.approx(0.5, abs=0.04)


def test_gates_of_pairs_do_what_a_join_of_three_does() -> None:
    """The same trimolecular reaction as a join of three inputs, and as three joins of two at most; both within 4 %."""
    formal = network(
        [Reaction(("A", "B", "C"), ("D",), 2e-8)],
        [Species(x, 10 * n) for x, n in zip("ABC", (1.0, 0.8, 0.6), strict=True)],
        units=NANOMOLAR,
    )
    upper = simulate(formal, 250_000.0, every=25_000.0, tolerance=default_tolerance(formal))
    made = bimolecular(formal, {"A": 10.0, "B": 8.0, "C": 6.0}, 0.05)
    for lowered, reads in ((formal, None), (made.network, made.interpretation)):
        expansion = expand(lower(lowered, Lowering(fork_nM=2000.0))[0])
        meaning = expansion.interpretation.then(reads) if reads else expansion.interpretation
        run = simulate(expansion.network, 250_000.0, every=25_000.0, tolerance=default_tolerance(expansion.network))
        read = run.y @ meaning.matrix(expansion.network.names, formal.names).T
        assert np.abs(read - upper.y).max() < 0.04 * np.ptp(upper.y, axis=0).max()


def test_a_clock_is_paired_last_and_bimolecular_networks_are_left_alone() -> None:
    gated = network([Reaction(("A", "O", "B"), ("O", "C"), 1.0)], [Species("O", 1.0, "clock")])
    made = bimolecular(gated, {"A": 1.0, "B": 1.0, "O": 1.0})
    assert made.network.reactions[0].reactants == ("A_B", "O")
    plain = network([Reaction(("A", "B"), ("C",), 1.0)])
    assert bimolecular(plain, {}).network is plain


def test_what_cannot_be_paired_is_refused() -> None:
    formal = network([Reaction(("A", "B", "C"), (), 1.0)])
    with pytest.raises(InputError, match=r"the share 0\.5 of a signal in a complex is no small one"):
        bimolecular(formal, START, 0.5)
    with pytest.raises(InputError, match="A_B is made of B, of which there is none at most"):
        bimolecular(formal, {"A": 1.0})
    with pytest.raises(InputError, match="'@meta complexes' has 'A_B A'"):
        read_complexes(network([Reaction(("A",), (), 1.0)], meta=[("complexes", "A_B A")]))
