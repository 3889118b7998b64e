"""Systems refuse parts that do not fit together."""

from dataclasses import replace

import pytest

from dsd.domains import Domain
from dsd.errors import InputError
from dsd.interpretation import Interpretation
from dsd.lower import Lowering, lower
from dsd.network import Dose, Reaction, Threshold, network
from dsd.system import Strand

SYSTEM, _ = lower(network([Reaction(("A", "B"), (), 1e-4), Reaction((), ("A",), 1e-8)]), Lowering())


def test_strands_are_found_by_structure():
    assert SYSTEM.strand_of["A", "t"].name == "A_r"
    assert SYSTEM.lengths["A"] == 20
    assert SYSTEM.toeholds == frozenset({"t"})
    assert SYSTEM.get("scheme") == "two-domain-irreversible"


def test_total_strand_concentration():
    """3000 nM of reverse and end strands, 10 of initiator, 2 gates of 3 strands and a source of 5."""
    gate = SYSTEM.complexes[0].initial
    assert pytest.approx(3010 + 2 * 3 * gate + 5 * 10 / 14) == SYSTEM.total_strand_nM


def extended(**parts):
    return {key: (*getattr(SYSTEM, key), *values) for key, values in parts.items()}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (extended(domains=[Domain("A", 20)]), "the domain 'A' is used twice; name each domain once"),
        (extended(strands=[Strand("3x", ("A", "B"), "waste")]), "the strand or complex '3x' is not a name"),
        (extended(strands=[Strand("X", ("A", "z"), "waste")]), "strand X uses the unknown domain z; declare it"),
        (extended(strands=[Strand("X", ("t", "A"), "waste")]), "strands A and X have the same domains; keep one"),
        (extended(strands=[Strand("X", ("A", "B"), "waste", -1.0)]), "X starts at -1.0 nM; give a concentration >= 0"),
        (extended(complexes=[replace(SYSTEM.complexes[0], name="X")]), "complexes A0 and X are the same duplex"),
        ({"complexes": (replace(SYSTEM.complexes[0], latch="Q"),)}, "complex A0 has the latch 'Q', which is no strand"),
        (extended(toeless=[("A", "Q")]), "the toeless pair A, Q is not a strand and a complex"),
        (extended(doses=[Dose("Q", 1.0, 2.0)]), "a dose names Q, which the system does not hold"),
        (extended(doses=[Dose("A", 1.0, Threshold(("Q",), 1.0))]), "a dose names Q, which the system does not hold"),
        ({"interpretation": Interpretation((("Q", ("A",)),))}, "the interpretation names Q"),
        ({"strands": SYSTEM.strands[:5]}, "which has no name; list it"),
    ],
)
def test_errors_name_the_part(change, sentence):
    with pytest.raises(InputError) as caught:
        replace(SYSTEM, **change)
    assert sentence in str(caught.value)
