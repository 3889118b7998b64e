"""The survival table: short runs of a design at several levels, and what is said of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler.bench.samples import shortened, stratified
from compiler.bench.survival import correlation, rows, survival_run, tasks
from compiler.bench.survival_text import markdown, why
from compiler.design import load_design
from compiler.tasks.task import Task


def record(**changes: Any) -> dict[str, Any]:
    return {
        "measure": "accuracy", "iterations": 2, "validation_loss": [1.0, 0.2], "last_epoch_loss": 0.25,
        "test_loss": 0.2, "score": 0.9, "weights": [[0.0, 0.0], [1.0, -1.0]], "simulation_s": 1.0, "lab_hours": None,
        "fuel_used_uM": None, "size": [10, 12], "period_drift": None, "warnings": [], "error": None, "wall_s": 1.0,
    } | changes  # fmt: skip


def table(**changes: Any) -> list[dict[str, Any]]:
    """Formal, and a pot whose record is changed."""
    about = [{"design": "d", "level": level, "seed": 0} for level in ("formal", "dsd")]
    given = [Task(a["level"], survival_run, None, (), a) for a in about]
    return rows(given, [record(), record(**changes)])


def test_a_pot_that_keeps_the_gain_survives() -> None:
    row = table(validation_loss=[1.1, 0.24])[1]
    assert row["survival"] == pytest.approx(0.95)
    assert row["survives"]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"validation_loss": [1.0, 0.4]}, "survival 0.750, score 0.900"),
        ({"score": 0.86}, "survival 1.000, score 0.860"),
        ({"error": "the clock stopped\nsomewhere"}, "the clock stopped"),
    ],
)
def test_what_does_not_survive_is_told(changes: dict[str, Any], reason: str) -> None:
    row = table(**changes)[1]
    assert row["survives"] is False
    assert why(row) == reason
    assert f"- d, dsd: {reason}" in markdown([row])


def test_where_formal_gains_too_little_the_last_epoch_decides() -> None:
    about = [{"design": "d", "level": level, "seed": 0} for level in ("formal", "dsd")]
    given = [Task(a["level"], survival_run, None, (), a) for a in about]
    flat = {"validation_loss": [1.0, 0.99]}
    row = rows(given, [record(**flat), record(**flat, last_epoch_loss=0.3)])[1]
    assert row["survival"] is None
    assert row["late_to_formal"] == pytest.approx(1.2)
    assert row["survives"]
    assert "| (1.20) |" in markdown([row])


def test_trajectories_correlate_by_their_changes() -> None:
    one = np.array([[0.0, 1.0], [1.0, 0.0], [2.0, -3.0]])
    assert correlation(one, 5.0 + 2.0 * one) == pytest.approx(1.0)
    assert correlation(one, -one) == pytest.approx(-1.0)
    assert correlation(one, np.ones_like(one)) is None


@given(st.lists(st.integers(0, 2), min_size=1, max_size=60), st.integers(1, 40))
def test_classes_keep_their_shares(labels: list[int], most: int) -> None:
    y = np.eye(3)[labels]
    chosen = stratified(y, most)
    assert len(chosen) == min(most, len(labels))
    assert len(set(chosen.tolist())) == len(chosen)
    if len(labels) > most:
        share = np.bincount(labels, minlength=3) * most / len(labels)
        assert (np.abs(y[chosen].sum(axis=0) - share) <= 2).all()


def test_a_shortened_design_keeps_its_rails_and_its_bounds() -> None:
    design = load_design("breast-cancer")
    few, epochs = shortened(design, 50, 20)
    assert (len(few.data.train_x), epochs, len(few.data.test_x)) == (50, 1, 20)
    assert few.circuit().network.names == design.circuit().network.names
    assert shortened(load_design("nonlinreg2d"), 300, 20)[1] == 6


def test_a_real_run_at_two_levels() -> None:
    """Three samples of linear regression: the DNA follows."""
    wanted = tasks(["linreg2d-minimal"], ["formal", "dsd"], iterations=3, tests=4)
    table = rows(wanted, [survival_run(task.argument) for task in wanted])
    assert [row["iterations"] for row in table] == [3, 3]
    assert table[1]["survives"]
    assert table[1]["correlation"] > 0.99
    assert table[1]["lab_hours"] > 1
