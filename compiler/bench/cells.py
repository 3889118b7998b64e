"""Lines of Markdown tables, which several benchmarks print."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def line(cells: Sequence[str]) -> str:
    """A row of a table."""
    return "| " + " | ".join(cells) + " |"


def number(value: Any, form: str = ".3f") -> str:
    """A number in that format; nothing for None."""
    return "" if value is None else f"{value:{form}}"
