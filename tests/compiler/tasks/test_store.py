"""Results on disk: each written once, read instead of run again, and none for what was lost."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from compiler import __version__
from compiler.tasks.store import run_tasks
from compiler.tasks.task import Task, Where

ONE = Where(workers=1)
FIRST: Any = partial(max, key=bool)
"""``max(argument, progress, key=bool)`` is the argument, the first of two that are true."""


def task(name: str, argument: Any, **options: Any) -> Task:
    return Task(name, FIRST, argument, (name,), {"design": "d", "name": name}, **options)


def test_a_file_has_a_name_and_a_hash_of_content_and_version(monkeypatch: Any) -> None:
    one, same = Task("a", FIRST, 1, ("x", 1)), Task("b", FIRST, 2, ("x", 1))
    assert one.file == f"a-{one.key}.json"
    assert one.key == same.key
    assert one.key != Task("a", FIRST, 1, ("x", 2)).key
    before = one.key
    monkeypatch.setattr("compiler._version", lambda: f"{__version__}.1")
    assert Task("a", FIRST, 1, ("x", 1)).key != before


def test_what_is_there_is_read_and_what_is_lost_is_run_again(tmp_path: Path, evaluated: Callable[[str], Any]) -> None:
    said: list[str] = []

    def report(done: int, total: int, sentence: str) -> None:
        said.append(f"{done}/{total} {sentence}")

    broken = evaluated("__import__('os')._exit(3)")
    first = run_tasks([task("a", {"v": 1}), task("b", broken)], tmp_path, ONE, report=report)
    assert first[0] == {"v": 1}
    assert (first[1]["name"], first[1]["error"][:37]) == ("b", "its process ended with code 3, as did")
    assert [p.name for p in tmp_path.iterdir()] == [task("a", 0).file]
    second = run_tasks([task("b", {"v": 2}), task("a", {"v": 3})], tmp_path, ONE, report=report)
    assert second == ({"v": 2}, {"v": 1})
    assert said[-2:] == [f"1/2 1 of 2 runs were already in {tmp_path}", "2/2 b: done"]
    assert json.loads((tmp_path / task("b", 0).file).read_text()) == {"v": 2}


def test_the_same_task_twice_is_run_once(tmp_path: Path, evaluated: Callable[[str], Any]) -> None:
    pid = evaluated("{'pid': __import__('os').getpid(), 'time': __import__('time').time_ns()}")
    one, two = run_tasks([task("a", pid), task("a", pid)], tmp_path, ONE)
    assert one == two
