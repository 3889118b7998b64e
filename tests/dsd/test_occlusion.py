"""Occlusion: the closed form against the law of mass action, and a system counted by hand."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsd.lower import lower
from dsd.lowering import Lowering
from dsd.network import Reaction, Species, network
from dsd.occlusion import bound_share, occlusion
from dsd.rates import toehold_dissociation_nM

AMOUNTS = st.floats(1e-3, 1e6)


@given(AMOUNTS, AMOUNTS, AMOUNTS)
def test_bound_sites_obey_the_law_of_mass_action(free: float, open_: float, dissociation: float) -> None:
    share = bound_share(free, open_, dissociation)
    assert 0 < share <= 1
    bound = share * open_
    assert (free - bound) * (open_ - bound) == pytest.approx(dissociation * bound, rel=1e-5, abs=1e-9 * free * open_)


def test_no_strands_no_occlusion() -> None:
    assert bound_share(0.0, 1.0, 1.0) == bound_share(1.0, 0.0, 1.0) == 0.0


def test_the_dissociation_constant_falls_by_a_factor_a_nucleotide() -> None:
    """Peppercorn: -1.7 kcal/mol and +1.9 to initiate, at 25 °C; 14.5 µM at 5 nt."""
    rt = 0.0019872 * 298.15
    assert toehold_dissociation_nM(5) == pytest.approx(1e9 * math.exp((1.9 - 8.5) / rt), rel=2e-3)
    assert toehold_dissociation_nM(6) / toehold_dissociation_nM(5) == pytest.approx(math.exp(-1.7 / rt), rel=2e-3)


def test_a_reaction_counted_by_hand() -> None:
    """C + X -> C + Y, palette of two toeholds: r0 has s, everything else t."""
    formal = network([Reaction(("C", "X"), ("C", "Y"), 1e-4)], [Species("C", 30.0)])
    system, _ = lower(formal, Lowering(), lambda domain: "s" if domain == "r0" else "t")
    join, fork = system.complexes
    t, s = occlusion(system)
    reverses, helper, end = 3 * 1000.0, 1000.0, 1000.0
    assert (t.toehold, t.free_nM, t.open_nM) == ("t", 30.0 + reverses + end + helper, join.initial)
    assert (s.toehold, s.free_nM, s.open_nM) == ("s", 0.0, fork.initial)
    assert s.share == 0.0
    assert t.to_dict()["share"] == bound_share(t.free_nM, t.open_nM, toehold_dissociation_nM(5))
