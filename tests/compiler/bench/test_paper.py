"""The table of the paper's designs."""

from __future__ import annotations

from typing import Any

import designs
from compiler.bench.authors import AUTHORS
from compiler.bench.paper import Spread, csv_table, jobs, markdown, rows


def record(seed: int, test: float, **changes: Any) -> dict[str, Any]:
    sets = {"validation": {"n": 31, "loss": 0.1, "score": 0.9}, "test": {"n": 1000, "loss": 0.1, "score": test}}
    return {
        "design": "cubic-xor", "seed": seed, "measure": "accuracy", "error": None, "paper_count": [60, 139],
        "trained_count": [58, 166], "orders": [1, 2, 3], "train_loss": [0.2, 0.08], "validation_loss": [0.9, 0.05],
        "sets": sets | {"authors": {"n": 1600, "loss": 0.1, "score": test + 0.02}}, "training_s": 8.0,
    } | changes  # fmt: skip


def test_medians_and_ranges_stand_beside_the_authors_figures() -> None:
    table = rows([record(0, 0.85), record(1, 0.9), record(2, 0.8)])
    [row] = table
    assert row.test == Spread(0.85, 0.8, 0.9)
    assert row.met
    text = markdown(table, 3)
    assert (
        "| cubic-xor | 60 / 58 (66) | 139 / 166 (201) | 3 reactants | 0.08 [0.08, 0.08] (0.0637) "
        "| 0.05 [0.05, 0.05] (0.0586) | 87.0 [82.0, 92.0] (84.7) | 85.0 [80.0, 90.0] ✓ |"
    ) in text
    assert "Below the authors' figure by the median of the fresh test: none." in text
    header, line = csv_table(table).splitlines()
    assert dict(zip(header.split(","), line.split(","), strict=True))["test_median"] == "0.85"


def test_a_median_below_the_authors_is_said() -> None:
    text = markdown(rows([record(0, 0.8)]), 1)
    assert "80.0 [80.0, 80.0] ✗" in text
    assert "by the median of the fresh test: cubic-xor." in text


def test_failed_and_lost_runs_are_listed() -> None:
    failed = {
        k: v for k, v in record(1, 0).items() if k in ("design", "seed", "paper_count", "trained_count", "orders")
    }
    lost = {"design": "cubic-xor", "seed": 2, "error": "a worker process was ended"}
    [row] = rows([record(0, 0.9), failed | {"error": "it blew up"}, lost])
    assert (row.seeds, row.errors) == (1, ("seed 1: it blew up", "seed 2: a worker process was ended"))
    assert "- cubic-xor, seed 1: it blew up" in markdown([row], 3)


def test_every_shipped_design_has_a_line() -> None:
    assert set(AUTHORS) == set(designs.shipped())


def test_quick_runs_are_short_and_their_own() -> None:
    [quick], [full] = jobs(["linear2d"], [0], quick=True), jobs(["linear2d"], [0])
    assert (quick.epochs, quick.tests, full.epochs) == (2, 50, None)
    assert quick.task.key != full.task.key
