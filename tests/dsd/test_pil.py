"""Systems as .pil text."""

import re
from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsd.errors import TextError
from dsd.lower import Lowering, lower
from dsd.network import Dose, Reaction, Species, Threshold, network
from dsd.pil import parse_pil, print_pil

DOSED = network(
    [Reaction(("C", "X"), ("C",), 1e-4)],
    [Species("X", 2.0), Species("C", 1.0)],
    doses=[Dose("X", 3.0, 100.0), Dose("X", 3.0, Threshold(("X", "C"), 2.5, -1))],
    meta=[("design", "a catalytic sink")],
)

TEXT = """
    # DNA strand displacement system in kernel notation; nM, s, nt; #: lines carry roles and meaning
    #: meta design = a catalytic sink
    #: meta scheme = two-domain-irreversible
    #: meta profile = ideal
    #: meta unit_nM = 10.0
    #: meta unit_s = 1.0

    length t = 5 #: toehold
    length X = 20
    length C = 20
    length i0 = 20
    length r0 = 20

    X = t X @initial 20.0 nM #: signal
    C = t C @initial 10.0 nM #: signal
    X_r = X t @initial 1000.0 nM #: reverse
    C_r = C t @initial 1000.0 nM #: reverse
    H0 = t i0 r0 @initial 1000.0 nM #: helper reaction=0
    #: strand T0 = r0 t | translator reaction=0
    #: strand B0 = i0 | waste reaction=0
    #: strand W0 = t r0 | waste reaction=0
    #: strand X_b = X | waste
    #: strand J0_bottom = t* r0* i0* t* X* t* C* t* | bottom reaction=0
    #: strand F0_bottom = t* r0* t* C* t* X* | bottom reaction=0

    J0 = C( t( + X( t( + i0( + r0( t( + ) ) ) ) ) ) ) t* @initial N nM #: join latch=T0 reaction=0
    F0 = X( + t( C( + t( r0( + t* ) ) ) ) ) @initial 500.0 nM #: fork latch=T0 reaction=0

    #: means X = X
    #: means C = C
    #: means T0 = C
    #: dose X 30.0 nM at 100.0 s
    #: dose X 30.0 nM when X + C falls through N nM
    #: module 0 join gates=J0,F0 fuels=H0,X_r target=N achieved=N gate_nM=N reverse_nM=1000.0 helper_nM=1000.0 fork_nM=500.0 | C + X -> C
"""  # noqa: E501


def test_the_text_of_a_system():
    system, _ = lower(DOSED, Lowering(unit_nM=10.0, dosed=("X",)))
    lines = print_pil(system).splitlines()
    for line, expected in zip(lines, dedent(TEXT).strip().splitlines(), strict=True):
        assert re.fullmatch(re.escape(expected).replace("N", r"[0-9.e-]+"), line) or line == expected
    assert parse_pil(print_pil(system)) == system


FEW = st.lists(st.sampled_from(["A", "B", "t", "J0", "x'"]), max_size=3).map(tuple)
REACTIONS = st.lists(st.tuples(FEW, FEW).filter(any), min_size=1, max_size=4)


@settings(max_examples=60, deadline=None)
@given(REACTIONS, st.floats(1e-12, 1e-9), st.sampled_from(["two-domain", "two-domain-irreversible"]))
def test_printing_then_parsing_is_the_identity(reactions, k, scheme):
    formal = network([Reaction(*r, k) for r in reactions], doses=[Dose(s, k, 3 * k) for s in reactions[0][0]])
    system, _ = lower(formal, Lowering(scheme=scheme))
    assert parse_pil(print_pil(system)) == system


@pytest.mark.parametrize(
    ("line", "column", "fact"),
    [
        ("length t = five", 1, "this does not read as a domain, strand or complex"),
        ("X = t X @initial 5 nM", 1, "this does not read as a domain, strand or complex"),
        ("X = t X( @initial 5 nM #: signal", 7, "X( is never closed"),
        ("X = t X @initial 5e nM #: signal", 18, "'5e' is not a finite number"),
        ("X = t X @initial 5 nM #: signal colour=red", 26, "'signal colour=red' does not describe a part"),
        ("X = t( X ) @initial 5 nM #: join", 5, "X is not a duplex of top strands on one bottom strand"),
        ("#: dose X at noon", 1, "this does not read as a 'dose' line"),
        ("#: module 0 join gates= fuels= k=fast | A -> B", 31, "the value of k, 'fast', is not a number"),
    ],
)
def test_errors_say_where(line, column, fact):
    with pytest.raises(TextError) as caught:
        parse_pil("# a comment\n\n" + line, "gates.pil")
    error = caught.value
    assert (error.source, error.line, error.column, error.fact) == ("gates.pil", 3, column, fact)
