"""The survival table for people.

In: the rows of :mod:`compiler.bench.survival`. Out: Markdown, one line a design and level, and what went wrong below.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from compiler.bench.cells import line, number

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
    lines = [INTRODUCTION, line(HEAD), line(["---"] * len(HEAD)), *(line(_cells(row)) for row in rows)]
    failed = [row for row in rows if row["survives"] is False]
    if failed:
        lines += ["", "What fell short:", "", *(f"- {row['design']}, {row['level']}: {why(row)}" for row in failed)]
    return "\n".join(lines) + "\n"


def why(row: Row) -> str:
    """Why a run does not count as survival."""
    if row["error"]:
        return str(row["error"]).splitlines()[0]
    if row["survival"] is None:
        return f"last-epoch loss {row['late_to_formal']:.2f} of formal's, score {number(row['score'])}"
    return f"survival {row['survival']:.3f}, score {number(row['score'])}"


def _cells(row: Row) -> list[str]:
    survival = number(row["survival"])
    if row["survival"] is None and row["late_to_formal"] is not None:
        survival = f"({row['late_to_formal']:.2f})"
    loss = f"{number(row['loss_before'], '.4g')} → {number(row['loss_after'], '.4g')}"
    return [
        row["design"], row["level"], number(row["iterations"], "d"), loss, survival, number(row["score"]),
        number(row["correlation"]), number(row["lab_hours"], ".0f"), number(row["fuel_used_uM"], ".0f"),
        number(row["species"], "d"), number(row["reactions"], "d"), number(row["simulation_s"], ".0f"),
    ]  # fmt: skip
