"""The training loop: batches, repeated presentation, accuracy, and what a failure leaves."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from compiler.design import load_design
from compiler.training.formal import Formal, train_formal
from compiler.training.history import TrainingError
from compiler.training.loop import run
from compiler.training.reference import Reference, train_reference
from dsd.errors import InputError

Write = Callable[..., Path]
Floats = NDArray[np.float64]


class Steps:
    """A learner that only counts; its loss halves with every step."""

    def __init__(self) -> None:
        self.seen: list[float] = []

    def weights(self) -> Sequence[float]:
        return [float(len(self.seen))]

    def step(self, x: Floats, y: Floats) -> float:
        self.seen.append(float(x[0]))
        return 0.5 ** len(self.seen)

    def predict(self, x: Floats) -> Floats:
        return np.zeros((len(x), 1))


def test_a_batch_adds_its_gradients_up_before_one_update(write: Write) -> None:
    """Two samples in one batch: both gradients are taken at the initial weights."""
    design = load_design(write()).amended({"training.batch": 2, "training.epochs": 1})
    model, data = design.neural, design.data
    both = sum(Reference(model).gradient(x, y)[1] for x, y in zip(data.train_x, data.train_y, strict=True))
    wanted = np.array(model.initial) - model.eta * both
    for train in (train_formal, train_reference):
        history = train(design)
        assert history.parameters[-1] == pytest.approx(wanted, abs=1e-6)
        assert history.weights[1] == history.weights[0]
        assert history.iterations == 2


def test_a_batch_that_the_table_does_not_fill_ends_with_the_epoch(write: Write) -> None:
    design = load_design(write()).amended({"training.batch": 3, "training.epochs": 2})
    history = train_reference(design)
    assert history.weights[2] != history.weights[0]
    assert history.weights[3] == history.weights[2]


def test_a_level_that_updates_after_every_sample_refuses_batches(write: Write) -> None:
    design = load_design(write()).amended({"training.batch": 2})
    with pytest.raises(InputError, match=r"level clocked updates after every sample; set \[training\] batch = 1"):
        run("clocked", design, Steps())


def test_a_sample_is_repeated_until_its_loss_settles_or_the_limit(write: Write) -> None:
    design = load_design(write()).amended({"training.order": "repeated", "training.max_repeats": 4})
    steps = Steps()
    history = run("formal", design, steps, epochs=1)
    assert steps.seen == [1.0] * 4 + [2.0] * 4
    assert history.iterations == 8
    settled = Steps()
    run("formal", design.amended({"training.settle": 1.0}), settled, epochs=1)
    assert settled.seen == [1.0, 1.0, 2.0, 2.0]


def test_drawn_weights_and_order_follow_the_seed(write: Write) -> None:
    path = write(
        ("[model.parameters]\ntheta = [0.3, 0.4]", "[model.draw.theta]\nsd = 0.5\nabsolute = true"),
    )
    first, same, other = (train_reference(load_design(path), epochs=1, seed=s) for s in (1, 1, 2))
    assert first.weights == same.weights
    assert first.weights[0] != other.weights[0]
    assert min(first.weights[0]) > 0


BLOW_UP = (
    ('"theta*x + h"', '"theta*z**2"'), ("[model.bias]\nh = 0.1\n", ""), ('theta = "single"', 'theta = "dual"'),
    ("learning_rate = 0.1", "learning_rate = 3.0"),
)  # fmt: skip


def test_a_blow_up_names_iteration_and_species_and_leaves_the_history(write: Write) -> None:
    rows = "split,x1,x2,y\ntrain,0.1,0.2,6.0\ntrain,1.0,2.0,50.0\ntrain,1.0,2.0,50.0\nval,0.1,0.1,1\n"
    design = load_design(write(*BLOW_UP, rows=rows))
    said = r"iteration 3, stage N1: Z\dp? grew from .* an autocatalytic blow-up"
    with pytest.raises(TrainingError, match=said) as caught:
        train_formal(design)
    history = caught.value.history
    assert history.iterations == 2
    assert len(history.validation_loss) == 1
    assert len(history.extra["unfinished_epoch"]) == 2
    again = pickle.loads(pickle.dumps(caught.value))
    assert (str(again), again.history.iterations) == (str(caught.value), 2)


def test_a_blow_up_of_the_reference_names_iteration_and_state(write: Write) -> None:
    """The state of the ODE that grows fastest: z2, which starts from the larger input."""
    rows = "split,x1,x2,y\ntrain,0.1,0.2,6.0\ntrain,1.0,2.0,50.0\ntrain,1.0,2.0,50.0\nval,0.1,0.1,1\n"
    with pytest.raises(TrainingError, match=r"iteration 3: the neural ODE blew up at t = .* of 0.5: z2 reached .*e\+1"):
        train_reference(load_design(write(*BLOW_UP, rows=rows)))


def test_classification_records_accuracy_and_the_test_set_comes_last() -> None:
    design = load_design("linear2d")
    history = train_reference(design, epochs=1)
    assert len(history.validation_accuracy) == 2
    assert 0.5 < history.validation_accuracy[-1] <= 1
    assert history.test_accuracy is not None
    assert history.test_loss is not None
    assert set(history.to_dict()) >= {"validation_accuracy", "test_loss", "test_accuracy"}


@pytest.mark.parametrize(
    "name", ["linear2d", "nonlinreg2d-first-order", "cubic-xor", "quadratic-xor", "relu-and", "iris", "hidden-xor"]
)
def test_the_formal_circuit_of_a_design_trains_like_its_reference(name: str) -> None:
    """The size of the error, sample by sample. Per-rail powers hold in the limit of fast annihilation only."""
    design = load_design(name)
    formal = Formal(design.circuit(annihilation=True), eps=design.formal.eps)
    exact = Reference(design.neural)
    close = 1e-6 if design.model.power == "exact" else 0.01
    for x, y in zip(design.data.train_x[:15], design.data.train_y[:15], strict=True):
        errors = np.sqrt(2 * formal.step(x, y)), np.sqrt(2 * exact.step(x, y))
        assert errors[0] == pytest.approx(errors[1], rel=close, abs=close)
    assert formal.weights() == pytest.approx(exact.weights(), abs=close)
