"""Tasks in processes: values come back, defects are named, and a process that dies takes nothing along."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

from compiler.tasks.local import perform_here
from compiler.tasks.task import Lost, Task

Evaluated = Callable[[str], Any]

SAY: Any = partial(str.format, "{0}")
RAISE: Any = partial(str.format, "{2}")


EXIT = "__import__('os')._exit(3)"


def exit_once(file: Path) -> str:
    """An expression that ends its process unless that file exists."""
    name = repr(str(file))
    return f"open({name}).read() if __import__('os').path.exists({name}) else (open({name}, 'w'), {EXIT})"


def values(tasks: list[Task], **options: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for task, value in perform_here(tasks, **options):
        assert task.name not in found
        found[task.name] = value
    return found


def test_values_come_from_a_few_processes_that_are_used_again(evaluated: Evaluated) -> None:
    found = values([Task(str(n), SAY, evaluated("__import__('os').getpid()")) for n in range(9)], workers=2)
    assert len(found) == 9
    assert len(set(found.values())) <= 2
    assert str(os.getpid()) not in found.values()
    assert multiprocessing.active_children() == []


def test_no_tasks_need_no_processes() -> None:
    assert values([]) == {}


def test_a_defect_costs_its_own_task_only() -> None:
    found = values([Task("bad", RAISE, 1), Task("good", SAY, 2)], workers=1)
    said = "unexpected IndexError: Replacement index 2 out of range for positional args tuple"
    assert found == {"bad": Lost(said), "good": "2"}


def test_a_task_over_which_processes_die_is_given_up_and_the_others_are_not(evaluated: Evaluated) -> None:
    said: list[str] = []
    found = values(
        [Task("deadly", SAY, evaluated(EXIT)), Task("one", SAY, 1), Task("two", SAY, 2)], workers=2, note=said.append
    )
    why = "its process ended with code 3, as did 2 before it, perhaps for lack of memory; use fewer --workers"
    assert found == {"deadly": Lost(why), "one": "1", "two": "2"}
    assert said == ["deadly: its process ended with code 3; it is run again"] * 2


def test_a_task_whose_process_died_is_run_again(tmp_path: Path, evaluated: Evaluated) -> None:
    said: list[str] = []
    found = values([Task("unlucky", SAY, evaluated(exit_once(tmp_path / "once")))], note=said.append)
    assert found == {"unlucky": ""}
    assert said == ["unlucky: its process ended with code 3; it is run again"]


def test_killed_processes_busy_or_idle_are_replaced(evaluated: Evaluated) -> None:
    """Of two processes, one has just given its value and is idle, the other is in the middle of its task."""
    slow = evaluated("__import__('time').sleep(0.05)")
    tasks, found = [Task(str(n), SAY, slow) for n in range(12)], list[str]()
    with closing(perform_here(tasks, workers=2)) as results:
        for task, value in results:
            assert value == "None"
            found.append(task.name)
            if len(found) == 4:
                for process in multiprocessing.active_children():
                    assert process.pid
                    os.kill(process.pid, signal.SIGKILL)
    assert sorted(found, key=int) == [task.name for task in tasks]


def test_progress_is_told_where_a_task_can_tell_it() -> None:
    from compiler.bench.runs import Job
    from compiler.design import load_design

    seen: list[tuple[str, int, int]] = []
    design = load_design("linear2d").amended({"data.n_train": 3, "data.n_validation": 3})
    values([Job("few", design, "reference", 2, 1).task], tell=lambda task, *at: seen.append((task.name, *at)))
    assert seen == [("few", done, 6) for done in range(1, 7)]


def test_whoever_stops_listening_leaves_no_process_behind(evaluated: Evaluated) -> None:
    tasks = [Task(str(n), SAY, evaluated("__import__('time').sleep(60)")) for n in range(1, 3)]
    with closing(perform_here([Task("0", SAY, 0), *tasks], workers=2)) as results:
        assert next(results)[1] == "0"
        assert multiprocessing.active_children() != []
    assert multiprocessing.active_children() == []
