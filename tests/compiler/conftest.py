"""A small design on disk, to be changed by a test; and LinReg2D with its DNA pot, for tests that train."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from compiler import pipeline
from compiler.design import Design, load_design
from compiler.training.pot import Pot, dsd_pot

DESIGN = """\
[design]
name = "line"

[data]
file = "data.csv"
inputs = ["x1", "x2"]
target = "y"
split = "split"

[model]
dynamics = "theta*x + h"
T = 0.5
learning_rate = 0.1

[model.parameters]
theta = [0.3, 0.4]

[model.bias]
h = 0.1

[model.rails]
theta = "single"
"""

ROWS = """\
split,x1,x2,y
train,1.0,2.0,6.0
train,2.0,1.0,5.0
val,1.5,1.5,5.5
"""

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes the design above with replacements, ``write(("T = 0.5", "T = -1"))``, and returns its path."""

    def make(*changes: tuple[str, str], rows: str = ROWS) -> Path:
        text = DESIGN
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        (tmp_path / "data.csv").write_text(rows)
        path = tmp_path / "design.toml"
        path.write_text(text)
        return path

    return make


@pytest.fixture(scope="session")
def linreg() -> Design:
    """LinReg2D, judged by its first 10 validation samples: an inference in the DNA pot takes 0.04 s."""
    design = load_design("linreg2d")
    data = design.data
    return design.with_data(replace(data, validation_x=data.validation_x[:10], validation_y=data.validation_y[:10]))


@pytest.fixture(scope="session")
def dna_pot(linreg: Design) -> Pot:
    """LinReg2D's DNA pot; nothing in it changes when it is driven."""
    return dsd_pot(pipeline.dsd(linreg))
