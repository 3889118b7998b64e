"""Metrics: survival by its formula, slopes by least squares, and what makes a check fail."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from compiler.design import load_design
from compiler.metrics import below, late_loss, metrics, slopes, survival
from compiler.training.history import History

DESIGN = load_design("linreg2d")


def history(level: str, validation: tuple[float, ...]) -> History:
    """A run of two iterations an epoch with these validation losses, whose predictions are 3 + x1 - 2 x2."""
    x = DESIGN.data.validation_x
    rows = tuple((float(v),) for v in 3 + x @ np.array([1.0, -2.0]))
    epochs = len(validation) - 1
    weights = tuple((0.1, float(i)) for i in range(2 * epochs + 1))
    return History(level, (0.5,) * epochs, validation, weights[::2], weights, rows, rows, 2 * epochs, 1.5)


FORMAL = history("formal", (4.0, 0.5, 0.2))


def test_survival_is_the_part_of_formals_improvement_that_is_kept() -> None:
    """(L_untrained - L_level) / (L_untrained - L_formal): (4 - 0.58) / (4 - 0.2) = 0.9."""
    assert survival(history("dsd", (9.0, 0.3, 0.58)), FORMAL).value == pytest.approx(0.9)
    assert survival(FORMAL, FORMAL).value == 1.0
    assert survival(history("dsd", (4.0, 4.0)), FORMAL).value == 0.0


def test_survival_is_null_with_a_reason_where_it_means_nothing() -> None:
    stuck = survival(FORMAL, history("formal", (4.0, 4.5)))
    assert (stuck.value, stuck.reason) == (None, "formal did not improve: validation loss 4 before, 4.5 after")
    assert survival(FORMAL, None).reason == "survival is measured against formal, which was not trained"


def test_slopes_are_those_of_the_predictions() -> None:
    assert slopes(DESIGN, FORMAL.predictions_after) == pytest.approx([1.0, -2.0])


def test_the_late_loss_averages_what_was_measured_in_the_last_epoch() -> None:
    assert late_loss(FORMAL) == 0.2
    traced = FORMAL.with_extra(validation_trace=[[0, 4.0], [2, 0.5], [3, 0.4], [4, 0.2]])
    assert late_loss(traced) == pytest.approx(0.3)


def test_metrics_hold_every_level_and_where_it_came_from() -> None:
    dsd = history("dsd", (4.0, 0.9, 0.58)).with_extra(lab_hours=7.0, period_s=[1.0], trace={"t": [], "o": []})
    found = metrics(DESIGN, {"formal": FORMAL, "dsd": dsd}, seed=3, failed={"clocked": "the clock stopped"})
    assert found["provenance"]["digest"] == DESIGN.digest
    assert (found["provenance"]["design"], found["provenance"]["seed"]) == ("linreg2d", 3)
    assert found["failed"] == {"clocked": "the clock stopped"}
    assert found["partial"] == {}
    entry = found["levels"]["dsd"]
    assert set(entry) == {
        "train_loss", "validation_loss", "parameters", "iterations", "wall_s", "lab_hours", "period_s", "slopes",
        "survival", "survival_reason", "validation_loss_last_epoch", "validation_loss_to_formal",
    }  # fmt: skip
    assert entry["parameters"] == [[0.1, 0.0], [0.1, 2.0], [0.1, 4.0]]
    assert entry["validation_loss_to_formal"] == pytest.approx(2.9)


def test_the_check_names_level_value_and_limit() -> None:
    runs = {"formal": FORMAL, "clocked": history("clocked", (4.0, 0.21)), "dsd": history("dsd", (4.0, 0.58))}
    assert below(metrics(DESIGN, runs), 0.95) == ("dsd survives at 0.9000, below survival_min = 0.95",)
    assert below(metrics(DESIGN, runs), 0.5) == ()
    lost = {"formal": FORMAL, "dsd": replace(FORMAL, level="dsd", validation_loss=(4.0, float("nan")))}
    assert len(below(metrics(DESIGN, lost), 0.95)) == 1
