"""Folders as they may be: under way, failed, from an earlier run, spoilt."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from compiler.comparison import train_levels
from compiler.design import load_design
from compiler.report.facts import dna_facts
from compiler.report.folder import read_folder
from compiler.report.page import write_report
from compiler.report.run import begin, describe, read_json
from compiler.training.checkpoint import Checkpoints, place
from compiler.training.formal import train_formal
from dsd.errors import InputError


def stopped(folder: Path) -> None:
    """Formal training of LinReg2D that was stopped at iteration 50, and reference that has finished."""
    design = load_design("linreg2d")
    begin(folder, describe(design, "linreg2d", ["reference", "formal"], None, None), resume=False)
    train_levels(design, ("reference",), folder=folder)

    def stop(done: int, total: int) -> None:
        if done == 50:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train_formal(design, progress=stop, checkpoints=Checkpoints(place(folder, "formal"), every=50))


def test_a_training_that_was_stopped_is_reported_as_far_as_it_came(tmp_path: Path) -> None:
    stopped(tmp_path)
    r = read_folder(tmp_path)
    assert [(level.name, level.state, level.entry["iterations"]) for level in r.levels] == [
        ("reference", "unfinished", 205), ("formal", "unfinished", 50),
    ]  # fmt: skip
    formal = r.levels[1]
    assert len(formal.weights) == 51
    assert len(formal.entry["validation_loss"]) == 2
    text = write_report(tmp_path).read_text()
    assert "Training is not finished" in text
    assert "The formal circuit stands at iteration 50 of 205." in text


def test_metrics_of_an_earlier_run_give_way_to_a_checkpoint(classifier: Path, tmp_path: Path) -> None:
    (tmp_path / "metrics.json").write_text((classifier / "metrics.json").read_text())
    assert [level.state for level in read_folder(tmp_path).levels] == ["finished", "finished"]
    stopped(tmp_path)
    assert [level.state for level in read_folder(tmp_path).levels] == ["unfinished", "unfinished"]


def test_sessions_of_a_resumed_comparison_are_kept(tmp_path: Path) -> None:
    about = describe(load_design("linreg2d"), "linreg2d", ["formal"], 2, 7)
    assert about["iterations"] == 82
    assert about["provenance"]["seed"] == 7
    assert about["sessions"][0]["libraries"]["numpy"]
    for resume in (False, True, True):
        begin(tmp_path, about, resume=resume)
    assert len(read_json(tmp_path / "run.json")["sessions"]) == 3
    begin(tmp_path, about, resume=False)
    assert len(read_json(tmp_path / "run.json")["sessions"]) == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", r"metrics\.json is not valid JSON"),
        ("[]", r"metrics\.json holds a list, no object"),
        (
            '{"levels": {"formal": {}}}',
            r"metrics\.json is not what this version writes \(KeyError: 'validation_loss'\)",
        ),
        ('{"levels": {"dna": {}}}', r"metrics\.json has a level 'dna', which is none"),
        ('{"levels": []}', r"metrics\.json has no level, finished or not"),
    ],
)
def test_spoilt_metrics_are_named(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "metrics.json").write_text(text)
    with pytest.raises(InputError, match=message):
        write_report(tmp_path)


def test_a_spoilt_table_is_named(classifier: Path, tmp_path: Path) -> None:
    (tmp_path / "metrics.json").write_text((classifier / "metrics.json").read_text())
    (tmp_path / "formal-weights.csv").write_text("iteration,theta1\n0,one\n")
    with pytest.raises(InputError, match=r"formal-weights\.csv is not what this version writes \(ValueError"):
        read_folder(tmp_path)


def test_a_folder_without_results_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"holds no metrics\.json and no checkpoint; give a folder of 'compare'"):
        write_report(tmp_path)


def test_samples_of_several_outputs_are_told_apart(classifier: Path, tmp_path: Path) -> None:
    """The table names 'before' and 'after' once, and has as many of each as there are targets."""
    (tmp_path / "metrics.json").write_text((classifier / "metrics.json").read_text())
    (tmp_path / "formal-validation.csv").write_text("a,b,u,v,before,after\n1,2,3,4,5,6,7,8\n")
    samples = read_folder(tmp_path).levels[-1].samples
    assert samples is not None
    assert (samples.inputs, samples.x, samples.y) == (("a", "b"), ((1.0, 2.0),), ((3.0, 4.0),))
    assert (samples.before, samples.after) == (((5.0, 6.0),), ((7.0, 8.0),))


def test_the_facts_are_kept_and_used_without_the_design(regression: Path, tmp_path: Path) -> None:
    """A folder that was moved to where its design is not known gives the same page but for its own place."""
    for file in regression.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    run = json.loads((tmp_path / "run.json").read_text())
    (tmp_path / "run.json").write_text(json.dumps({**run, "source": "/nowhere/design.toml"}))
    text = write_report(tmp_path).read_text()
    assert "The circuit" in text
    assert "are left out" not in text


def test_facts_that_are_spoilt_are_named(regression: Path, tmp_path: Path) -> None:
    """Not a traceback: what is in report.json may be of another hand."""
    for file in regression.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    kept = json.loads((tmp_path / "report.json").read_text())
    kept["facts"]["dna"] = {"size": 3}
    (tmp_path / "report.json").write_text(json.dumps(kept))
    with pytest.raises(InputError, match=r"are not what this version writes \(.*\); delete report\.json and try again"):
        write_report(tmp_path)


def test_a_run_that_has_no_results_yet_is_not_mixed_with_an_earlier_one(classifier: Path, tmp_path: Path) -> None:
    (tmp_path / "metrics.json").write_text((classifier / "metrics.json").read_text())
    begin(tmp_path, describe(load_design("linreg2d"), "linreg2d", ["formal"], None, None), resume=False)
    r = read_folder(tmp_path)
    assert (r.design, dict(r.run)) == ("linear2d", {})


def test_a_design_without_dna_says_why() -> None:
    """An external clock is no strands: the level of DNA fails, and the report says so."""
    design = load_design("linreg2d").amended({"clock.family": "external"})
    found = dna_facts(design)
    assert list(found) == ["reason"]
    assert found["reason"].startswith("an external clock is a device, not strands")


def test_columns_of_any_name_are_read_back(hostile: Path) -> None:
    """A name with quotation marks, as with commas, is quoted in the tables."""
    samples = read_folder(hostile).levels[0].samples
    assert samples is not None
    assert samples.inputs == ('"><img src=x onerror=alert(2)>', "{{ 7 * 7 }}")
