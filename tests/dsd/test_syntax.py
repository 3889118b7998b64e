"""`.crn` text: whole texts beside what they mean, exact error messages, and the round trip as a law."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsd.errors import InputError, TextError
from dsd.network import NANOMOLAR, Dose, Network, Reaction, Species, Threshold, Units, network
from dsd.syntax import parse_crn, print_crn

PRINTED = """\
# LR-NCRN, one input
# 10 species by the paper's count
@level formal
@units 1 1
@meta design = line
@stages N1 N2
@species input: X1 = 3
@species parameter: P1 = 0.5
@species clock: O1 = 1, O2
@species: Z1, A1p
@dose 3 X1 when O1 + O2 rises 0.5
@dose 0.001 P1 at 10

X1 + P1 -> Z1 + X1 + P1 [k = 1, stage = N1]  # feedforward
2 Z1 -> A1p [k = 1e-09, stage = N2]
-> Z1 [k = 0.25]
A1p -> [k = 1]
"""

BUILT = network(
    [
        Reaction(("X1", "P1"), ("Z1", "X1", "P1"), 1.0, "N1", "feedforward"),
        Reaction(("Z1", "Z1"), ("A1p",), 1e-9, "N2"),
        Reaction((), ("Z1",), 0.25),
        Reaction(("A1p",), ()),
    ],
    [Species("X1", 3, "input"), Species("P1", 0.5, "parameter"), Species("O1", 1, "clock"), Species("O2", 0, "clock")],
    doses=[Dose("X1", 3.0, Threshold(("O1", "O2"), 0.5, 1)), Dose("P1", 1e-3, 10.0)],
    level="formal",
    meta=[("comment", "LR-NCRN, one input"), ("comment", "10 species by the paper's count"), ("design", "line")],
)


def test_a_network_prints_as_text_and_parses_back():
    assert print_crn(BUILT) == PRINTED
    assert parse_crn(PRINTED) == BUILT


def test_the_dialect_of_nuskell_is_understood():
    net = parse_crn(
        """\
        # a comment of the file
        A + B -> C [k = 1e3]; C -> 2D      # two of D
        A <=> B [kf = 1, kr = 2]
        2A+3 B <=> [5, 0.5]
        C -> D [13.78]
        # a comment between statements
        <=> A
        A @initial 10; B @i 20
        formal = {A, B}
        fuels = {}
        """
    )
    assert net.reactions == (
        Reaction(("A", "B"), ("C",), 1e3),
        Reaction(("C",), ("D", "D"), note="two of D"),
        Reaction(("A",), ("B",), 1.0),
        Reaction(("B",), ("A",), 2.0),
        Reaction(("A", "A", "B", "B", "B"), (), 5.0),
        Reaction((), ("A", "A", "B", "B", "B"), 0.5),
        Reaction(("C",), ("D",), 13.78),
        Reaction((), ("A",)),
        Reaction(("A",), ()),
    )
    assert net.species == (Species("A", 10, "formal"), Species("B", 20, "formal"), Species("C"), Species("D"))
    assert net.meta == (("comment", "a comment of the file"),)


def test_quantities_with_units_become_the_networks_own():
    net = parse_crn(
        """\
        @units nM s
        @species fuel: F = 1 uM, G = 0.5 µM
        A @initial 20
        @dose 2 uM A at 1.5 h
        @dose 3 A when F falls 10 pM
        A + F -> B [k = 1e6 /M/s]
        A -> B [k = 6 /min]
        2 A + F -> B [k = 1e18 /M^2/s]
        -> A [k = 1e-17 M/s]
        A <=> B + F [kf = 2e-3, kr = 1e5 /M/s]
        """
    )
    assert [r.k for r in net] == [1e-3, 0.1, 1.0, 1e-8, 2e-3, 1e-4]
    assert [s.initial for s in net.species] == [1000.0, 500.0, 20.0, 0.0]
    assert net.doses == (Dose("A", 2000.0, 5400.0), Dose("A", 3.0, Threshold(("F",), 0.01, -1)))


def test_a_digit_before_e_is_a_coefficient_on_a_side_and_a_number_in_brackets():
    assert parse_crn("2E1 -> 2 e5 [k = 2E1]").reactions == (Reaction(("E1", "E1"), ("e5", "e5"), 20.0),)


def test_species_that_are_called_like_units_can_be_dosed():
    net = parse_crn("@units nM s\n@species: M, nM\n@dose 3 M at 10\n@dose 3 nM M at 10\n@dose 3 nM when M rises 1")
    assert net.doses == (Dose("M", 3.0, 10.0), Dose("M", 3.0, 10.0), Dose("nM", 3.0, Threshold(("M",), 1.0)))


def test_long_lists_of_species_are_broken_into_several_statements():
    net = network([], [Species(f"strand_{i}", 300.0, "fuel") for i in range(12)], units=NANOMOLAR)
    assert print_crn(net) == (
        "@units nM s\n"
        "@species fuel: strand_0 = 300, strand_1 = 300, strand_2 = 300, strand_3 = 300, strand_4 = 300\n"
        "@species fuel: strand_5 = 300, strand_6 = 300, strand_7 = 300, strand_8 = 300, strand_9 = 300\n"
        "@species fuel: strand_10 = 300, strand_11 = 300\n"
    )


def test_texts_that_a_line_cannot_hold_are_quoted():
    net = network(
        [Reaction(("A",), ("B",), stage="N 1", note="two\nlines")],
        meta=[("comment", " indented"), ("a key", "a; b # c")],
    )
    assert print_crn(net) == (
        '# " indented"\n@units 1 1\n@meta "a key" = a; b # c\n@stages "N 1"\n@species: A, B\n\n'
        'A -> B [k = 1, stage = "N 1"]  # "two\\nlines"\n'
    )
    assert parse_crn(print_crn(net)) == net


def test_an_empty_text_is_an_empty_network():
    assert parse_crn("") == parse_crn(" ;;\n\r\n") == Network((), ())
    assert print_crn(Network((), ())) == "@units 1 1\n"


# Names that a careless reader would take for something else.
NAMES = st.sampled_from(
    ["A", "B", "E1", "e5", "k", "M", "nM", "s", "at", "when", "rises", "stage", "formal", "nan", "_x'"]
)
AMOUNTS = st.floats(0, allow_nan=False, allow_infinity=False)
TEXTS = st.text(max_size=8) | st.text(string.ascii_letters + ' "#;=\\\n', max_size=8)


@st.composite
def networks(draw):
    """Any network with the levels and units that the text form knows."""
    names = draw(st.lists(NAMES, min_size=1, unique=True))
    some = st.lists(st.sampled_from(names), max_size=4).map(tuple)
    watched = st.lists(st.sampled_from(names), min_size=1, max_size=3).map(tuple)
    numbers = st.floats(allow_nan=False, allow_infinity=False)
    at = numbers | st.builds(Threshold, watched, numbers, st.sampled_from([1, -1]))
    return Network(
        tuple(draw(st.lists(st.builds(Reaction, some, some, AMOUNTS, TEXTS, TEXTS), max_size=4))),
        tuple(Species(name, draw(AMOUNTS), draw(st.sampled_from(["", "fuel"]) | TEXTS)) for name in names),
        tuple(draw(st.lists(st.builds(Dose, st.sampled_from(names), AMOUNTS, at), max_size=3))),
        draw(st.builds(Units, st.sampled_from(["1", "nM"]), st.sampled_from(["1", "s", "h"]))),
        draw(st.sampled_from(["", "formal", "clocked", "network"])),
        tuple(draw(st.lists(st.tuples(st.just("comment") | TEXTS, TEXTS), max_size=4))),
    )


@given(networks())
def test_printing_then_parsing_is_the_identity(net):
    assert parse_crn(print_crn(net)) == net


@given(st.text("AB12+-<=>[]{}@#;:,k.e \n", max_size=30) | st.text(max_size=30))
def test_any_text_is_a_network_or_an_error_with_its_place(text):
    wrong = None
    try:
        printed = print_crn(parse_crn(text))
    except TextError as error:
        wrong = error
    if wrong:
        assert 1 <= wrong.line <= text.count("\n") + 1
        assert 1 <= wrong.column <= len(wrong.text) + 1
    else:
        assert print_crn(parse_crn(printed)) == printed


def test_an_error_shows_the_line_the_place_and_the_remedy():
    with pytest.raises(TextError) as caught:
        parse_crn("@units nM s\n\nA + B -> C [k = 1, stagee = N1]", "ring.crn")
    assert str(caught.value) == (
        "ring.crn:3:20: no bracket has the key stagee\n"
        "  A + B -> C [k = 1, stagee = N1]\n"
        "                     ^\n"
        "  did you mean stage?"
    )


@pytest.mark.parametrize(
    ("text", "column", "fact", "remedy"),
    [
        ("A + B", 6, "this reaction has no arrow", "write reactions as A + 2 B -> C [k = 1]"),
        ("A B -> C", 3, "expected an arrow or + but found 'B'", "write reactions as A + 2 B -> C [k = 1]"),
        ("A => B", 3, "=> is no arrow", "write -> for one direction, <=> for both"),
        ("A → B", 3, "→ is no arrow", "write -> for one direction, <=> for both"),
        ("A + -> B", 5, "expected a species after + but found '->'", "write reactions as A + 2 B -> C [k = 1]"),
        ("A -> 0", 6, "'0' is not a species", "leave the side empty, as in A ->"),
        ("A -> ∅", 6, "'∅' is not a species", "leave the side empty, as in A ->"),
        ("A -> B C", 8, "'C' does not belong here", "end a statement with a new line or ;"),
        (
            "A -> 1.5 B",
            6,
            "'1.5' is not a species",
            "a name has letters, digits, _ and ', and starts with a letter",
        ),
        (
            "99999999 A -> B",
            1,
            "99999999 A has the coefficient 99999999",
            "a coefficient is a whole number from 1 to 10",
        ),
        ("A -> 0 B", 6, "0 B has the coefficient 0", "a coefficient is a whole number from 1 to 10"),
        ("A -> B [k = -1]", 13, "a rate is -1, which is negative", "write a number >= 0"),
        ("A -> B [k = nan]", 13, "'nan' is not a finite number", "write a number such as 10, 0.5 or 1e-3"),
        ("A -> B [inf]", 9, "'inf' is not a finite number", "write a number such as 10, 0.5 or 1e-3"),
        ("A -> B [k = 1e999]", 13, "1e999 is too large for a number", "write a number below 1e308"),
        ("A -> B [k = 1.2.3]", 13, "'1.2.3' is not a finite number", "write a number such as 10, 0.5 or 1e-3"),
        ("A -> B [k = ]", 13, "']' is not a finite number", "write a number such as 10, 0.5 or 1e-3"),
        ("A -> B [k = 1, k = 2]", 16, "k is given twice", "give it once"),
        (
            "A -> B [k = 1",
            14,
            "expected , or ] but found the end of the line",
            "separate the entries with commas and close with ]",
        ),
        ("A -> B [kf = 1]", 9, "kf is no rate of a reaction with ->", "write [k = 1]"),
        ("A <=> B [k = 1]", 10, "k is no rate of a reaction with <=>", "write [kf = 1, kr = 2]"),
        ("A <=> B [kf = 1]", 9, "only one direction has a rate", "write [kf = 1, kr = 2]"),
        (
            "A -> B [k = 1 /s]",
            15,
            "'s' is given, but this network has no time unit",
            "drop it or start with '@units nM s'",
        ),
        ("@units nM s; A -> B [k = 1 /M/s]", 28, "/M/s is no unit for a rate of order 1", "write it in /s"),
        ("@units nM s; A + B -> [k = 1 /s]", 30, "/s is no unit for a rate of order 2", "write it in /nM/s"),
        ("@units nM s; A -> B [k = 1 /M//s]", 28, "/M//s is no unit", "write units such as /M/s, /M^2/s, nM/s or /s"),
        ("@units nM s; A @initial 3 kM", 27, "'kM' is no concentration unit", "use M, mM, uM, nM, pM"),
        ("A @initial 1; A @i 2", 15, "A has an initial concentration already", "give it once"),
        ("A @initial -3", 12, "an initial concentration is -3, which is negative", "write a number >= 0"),
        ("A @initial", 11, "an initial concentration is missing", "write a number such as 10, 0.5 or 1e-3"),
        (
            "A @constant 3",
            4,
            "constant concentrations are not supported",
            "use A only as a catalyst, on both sides of each reaction, and give its @initial",
        ),
        ("@initial A 3", 1, "no line starts with @initial", "name the species first, as in A @initial 10"),
        ("@spices: A", 1, "no line starts with @spices", "did you mean @species?"),
        (
            "@what",
            1,
            "no line starts with @what",
            "a line can start with @level, @units, @meta, @stages, @species, @dose",
        ),
        ("@level formol", 8, "there is no level formol", "did you mean formal?"),
        ("@level formal; @level formal", 23, "the level is given twice", "give it once"),
        (
            "@units nm s",
            8,
            "expected a concentration unit but found 'nm'",
            "write '@units nM s' or '@units 1 1'; the concentration units are 1, M, mM, uM, nM, pM",
        ),
        (
            "A -> B; @units nM s",
            16,
            "the units come too late",
            "move @units above the species, reactions and doses",
        ),
        ("@species: A, A", 14, "species A is declared twice", "declare it once"),
        (
            "@species input X1",
            16,
            "expected : but found 'X1'",
            "write '@species input: X1 = 3, X2', or '@species: X1, X2' for no role",
        ),
        ("formal = {A}; fuels = {A}", 24, "A has the role formal already", "give each species one role"),
        ("formall = {A}", 1, "formall = is unknown", "did you mean formal?"),
        (
            "@stages N1 N2; A -> B [stage = N3]",
            32,
            "the stage N3 is not in @stages",
            "add it to @stages, which has N1, N2",
        ),
        ("@species: Y_in; @dose 3 Y_ni at 10", 25, "this dose names the unknown species Y_ni", "did you mean Y_in?"),
        (
            "@dose 3 X1 on 10",
            12,
            "expected at or when but found 'on'",
            "write '@dose 3 X1 at 10' or '@dose 3 X1 when O1 + O2 rises 0.5'",
        ),
        ('@meta note = "open', 14, "this quoted text is not closed or not valid", 'write it as in "two words"'),
    ],
)
def test_wrong_text_is_refused_where_it_goes_wrong(text, column, fact, remedy):
    with pytest.raises(TextError) as caught:
        parse_crn(text)
    error = caught.value
    assert (error.line, error.column, error.fact, error.remedy) == (1, column, fact, remedy)


@pytest.mark.parametrize(
    ("net", "sentence"),
    [
        (network([], level="dsd"), "the text form has no level 'dsd'; the levels are formal, clocked, network"),
        (network([], units=Units("kg", "s")), "the text form has no units 'kg s'; use 1, M, .* and 1, ms, .*"),
        (
            network([], [Species("A")], doses=[Dose("A", 1.0, Threshold((), 1.0))]),
            "the dose of A waits for a threshold of no species; name at least one",
        ),
    ],
)
def test_what_the_text_form_does_not_know_is_not_printed(net, sentence):
    with pytest.raises(InputError, match=sentence):
        print_crn(net)
