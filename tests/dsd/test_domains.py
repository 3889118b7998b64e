"""Sequences and duplexes."""

from hypothesis import given
from hypothesis import strategies as st

from dsd.domains import Top, complement, tiled

NAMES = st.sampled_from(["t", "x", "y", "t*", "x*"])


@given(st.lists(NAMES).map(tuple))
def test_complement_twice_is_the_identity(sequence):
    assert complement(complement(sequence)) == sequence


def test_a_duplex_is_tiled_from_pieces():
    gate = tiled([(("t",), False), (("x", "t"), True), (("i",), True)])
    assert gate.bottom == ("t", "x", "t", "i")
    assert gate.tops == (Top(1, ("x", "t")), Top(3, ("i",)))
    assert gate.exposed == (0,)
    assert gate.strands == (("x", "t"), ("i",), ("i*", "t*", "x*", "t*"))
    assert str(gate) == "[t] x.t i"
