"""Comparison of levels: each trains in a process of its own, heaviest first, and a failure costs only its own level.

In: a design and levels. Out: :class:`Outcome` per level, in the order asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from compiler.design import Design
from compiler.tasks.store import perform
from compiler.tasks.task import HERE, Lost, Note, Progress, Task, Where
from compiler.training import EVERY_LEVEL, LEVELS, trainer
from compiler.training.checkpoint import Checkpoints, place
from compiler.training.history import History, TrainingError
from dsd.errors import InputError, StrandgradError

Report = Callable[[str, int, int], None]
"""``report(level, done, total)`` after every iteration of a level."""


@dataclass(frozen=True)
class Outcome:
    """What came of one level: its history, or the reason why there is none, and what there was until it failed."""

    level: str
    history: History | None
    error: str = ""
    partial: History | None = None


@dataclass(frozen=True, eq=False)
class _Given:
    """One level to train; ``folder`` is where its checkpoint is kept, if anywhere."""

    design: Design
    level: str
    epochs: int | None
    seed: int | None
    folder: Path | None
    every: int | None


def compare(
    design: Design,
    levels: Sequence[str] = LEVELS,
    *,
    epochs: int | None = None,
    seed: int | None = None,
    where: Where = HERE,
    folder: Path | None = None,
    every: int | None = None,
    resume: bool = False,
    report: Report | None = None,
    note: Note | None = None,
) -> tuple[Outcome, ...]:
    """Train ``design`` at every level of ``levels``, one a core at a time or as ``where`` says.

    With a ``folder`` every level keeps a checkpoint there, ``every`` so many iterations, and with ``resume`` goes on
    from it, if it had one. They are left there, the last of each finished level too: a comparison that was stopped does
    not train it again.

    Raises :class:`InputError` for an unknown level, and for checkpoints that are there unwanted, or wanted and none
    there. A level that fails, or whose processes die, yields an outcome with the reason. On KeyboardInterrupt all
    workers are stopped before it is raised again.
    """
    for level in levels:
        if level not in EVERY_LEVEL:
            raise InputError(f"no level '{level}'; the levels are {', '.join(EVERY_LEVEL)}")
    if folder:
        folder = folder.resolve()
        check_checkpoints(folder, levels, resume)
    # Whoever waits longest begins first.
    heaviest = sorted(levels, key=EVERY_LEVEL.index, reverse=True)
    tasks = [Task(level, _train, _Given(design, level, epochs, seed, folder, every)) for level in heaviest]
    tell = None if report is None else lambda task, done, total: report(task.name, done, total)
    found: dict[str, Outcome] = {}
    with closing(perform(tasks, where, tell, note)) as results:
        for task, value in results:
            found[task.name] = Outcome(task.name, None, value.reason) if isinstance(value, Lost) else value
    return tuple(found[level] for level in levels)


def histories(outcomes: Sequence[Outcome]) -> dict[str, History]:
    """The histories of the levels that finished."""
    return {o.level: o.history for o in outcomes if o.history is not None}


def failures(outcomes: Sequence[Outcome]) -> dict[str, str]:
    """The reasons of the levels that did not."""
    return {o.level: o.error for o in outcomes if o.history is None}


def partials(outcomes: Sequence[Outcome]) -> dict[str, History]:
    """The histories of the levels that began to train and failed, up to there."""
    return {o.level: o.partial for o in outcomes if o.partial is not None}


def check_checkpoints(folder: Path, levels: Sequence[str], resume: bool) -> None:
    """Raise :class:`InputError` for checkpoints in a folder that are there unwanted, or wanted and none there."""
    there = [str(place(folder, level)) for level in levels if place(folder, level).exists()]
    if there and not resume:
        raise InputError(
            f"{there[0]} is the checkpoint of a run that was not finished; go on with it by --resume, or delete it, or "
            f"choose another folder"
        )
    if resume and not there:
        raise InputError(f"there is no checkpoint in {folder} to go on from; leave --resume out to train anew")


def _train(given: _Given, progress: Progress) -> Outcome:
    """Train one level; if a process died over it, the next one goes on from its checkpoint."""
    level, checkpoints = given.level, None
    if given.folder:
        file = place(given.folder, level)
        checkpoints = Checkpoints(file, every=given.every, resume=file.exists())
    try:
        history = trainer(level)(
            given.design, epochs=given.epochs, seed=given.seed, progress=progress, checkpoints=checkpoints
        )
    except TrainingError as error:
        return Outcome(level, None, str(error), error.history)
    except StrandgradError as error:
        return Outcome(level, None, str(error))
    return Outcome(level, history)
