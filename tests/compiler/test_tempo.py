"""The pace and the concentrations that the compiler chooses for a pot."""

from __future__ import annotations

import pytest

from compiler import pipeline
from compiler.design import Design, load_design
from compiler.pipeline import Clocked
from compiler.tempo import SCALED, paced, thinned
from dsd.errors import MappingError


@pytest.fixture(scope="module")
def cubic() -> Design:
    return load_design("cubic-xor")


@pytest.fixture(scope="module")
def clocked(cubic: Design) -> Clocked:
    return pipeline.clocked(cubic)


def test_linear_regression_runs_at_full_speed(linreg: Design) -> None:
    assert paced(pipeline.clocked(linreg), linreg.dna).slowdown == 1.0


def test_the_least_slowdown_leaves_enough_of_every_signal_free(cubic: Design, clocked: Clocked) -> None:
    dna = paced(clocked, cubic.dna)
    free = dict(pipeline.mapped(clocked, dna).free)
    assert 2 < dna.slowdown < 4
    assert min(free.values()) >= cubic.dna.min_free
    faster = paced(clocked, cubic.dna.model_copy(update={"slowdown": dna.slowdown / 1.2}))
    with pytest.raises(MappingError, match=r"cannot run this fast with any amount of its join"):
        pipeline.mapped(clocked, faster)


def test_a_slower_clock_has_smaller_forks_and_larger_pools(linreg: Design) -> None:
    clocked = pipeline.clocked(linreg)
    dna = paced(clocked, linreg.dna.model_copy(update={"slowdown": 4.0}))
    assert (dna.ring_per_nM_s, dna.seed_flux_nM_s, dna.clock_fork_nM) == pytest.approx((1.75e-4 / 4, 2.5e-10, 79.0))
    assert dna.pools["clock"] == pytest.approx(2 * linreg.dna.pools["clock"])
    assert dna.pools["parameter"] == linreg.dna.pools["parameter"]


def test_what_no_slowdown_can_do_is_refused_with_the_reason(linreg: Design) -> None:
    strict = linreg.dna.model_copy(update={"min_free": 0.9999})
    with pytest.raises(
        MappingError, match=r"^no slowdown of the clock up to 1024 helps: only \d+% of \w+ would be free"
    ):
        paced(pipeline.clocked(linreg), strict)


def test_a_thin_pot_does_the_same_more_slowly(linreg: Design) -> None:
    """Every rate is of second order: a third of all concentrations, three times the time, the same free fractions."""
    clocked = pipeline.clocked(linreg)
    dna = paced(clocked, linreg.dna)
    total = pipeline.to_dna(clocked, linreg.dna).system.total_strand_nM
    thin = thinned(dna.model_copy(update={"made_uM": total / 3000}), total)
    full, third = pipeline.mapped(clocked, dna), pipeline.mapped(clocked, thin)
    assert dict(third.free) == pytest.approx(dict(full.free), rel=1e-9)
    assert [m.gate_nM for m in third.records] == pytest.approx([m.gate_nM / 3 for m in full.records], rel=1e-9)
    assert pipeline.seconds(clocked, thin) == pytest.approx(3 * pipeline.seconds(clocked, dna))


def test_a_pot_within_the_budget_is_left_alone(linreg: Design) -> None:
    assert thinned(linreg.dna, 1000.0) is linreg.dna


def test_every_concentration_is_thinned(linreg: Design) -> None:
    """A new key in nM must be in the list, or thin pots would not be what they say."""
    others = {"stock_uM", "made_uM", "max_total_uM", "cooperative_nM"}
    keys = {k for k in type(linreg.dna).model_fields if k.endswith(("_nM", "_uM"))} - others
    assert keys == set(SCALED)


def test_a_large_pot_is_made_with_no_more_than_its_budget(cubic: Design, clocked: Clocked) -> None:
    lowered = pipeline.to_dna(clocked, cubic.dna)
    assert lowered.system.total_strand_nM == pytest.approx(1000 * cubic.dna.made_uM, rel=1e-6)
    assert lowered.dna.unit_nM < cubic.dna.unit_nM
