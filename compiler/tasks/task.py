"""A task: one run that needs nothing from any other, and what its result depends on.

In: a function of a module, and what it is called with. Out: :class:`Task`, which can be sent to a process or a machine,
and :class:`Where` it is to run.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

Record = dict[str, Any]
"""A result, JSON-ready; ``error`` says why a run failed, if it did."""

Progress = Callable[[int, int], None]
"""``progress(done, total)`` within a task."""

Function = Callable[[Any, Progress], Any]
"""What a task does: ``function(argument, progress)``, found by its module and name wherever it runs."""

Tell = Callable[["Task", int, int], None]
"""``tell(task, done, total)``: how far a task is, where that can be known."""

Note = Callable[[str], None]
"""Takes a sentence about what happened to the workers."""


@dataclass(frozen=True, eq=False)
class Task:
    """One run: ``name`` is for people and file names, ``content`` (JSON-ready) all that the result depends on.

    ``about`` are the columns that tell the run in a table, there even if it has no result.
    """

    name: str
    function: Function
    argument: Any
    content: tuple[Any, ...] = ()
    about: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def key(self) -> str:
        """Twelve hex digits of the content and the version of Strandgrad."""
        from compiler import __version__

        return hashlib.sha256(json.dumps([*self.content, __version__]).encode()).hexdigest()[:12]

    @property
    def file(self) -> str:
        """Name of the result file: with the hash in it, a stale one is never read."""
        return f"{self.name}-{self.key}.json"


@dataclass(frozen=True)
class Lost:
    """A task that has no result, and why."""

    reason: str


@dataclass(frozen=True)
class Where:
    """Where tasks run: in at most ``workers`` processes here (default: one a core), or by a Dask ``scheduler``."""

    workers: int | None = None
    scheduler: str | None = None


HERE = Where()
