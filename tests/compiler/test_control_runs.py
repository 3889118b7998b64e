"""Control experiments as tasks: what they are told by, and back from their records."""

from __future__ import annotations

import json
from dataclasses import asdict

import pytest

from compiler.control_runs import controls, tasks
from compiler.controls import Control
from compiler.design import Design
from compiler.tasks.local import perform_here
from compiler.tasks.task import Task
from dsd.errors import InputError


@pytest.fixture(scope="module")
def wanted(linreg: Design) -> tuple[Task, ...]:
    return tasks(linreg, 8, 3)


def test_every_experiment_has_a_key_and_columns(linreg: Design, wanted: tuple[Task, ...]) -> None:
    assert len({task.key for task in wanted}) == len({task.file for task in wanted}) == len(wanted)
    assert (wanted[0].name, wanted[-1].name) == ("intact", "target-changes-half-way")
    assert [task.about["iterations"] for task in (wanted[0], wanted[-1])] == [8, 20]
    assert {task.about["digest"] for task in wanted} == {linreg.digest}
    assert {task.key for task in tasks(linreg, 9, 3)}.isdisjoint(task.key for task in wanted)


def test_a_control_comes_back_from_its_record(wanted: tuple[Task, ...]) -> None:
    """Without its clock the pot stops at once: the cheapest experiment there is."""
    [(task, record)] = perform_here([t for t in wanted if t.name == "without-clock"])
    [control] = controls([json.loads(json.dumps(record))])
    assert (control.name, control.loss, control.slopes) == (task.about["name"], None, ())
    assert "the clock stopped" in control.note
    assert asdict(control) == record


def test_an_experiment_that_was_lost_is_named() -> None:
    good = Control("intact", 0.1, 1.0, (1.0, 2.0), 0.1, (1.0, 2.0), 3.0)
    assert controls([asdict(good)]) == (good,)
    lost = {"name": "without bias transfer", "error": "its process ended"}
    with pytest.raises(
        InputError, match=r"no result of without bias transfer \(its process ended\); the others are kept"
    ):
        controls([asdict(good), lost])
