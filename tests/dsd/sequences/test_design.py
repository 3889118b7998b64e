"""Sequences for whole systems: reproducible, within the rules, and refusals that say what to change."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from dsd.domains import Domain
from dsd.errors import InputError, TextError
from dsd.lower import lower
from dsd.lowering import Lowering
from dsd.network import Reaction, network
from dsd.sequences.design import Candidate, design_sequences
from dsd.sequences.energy import duplex
from dsd.sequences.letters import gc, longest_run, reverse_complement
from dsd.sequences.record import Sequences, parse_sequences, print_sequences
from dsd.sequences.rules import Rules
from dsd.system import Strand, System

RULES = Rules(forbidden=("TTCTTC",), fixed=(("t", "CTTCA"), ("X", "CATTCACTACCTATCTACAC")), candidates=2)


@pytest.fixture(scope="module")
def system() -> System:
    return lower(network([Reaction(("C", "X"), ("C", "Y"), 1e-4)]), Lowering())[0]


@pytest.fixture(scope="module")
def found(system: System) -> tuple[Candidate, ...]:
    return design_sequences(system, RULES, 5)


def test_the_same_seed_gives_the_same_sequences(system: System, found: tuple[Candidate, ...]) -> None:
    assert design_sequences(system, RULES, 5) == found
    one = replace(RULES, candidates=1)
    assert design_sequences(system, one, 6)[0].sequences.table != found[0].sequences.table


def test_sequences_keep_the_rules_on_every_strand(system: System, found: tuple[Candidate, ...]) -> None:
    made = found[0].sequences
    assert made.domain["t"] == "CTTCA"
    assert made.domain["X"] == "CATTCACTACCTATCTACAC"
    for d in system.domains:
        assert len(made.domain[d.name]) == d.length
        assert not set(made.domain[d.name]) - set("ACT")
        if not d.toehold:
            assert 0.4 <= gc(made.domain[d.name]) <= 0.55
            assert "CTTCA" not in made.domain[d.name]
    for strand, text in made.strands(system):
        assert longest_run(text) <= 3, strand.name
        assert "TTCTTC" not in text
        assert "GAAGAA" not in text
        # The toehold is read where it is meant, and nowhere across two domains.
        meant = sum(d.rstrip("*") == "t" for d in strand.domains)
        assert len(re.findall("(?=CTTCA)", text)) + len(re.findall("(?=TGAAG)", text)) == meant


def test_the_report_is_what_viennarna_says(system: System, found: tuple[Candidate, ...]) -> None:
    """The gap by brute force: every pair of long domains, in both senses."""
    made, q = found[0].sequences, found[0].quality
    words = [made.domain[d.name] for d in system.domains if not d.toehold]
    others = [reverse_complement(w) for w in words]
    on = [duplex(a, b) for a, b in zip(words, others, strict=True)]
    cross = [duplex(a, b) for i, a in enumerate(words) for j, b in enumerate(others) if i != j]
    same = [duplex(a, b) for strands in (words, others) for a in strands for b in strands]
    assert (q.on_weakest, q.on_strongest) == pytest.approx((max(on), min(on)), abs=0.006)
    assert q.off_worst == pytest.approx(min(cross + same), abs=0.006)
    assert q.same_sense_worst == pytest.approx(min(same), abs=0.006)
    assert q.off_mean == pytest.approx(np.mean(np.minimum(cross, 0)), abs=0.006)
    assert q.gap == pytest.approx(min(cross + same) - max(on), abs=0.02)
    assert q.gap >= RULES.min_gap_kcal
    assert q.recursion_error < 0.006
    assert [name for name, _ in q.mfe] == [s.name for s in system.strands]


def test_candidates_are_ranked_by_their_gap(found: tuple[Candidate, ...]) -> None:
    assert sorted(c.sequences.candidate for c in found) == [1, 2]
    assert all(a.quality.gap >= b.quality.gap for a, b in pairwise(found))


def test_a_set_parses_back(found: tuple[Candidate, ...]) -> None:
    text = print_sequences(found[0].sequences)
    assert parse_sequences(text) == found[0].sequences
    with pytest.raises(TextError, match="domain t stands here twice"):
        parse_sequences(text + "t,CTTCA\n")
    with pytest.raises(TextError, match=r"<text>:1:1: this is no domain and its sequence"):
        parse_sequences("t,CTTCU")


def test_a_domain_without_a_sequence_is_named() -> None:
    made = Sequences((("t", "CTTCA"),))
    assert made.spell(("t", "t*")) == "CTTCATGAAG"
    with pytest.raises(InputError, match="domain x has no sequence"):
        made.spell(("t", "x"))


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"fixed": (("i00", "CT"),)}, "[sequences.fixed] i00: the system has no such domain; did you mean 'i0'?"),
        ({"fixed": (("t", "CTTC"),)}, "[sequences.fixed] t: 'CTTC' has 4 nt and the domain 5; write 5 letters"),
        (
            {"fixed": (("X", "CATTTTACTACCTATCTACA"),), "tries": 100_000},
            "reads a run of more than 3; change the fixed X",
        ),
        ({"gc_min": 0.95, "gc_max": 1.0}, "failed; widen [sequences] gc_min and gc_max"),
        ({"gc_min": 0, "alphabet": "AT", "max_run": 1}, "failed; raise [sequences] max_run"),
        ({"min_gap_kcal": 26.0, "tries": 100_000}, "failed; lower [sequences] min_gap_kcal"),
        ({"unique_nt": 2}, "by words of 2 nt in common failed; raise [sequences] unique_nt above 2"),
        ({"forbidden": ("CA",), "unique_nt": 12}, "failed; forbid fewer words in [sequences] forbidden"),
        (
            {"toehold_gc_min": 0.5, "toehold_gc_max": 0.5},
            "asks for 1 toeholds of 5 nt; 0 words over ACT keep the rules",
        ),
    ],
)
def test_what_cannot_be_had_is_refused_with_the_rule_to_relax(
    system: System, keys: dict[str, Any], message: str
) -> None:
    with pytest.raises(InputError, match=re.escape(message)):
        design_sequences(system, Rules(candidates=1, **{"tries": 500} | keys), 1)


def test_more_than_a_thousand_long_domains_are_refused_with_their_number() -> None:
    domains = tuple(Domain(f"d{i}", 20) for i in range(1001))
    strands = tuple(Strand(f"s{i}", (f"d{i}",), "signal") for i in range(1001))
    with pytest.raises(InputError, match="the system has 1,001 long domains; sequences are designed for up to 1,000"):
        design_sequences(System(domains, strands, ()))


def test_a_system_without_long_domains_is_refused() -> None:
    with pytest.raises(InputError, match="no long domain"):
        design_sequences(System((Domain("t", 5, True),), (Strand("s", ("t",), "signal"),), ()))
