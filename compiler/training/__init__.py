"""Training at every level, a module each; every trainer is
``(design, *, epochs, seed, progress, checkpoints) -> History``.

:func:`train` is the one for scripts. The levels are imported when they are used, by :func:`trainer`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Unpack

    from compiler.design import Design
    from compiler.training.history import History
    from compiler.training.options import Options

_MODULES = {"reference": "reference", "formal": "formal", "clocked": "onepot", "dsd-reduced": "onepot", "dsd": "onepot"}

EVERY_LEVEL = tuple(_MODULES)
"""Levels that can be trained, lightest first, the reduced simulation of the DNA network among them."""

LEVELS = tuple(level for level in EVERY_LEVEL if level != "dsd-reduced")
"""Those that are compared unless others are asked for."""


class Trainer(Protocol):
    """Trains a design at one level."""

    def __call__(self, design: Design, **options: Unpack[Options]) -> History: ...


def trainer(level: str) -> Trainer:
    """The function that trains at ``level``, one of ``EVERY_LEVEL``; raises :class:`KeyError` for another."""
    found: Trainer = getattr(import_module(f"compiler.training.{_MODULES[level]}"), f"train_{level.replace('-', '_')}")
    return found


def train(
    design: Design | str | Path,
    level: str = "formal",
    **options: Unpack[Options],
) -> History:
    """Train a design, or the one of that name or path, at one level of ``EVERY_LEVEL``.

    ``epochs`` and ``seed`` replace the design's; ``progress(done, total)`` is told after every iteration. With
    ``checkpoints`` the run can be stopped and taken up again, to the very same weights.

    Raises :class:`InputError` for an unknown level or an unsound design, and
    :class:`~compiler.training.history.TrainingError`, which holds the history so far, where training fails.
    """
    from compiler.design import Design, load_design
    from dsd.errors import InputError

    if level not in EVERY_LEVEL:
        raise InputError(f"no level '{level}'; the levels are {', '.join(EVERY_LEVEL)}")
    loaded = design if isinstance(design, Design) else load_design(design)
    return trainer(level)(loaded, **options)
