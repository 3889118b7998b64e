"""The commands that make tables of many circuits or runs: ``size --dimensions``, ``sweep`` and ``bench``."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from compiler.cli import cli

SMALL = """\
[design]
name = "small"

[data]
generator = "linear"
n_train = 5
n_validation = 5
n_test = 10

[task]
kind = "binary"
labels = [0.0, 4.0]

[model]
dynamics = "theta*x"
T = 0.8
learning_rate = 0.01

[model.parameters]
theta = [0.2, 0.2]

[training]
epochs = 1
"""


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(a) for a in arguments])


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "design.toml"
    path.write_text(SMALL)
    return path


def test_size_grows_families_and_draws_them(tmp_path: Path) -> None:
    result = run("size", "--dimensions", "1..4", "--families", "linear,linear-minimal", "-o", tmp_path)
    assert result.exit_code == 0, result.output
    assert "17 / 14" in result.output
    assert (tmp_path / "size.csv").read_text().splitlines()[2] == "linear,2,17,14"
    assert {"size.png", "size.svg"} < {p.name for p in tmp_path.iterdir()}


def test_size_needs_a_design_or_dimensions() -> None:
    assert "Give a DESIGN to measure, or --dimensions" in run("size").output
    assert run("size").exit_code == 2
    result = run("size", "--dimensions", "1..4", "--families", "linaer")
    assert (result.exit_code, "no family 'linaer'; there are linear, " in result.output) == (2, True)


def test_sweep_tabulates_and_draws_final_losses(small: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    arguments = ("sweep", small, "--vary", "T=0.4,0.8", "--vary", "eta=0.02", "--workers", "1", "-o", out)
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    lines = (out / "sweep.csv").read_text().splitlines()
    assert [line.split(",")[:3] for line in lines[1:]] == [["T", "0.4", "0"], ["T", "0.8", "0"], ["eta", "0.02", "0"]]
    assert {"sweep.png", "sweep.svg"} < {p.name for p in out.iterdir()}
    assert "3 of 3 runs were already in" in run(*arguments).output


def test_bench_paper_writes_its_table_and_resumes(small: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    arguments = ("bench", "paper", "--designs", small, "--seeds", "1", "--quick", "--workers", "1", "-o", out)
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    assert (out / "paper.md").read_text().count("\n| small | 21 / 19 | 17 / 25 |") == 1
    table = (out / "paper.csv").read_text()
    assert "1 of 1 runs were already in" in run(*arguments).output
    assert (out / "paper.csv").read_text() == table
