"""Runs in processes: results on disk, and what is there is not run again."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from compiler.bench.runs import Job, run_jobs
from compiler.bench.train import spread, train_job
from compiler.design import load_design
from compiler.tasks.task import Where

ONE = Where(workers=1)


def jobs(count: int = 2) -> list[Job]:
    design = load_design("linear2d").amended({"data.n_train": 9, "data.n_validation": 9})
    return [Job(f"linear2d-seed{s}", design.seeded(s), "formal", 1, 5) for s in range(count)]


def test_a_key_follows_design_seed_level_and_limits() -> None:
    one, two = jobs()
    same = Job("another-name", one.design, "formal", 1, 5)
    assert one.task.key == same.task.key
    others = [two, Job("n", one.design, "reference", 1, 5), Job("n", one.design, "formal", 2, 5), Job("n", one.design)]
    assert len({one.task.key, *(job.task.key for job in others)}) == 5


def test_a_record_has_losses_and_scores_of_every_set() -> None:
    record = train_job(jobs()[0])
    assert record["error"] is None
    assert (record["paper_count"], record["orders"], record["iterations"]) == ([21, 17], [1, 2], 9)
    assert {name: found["n"] for name, found in record["sets"].items()} == {
        "train": 9, "validation": 9, "test": 5, "authors": 5,
    }  # fmt: skip
    assert record["sets"]["validation"]["loss"] == record["validation_loss"][-1]
    json.dumps(record)


def test_runs_resume_where_they_stopped(tmp_path: Path) -> None:
    said: list[str] = []

    def report(done: int, total: int, sentence: str) -> None:
        said.append(f"{done}/{total} {sentence}")

    first = run_jobs(jobs(1), tmp_path, ONE, report=report)
    both = run_jobs(jobs(2), tmp_path, ONE, report=report)
    assert both[0] == first[0]
    assert said[0].startswith("1/1 linear2d-seed0: validation loss")
    assert said[1] == f"1/2 1 of 2 runs were already in {tmp_path}"
    assert said[2].startswith("2/2 linear2d-seed1: validation loss")
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted(job.task.file for job in jobs())


def test_a_spoilt_result_is_run_again(tmp_path: Path) -> None:
    [job] = jobs(1)
    (tmp_path / job.task.file).write_text("{ half a re")
    [record] = run_jobs([job], tmp_path, ONE)
    assert json.loads((tmp_path / job.task.file).read_text()) == record


def test_a_run_that_blows_up_is_a_result(tmp_path: Path) -> None:
    design = load_design("linear2d").amended({"model.learning_rate": 1e9, "data.n_train": 9})
    record = train_job(Job("wild", design, "formal", 1, 5))
    assert record["error"]
    assert record["design"] == "linear2d"


def test_spread_rows_include_both_ends() -> None:
    rows = np.arange(10.0)[:, None]
    assert spread(rows, 4)[:, 0].tolist() == [0, 3, 6, 9]
    assert spread(rows, None) is rows
