"""A first design for a table of samples: what there is to learn, and settings by which it survives in DNA.

In: a CSV table, its target, perhaps its inputs and the kind of task. Out: :class:`Plan`, the choices that
:mod:`compiler.starter_text` writes into a ``design.toml``.

The circuit is linear, one line (or plane) for a number or for two classes, one for each of more classes, since that is
what keeps its learning in strands most surely: its states and adjoints stay within a few units, and no gate waits.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from compiler.datasets import Dataset, load
from compiler.schema_data import Data, Task
from compiler.scores import score
from compiler.splits import split_rows
from compiler.starter_table import Columns, Kind, columns
from compiler.tables import read_table
from dsd.errors import InputError

ROWS = 100
"""Most training and most validation rows: two epochs of them consume about as many strands as a pot may hold."""

ITERATIONS = 200
"""Samples shown in all; the epochs are as many as come to about so many."""

STEP = 0.15
"""A sample mends learning_rate * T^2 * |x|^2 of its own error, and |x|^2 is d + 1 in the mean of scaled inputs and a
constant. Above 2 that diverges; where it is small, many samples are averaged, and 200 of them still suffice."""


@dataclass(frozen=True)
class Plan:
    """What a design for ``columns`` of ``table`` is to say; ``data`` are the samples that it names.

    ``fractions`` split the rows; ``target_range`` is lowest and highest target of the training rows, None of classes.
    ``attainable`` is what least squares reaches on the validation rows (accuracy or R², None where that has no
    meaning), which a linear circuit cannot beat by much.
    """

    table: Path
    columns: Columns
    fractions: tuple[float, ...]
    target_range: tuple[float, float] | None
    epochs: int
    learning_rate: float
    data: Dataset
    attainable: float | None

    @property
    def outputs(self) -> int:
        """Targets of the circuit: one, or one a class where there are more than two."""
        return len(self.data.targets)


def plan(table: Path, target: str, inputs: tuple[str, ...] = (), kind: Kind | None = None) -> Plan:
    """Choose a design for a table.

    Raises :class:`InputError` for files, columns, cells and numbers of rows that make no task.
    """
    found = columns(table, target, inputs, kind)
    fractions = shares(found.rows)
    data = load(table.parent, *sections(table.name, found, fractions))
    n = len(data.train_x)
    return Plan(
        table, found, fractions, _range(table, found, fractions),
        epochs=max(1, round(ITERATIONS / n)),
        learning_rate=round(STEP / (len(found.inputs) + 1), 4),
        data=data,
        attainable=attainable(data, _task(found)),
    )  # fmt: skip


def shares(rows: int) -> tuple[float, ...]:
    """Training and validation rows, 70 and 30 % of small tables; of others ``ROWS`` each, and the rest for testing."""
    if rows <= ROWS / 0.7:
        return (0.7, 0.3)
    train = round(ROWS / rows, 4)
    validation = round(min(0.3, ROWS / rows), 4)
    return (train, validation, round(1 - train - validation, 4))


def sections(file: str, found: Columns, fractions: tuple[float, ...]) -> tuple[Data, Task]:
    """``[data]`` and ``[task]`` of the design."""
    regression = found.kind == "regression"
    keys = {
        "file": file, "inputs": found.inputs, "target": (found.target,), "fractions": fractions,
        "stratified": not regression, "scaling": "standard", "target_scaling": "minmax" if regression else "none",
    }  # fmt: skip
    return Data.model_validate(keys), _task(found)


def _task(found: Columns) -> Task:
    return Task(kind="multiclass" if found.kind == "classes" else found.kind, classes=found.classes or None)


def _range(table: Path, found: Columns, fractions: tuple[float, ...]) -> tuple[float, float] | None:
    """Lowest and highest target of a regression's training rows."""
    if found.kind != "regression":
        return None
    rows = read_table(table, found.inputs, (found.target,))
    training = split_rows(rows, sections(table.name, found, fractions)[0])[0]
    return float(rows.y[training].min()), float(rows.y[training].max())


def attainable(data: Dataset, task: Task) -> float | None:
    """Accuracy or R² on the validation rows of the least squares fit, with a constant, to the training rows.

    Raises :class:`InputError` if the validation rows cannot tell, because they are too few.
    """
    if len(data.validation_x) < 2:
        raise InputError(f"{len(data.validation_x)} validation rows judge nothing; give more rows")

    x, judged = (np.column_stack([part, np.ones(len(part))]) for part in (data.train_x, data.validation_x))
    weights = np.linalg.lstsq(x, data.train_y, rcond=None)[0]
    return score(task, judged @ weights, data.validation_y)
