"""The levels side by side, after training.

In: results. Out: one table.
"""

from __future__ import annotations

from compiler.report.blocks import Section, table
from compiler.report.folder import Level, Results
from compiler.report.text import LEVELS, duration, number, percent

TESTS = {"validation_accuracy": "accuracy, validation", "test_accuracy": "accuracy, test", "test_r2": "R², test"}


def section(r: Results) -> Section:
    """Every level in a row."""
    shown = [level for level in r.levels if level.entry["validation_loss"]]
    tests = {key: label for key, label in TESTS.items() if any(key in level.entry for level in shown)}
    heads = ["level", "training loss", "validation loss", "survival", *tests.values(), "slopes ∂ŷ/∂x",
             "iterations", "computing", "laboratory"]  # fmt: skip
    rows = [_row(level, list(tests)) for level in shown]
    note = (
        "Loss is ½ Σ (ŷ − y)², the mean over samples. Survival is the share of the formal circuit's improvement on the "
        "validation samples that a level keeps. Slopes compare levels whose weights are on scales of their own."
    )
    return Section("levels", "Level by level", blocks=(table("Every level, after training", heads, rows, note=note),))


def _row(level: Level, tests: list[str]) -> list[str]:
    entry = level.entry
    state = "" if level.state == "finished" else f" ({level.state})"
    train, validation = entry["train_loss"], entry["validation_loss"]
    return [
        LEVELS[level.name] + state,
        number(train[-1]) if train else "–", f"{number(validation[0])} → {number(validation[-1])}",
        percent(entry.get("survival")),
        *(number(entry.get(key), 3) if key == "test_r2" else percent(_last(entry.get(key))) for key in tests),
        ", ".join(number(s, 4) for s in entry.get("slopes") or ()) or "–",
        str(entry["iterations"]), duration(entry["wall_s"]),
        duration(3600.0 * entry["lab_hours"]) if "lab_hours" in entry else "–",
    ]  # fmt: skip


def _last(value: float | list[float] | None) -> float | None:
    """A share, the last one of a list."""
    return (value[-1] if value else None) if isinstance(value, list) else value
