"""A small design on disk, to be changed by a test."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

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
