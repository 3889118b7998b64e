"""What tasks of tests are made of: a process that is spawned cannot import a test, so they need nothing from one."""

from __future__ import annotations

from typing import Any

import pytest


class Evaluated:
    """An argument that is the value of an expression in the process that it is sent to."""

    def __init__(self, expression: str) -> None:
        self.expression = expression

    def __reduce__(self) -> Any:
        return eval, (self.expression,)


@pytest.fixture
def evaluated() -> type[Evaluated]:
    """The class above."""
    return Evaluated
