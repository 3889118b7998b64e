"""The wrapper around Peppercorn: structures in, condensed reactions out, no state kept, no limit hit silently."""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsd import peppercorn
from dsd.domains import Domain
from dsd.errors import InputError, StrandgradError
from dsd.kernel import parse_kernel, print_kernel
from dsd.network import Reaction
from dsd.peppercorn import crnverifier_bisimulation, enumerate_structures
from dsd.rotation import canonical, rotated

DOMAINS = [Domain("t", 5, True), Domain("x", 20), Domain("y", 20)]
EXCHANGE = ["t x", "x( t( + ) ) t*"]
JOIN = "x1( t( + i( + r( t( + ) ) ) ) ) t*"


def printed(reactions):
    return [
        f"{' & '.join(map(print_kernel, r.reactants))} -> {' & '.join(map(print_kernel, r.products))} {r.rate:.3g}"
        for r in reactions
    ]


def test_toehold_exchange():
    """4.5e5 /M/s each way at 5-nt toeholds and 20-nt bodies is Peppercorn's condensed rate."""
    found = enumerate_structures(map(parse_kernel, EXCHANGE), DOMAINS)
    assert printed(found) == [
        "t x & t*( x*( t* + ) ) -> t( x( + t* ) ) & x t 4.54e+05",
        "t( x( + t* ) ) & x t -> t x & t*( x*( t* + ) ) 4.54e+05",
    ]


def test_displacement_of_a_bare_strand_is_irreversible():
    found = enumerate_structures(map(parse_kernel, ["t x", "x( + ) t*"]), DOMAINS)
    assert [round(r.rate, -3) for r in found] == [651e3]


def test_runs_leave_nothing_behind():
    """Peppercorn keeps objects by name: other lengths under the same names must not clash."""
    first = enumerate_structures(map(parse_kernel, EXCHANGE), DOMAINS)
    shorter = enumerate_structures(map(parse_kernel, EXCHANGE), [Domain("t", 4, True), Domain("x", 20)])
    assert shorter[0].rate < first[0].rate / 5
    assert enumerate_structures(map(parse_kernel, EXCHANGE), DOMAINS) == first


def test_names_that_peppercorn_would_misread_are_fine():
    """``e1`` is how it names new complexes, ``length`` a word of its files."""
    kernels = ["e1 length", "length( e1( + ) ) e1*"]
    found = enumerate_structures(map(parse_kernel, kernels), [Domain("e1", 5, True), Domain("length", 20)])
    assert [len(r.products) for r in found] == [2, 2]


def test_a_toehold_is_shorter_than_every_long_domain():
    with pytest.raises(InputError, match=r"^a toehold of 9 nt is no shorter than a domain of 8 nt; shorten it$"):
        enumerate_structures([parse_kernel("t x")], [Domain("t", 9, True), Domain("x", 8)])


def test_a_limit_that_is_hit_is_an_error(monkeypatch):
    monkeypatch.setattr(peppercorn, "MAX_STRANDS", 2)
    with pytest.raises(StrandgradError, match="Peppercorn warns, so its network is not complete: Ignoring bimolecular"):
        enumerate_structures(map(parse_kernel, EXCHANGE), DOMAINS)


@pytest.mark.parametrize("module", ["peppercornenumerator.objects", "crnverifier"])
def test_a_missing_library_names_its_group(monkeypatch, module):
    monkeypatch.setitem(sys.modules, module, None)
    package = module.partition(".")[0]
    calls = {
        "peppercornenumerator": lambda: enumerate_structures(map(parse_kernel, EXCHANGE), DOMAINS),
        "crnverifier": lambda: crnverifier_bisimulation([], [], {}),
    }
    with pytest.raises(InputError, match=rf"^{package} is not installed; run: pip install 'strandgrad\[verify\]'$"):
        calls[package]()


def test_crnverifier_gets_a_complete_interpretation():
    a_to_b, steps = [Reaction(("A",), ("B",))], [Reaction(("a",), ("j",)), Reaction(("j",), ("b",))]
    assert crnverifier_bisimulation(a_to_b, steps, {"a": ("A",), "j": ("A",), "b": ("B",)})
    with pytest.raises(InputError, match="a -> j holds j without interpretation; list every species"):
        crnverifier_bisimulation(a_to_b, steps, {"a": ("A",), "b": ("B",)})


@given(st.integers(0, 3), st.integers(0, 3))
def test_rotations_of_a_complex_are_one_complex(first, second):
    structure = parse_kernel(JOIN)
    turned = rotated(structure, first)
    assert canonical(turned) == canonical(structure)
    assert rotated(turned, second) == rotated(structure, (first + second) % 4)
    assert parse_kernel(print_kernel(turned)) == turned
