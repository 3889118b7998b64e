"""Slow gates made large by a catalyst in constant supply."""

from __future__ import annotations

import numpy as np
import pytest

from compiler import pipeline
from compiler.ballast import ballasted
from compiler.design import Design, load_design
from compiler.texts import reread
from compiler.training.driver import Driver
from compiler.training.pot import clocked_pot, dsd_pot
from dsd.errors import InputError
from dsd.network import describe
from dsd.syntax import parse_crn, print_crn

SMALL = {"dna.pools": {"clock": 3960.0, "parameter": 660.0, "adjoint": 320.0, "ballast": 660.0}}


@pytest.fixture(scope="module")
def design() -> Design:
    """A quadratic circuit, whose feedforward has reactions of one, two and three inputs."""
    return load_design("nonlinreg2d").amended({"dna.capacity": 0.0, **SMALL})


def test_reactions_of_one_and_two_inputs_take_ballast_in_the_phases_of_the_dynamics(design: Design) -> None:
    plain = pipeline.clocked(design)
    made = ballasted(plain, 2.0).network
    for before, after in zip(plain.network, made, strict=True):
        loaded = before.stage in ("N1", "N3") and before.order in (1, 2)
        assert after.reactants == (("L",) if loaded else ()) + before.reactants
        assert after.products == before.products + (("L",) if loaded else ())
        assert after.k == before.k / (2.0 if loaded else 1.0)
    assert made.species[-1].name == "L"
    assert (made.species[-1].initial, made.species[-1].role) == (2.0, "ballast")


def test_ballast_changes_nothing_in_a_clocked_pot(design: Design) -> None:
    plain = pipeline.clocked(design)
    found = []
    for pot in (plain, ballasted(plain, 0.5)):
        driver = Driver(clocked_pot(pot))
        driver.settle()
        for x, y in zip(design.data.train_x[:2], design.data.train_y[:2], strict=True):
            driver.iterate(x, y)
        driver.finish()
        found.append([*driver.weights(), float(driver.infer(design.data.train_x[2])[0])])
    assert found[0] == pytest.approx(found[1], rel=1e-6)


def test_a_name_that_is_taken_is_not_used(design: Design) -> None:
    plain = pipeline.clocked(design)
    twice = ballasted(ballasted(plain, 1.0), 1.0).network
    assert twice.role("ballast") == ("L", "L_")


def test_slow_joins_get_more_gate_and_more_helper(design: Design) -> None:
    """J H is the rate over the pool of the last input: a further input of amount L and pool R asks for R / L more."""
    plain, loaded = (pipeline.dsd(design.amended({"dna.ballast": amount})) for amount in (0.0, 1.0))
    records = zip(plain.clocked.network, plain.mapping.records, loaded.mapping.records, strict=True)
    slow = [(a, b) for r, a, b in records if r.stage in ("N1", "N3") and r.order in (1, 2)]
    assert slow
    gains = [b.gate_nM * b.helper_nM / (a.gate_nM * a.helper_nM) for a, b in slow]
    assert float(np.median(gains)) > 2
    for _, b in slow:
        assert b.achieved == pytest.approx(b.target, rel=1e-6)


def test_ballast_is_refilled_with_the_fuels(design: Design) -> None:
    """To what is free of it: gates hold the rest."""
    lowered = pipeline.dsd(design.amended({"dna.ballast": 1.0}))
    pot = dsd_pot(lowered)
    free = lowered.mapping.free_fraction("L")
    assert 0.3 < free <= 1.0
    assert pot.stock[pot.strand["L"]] == pytest.approx(lowered.dna.unit_nM * free)


def test_ballast_survives_print_and_parse(design: Design) -> None:
    made = pipeline.clocked(design.amended({"dna.ballast": 1.0}))
    again = reread(parse_crn(print_crn(made.network)))
    assert [describe(r) for r in again.network] == [describe(r) for r in made.network]
    assert again.network.role("ballast") == ("L",)


def test_pairs_have_no_room_for_ballast(design: Design) -> None:
    asked = design.amended({"dna.ballast": 1.0, "dna.molecularity": "bimolecular"})
    with pytest.raises(InputError, match=r"ballast = 1 adds an input .* set ballast = 0, or molecularity = 'joins'"):
        pipeline.clocked(asked)


def test_a_pot_without_ballast_has_none(design: Design) -> None:
    assert pipeline.clocked(design).network.role("ballast") == ()
