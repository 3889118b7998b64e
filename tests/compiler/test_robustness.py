"""Faults in a design, and the verdict of a robustness study."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from compiler import pipeline
from compiler.bench.runs import Job
from compiler.cli import cli
from compiler.commands.robustness import FAULTS
from compiler.design import Design
from compiler.gate_families import families_of, gates_of
from compiler.robustness import AXES, Point, falls, family_jobs, first, level_jobs, points, robust_job, task
from compiler.training.driver import Driver
from compiler.training.pot import design_pot
from dsd.errors import InputError


def test_faults_are_off_unless_a_design_asks(linreg: Design) -> None:
    assert not linreg.faults.strengths().on
    assert linreg.amended({"faults.seed": 0}).digest == linreg.digest
    on = linreg.amended({"faults.leak": True, "faults.scatter": 0.1, "faults.seed": 3})
    assert on.digest != linreg.digest
    strengths = on.faults.strengths()
    assert (strengths.leak, strengths.scatter, strengths.inactive, strengths.seed) == (1.4, 0.1, 0.0, 3)
    with pytest.raises(
        InputError, match=r"\[faults\] inactive = 1.5: input should be less than 1; write a number below 1"
    ):
        linreg.amended({"faults.inactive": 1.5})


def test_faults_reach_the_pot_its_stock_and_its_doses(linreg: Design) -> None:
    pot = design_pot(linreg.amended({"faults.truncation": 0.01, "faults.leak": 1e-6}))
    plain = design_pot(linreg)
    assert len(pot.network.stage("leak")) > 100
    assert pot.stock["J0"] < plain.stock["J0"]
    given, wanted = (Driver(p)._doses([2.0, 3.0]) for p in (pot, plain))
    at, was = pot.network.index["X1"], plain.network.index["X1"]
    assert given[at] / wanted[was] == pytest.approx(0.99**24)


def test_faults_in_one_family_only(linreg: Design) -> None:
    lowered = pipeline.dsd(linreg)
    assert set(gates_of(lowered, ["clock"])) == set(families_of(lowered)["clock"])
    pot = design_pot(linreg.amended({"faults.leak": 1e-6, "faults.only": ["clock"]}))
    gates = {r.reactants[0] for r in pot.network.stage("leak")}
    assert gates == set(families_of(lowered)["clock"])
    with pytest.raises(InputError, match="only: no gate family 'clocks' in this pot; it has feedforward"):
        design_pot(linreg.amended({"faults.only": ["clocks"]}))


def test_a_leak_of_the_literature_stops_the_clock(linreg: Design) -> None:
    """1.4 /M/s between micromolar gates and fuels is hundreds of times what an autocatalytic clock stands."""
    record = robust_job(Job("leaky", linreg.amended({"faults.leak": True}), "dsd", 1, 5))
    assert record["survival"] == 0.0
    assert "clock stopped" in record["error"]


def test_jobs_and_verdict(linreg: Design) -> None:
    jobs = level_jobs(linreg, FAULTS, seeds=2, epochs=1, tests=5)
    assert len(jobs) == 1 + len(AXES["leak"]) + 2 * len(AXES["scatter"]) + 2 * len(AXES["concentration"])
    assert len({task(job).file for job in jobs}) == len(jobs)
    clock = {"drift": 0.02, "trough": 3.0, "overlap": 0.03}
    kept = {"leak": 0.95, "scatter": 0.5, "concentration": 0.99}
    records = [
        {"survival": kept.get(next((f for f in FAULTS if getattr(j.design.faults, f)), ""), 1.0), "error": None,
         "clock": clock, "warnings": ["fuel J0 ran out; refill"]}
        for j in jobs
    ]  # fmt: skip
    table = points(jobs, records)
    assert table[0] == Point("", 0.0, "", 1.0, 1.0, 0.02, 3.0, "fuel J0 ran out; refill")
    assert falls(table, "leak") is None
    limit = falls(table, "scatter")
    assert limit is not None
    assert (limit.strength, limit.survival) == (0.01, 0.5)
    alone = family_jobs(linreg, "scatter", 0.01, ("clock", "target transfer"), 1, 1, 5)
    gone = [{"survival": 0.0, "error": "the clock stopped; why", "clock": None}, {"survival": 0.7, "error": None}]
    found = first((*table, *points(alone, gone)), "scatter")
    assert found is not None
    assert (found.only, found.survival, found.note, found.drift) == ("clock", 0.0, gone[0]["error"], None)


def test_the_command_refuses_an_unknown_fault(tmp_path: Path) -> None:
    result = CliRunner().invoke(cli, ["robustness", "linreg2d", "--faults", "rust", "-o", str(tmp_path)])
    assert result.exit_code == 2
    assert "--faults: no fault 'rust'; choose from leak, scatter, concentration" in result.output


def test_the_command_knows_every_axis() -> None:
    assert tuple(AXES) == FAULTS
