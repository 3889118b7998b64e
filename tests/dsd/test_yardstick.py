"""The unclocked linear-regression circuit beside the best published two-domain scheme that verifies."""

from __future__ import annotations

from pathlib import Path

import pytest

from dsd.files import read_text
from dsd.lower import lower
from dsd.lowering import Lowering
from dsd.size import size
from dsd.syntax import parse_crn

CIRCUIT = Path(__file__).parents[1] / "data" / "linreg-unclocked.crn"

NUSKELL = (136, 4450)
"""Strands and nucleotides of Nuskell 0.8's cardelli2013_2D_3I_noGC at domains of 5 and 15 nt, enumerated without remote
toeholds: the least of its two-domain schemes that are strictly bisimilar on A -> B, A + B -> C and A + B ->."""


@pytest.mark.parametrize(
    ("scheme", "strands", "nt"), [("two-domain-irreversible", 114, 3915), ("two-domain", 86, 3005)]
)
def test_no_more_strands_and_nucleotides_than_the_best_two_domain_scheme(scheme: str, strands: int, nt: int) -> None:
    """By hand, irreversible: 14 signals, 14 reverse strands, 1 end and its 1 bare strand, a helper, a translator and a
    <t r> for each of 14 reactions, 28 bottoms, and <i> for each: 114."""
    network = parse_crn(read_text(CIRCUIT))
    assert (len(network.species), len(network.reactions)) == (14, 14)
    system, _ = lower(network, Lowering(scheme=scheme, toehold_nt=5, long_nt=15))
    found = size(system)
    assert (found.distinct_strands, found.nucleotides) == (strands, nt)
    assert (found.distinct_strands, found.nucleotides) <= NUSKELL
    assert found.nucleotides <= NUSKELL[1]
