"""Comparison of levels: each trains in a process of its own, heaviest first, and a failure costs only its own level.

In: a design and levels. Out: :class:`Outcome` per level, in the order asked for, and a :class:`Comparison` of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from compiler.design import Design, load_design
from compiler.metrics import below, metrics
from compiler.tasks.store import perform
from compiler.tasks.task import HERE, Lost, Note, Progress, Task, Where
from compiler.training import EVERY_LEVEL, LEVELS, trainer
from compiler.training.checkpoint import Checkpoints, place
from compiler.training.history import History, TrainingError
from compiler.verification import proof
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


@dataclass(frozen=True)
class Comparison:
    """Levels of a design side by side; ``gates`` is :func:`~compiler.verification.proof`, None without level dsd.

    ``seed`` is what replaced the design's, None for its own.
    """

    design: Design
    outcomes: tuple[Outcome, ...]
    gates: dict[str, Any] | None = None
    seed: int | None = None

    @property
    def histories(self) -> dict[str, History]:
        """The histories of the levels that finished."""
        return histories(self.outcomes)

    @property
    def failures(self) -> dict[str, str]:
        """The reasons of the levels that did not."""
        return failures(self.outcomes)

    @cached_property
    def metrics(self) -> dict[str, Any]:
        """Everything measured, JSON-ready: :func:`~compiler.metrics.metrics`, and ``gates``."""
        partial = partials(self.outcomes)
        found = metrics(self.design, self.histories, seed=self.seed, failed=self.failures, partial=partial)
        return {**found, "gates": self.gates}

    @property
    def survival(self) -> dict[str, float | None]:
        """The part of formal's improvement that each level keeps; None where that has no meaning."""
        return {level: entry["survival"] for level, entry in self.metrics["levels"].items()}

    @property
    def faults(self) -> tuple[str, ...]:
        """One sentence for each level below the design's ``survival_min``, and for each gate that does not verify."""
        gates = tuple(self.gates.get("faults", ())) if self.gates else ()
        return below(self.metrics, self.design.check.survival_min) + gates

    @property
    def ok(self) -> bool:
        """Every level finished, learning survived, and the gates verify."""
        return not self.faults and not self.failures


def compare(design: Design | str | Path, levels: Sequence[str] = LEVELS, **options: Any) -> Comparison:
    """Train a design, or the one of that name or path, at every level of ``levels``, and compare.

    ``options`` are those of :func:`train_levels`. The gates are verified where level dsd is among the levels.
    """
    loaded = design if isinstance(design, Design) else load_design(design)
    outcomes = train_levels(loaded, levels, **options)
    gates = proof(loaded) if "dsd" in levels else None
    return Comparison(loaded, outcomes, gates, options.get("seed"))


@dataclass(frozen=True, eq=False)
class _Given:
    """One level to train; ``folder`` is where its checkpoint is kept, if anywhere."""

    design: Design
    level: str
    epochs: int | None
    seed: int | None
    folder: Path | None
    every: int | None


def train_levels(
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
