"""Sizes: LinReg2D at every level, under both gating strategies."""

from __future__ import annotations

import pytest

from compiler import pipeline
from compiler.design import load_design
from compiler.sizes import Sizes, sizes
from dsd.expand import expand


@pytest.fixture(scope="module")
def found() -> Sizes:
    return sizes(load_design("linreg2d"))


def test_the_formal_circuit_has_the_papers_reactions(found: Sizes) -> None:
    """Table 5 of arXiv 2409.00034 has 14 reactions; 17 species with two of the clock and without the bias."""
    assert (found.formal.reactions, found.formal.species) == (14, 17 - 2 + 1)


def test_operand_gating_keeps_every_reaction_bimolecular(found: Sizes) -> None:
    most = {name: max(order for order, _ in s.clocked.by_reactants) for name, s in found.strategies.items()}
    assert most == {"operand": 2, "per-reaction": 3}


def test_dna_counts_are_those_of_the_system(found: Sizes) -> None:
    design = load_design("linreg2d")
    system = pipeline.dsd(design).system
    dsd, network = found.strategies["operand"].dsd, found.strategies["operand"].network
    assert dsd is not None
    assert network is not None
    assert found.strategies["operand"].slowdown == 1
    assert dsd.distinct_strands == len(system.strands)
    assert dsd.signal_strands == found.strategies["operand"].clocked.species
    assert dsd.total_strand_nM == pytest.approx(system.total_strand_nM)
    assert (network.species, network.reactions) == (dsd.species, dsd.reactions)
    assert network.reactions == len(expand(system).network.reactions)


def test_per_reaction_gating_says_what_it_costs(found: Sizes) -> None:
    """A join of three inputs holds back two of them, so it is slow: the clock has to wait for it."""
    strategy = found.strategies["per-reaction"]
    assert strategy.slowdown is None or strategy.slowdown > 1
    assert strategy.reason


def test_as_json_values(found: Sizes) -> None:
    values = found.to_dict()
    assert values["design"] == "linreg2d"
    assert values["formal"]["by_reactants"] == {"1": 6, "2": 8}
    assert list(values["strategies"]["operand"]) == ["clocked", "dsd", "network", "slowdown", "reason"]
