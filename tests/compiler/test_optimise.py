"""Mappings within stated limits."""

from __future__ import annotations

import re

import numpy as np
import pytest

from compiler import pipeline
from compiler.design import Design, load_design
from compiler.limits import iteration_hours, measures, worst
from compiler.optimise import changed, complete, unlimited
from compiler.pipeline import Clocked
from dsd.errors import InputError, MappingError


@pytest.fixture(scope="module")
def pot(linreg: Design) -> Clocked:
    return pipeline.clocked(linreg.amended({"dna.limits.objective": "hours"}))


@pytest.fixture(scope="module")
def small() -> Design:
    return load_design("linreg2d-minimal")


@pytest.fixture(scope="module")
def small_pot(small: Design) -> Clocked:
    return pipeline.clocked(small.amended({"dna.limits.objective": "hours"}))


def test_a_design_without_limits_is_mapped_and_hashed_as_ever(linreg: Design) -> None:
    assert not linreg.dna.limits.stated
    assert linreg.amended({"dna.limits": {}}).digest == linreg.digest
    assert linreg.amended({"dna.limits.total_uM": 100.0}).digest != linreg.digest


def test_fewer_strands_at_the_same_pace(linreg: Design, pot: Clocked) -> None:
    """The pot that needs the least keeps to all limits, and one of them stops it from needing less."""
    dna = linreg.amended({"dna.limits.objective": "strands"}).dna
    now = unlimited(pot, dna)
    bounds = complete(now, dna)
    found = pipeline.to_dna(pot, dna)
    assert found.system.total_strand_nM < 0.8 * now.system.total_strand_nM
    assert all(m.kept for m in measures(found, bounds))
    assert {m.name for m in measures(found, bounds) if m.binds} >= {"iteration_hours", "depletion"}
    assert max(abs(m.residual) for m in found.mapping.records) < 1e-9


def test_a_limit_on_every_strand_slows_the_pot_down(linreg: Design, pot: Clocked) -> None:
    dna = linreg.amended({"dna.limits": {"total_uM": 100.0, "strand_uM": 8.0}}).dna
    found = pipeline.to_dna(pot, dna)
    most = worst(measures(found, dna))
    assert most["strand_uM"].kept
    assert most["total_uM"].kept
    assert most["strand_uM"].binds or most["total_uM"].binds
    assert iteration_hours(pot, found.dna) > iteration_hours(pot, unlimited(pot, dna).dna)


def test_the_best_toehold_is_chosen(small: Design, small_pot: Clocked) -> None:
    """By Zhang & Winfree's rates a 6 nt toehold exchanges faster than one of 5: the signal is freer at that pace."""
    keys = {"dna.profile": "literature", "dna.limits": {"toehold_nt": [5, 6], "total_uM": 100.0}}
    assert pipeline.to_dna(small_pot, small.amended(keys).dna).dna.toehold_nt == 6


def test_what_cannot_be_kept_is_said_with_what_would_do(small: Design, small_pot: Clocked) -> None:
    """And the value named does: the message is put to the test."""
    with pytest.raises(MappingError) as caught:
        pipeline.to_dna(small_pot, small.amended({"dna.limits": {"iteration_hours": 1.0, "depletion": 0.5}}).dna)
    text = str(caught.value)
    assert text.startswith("no mapping keeps to [dna.limits] together; with toeholds of 5 nt: any one of these")
    hours = re.search(r"iteration_hours = ([\d.]+) \(now 1\)", text)
    assert hours is not None
    assert re.search(r"total_uM = \d+ \(now 300\)", text)
    relaxed = small.amended({"dna.limits": {"iteration_hours": 1.01 * float(hours[1]), "depletion": 0.5}}).dna
    assert iteration_hours(small_pot, pipeline.to_dna(small_pot, relaxed).dna) <= 1.01 * float(hours[1])


def test_the_same_at_twice_the_concentrations_in_half_the_time(linreg: Design, pot: Clocked) -> None:
    base = unlimited(pot, linreg.dna)
    thick = changed(base.dna, np.log([2.0, 1.0, 2.0, 2.0, 2.0]))
    found = pipeline.as_stated(pot, thick)
    assert iteration_hours(pot, thick) == pytest.approx(iteration_hours(pot, base.dna) / 2)
    assert dict(found.mapping.free) == pytest.approx(dict(base.mapping.free), rel=1e-9)


def test_free_fractions_can_be_asked_for_by_species_or_role(linreg: Design, pot: Clocked) -> None:
    dna = linreg.amended({"dna.limits.free": {"parameter": 0.9, "P1": 0.2}}).dna
    least = {m.where: m.limit for m in measures(unlimited(pot, dna), dna) if m.name == "min_free"}
    assert (least["P1"], least["P2"], least["X1"]) == (0.2, 0.9, 0.3)
    with pytest.raises(InputError, match=r"\[dna.limits\] free names 'Q', no species and no role"):
        pipeline.to_dna(pot, linreg.amended({"dna.limits.free": {"Q": 0.5}}).dna)
