"""The samples of a design: read or drawn, labelled, split, scaled, checked, frozen.

In: sections ``[data]`` and ``[task]``. Out: :class:`Dataset`. Order is kept: training presents the rows as they
stand unless the design shuffles them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from compiler import generators
from compiler.schema_data import MAX_CLASSES, Data, Task
from compiler.splits import split_rows
from compiler.tables import Table, read_table
from dsd.errors import InputError

Floats = NDArray[np.float64]
Part = tuple[Floats, Floats]
EMPTY: Floats = np.empty((0, 0))


@dataclass(frozen=True, eq=False)
class Dataset:
    """Samples in formal units, as read-only float64 arrays: inputs (n, d) and targets (n, m).

    ``test`` decides after training; nothing is chosen by it. ``authors`` is the test set of the authors where it is
    another than their validation set. Both may be empty. ``classes`` names the classes of a table: the two of a
    binary task, off first, or one per output.
    """

    inputs: tuple[str, ...]
    targets: tuple[str, ...]
    train_x: Floats
    train_y: Floats
    validation_x: Floats
    validation_y: Floats
    test_x: Floats = field(default_factory=lambda: EMPTY.copy())
    test_y: Floats = field(default_factory=lambda: EMPTY.copy())
    authors_x: Floats = field(default_factory=lambda: EMPTY.copy())
    authors_y: Floats = field(default_factory=lambda: EMPTY.copy())
    classes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name, width in (("x", len(self.inputs)), ("y", len(self.targets))):
            for part in PARTS:
                array = getattr(self, f"{part}_{name}")
                array = np.array(array, dtype=np.float64).reshape(len(array), width)
                array.setflags(write=False)
                object.__setattr__(self, f"{part}_{name}", array)

    def part(self, name: str) -> Part:
        """Inputs and targets of ``"train"``, ``"validation"``, ``"test"`` or ``"authors"``."""
        return getattr(self, f"{name}_x"), getattr(self, f"{name}_y")

    @classmethod
    def of(
        cls, inputs: tuple[str, ...], targets: tuple[str, ...], parts: Sequence[Part], classes: tuple[str, ...] = ()
    ) -> Dataset:
        """The samples of two to four parts, each inputs (n, d) and targets (n, m), in the order of ``PARTS``."""
        (train, validation), rest = parts[:2], dict(zip(PARTS[2:], parts[2:], strict=False))
        return cls(inputs, targets, *train, *validation, classes=classes).with_parts(**rest)

    def with_parts(self, **parts: Part) -> Dataset:
        """The same columns with other samples in some parts: ``with_parts(test=(x, y))``."""
        arrays: dict[str, Any] = {f"{name}_x": x for name, (x, _) in parts.items()}
        return replace(self, **arrays | {f"{name}_y": y for name, (_, y) in parts.items()})


PARTS = ("train", "validation", "test", "authors")


def load(folder: Path, data: Data, task: Task) -> Dataset:
    """Read the table beside a design, or draw its samples.

    Raises :class:`InputError`, one sentence, for unusable files, rows, classes, splits and scalings.
    """
    read = _drawn(data, task) if data.file is None else _read(folder / data.file, data, task)
    return scaled(read, data.scaling, data.target_scaling)


def _drawn(data: Data, task: Task) -> Dataset:
    parts = [
        generators.sample(data, stream, n) for stream, n in enumerate((data.n_train, data.n_validation, data.n_test))
    ]
    if (grid := generators.grid(data)) is not None:
        parts.append(grid)
    if task.kind == "binary":
        _every_class([str(int(v)) for v in parts[0][1]], ("0", "1"), f"generator {data.generator}")
        low, high = task.labels
        parts = [(x, low + (high - low) * y) for x, y in parts]
    return Dataset.of(data.columns, data.target, parts)


def _read(path: Path, data: Data, task: Task) -> Dataset:
    table = read_table(path, data.columns, data.target, data.split, classes=task.kind != "regression")
    rows = split_rows(table, data)
    if task.kind == "regression":
        return Dataset.of(data.columns, data.target, [(table.x[r], table.y[r]) for r in rows])
    training = [table.classes[i] for i in rows[0]]
    names = task.classes or tuple(sorted(dict.fromkeys(training), key=_natural))
    if len(names) > MAX_CLASSES:
        raise InputError(f"{path}: {len(names)} classes, more than {MAX_CLASSES}; is {data.target[0]} a measurement?")
    _known(table, names, data.target[0])
    _every_class(training, names, str(path))
    if task.kind == "binary" and len(names) != 2:
        raise InputError(f'{path}: {len(names)} classes in training ({", ".join(names)}); use kind = "multiclass"')
    if len(names) < 2:
        raise InputError(f"{path}: every training row is of class '{names[0]}'; give rows of another class")
    low, high = task.labels
    index = np.array([names.index(c) for c in table.classes])
    if task.kind == "binary":
        y, targets = np.array([[low], [high]])[index], data.target
    else:
        y, targets = (low + (high - low) * np.eye(len(names)))[index], names
    return Dataset.of(data.columns, targets, [(table.x[r], y[r]) for r in rows], names)


def _natural(name: str) -> tuple[float, str]:
    """Numbers by value before names by letter, so that class 10 follows class 9."""
    try:
        return float(name), name
    except ValueError:
        return float("inf"), name


def _known(table: Table, names: Sequence[str], column: str) -> None:
    for line, found in zip(table.lines, table.classes, strict=True):
        if found not in names:
            fact = f"{column} = '{found}' is not among the classes of training, {', '.join(names)}"
            raise InputError(f"{table.path}:{line}: {fact}; correct the row, or the split")


def _every_class(training: Sequence[str], names: Sequence[str], where: str) -> None:
    for name in names:
        if name not in training:
            raise InputError(f"{where}: no training row of class '{name}'; add rows, or change the split")


def scaled(data: Dataset, scaling: str, targets: str = "none") -> Dataset:
    """Inputs, and ``targets``, shifted and divided by :func:`constants` of the training rows; ``"none"`` leaves them.

    Raises :class:`InputError` for a column that is constant there.
    """
    if scaling == targets == "none":
        return data
    x_low, x_width = constants(data.train_x, data.inputs, scaling)
    y_low, y_width = constants(data.train_y, data.targets, targets)
    parts = {p: data.part(p) for p in PARTS}
    return data.with_parts(**{p: ((x - x_low) / x_width, (y - y_low) / y_width) for p, (x, y) in parts.items()})


def constants(table: Floats, names: Sequence[str], scaling: str) -> Part:
    """What a scaling subtracts from the columns of ``table`` (n, d) and then divides by, each of shape (d,).

    ``minmax`` leads to 0..1, ``standard`` to mean 0 and standard deviation 1. Raises :class:`InputError` for a column
    that is constant.
    """
    if scaling == "none":
        return np.zeros(len(names)), np.ones(len(names))
    for name, flat in zip(names, table.max(axis=0) == table.min(axis=0), strict=True):
        if flat:
            raise InputError(
                f"{name} is constant in the training rows and cannot be scaled ({scaling}); drop the column"
            )
    if scaling == "minmax":
        return table.min(axis=0), table.max(axis=0) - table.min(axis=0)
    return table.mean(axis=0), table.std(axis=0)
