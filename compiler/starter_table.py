"""What a table of samples has to offer: columns of numbers, a target, and the kind of task it makes.

In: a CSV file with a header line. Out: :class:`Columns`. Rows are checked as a design would (:mod:`compiler.tables`).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from compiler.tables import cells, read_table
from dsd.errors import InputError

Kind = Literal["regression", "binary", "classes"]
KINDS: tuple[Kind, ...] = ("regression", "binary", "classes")

FEWEST, MOST_CLASSES = 10, 10
"""Rows below which none can be spared for validation, and classes beyond which a column was meant to be numbers."""


@dataclass(frozen=True)
class Columns:
    """The columns that a design names. ``left_out`` are the others, each with its reason; ``classes`` those of
    a classification in the order of their labels or outputs."""

    inputs: tuple[str, ...]
    target: str
    kind: Kind
    classes: tuple[str, ...]
    rows: int
    left_out: tuple[tuple[str, str], ...]


def columns(table: Path, target: str, inputs: tuple[str, ...] = (), kind: Kind | None = None) -> Columns:
    """Read the header and the rows; without ``inputs`` every other column of numbers that vary is one.

    Raises :class:`InputError` for a file, a column or a cell that cannot be used, and a target that fits no kind.
    """
    names, rows = cells(table)
    chosen, left_out = (inputs, ()) if inputs else _numbers(names, rows, target)
    if target in names and not chosen:
        raise InputError(f"{table}: no column but '{target}' holds numbers that vary; give it at least one input")
    read = read_table(table, chosen, (target,), classes=True)
    if len(read) < FEWEST:
        raise InputError(f"{table}: {len(read)} rows are too few to train and to judge by; give at least {FEWEST}")
    for name, column in zip(chosen, read.x.T, strict=True):
        if column.min() == column.max():
            raise InputError(f"{table}: {name} is {column[0]:g} in every row and tells nothing; leave it out")
    kind = kind or _kind(table, target, read.classes)
    classes = () if kind == "regression" else _classes(table, target, read.classes, kind)
    if kind == "regression":
        y = read_table(table, chosen, (target,)).y
        if y.min() == y.max():
            raise InputError(f"{table}: {target} is {y[0, 0]:g} in every row; there is nothing to learn")
    return Columns(chosen, target, kind, classes, len(read), left_out)


def _numbers(
    names: list[str], rows: list[list[str]], target: str
) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """Columns of numbers that vary, and the others with the reason why not."""
    chosen, left_out = [], []
    for i, name in enumerate(names):
        if name == target:
            continue
        values = [_value(row[i]) for row in rows if i < len(row)]
        # One bad cell in a column of numbers is a mistake to be reported, not a column of text.
        if sum(v is not None for v in values) <= len(values) / 2:
            left_out.append((name, "holds no numbers"))
        elif len(set(values)) == 1:
            left_out.append((name, "is the same in every row"))
        else:
            chosen.append(name)
    return tuple(chosen), tuple(left_out)


def _value(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _kind(table: Path, target: str, found: tuple[str, ...]) -> Kind:
    """The kind that the target's values leave no doubt about."""
    distinct = sorted(set(found))
    if len(distinct) == 2:
        return "binary"
    numbers = [_value(text) for text in distinct]
    if None in numbers:
        return "classes"
    if len(distinct) > MOST_CLASSES:
        return "regression"
    raise InputError(
        f"{table}: {target} has {len(distinct)} different numbers, which may be amounts or classes; "
        f"say which by --kind regression or --kind classes"
    )


def _classes(table: Path, target: str, found: tuple[str, ...], kind: Kind) -> tuple[str, ...]:
    """The class names in order: numbers by value, then names by letter."""
    names = sorted(set(found), key=lambda name: ((v := _value(name)) is None, v or 0.0, name))
    if len(names) < 2:
        raise InputError(f"{table}: every row is of class '{names[0]}'; give rows of another class")
    if kind == "binary" and len(names) != 2:
        raise InputError(f"{table}: {target} has {len(names)} classes ({', '.join(names[:5])}); use --kind classes")
    if kind == "classes" and len(names) == 2:
        raise InputError(f"{table}: {target} has two classes, {names[0]} and {names[1]}; use --kind binary")
    if len(names) > MOST_CLASSES:
        raise InputError(f"{table}: {target} has {len(names)} classes, above {MOST_CLASSES}; is it --kind regression?")
    rare = min(names, key=found.count)
    if found.count(rare) < 4:
        raise InputError(f"{table}: {found.count(rare)} rows of class '{rare}' are too few; give at least 4")
    return tuple(names)
