"""The reduced pot: the same tube, read, dosed and refilled as in full, and nearly the same numbers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from compiler import pipeline
from compiler.bench.reduced import Row, Run, csv_table, markdown, row
from compiler.cli import cli
from compiler.design import Design
from compiler.training import EVERY_LEVEL, LEVELS, trainer
from compiler.training.driver import Driver
from compiler.training.pot import Pot, reduced_pot


def few(design: Design, train: int, validation: int) -> Design:
    """The first samples of a design."""
    data = design.data
    return design.with_data(
        replace(
            data, train_x=data.train_x[:train], train_y=data.train_y[:train],
            validation_x=data.validation_x[:validation], validation_y=data.validation_y[:validation],
        )
    )  # fmt: skip


def test_the_reduced_level_is_trained_but_not_compared_unless_asked_for() -> None:
    assert [level for level in EVERY_LEVEL if level not in LEVELS] == ["dsd-reduced"]


def test_three_samples_in_a_reduced_pot_and_in_the_full_one(dna_pot: Pot, linreg: Design) -> None:
    """Weights and outputs to 0.5 %, the clock to 0.2 %: what the mode promises, with what it measures in the open."""
    full, reduced = Driver(dna_pot), Driver(reduced_pot(pipeline.dsd(linreg)))
    for driver in (full, reduced):
        driver.settle()
        for x, y in zip(linreg.data.train_x[:3], linreg.data.train_y[:3], strict=True):
            driver.iterate(x, y)
    assert reduced.weights() == pytest.approx(full.weights(), rel=5e-3)
    assert reduced.starts == pytest.approx(full.starts, rel=2e-3)
    assert reduced.predict(linreg.data.validation_x[:2]) == pytest.approx(
        full.predict(linreg.data.validation_x[:2]), rel=5e-3
    )
    assert reduced.tube.used == pytest.approx(full.tube.used, rel=2e-2, abs=0.05)
    assert reduced.lowest > -1e-12


def test_the_level_is_labelled(linreg: Design) -> None:
    history = trainer("dsd-reduced")(few(linreg, 1, 1), epochs=1)
    assert history.level == "dsd-reduced"
    assert history.extra["strand_error"] < 1e-12
    assert history.extra["lab_hours"] > 1


def test_reduced_is_for_the_dna_level_only(tmp_path: Path) -> None:
    found = CliRunner().invoke(cli, ["train", "linreg2d", "--level", "clocked", "--reduced", "-o", str(tmp_path)])
    assert found.exit_code == 2
    assert "--reduced is a simulation of the DNA network, not of level clocked; add --level dsd" in found.output


def test_reduced_is_not_for_stochastic_runs(tmp_path: Path) -> None:
    (tmp_path / "net.crn").write_text("A -> B\n")
    options = ["simulate", str(tmp_path / "net.crn"), "--until", "1", "--reduced", "--stochastic", "--molecules", "10"]
    found = CliRunner().invoke(cli, options)
    assert found.exit_code == 2
    assert "--reduced is for integration; of a stochastic run, --quasi takes fast exchange out" in found.output


def test_a_network_without_fast_parts_cannot_be_reduced(tmp_path: Path) -> None:
    (tmp_path / "net.crn").write_text("A @i 1\nA -> B\nB -> C\n")
    found = CliRunner().invoke(cli, ["simulate", str(tmp_path / "net.crn"), "--until", "1", "--reduced"])
    assert found.exit_code == 2
    assert "this network has no fast exchange and no intermediates to eliminate; use another method" in found.output


def test_a_row_of_the_table(linreg: Design) -> None:
    """Two samples in one epoch: sizes of the network, and errors below what a whole training makes."""
    found = row(few(linreg, 2, 3), epochs=1)
    assert (found.iterations, found.lag_s > 1) == (2, True)
    assert found.quantities < found.species / 4
    assert found.error("weights") < 5e-3
    assert found.error("period_s") < 2e-3
    assert found.full.cpu_s > 0


def test_the_tables() -> None:
    full = Run(10.0, 0.99, 0.2, (1.0, 2.0), (0.5, 4.0), 100.0, 110.0, 3.0)
    reduced = Run(2.0, None, 0.21, (1.01, 2.0), (0.5, 3.9), 101.0, 110.0, 3.03)
    rows = [Row("line", 5, 400, 70, 6.0, full, reduced)]
    head, one, two = csv_table(rows).splitlines()
    assert head == (
        "design,level,iterations,species,quantities,lag_s,cpu_s,survival,validation_loss,period_s,last_period_s,hours,"
        "slopes,weights"
    )
    assert one == "line,dsd,5,400,70,6.0,10.0,0.99,0.2,100.0,110.0,3.0,1.0 2.0,0.5 4.0"
    assert two == "line,dsd-reduced,5,400,70,6.0,2.0,,0.21,101.0,110.0,3.03,1.01 2.0,0.5 3.9"
    last = markdown(rows).splitlines()[-1]
    assert last == "| line | 400 | 70 | 10.0 | 2.0 | 5.0 | 0.9900 | - | 1 % | 2.5 % | 1 % | 0 % | 5 % |"
