"""What the sections say: the verdict in all its cases, and where a classifier decides."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from compiler.design import load_design
from compiler.pipeline import implementation
from compiler.report.blocks import Section, Table
from compiler.report.boundary import boundaries, moments
from compiler.report.facts import gathered
from compiler.report.folder import Level, Results, read_folder
from compiler.report.reading import Samples
from compiler.report.sections import clock, cost, decisions, fuel, losses, mapping, verification
from compiler.report.sections.verdict import verdict

ENTRY: dict[str, Any] = {"validation_loss": [4.0, 0.1], "train_loss": [0.2], "iterations": 10, "wall_s": 1.0}


def level(name: str, survival: float | None = None, state: str = "finished", **more: Any) -> Level:
    return Level(name, state, {**ENTRY, "survival": survival, **more})


def results(*levels: Level, **more: Any) -> Results:
    about: dict[str, Any] = {"provenance": {"survival_min": 0.95, "design": "d"}, "failed": {}, "gates": None}
    about |= more
    return Results(Path("out"), {"iterations": 20}, names=("theta1",), levels=levels, robustness=None, **about)


@pytest.mark.parametrize(
    ("given", "tone", "headline"),
    [
        (results(level("formal", 1.0), level("dsd", 0.999)), "good", "Learning survived in DNA"),
        (results(level("formal", 1.0), level("clocked", 1.0)), "good", "Learning survived in one clocked pot"),
        (results(level("formal", 1.0), level("dsd", 0.8)), "bad", "Learning did not survive in DNA"),
        (results(level("clocked", 0.4), level("dsd", 0.96)), "bad", "Learning did not survive in one clocked pot"),
        (results(level("dsd", math.nan)), "bad", "Learning did not survive in DNA"),
        (results(level("formal", 1.0)), "open", "No pot was trained, so there is nothing to survive yet"),
        (results(level("dsd")), "open", "Whether learning survived cannot be said"),
        (results(level("formal", 1.0), level("dsd", state="unfinished")), "open", "Training is not finished"),
        (results(level("formal", 1.0), failed={"dsd": "lost"}), "bad", "The DNA network did not train to the end"),
        (results(level("dsd", 1.0), gates={"ok": False, "shapes": [], "faults": ["J1"]}), "bad",
         "The gates do not verify"),
    ],
)  # fmt: skip
def test_verdicts(given: Results, tone: str, headline: str) -> None:
    found = verdict(given)
    assert (found.tone, found.headline) == (tone, headline)


def test_the_reasons_of_a_verdict_are_sentences() -> None:
    dna, begun = level("dsd", 0.9993, warnings=["fuel H1 ran low"]), level("clocked", state="unfinished")
    r = results(level("formal", 1.0), dna, begun, failed={"dsd-reduced": "iteration 3: lost clock"})
    found = verdict(r)
    assert found.reasons == (
        "The clocked pot stands at iteration 10 of 20.",
        "The DNA network (in its reduced simulation) failed: iteration 3: lost clock.",
        "The DNA network keeps 99.9 % of what the formal circuit gains in validation loss; the design asks for 95 % at "
        "least.",
    )
    assert found.warnings == ("DNA: fuel H1 ran low.",)
    assert found.figures[0] == ("Validation loss", "4 → 0.1", "DNA, 10 iterations")


def test_a_classifier_that_answers_at_random_is_told_so() -> None:
    """Three of four samples are of class 1: to be right in three of four is to have learnt nothing of the classes."""
    y = ((0.0,), (1.0,), (1.0,), (1.0,))
    about = {"about": {"kind": "binary", "cut": 0.5}}
    for right, told in ((0.75, True), (1.0, False)):
        trained = replace(level("formal", 1.0, validation_accuracy=[0.25, right]), samples=Samples(("a",), y, y, y, y))
        reasons = verdict(replace(results(trained), facts=about)).reasons
        assert any("no more than always giving the commonest answer would (75.0 %)" in r for r in reasons) == told


def test_losses_stand_where_they_were_measured() -> None:
    """Validations of the trace at their iteration, training losses in the middle of their epoch."""
    given = level(
        "formal",
        train_loss=[0.5, 0.2],
        validation_loss=[4.0, 1.0, 0.1],
        validation_trace=[[0, 4.0], [5, 1.0], [10, 0.1]],
    )
    assert losses.validation(given) == ((0.0, 4.0), (5.0, 1.0), (10.0, 0.1))
    assert losses.training(given) == ((2.5, 0.5), (7.5, 0.2))


def test_the_boundary_of_a_linear_circuit_is_its_closed_form() -> None:
    """dz/dt = theta x gives yhat = sum x_i (1 + T theta_i), so it decides on the line where that is the threshold."""
    design = load_design("linear2d")
    theta = (0.25, 0.5)
    found = boundaries(design, (Level("formal", "finished", ENTRY, ((0.0, 0.0), theta)),))
    assert found is not None
    start, end = found["levels"]["formal"]
    assert (start["iteration"], end["iteration"]) == (0, 1)
    T, cut = design.model.T, design.task.cut
    for drawn, weights in ((start, (0.0, 0.0)), (end, theta)):
        (line,) = drawn["lines"]
        assert len(line) > 10
        for x in line:
            assert sum(v * (1 + T * w) for v, w in zip(x, weights, strict=True)) == pytest.approx(cut, rel=1e-3)


def test_only_classifiers_of_two_features_have_a_boundary() -> None:
    one = (Level("formal", "finished", ENTRY, ((0.1, 0.1),)),)
    assert boundaries(load_design("linreg2d"), one) is None
    assert boundaries(load_design("iris"), one) is None


def test_moments_run_from_first_to_last_and_are_denser_at_first() -> None:
    assert moments(0) == [0]
    assert moments(3) == [0, 1, 2, 3]
    found = moments(200)
    assert (found[0], found[-1], len(found)) == (0, 200, 9)
    assert found[1] - found[0] < found[-1] - found[-2]


def test_answers_are_read_as_scores_read_them() -> None:
    binary: dict[str, Any] = {"kind": "binary", "cut": 0.5}
    assert [decisions.answer(binary, (v,)) for v in (0.49, 0.5, 2.0)] == [0, 1, 1]
    assert [decisions.answer({"kind": "multiclass"}, v) for v in ((1, 2, 0), (2, 2, 0), (0, 0, 1))] == [1, 0, 2]


def tables(section: Section | None) -> list[Table]:
    assert section is not None
    return [b for b in section.blocks if isinstance(b, Table)]


def test_a_report_of_dna_has_its_facts(regression: Path) -> None:
    """LinReg2D: every reaction as gates, all rates met, and the fuels in order."""
    network = implementation(load_design("linreg2d")).network
    r = read_folder(regression)
    r = replace(r, facts=gathered(r, None))
    made = mapping.section(r)
    assert made is not None
    gates = len(r.facts["dna"]["mapping"])
    assert made.lead.startswith(f"All {gates} rate constants are met to ")
    assert len(tables(made)[-1].rows) == gates
    used = [row[0] for t in tables(fuel.section(r)) for row in t.rows]
    assert used == [f"H{i}" for i in range(20)]
    (size,) = tables(cost.section(r))
    assert ("DNA network: species, reactions", f"{len(network.species)}, {len(network.reactions)}") in size.rows
    (measured,) = tables(clock.section(r))
    assert measured.rows[0][:3] == ("DNA", "5.61 h", "2.0 %")
    assert verification.section(r) is not None


def test_what_is_not_there_is_said_in_a_line_with_its_command(classifier: Path) -> None:
    r = read_folder(classifier)
    r = replace(r, facts=gathered(r, None))
    found = cost.section(r)
    assert found is not None
    (note,) = found.blocks
    assert (note.kind, note.commands) == ("note", ("strandgrad size linear2d",))  # type: ignore[union-attr]
    assert clock.section(r) is None
    assert mapping.section(r) is None
    assert fuel.section(r) is None
