"""Section [model] beyond linear regression: what a design may ask for, and what is said about mistakes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from compiler.design import load_design
from dsd.errors import InputError

Write = Callable[..., Path]

NO_BIAS = ("[model.bias]\nh = 0.1\n", "")
DUAL = ('theta = "single"', 'theta = "dual"')
MATRIX = ('"theta*x + h"', '"Theta @ x"')
WEIGHTS = "theta = [0.3, 0.4]"


def test_padding_and_hidden_units_shape_the_weights(write: Write) -> None:
    path = write(
        MATRIX, NO_BIAS, DUAL, (WEIGHTS, "Theta = [[1, 2, 3], [4, 5, 6], [7, 8, 9], [1, 1, 1]]"),
        ("T = 0.5", "T = 0.5\nhidden = 4\npadding = [0.5]\nstart = { z = 1.0 }\nsigns = [1, -1, 1, -1]"),
    )  # fmt: skip
    model = load_design(path).neural
    assert model.initial == (1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 1, 1)
    assert model.starts == (1.0,) * 4
    assert model.lift(np.array([[2.0, 3.0]])).tolist() == [[2.0, 3.0, 0.5]]
    assert model.readout == ((1, -1, 1, -1),)


def test_blocks_are_a_table_of_texts(write: Write) -> None:
    path = write(
        NO_BIAS, DUAL, (WEIGHTS, "Theta = [[1, 2], [3, 4]]"), ('dynamics = "theta*x + h"\n', ""),
        ("[model.parameters]", '[model.dynamics]\nh = "Theta @ x"\nz = "h*z"\n[model.parameters]'),
        ("T = 0.5", "T = 0.5\nstart = { z = 1 }"),
    )  # fmt: skip
    design = load_design(path)
    assert design.dynamics.text == "h: Theta @ x; z: h*z"
    assert design.neural.starts == (0.0, 0.0, 1.0, 1.0)


def test_a_trained_output_layer_and_drawn_weights(write: Write) -> None:
    path = write(
        NO_BIAS, DUAL, ('"theta*x + h"', '"theta*x"'), ("T = 0.5", 'T = 0.5\noutput = "trained"'),
        ("[model.parameters]", "[model.draw.W]\nmean = 1.0\nsd = 0.1\n[model.parameters]"),
    )  # fmt: skip
    design = load_design(path)
    assert [str(p) for p in design.dynamics.parameters] == ["theta1", "theta2", "W11", "W21"]
    assert design.neural.initial[:2] == (0.3, 0.4)
    again = design.amended({"training.seed": 1})
    assert again.neural.initial[:2] == (0.3, 0.4)
    assert again.neural.initial[2:] != design.neural.initial[2:]


def test_a_masked_entry_is_no_weight(write: Write) -> None:
    path = write(
        MATRIX, NO_BIAS, DUAL, (WEIGHTS, "Theta = [[1, 2], [3, 4]]"), ("T = 0.5", "T = 0.5\nmask = [[1, 0], [0, 1]]")
    )
    assert load_design(path).neural.initial == (1.0, 4.0)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ([("T = 0.5", "T = 0.5\npadding = [0.0]")], "[model] padding: an input that is always 0 adds nothing"),
        ([("T = 0.5", "T = 0.5\ninput_layer = [[1]]")], "[model] input_layer: a row has another length than the 2"),
        ([("T = 0.5", "T = 0.5\nsigns = [[1, 1], [1, 1]]")], "[model] signs: 2 rows for 1 targets; give 1 rows"),
        ([("T = 0.5", "T = 0.5\nstart = { h = 1.0 }")], "[model.start] h: no such block; the state is z"),
        ([("T = 0.5", "T = 0.5\nstart = { z = [1.0] }")], "[model.start] z = (1.0,): the block has length 2"),
        ([("T = 0.5", 'T = 0.5\noutput = "trained"')], "[model.parameters] W: missing, but output = 'trained' uses W"),
        (
            [("[model.parameters]", "[model.draw.theta]\nsd = 1\n[model.parameters]")],
            "[model.draw] theta: [model.parameters] gives theta too; drop one of them",
        ),
        (
            [("[model.parameters]", "[model.draw.beta]\nsd = 1\n[model.parameters]")],
            "[model.draw] beta: dynamics = 'theta*x + h' does not use beta; drop it",
        ),
        (
            [("[model.parameters]\ntheta = [0.3, 0.4]", "[model.draw.theta]\nsd = 1")],
            "[model.draw] theta: may be negative on a single rail; set absolute = true",
        ),
        ([('"theta*x + h"', '"theta*x + h + theta*@"')], "[model] dynamics:1:"),
        ([("T = 0.5", "T = 0.5\nmask = [[1, 2]]")], "[model] mask[0][1] = 2: input should be less than or equal to 1"),
    ],
)
def test_a_mistake_is_answered_with_key_and_remedy(write: Write, changes: list[tuple[str, str]], message: str) -> None:
    with pytest.raises(InputError) as caught:
        load_design(write(*changes))
    assert message in str(caught.value)
