"""``strandgrad map``: the report on a mapping, and its check."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from compiler import pipeline
from compiler.cli import cli
from compiler.commands.map import lines
from compiler.design import Design, load_design
from compiler.mapping_report import Report, checked_gates, mapping_report
from compiler.operating import operating
from compiler.tempo import slowed
from compiler.texts import reread
from compiler.training.pot import dsd_pot
from designs import locate
from dsd.gate_check import Checked
from dsd.syntax import parse_crn, print_crn
from dsd.toeholds import share


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


def test_what_the_pilot_hardly_meets_is_not_checked(linreg: Design) -> None:
    """At 1e-12 units of an input its gate would have to be watched for longer than it lasts."""
    lowered = pipeline.dsd(linreg)
    pilot = operating(lowered.clocked, linreg.data.train_x, linreg.data.train_y)
    transfer = next(i for i, r in enumerate(lowered.clocked.network) if r.stage == "N2" and "X1" in r.reactants)
    rare = [a | {"X1": 1e-12} if i == transfer else {} for i, a in enumerate(pilot.amounts)]
    assert transfer not in [c.index for c in checked_gates(lowered, replace(pilot, amounts=tuple(rare)))]


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


def test_a_slowed_pot_says_what_slows_it(linreg: Design) -> None:
    found = mapping_report(linreg.amended({"dna.min_free": 0.6}))
    assert found.facts["slowdown"] > 1
    assert re.fullmatch(r"only 5\d% of \w+ would be free, less than min_free = 0.6", found.pace)
    said = f"The clock is {found.facts['slowdown']:.4g} times slower than stated; faster: {found.pace}."
    assert said in lines(found)


def test_palettes_are_compared_and_one_is_used(tmp_path: Path) -> None:
    result = run("map", "linreg2d-minimal", "--palettes", "-o", tmp_path / "p.csv")
    assert result.exit_code == 0, result.output
    rows = list(csv.DictReader((tmp_path / "p.csv").open()))
    left = [float(r["occluded"]) for r in rows]
    assert [r["palette"] for r in rows] == [*map(str, range(1, 9)), "per-signal"]
    assert left[1] < 0.8 * left[0]
    assert min(left) > 0.8 * float(rows[0]["fixed"]) * left[0]
    design = load_design("linreg2d-minimal").amended({"dna.palette": 2})
    assert share(pipeline.dsd(design).system) == pytest.approx(left[1])
    assert design.digest != load_design("linreg2d-minimal").digest


def test_a_bimolecular_design_has_no_reaction_of_three_and_is_read_back() -> None:
    """Cubic XOR in pairs: what a complex holds counts as what it is made of, at every level and from text."""
    design = load_design("cubic-xor").amended({"dna.molecularity": "bimolecular", "clock.tune": 0})
    pot = pipeline.clocked(design)
    assert max(r.order for r in pot.network) == 2
    again = reread(parse_crn(print_crn(pot.network), "pot"))
    assert again.complexes == pot.complexes
    dna = dsd_pot(pipeline.as_stated(pot, slowed(design.dna, 64.0)))
    name = pot.network.role("complex")[0]
    parts = pot.complexes(name)
    column = dna.reading[:, dna.network.index[dna.strand.get(name, name)]]
    assert {n: column[dna.row[n]] for n in (*parts, name)} == {**{p: float(parts.count(p)) for p in parts}, name: 0.0}


def test_what_needs_samples_is_refused_for_a_file(tmp_path: Path) -> None:
    folder = tmp_path / "pairs"
    folder.mkdir()
    text = (locate("linreg2d-minimal") / "design.toml").read_text()
    text = text.replace("../linreg2d/data.csv", str(locate("linreg2d") / "data.csv"))
    (folder / "design.toml").write_text(text + '\n[dna]\nmolecularity = "bimolecular"\n')
    (tmp_path / "plain.crn").write_text("A + B -> C [k = 1]\n")
    (tmp_path / "formal.crn").write_text(run("compile", "linreg2d-minimal", "--to", "formal").stdout)
    for name, said in (("plain", "[dna] molecularity is sized on the samples"), ("formal", "brings no samples")):
        result = run("compile", tmp_path / f"{name}.crn", "--to", "dsd", "--design", folder)
        assert result.exit_code == 2
        assert said in result.stderr
