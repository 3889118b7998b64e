"""The survival table for people.

In: the rows of :mod:`compiler.bench.survival`. Out: Markdown, one line a design and level, and what went wrong below.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Row = Mapping[str, Any]

INTRODUCTION = """\
# Survival of learning

Each design is trained from the same weights on the same samples at every level: its formal reactions, the clocked pot,
and the DNA network, strand by strand. Survival is the part of the formal circuit's gain in validation loss that a level
keeps; where the formal circuit gained less than 5 %, the mean validation loss of the last epoch over formal's is given
in its place. The score is accuracy, or R² for a regression, on test samples spread over the classes.
"""

HEAD = (
    "design", "level", "iterations", "loss", "survival", "score", "weights' correlation", "lab h", "fuel µM", "species",
    "reactions", "simulation s",
)  # fmt: skip


def markdown(rows: Sequence[Row]) -> str:
    """The table, and a sentence for every run that failed or did not survive."""
    lines = [INTRODUCTION, _line(HEAD), _line(["---"] * len(HEAD)), *(_line(_cells(row)) for row in rows)]
    failed = [row for row in rows if row["survives"] is False]
    if failed:
        lines += ["", "What fell short:", "", *(f"- {row['design']}, {row['level']}: {why(row)}" for row in failed)]
    return "\n".join(lines) + "\n"


def why(row: Row) -> str:
    """Why a run does not count as survival."""
    if row["error"]:
        return str(row["error"]).splitlines()[0]
    if row["survival"] is None:
        return f"last-epoch loss {row['late_to_formal']:.2f} of formal's, score {_number(row['score'])}"
    return f"survival {row['survival']:.3f}, score {_number(row['score'])}"


def _cells(row: Row) -> list[str]:
    survival = _number(row["survival"])
    if row["survival"] is None and row["late_to_formal"] is not None:
        survival = f"({row['late_to_formal']:.2f})"
    loss = f"{_number(row['loss_before'], '.4g')} → {_number(row['loss_after'], '.4g')}"
    return [
        row["design"], row["level"], _number(row["iterations"], "d"), loss, survival, _number(row["score"]),
        _number(row["correlation"]), _number(row["lab_hours"], ".0f"), _number(row["fuel_used_uM"], ".0f"),
        _number(row["species"], "d"), _number(row["reactions"], "d"), _number(row["simulation_s"], ".0f"),
    ]  # fmt: skip


def _number(value: Any, form: str = ".3f") -> str:
    return "" if value is None else f"{value:{form}}"


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"
