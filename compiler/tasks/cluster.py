"""Tasks on a Dask cluster.

In: tasks and the address of a scheduler. Out: each task with its value, as they finish. The scheduler gives the tasks
of a worker that dies to others. Results come back over the network, so no folder need be shared. Scheduler and workers
must have the same version of Strandgrad installed as the command.
"""

from __future__ import annotations

import pickle
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from compiler.tasks.task import Lost, Task
from dsd.errors import InputError

if TYPE_CHECKING:
    from distributed import Client

PATIENCE_S = 20
"""Seconds in which a scheduler must answer, and a first worker must be there."""


def perform_on_cluster(tasks: Sequence[Task], address: str) -> Generator[tuple[Task, Any]]:
    """Run ``tasks`` and yield each with its value or :class:`Lost` as they finish.

    A task is lost if its function raised, or if workers died over it. Dask gives a task up when it was with too many
    workers that died (its setting ``distributed.scheduler.allowed-failures``), be it that it only waited there: so
    those are tried once more in the end, one at a time. If the iteration ends early, waiting tasks are taken back; a
    worker finishes the one it is at. Raises :class:`InputError` without ``distributed``, without a scheduler or workers
    at the address, or when their version is another.
    """
    with connected(address) as client:
        from distributed import as_completed

        from compiler import __version__

        _check_versions(client, address, __version__)

        def submitted(task: Task) -> Any:
            key = f"{task.name}-{uuid4().hex}"
            return client.submit(_performed, pickle.dumps(task), __version__, key=key, pure=False)

        pending, suspects = {submitted(task): task for task in tasks}, list[Task]()
        for future in as_completed(pending, loop=client.loop):
            value = _value(future, address)
            if value == KILLED:
                suspects.append(pending[future])
            else:
                yield pending[future], value
            future.release()
        for task in suspects:
            yield task, _value(submitted(task), address)


KILLED = Lost("workers died over it, even while it was alone, perhaps for lack of memory")
"""A task that Dask has given up."""


@contextmanager
def connected(address: str) -> Iterator[Client]:
    """A client of the scheduler at ``address``; raises :class:`InputError` if there is none."""
    try:
        from distributed import Client
    except ImportError:
        raise InputError("--scheduler needs dask.distributed; pip install 'strandgrad[cluster]'") from None
    try:
        client = Client(address, timeout=PATIENCE_S, set_as_default=False)
    except (OSError, ValueError) as error:
        raise InputError(
            f"no Dask scheduler answers at {address} ({error}); start one by `dask scheduler`, and give the address it "
            f"prints"
        ) from None
    with client:
        yield client


def _check_versions(client: Client, address: str, version: str) -> None:
    """Everybody must run the same code, or a table would mix results of several."""
    try:
        client.wait_for_workers(1, timeout=PATIENCE_S)
        found = {"the scheduler": client.run_on_scheduler(_version)} | client.run(_version)
    except TimeoutError:
        raise InputError(
            f"the scheduler at {address} has no workers; start some by `dask worker {address} --nthreads 1`"
        ) from None
    except Exception as error:  # whatever keeps our code from being imported there
        raise InputError(
            f"the cluster at {address} cannot run Strandgrad ({type(error).__name__}: {error}); install version "
            f"{version} for its scheduler and workers"
        ) from None
    for who, other in sorted(found.items()):
        if other != version:
            raise InputError(f"{who} has Strandgrad {other}, not {version}; install the same version everywhere")


def _version() -> str:
    from compiler import __version__

    return __version__


def _performed(pickled: bytes, version: str) -> Any:
    """What a worker does; it may have joined after the versions were compared.

    A task is unpickled here, since the scheduler, which reads all arguments, must not be harmed by any.
    """
    if _version() != version:
        return Lost(f"a worker has Strandgrad {_version()}, not {version}; install the same version everywhere")
    task: Task = pickle.loads(pickled)
    return task.function(task.argument, _unwatched)


def _unwatched(done: int, total: int) -> None:
    """Progress within a task is not sent over the network."""


def _value(future: Any, address: str) -> Any:
    from distributed import CancelledError, KilledWorker

    try:
        return future.result()
    except KilledWorker:
        return KILLED
    except CancelledError:
        raise InputError(
            f"the scheduler at {address} is gone; start it anew, and give the same command: what was finished is kept"
        ) from None
    except Exception as error:  # a defect of one task must not take the others' results with it
        return Lost(f"unexpected {type(error).__name__}: {error}")
