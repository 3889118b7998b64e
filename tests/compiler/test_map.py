"""``strandgrad map``: the report on a mapping, and its check."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from compiler.cli import cli
from compiler.design import Design
from compiler.mapping_report import Report, mapping_report
from dsd.gate_check import Checked


def run(*args: object) -> Result:
    return CliRunner().invoke(cli, [str(a) for a in args], prog_name="strandgrad")


@pytest.fixture(scope="module")
def found(linreg: Design) -> Report:
    return mapping_report(linreg, check=True)


def test_every_gate_of_linear_regression_runs_as_mapped(found: Report) -> None:
    """All 35 gates within 3 %, the transfers within 10 % of each other."""
    assert len(found.checked) == len(found.reactions) == 35
    assert max(abs(c.deviation) for c in found.checked) < 0.03
    assert [found.reactions[i]["reaction"].split(" + ")[0] for i in found.transfers] == [
        "X1",
        "X2",
        "Z1",
        "Z2",
        "Y",
        "B",
    ]
    assert found.matched


def test_a_transfer_that_is_off_is_not_matched(found: Report) -> None:
    slow = [replace(c, fitted=0.85 * c.fitted) if c.index == found.transfers[0] else c for c in found.checked]
    assert replace(found, checked=tuple(slow)).matched is False
    assert replace(found, checked=()).matched is None
    assert Checked(0, "", 2.0, 1.0, (), 1.0).deviation == -0.5


def test_the_total_is_the_sum_of_the_strands(found: Report) -> None:
    assert sum(s["nM"] for s in found.strands) == pytest.approx(1000 * found.facts["total_uM"])


def test_the_report_is_printed_and_written(tmp_path: Path) -> None:
    result = run("map", "linreg2d", "-o", tmp_path / "map.json")
    assert result.exit_code == 0, result.output
    assert "an iteration takes 5.73 h" in result.stdout
    data = json.loads((tmp_path / "map.json").read_text())
    assert (data["check"], data["transfers_matched"], data["pace"]) == (None, None, "")
    assert {m["name"] for m in data["limits"]} >= {"min_free", "total_uM", "depletion", "clock_depletion"}
    assert run("map", "linreg2d", "-o", tmp_path / "map.csv").exit_code == 0
    rows = list(csv.DictReader((tmp_path / "map.csv").open()))
    assert [float(r["achieved"]) for r in rows] == pytest.approx([r["achieved"] for r in data["reactions"]])
    assert sorted(p.name for p in tmp_path.glob("*.csv")) == [
        "map.csv", "map.limits.csv", "map.signals.csv", "map.strands.csv",
    ]  # fmt: skip


def test_a_form_that_is_not_there_is_refused(tmp_path: Path) -> None:
    result = run("map", "linreg2d", "-o", tmp_path / "map.txt")
    assert result.exit_code == 2
    assert "a report is JSON or CSV; end the name with .json or .csv" in result.stderr


def test_a_slowed_design_says_what_slows_it() -> None:
    assert "1.41 times slower than stated; faster: only 23% of Xb1" in " ".join(
        run("map", "nonlinreg2d").stdout.split()
    )
