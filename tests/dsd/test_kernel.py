"""Kernel notation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsd.domains import complement, tiled
from dsd.errors import TextError
from dsd.kernel import Structure, from_duplex, parse_kernel, print_kernel, strand_structure, to_duplex

WORDS = st.lists(st.sampled_from(["t", "x", "y", "r1"]), min_size=1, max_size=3).map(tuple)


def _grow(inner):
    paired = st.tuples(st.sampled_from(["t", "x", "x*"]), inner).map(lambda p: f"{p[0]}( {p[1]} )")
    beside = st.tuples(inner, st.sampled_from([" ", " + "]), inner).map("".join)
    return st.one_of(paired, beside)


STRUCTURES = st.recursive(WORDS.map(" ".join), _grow, max_leaves=8).map(parse_kernel)


@given(STRUCTURES)
def test_printing_then_parsing_is_the_identity(structure):
    assert parse_kernel(print_kernel(structure)) == structure


@given(STRUCTURES)
def test_partners_are_complementary(structure):
    domains = [d for strand in structure.strands for d in strand]
    for here, there in enumerate(structure.pairs):
        if there >= 0:
            assert structure.pairs[there] == here
            assert complement((domains[here],)) == (domains[there],)


@given(st.lists(st.tuples(WORDS, st.booleans()), min_size=1, max_size=6))
def test_duplexes_survive_the_way_through_kernel_notation(pieces):
    duplex = tiled(pieces)
    if duplex.tops:
        assert to_duplex(parse_kernel(print_kernel(from_duplex(duplex)))) == duplex


def test_a_join_in_kernel_notation():
    join = tiled([(("t",), False), (("x", "t"), True), (("i",), True), (("r", "t"), True)])
    assert print_kernel(from_duplex(join)) == "x( t( + i( + r( t( + ) ) ) ) ) t*"
    closed = parse_kernel("x( t( + i( + r( t( + t*) r*) i*) t*) x*) t*")
    assert to_duplex(closed) == join


def test_other_shapes_are_no_duplex():
    hairpin = parse_kernel("x( t )")
    assert hairpin == Structure((("x", "t", "x*"),), (2, -1, 0))
    assert to_duplex(hairpin) is None
    assert to_duplex(strand_structure(("t", "x"))) is None
    assert to_duplex(parse_kernel("x( t + )")) is None


@pytest.mark.parametrize(
    ("text", "column", "fact"),
    [
        ("x( t", 1, "x( is never closed"),
        ("t )", 3, "this ) closes nothing"),
        ("x( y*)", 4, "y* cannot close x"),
        ("t + + x", 5, "a strand has no domains"),
        ("t & x", 3, "'&' is not kernel notation"),
    ],
)
def test_errors_say_where(text, column, fact):
    with pytest.raises(TextError) as caught:
        parse_kernel(text)
    assert (caught.value.column, caught.value.fact) == (column, fact)
