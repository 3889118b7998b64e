"""``strandgrad report``, and the report that ``compare`` writes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from compiler.cli import cli
from compiler.design import load_design
from compiler.report.page import write_report
from compiler.verification import verify

ROWS = "a,b,y\n1.0,2.0,6.0\n2.0,1.0,5.0\n"
DESIGN = """\
[design]
name = "own"

[data]
file = "data.csv"
inputs = ["a", "b"]

[model]
dynamics = "theta*x"
T = 0.5
learning_rate = 0.1

[model.parameters]
theta = [0.3, 0.4]
"""


def run(*args: object) -> Result:
    return CliRunner().invoke(cli, [str(a) for a in args])


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A user's own design."""
    (tmp_path / "data.csv").write_text(ROWS)
    path = tmp_path / "design.toml"
    path.write_text(DESIGN)
    return path


def test_a_comparison_leaves_a_report_that_can_be_written_again(own: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = run("compare", own, "--levels", "formal", "--epochs", 2, "--seed", 3, "--jobs", 1, "-o", out)
    assert result.exit_code == 0, result.output
    assert f"The report is {out}/report.html; beside it are result.png, metrics.json and tables." in result.output
    text = (out / "report.html").read_text()
    assert "No pot was trained, so there is nothing to survive yet" in text
    assert f"strandgrad compare {own} --levels formal --epochs 2 --seed 3 -o OUT" in text
    about = json.loads((out / "run.json").read_text())
    assert (about["source"], about["levels"], about["iterations"]) == (str(own), ["formal"], 4)
    assert about["sessions"][0]["cores"] >= 1
    (out / "report.html").unlink()
    (out / "report.json").unlink()
    again = run("report", out)
    assert again.output == f"The report is {out}/report.html.\n"
    assert (out / "report.html").read_text() == text


def test_a_folder_whose_design_has_changed_is_reported_without_it(own: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run("train", own, "--level", "reference", "--epochs", 1, "-o", out)
    assert run("report", out, "--design", own).exit_code == 0
    own.write_text(DESIGN.replace("T = 0.5", "T = 0.6"))
    (out / "report.json").unlink()
    assert run("report", out).exit_code == 0
    assert "are left out: no design at &#39;own&#39;" in (out / "report.html").read_text()
    result = run("report", out, "--design", own)
    assert result.exit_code == 2
    assert "is not as it was when this folder was trained (its content hash differs); give the design" in result.output
    result = run("report", out, "--verify")
    assert result.exit_code == 2
    assert "--verify needs the design: no design at 'own'" in result.output


def test_a_folder_without_results_is_bad_input(tmp_path: Path) -> None:
    result = run("report", tmp_path / "nothing")
    assert result.exit_code == 2
    assert "nothing holds no metrics.json and no checkpoint" in result.output
    assert not (tmp_path / "nothing").exists()


def test_a_comparison_that_is_refused_leaves_the_folder_as_it_was(own: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = run("compare", own, "--levels", "formal", "--resume", "-o", out)
    assert result.exit_code == 2
    assert "to go on from; leave --resume out to train anew" in result.output
    assert not out.exists()


def test_verification_is_added_when_asked(regression: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Verified is a network of one gate: what ``verify`` takes minutes for is tested where it belongs."""
    (tmp_path / "one.crn").write_text("A -> B\n")
    small, asked = verify(str(tmp_path / "one.crn"), pairs=0), list[str]()
    monkeypatch.setattr("compiler.verification.verify", lambda source: asked.append(source) or small)
    for file in regression.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    assert "The gates of this design were not verified" in write_report(tmp_path).read_text()
    result = run("report", tmp_path, "--verify")
    assert result.exit_code == 0, result.output
    (found,) = json.loads((tmp_path / "verify.json").read_text())["verified"]
    assert found["ok"] is True
    assert asked == [str(load_design("linreg2d").path)]
    assert "1 of 1 shapes of gates, for 1 reactions, are verified" in (tmp_path / "report.html").read_text()
