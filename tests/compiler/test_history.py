"""The record of a training run."""

from __future__ import annotations

import json

import numpy as np
import pytest

from compiler.training.history import Recorder, losses


def test_losses_are_half_the_squared_error_summed_over_outputs() -> None:
    assert losses(np.array([[1.0, 2.0]]), np.array([[0.0, 4.0]])) == pytest.approx([2.5])


def test_a_run_of_two_iterations() -> None:
    record = Recorder("reference", target=np.array([[1.0], [3.0]]))
    record.validated(np.array([[0.0], [0.0]]), [0.1])
    record.trained(4.0, [0.2])
    record.trained(2.0, [0.3])
    record.validated(np.array([[1.0], [2.0]]), [0.3])
    history = record.history()
    assert history.train_loss == (3.0,)
    assert history.validation_loss == (2.5, 0.25)
    assert history.parameters == ((0.1,), (0.3,))
    assert history.weights == ((0.1,), (0.2,), (0.3,))
    assert history.predictions_before == ((0.0,), (0.0,))
    assert history.predictions_after == ((1.0,), (2.0,))
    assert history.iterations == 2


def test_the_summary_is_json_and_takes_level_specific_values() -> None:
    record = Recorder("dsd", target=np.array([[1.0]]))
    record.validated(np.array([[0.0]]), [0.1])
    summary = record.history().with_extra(lab_hours=2.0).to_dict()
    assert json.loads(json.dumps(summary))["lab_hours"] == 2.0
    assert summary["train_loss"] == []
