"""The commands that make tables of many circuits or runs: ``size --dimensions``, ``sweep`` and ``bench``."""

from __future__ import annotations

import csv
import multiprocessing
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from compiler import __version__
from compiler.cli import cli
from dsd.files import write_json_atomic

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


Write = Callable[..., Path]


def table(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


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
    rows = table(out / "sweep.csv")
    assert [(r["parameter"], r["value"], r["seed"]) for r in rows] == [
        ("T", "0.4", "0"), ("T", "0.8", "0"), ("eta", "0.02", "0"),
    ]  # fmt: skip
    assert {(r["design"], r["version"], len(r["digest"])) for r in rows} == {("small", __version__, 64)}
    assert {"sweep.png", "sweep.svg"} < {p.name for p in out.iterdir()}
    assert "3 of 3 runs were already in" in run(*arguments).output


def test_bench_paper_writes_its_table_and_resumes(small: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    arguments = ("bench", "paper", "--designs", small, "--seeds", "1", "--quick", "--workers", "1", "-o", out)
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    assert (out / "paper.md").read_text().count("\n| small | 21 / 19 | 17 / 25 |") == 1
    written = (out / "paper.csv").read_text()
    [row] = table(out / "runs.csv")
    assert (row["run"], row["seed"], row["version"], row["error"]) == ("small-seed0", "0", __version__, "")
    assert "1 of 1 runs were already in" in run(*arguments).output
    assert (out / "paper.csv").read_text() == written


def test_replicates_survive_the_end_of_a_worker(small: Path, tmp_path: Path) -> None:
    """A Dask cluster of two processes, one of them ended by SIGKILL after 12 of 24 runs."""
    out, shuffled = tmp_path / "out", small.with_name("shuffled.toml")
    shuffled.write_text(SMALL + 'order = "shuffled"\n')
    result = run("bench", "replicates", shuffled, "-n", "24", "--drill", "--workers", "2", "-o", out)
    assert result.exit_code == 0, result.output
    assert "was ended after 12 of 24 runs." in result.output
    assert "24 results of 24 replicates, 24 different seeds, 0 failed." in result.output
    rows = table(out / "replicates.csv")
    assert [int(r["seed"]) for r in rows] == list(range(24))
    assert len({r["digest"] for r in rows}) == len(list((out / "runs").iterdir())) == 24
    again = run("bench", "replicates", shuffled, "-n", "24", "--workers", "1", "-o", out)
    assert "24 of 24 runs were already in" in again.output
    assert table(out / "replicates.csv") == rows


def test_replicates_that_would_all_be_the_same_are_refused(tmp_path: Path, write: Write) -> None:
    result = run("bench", "replicates", write(), "-n", "3", "-o", tmp_path)
    assert (result.exit_code, "line draws neither samples nor weights nor their order" in result.output) == (2, True)


def test_a_cluster_has_its_own_workers(tmp_path: Path) -> None:
    here = ("--workers", "2", "--scheduler", "tcp://127.0.0.1:1", "-o", tmp_path)
    for arguments in (("sweep", "linear2d", "--vary", "T=1"), ("compare", "linreg2d"), ("controls", "linreg2d")):
        result = run(*arguments, *here)
        assert (result.exit_code, "--workers is for this machine" in result.output) == (2, True)
    result = run("bench", "replicates", "linear2d", "--drill", "--scheduler", "tcp://127.0.0.1:1", "-o", tmp_path)
    assert (result.exit_code, "--drill starts a cluster of its own" in result.output) == (2, True)


def test_ctrl_c_keeps_what_is_finished(small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopped when the first of two results is written; the other is run next time."""
    out = tmp_path / "out"
    arguments = ("sweep", small, "--vary", "T=0.4,0.8", "--workers", "1", "-o", out)

    def write_and_stop(path: Path, value: object) -> None:
        write_json_atomic(path, value)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("compiler.tasks.store.write_json_atomic", write_and_stop)
        stopped = run(*arguments)
    assert stopped.exit_code == 130
    assert "Stopped; finished runs are kept, and the same command goes on with the others." in stopped.stderr
    assert multiprocessing.active_children() == []
    assert len(list((out / "runs").iterdir())) == 1
    result = run(*arguments)
    assert (result.exit_code, "1 of 2 runs were already in" in result.stderr) == (0, True)
