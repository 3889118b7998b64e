"""Control experiments as tasks.

In: a design, a number of iterations and of samples that judge. Out: a task per experiment, and from its records the
:class:`~compiler.controls.Control` of each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from compiler.controls import Control, Plan, plans, run
from compiler.design import Design
from compiler.tasks.task import Progress, Record, Task
from dsd.errors import InputError

LONGER = 2.5
"""How much longer an experiment is whose samples change on the way: it has two things to learn."""


@dataclass(frozen=True, eq=False)
class _Given:
    design: Design
    plan: Plan
    iterations: int
    validation: int


def tasks(design: Design, iterations: int, validation: int) -> tuple[Task, ...]:
    """All experiments, the intact pot first."""
    found = []
    for plan in plans(design):
        length = round(iterations * LONGER) if len(plan.parts) > 1 else iterations
        name = plan.name.replace(",", "").replace(" ", "-")
        about = {**columns(design), "name": plan.name, "iterations": length, "validation": validation}
        content = (design.digest, plan.name, length, validation)
        found.append(Task(name, _control, _Given(design, plan, length, validation), content, about))
    return tuple(found)


def columns(design: Design) -> dict[str, Any]:
    """What tells the rows of this design from those of others."""
    from compiler import __version__

    return {
        "design": design.name,
        "digest": design.digest,
        "version": __version__,
        "level": "dsd",
        "seed": design.training.seed,
    }


def _control(given: _Given, progress: Progress) -> Record:
    return asdict(run(given.design, given.plan, iterations=given.iterations, validation=given.validation))


def controls(records: Sequence[Record]) -> tuple[Control, ...]:
    """The experiments that the records tell of; raises :class:`InputError` if one was lost."""
    lost = [f"{record['name']} ({record['error']})" for record in records if record.get("error")]
    if lost:
        raise InputError(f"no result of {', '.join(lost)}; the others are kept: give the same command again")
    return tuple(_read(record) for record in records)


def _read(record: Record) -> Control:
    """A control from its record, where vectors are lists."""
    values = {f.name: record[f.name] for f in fields(Control)}
    read: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in values.items()}
    return Control(**read)
