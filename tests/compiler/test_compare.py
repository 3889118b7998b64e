"""Comparison: a process a level, and nobody's failure is another's."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from compiler.comparison import Outcome, failures, histories, partials, train_levels
from compiler.design import load_design
from compiler.tasks.task import Where
from compiler.training.formal import train_formal
from dsd.errors import InputError

Write = Callable[..., Path]


class Deadly:
    """A design that ends the process which unpickles it."""

    def __reduce__(self) -> Any:
        return os._exit, (3,)


def test_levels_come_back_in_order_and_as_trained_here(write: Write) -> None:
    design, seen = load_design(write()), []
    found = train_levels(design, ("reference", "formal"), epochs=2, report=lambda *message: seen.append(message))
    assert [o.level for o in found] == ["reference", "formal"]
    here, there = train_formal(design, epochs=2), histories(found)["formal"]
    assert there.weights == here.weights
    assert dict(there.extra) == dict(here.extra)
    assert ("formal", 4, 4) in seen


def test_an_unknown_level_is_refused() -> None:
    with pytest.raises(InputError, match="no level 'dna'; the levels are reference, formal, clocked, dsd-reduced, dsd"):
        train_levels(load_design("linreg2d"), ("formal", "dna"))


def test_a_process_that_dies_is_reported() -> None:
    deadly: Any = Deadly()
    found = train_levels(deadly, ("formal", "reference"), where=Where(workers=1))
    assert list(failures(found)) == ["formal", "reference"]
    why = "its process ended with code 3, as did 2 before it, perhaps for lack of memory; use fewer --workers"
    assert failures(found)["formal"] == why


def test_a_level_that_fails_on_the_way_keeps_its_history(write: Write) -> None:
    """Its one weight would have to fall below zero, which a single rail cannot."""
    path = write(("= 0.1\n\n[model.p", "= 0.2\n\n[model.p"), rows="split,x1,x2,y\ntrain,2.0,1.0,0.1\nval,1.5,1.5,5.5\n")
    (outcome,) = train_levels(load_design(path), ("formal",))
    assert outcome.history is None
    assert outcome.error.startswith("iteration 1: ")
    assert partials((outcome,))["formal"].weights == ((0.3, 0.4),)


def test_a_defect_in_one_level_is_named() -> None:
    broken: Any = None
    (outcome,) = train_levels(broken, ("reference",))
    assert outcome == Outcome("reference", None, outcome.error)
    assert outcome.error.startswith("unexpected AttributeError: ")


def test_ctrl_c_stops_the_workers() -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train_levels(
            load_design("linreg2d"), ("reference", "formal"), epochs=1000, where=Where(workers=2), report=interrupt
        )
    assert multiprocessing.active_children() == []


def test_a_comparison_that_was_stopped_goes_on_from_its_checkpoints(write: Write, tmp_path: Path) -> None:
    """Reference has finished, formal is stopped on its way: neither is trained from the beginning again."""
    design, levels, folder = load_design(write()), ("reference", "formal"), tmp_path / "out"
    began: dict[str, int] = {}

    def stop(level: str, done: int, total: int) -> None:
        if level == "formal" and done == 60:
            raise KeyboardInterrupt

    def watch(level: str, done: int, total: int) -> None:
        began.setdefault(level, done)

    train_levels(design, ("reference",), epochs=200, folder=folder)
    with pytest.raises(InputError, match=r"checkpoint-reference\.npz is the checkpoint of a run that was not finished"):
        train_levels(design, levels, epochs=200, folder=folder)
    with pytest.raises(KeyboardInterrupt):
        train_levels(design, levels, epochs=200, folder=folder, every=50, resume=True, report=stop)
    resumed = histories(train_levels(design, levels, epochs=200, folder=folder, resume=True, report=watch))
    assert 50 < began.pop("formal") < 400
    assert not began
    assert resumed["formal"].weights == train_formal(design, epochs=200).weights


def test_a_comparison_without_checkpoints_cannot_be_resumed(write: Write, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"there is no checkpoint in .* leave --resume out to train anew"):
        train_levels(load_design(write()), ("formal",), folder=tmp_path, resume=True)
