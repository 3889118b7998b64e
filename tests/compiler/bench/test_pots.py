"""Updates against finite differences, and one gating against the other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from compiler import pipeline
from compiler.bench.gatings import gating_rows, gating_tasks
from compiler.bench.gatings import markdown as gating_text
from compiler.bench.gradients import agreement, finite_differences, markdown, rows, tasks, update
from compiler.cli import cli
from compiler.design import Design
from compiler.training.driver import Driver
from compiler.training.pot import clocked_pot


def test_agreement_in_closed_form() -> None:
    found = agreement(np.array([3.0, 4.0]), np.array([6.0, 8.0]))
    assert found == pytest.approx({"cosine": 1.0, "ratio": 2.0, "error": 1.0, "gradient": 5.0})
    assert agreement(np.array([1.0, 0.0]), np.array([0.0, 1.0]))["cosine"] == pytest.approx(0.0)


def test_linear_regression_has_the_gradient_of_its_closed_form(linreg: Design) -> None:
    """yhat = sum x (1 + T theta) + d T h, so d loss / d theta = e T x, by the pot's own map too, and so it learns."""
    driver = Driver(clocked_pot(pipeline.clocked(linreg)))
    driver.settle()
    x, y = linreg.data.train_x[1], linreg.data.train_y[1]
    before = driver.tube.state.copy()
    slopes = finite_differences(driver, x, y)
    assert (driver.tube.state == before).all()
    error = float(driver.infer(x)[0] - y[0])
    assert slopes == pytest.approx(error * 0.5 * x, rel=0.02)
    assert update(driver, x, y) / linreg.neural.eta == pytest.approx(slopes, rel=0.05)


def test_a_row_has_medians_and_says_what_is_missed() -> None:
    (task,) = tasks(["linear2d"], "dsd", 3)
    samples = [
        {"cosine": c, "ratio": 1.0, "error": e, "gradient": 1.0} for c, e in ((1.0, 0.01), (0.98, 0.04), (1, 0.2))
    ]
    (row,) = rows([task], [{"samples": samples, "error": None}])
    assert (row["cosine"], row["relative_error"], row["agrees"]) == (1.0, 0.04, True)
    (lost,) = rows([task], [{"error": "no mapping exists", "wall_s": 0.0}])
    assert "- linear2d: no mapping exists" in markdown([lost])
    assert "| linear2d | dsd | 3 | 1.0000 | 1.000 | 0.040 | yes |" in markdown([row])


def test_each_design_is_made_under_both_gatings() -> None:
    wanted = gating_tasks(["linear2d"], iterations=3, tests=2)
    assert [t.name for t in wanted] == ["linear2d-formal", "linear2d-dsd-operand", "linear2d-dsd-per-reaction"]
    assert len({t.file for t in wanted}) == 3
    lost: dict[str, Any] = {"error": "no slowdown helps", "wall_s": 1.0}
    table = gating_rows(wanted, [lost, lost, lost])
    assert [row["gating"] for row in table] == ["operand", "per-reaction"]
    assert "- linear2d, per-reaction: no slowdown helps" in gating_text(table)


def test_the_commands_in_small(tmp_path: Path) -> None:
    run = CliRunner().invoke
    one = ["--designs", "linreg2d-minimal", "--workers", "1"]
    made = run(cli, ["bench", "gradients", "-o", str(tmp_path / "a"), *one, "--level", "clocked", "--samples", "2"])
    assert made.exit_code == 0, made.output
    assert "| linreg2d-minimal | clocked | 2 | 1.0000 |" in (tmp_path / "a/gradients.md").read_text()
    made = run(cli, ["bench", "gating", "-o", str(tmp_path / "b"), *one, "--iterations", "2", "--tests", "2"])
    assert made.exit_code == 0, made.output
    lines = (tmp_path / "b/gating.csv").read_text().splitlines()
    assert len(lines) == 3
