"""Pots: the same questions to a clocked network and to its DNA."""

from __future__ import annotations

import numpy as np
import pytest

from compiler import pipeline
from compiler.design import Design
from compiler.training.pot import Pot, clocked_pot
from dsd.network import Threshold
from dsd.system import FUELS


@pytest.fixture(scope="module")
def plain(linreg: Design) -> Pot:
    return clocked_pot(pipeline.clocked(linreg))


def test_a_clocked_species_reads_itself(plain: Pot) -> None:
    assert (plain.level, plain.names) == ("clocked", plain.network.names)
    assert np.array_equal(plain.reading, np.eye(23))
    assert all(plain.strand[n] == n and plain.free[n] == 1.0 for n in plain.names)
    assert plain.counts.shape == (0, 23)
    assert not plain.stock


def test_a_dna_pot_starts_with_the_totals_of_its_clocked_network(dna_pot: Pot, linreg: Design) -> None:
    """0.66 nM a formal unit, and all of it free."""
    totals = dna_pot.reading @ np.array([s.initial for s in dna_pot.network.species])
    wanted = [s.initial * linreg.dna.unit_nM for s in dna_pot.clocked.network.species]
    assert totals == pytest.approx(wanted, rel=1e-12)
    assert dna_pot.names == dna_pot.clocked.network.names


def test_gates_hold_signals_that_count(dna_pot: Pot) -> None:
    """X1 on its way through the join and fork of X1 + O2 -> Xb1 + O2 is X1 and O2, then Xb1 and O2."""
    column = dna_pot.network.index
    reads = {
        name: {n: int(c) for n, c in zip(dna_pot.names, dna_pot.reading[:, column[name]], strict=True) if c}
        for name in ("X1", "J3", "J3_1", "T3", "F3", "F3_1", "X1_r", "End")
    }
    assert reads == {
        "X1": {"X1": 1}, "J3": {}, "J3_1": {"X1": 1}, "T3": {"Xb1": 1, "O2": 1}, "F3": {}, "F3_1": {"Xb1": 1, "O2": 1},
        "X1_r": {}, "End": {},
    }  # fmt: skip


def test_the_stock_is_every_fuel_and_gate(dna_pot: Pot) -> None:
    assert dna_pot.lowered is not None
    system = dna_pot.lowered.system
    fuels = {s.name: s.initial for s in system.strands if s.role in FUELS and s.initial > 0}
    assert dict(dna_pot.stock) == fuels | {c.name: c.initial for c in system.complexes}
    assert dna_pot.stock_nM == 1e6


def test_every_strand_is_counted_once(dna_pot: Pot) -> None:
    """The counts of the network's species give the total that the system says it is made of."""
    assert dna_pot.lowered is not None
    start = np.array([s.initial for s in dna_pot.network.species])
    assert (dna_pot.counts @ start).sum() == pytest.approx(dna_pot.lowered.system.total_strand_nM)


def test_concentrations_stand_for_formal_values(plain: Pot, dna_pot: Pot) -> None:
    assert (plain.concentration("X1", 3.0), plain.concentration("P1", 0.5)) == (3.0, 2.5)
    assert dna_pot.concentration("X1", 3.0) == pytest.approx(3.0 * 0.66)
    assert dna_pot.concentration("P1", 0.5) == pytest.approx(0.5 * 5.0 * 0.66)


def test_clock_events_watch_free_strands(plain: Pot, dna_pot: Pot) -> None:
    event = Threshold(("O3",), 0.4, -1)
    assert plain.watch(event) == event
    seen = dna_pot.watch(event)
    assert (seen.species, seen.direction) == (("O3",), -1)
    assert seen.level == pytest.approx(0.4 * 0.66 * dna_pot.free["O3"])


def test_no_phase_takes_three_periods(plain: Pot, dna_pot: Pot, linreg: Design) -> None:
    assert plain.longest == pytest.approx(3 * 1.5)
    assert dna_pot.longest == pytest.approx(4.5 * pipeline.seconds(dna_pot.clocked, linreg.dna))
