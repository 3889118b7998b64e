"""Tasks on a Dask cluster of this machine: nothing is lost with a worker, and what cannot work is said at once."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

from compiler.tasks import cluster
from compiler.tasks.cluster import KILLED, perform_on_cluster
from compiler.tasks.task import Lost, Task
from dsd.errors import InputError

SAY: Any = partial(str.format, "{0}")
RAISE: Any = partial(str.format, "{2}")


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A cluster of one worker process; a task that is with it when it dies is given up at once."""
    import dask
    from distributed import LocalCluster

    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 0}),
        LocalCluster(
            n_workers=1, threads_per_worker=1, processes=True, dashboard_address="127.0.0.1:0", host="127.0.0.1"
        ) as local,
    ):
        yield local.scheduler_address


def test_values_come_back_and_a_defect_costs_its_own_task_only(address: str, evaluated: Callable[[str], Any]) -> None:
    pid = evaluated("__import__('os').getpid()")
    tasks = [Task("pid", SAY, pid), Task("bad", RAISE, 1), Task("good", SAY, 2)]
    found = {task.name: value for task, value in perform_on_cluster(tasks, address)}
    assert int(found.pop("pid")) != os.getpid()
    said = "unexpected IndexError: Replacement index 2 out of range for positional args tuple"
    assert found == {"bad": Lost(said), "good": "2"}


def test_a_cluster_of_another_version_is_refused(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("compiler._version", lambda: "9.9")
    with pytest.raises(InputError, match=r"has Strandgrad .*, not 9\.9; install the same version everywhere"):
        list(perform_on_cluster([Task("a", SAY, 1)], address))


def test_an_address_without_a_scheduler_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "PATIENCE_S", 0.5)
    with pytest.raises(InputError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:9 .*`dask scheduler`"):
        list(perform_on_cluster([Task("a", SAY, 1)], "tcp://127.0.0.1:9"))
    with pytest.raises(InputError, match="no Dask scheduler answers at nonsense://x"):
        list(perform_on_cluster([Task("a", SAY, 1)], "nonsense://x"))


def test_without_dask_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(InputError, match=r"--scheduler needs dask\.distributed; pip install 'strandgrad\[cluster\]'"):
        list(perform_on_cluster([Task("a", SAY, 1)], "tcp://127.0.0.1:8786"))


def test_a_task_over_which_workers_die_is_given_up_and_the_others_are_not(
    address: str, evaluated: Callable[[str], Any]
) -> None:
    """Dask suspects those too that waited at the worker for their turn."""
    deadly = Task("deadly", SAY, evaluated("__import__('os')._exit(3)"))
    found = {t.name: value for t, value in perform_on_cluster([deadly, *(Task(n, SAY, n) for n in "abc")], address)}
    assert found == {"deadly": KILLED, "a": "a", "b": "b", "c": "c"}
