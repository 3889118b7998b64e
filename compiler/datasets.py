"""Tables of samples: read from CSV, checked, frozen.

In: a CSV file and the columns a design names. Out: :class:`Dataset`. Order is kept: training presents the rows as
they stand unless the design shuffles them.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from io import StringIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dsd.errors import InputError

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Dataset:
    """Training and validation samples, in formal units, as read-only arrays.

    ``train_x`` (n, d), ``train_y`` (n, m), ``validation_x`` (v, d), ``validation_y`` (v, m), float64.
    """

    inputs: tuple[str, ...]
    targets: tuple[str, ...]
    train_x: Floats
    train_y: Floats
    validation_x: Floats
    validation_y: Floats

    def __post_init__(self) -> None:
        for array in (self.train_x, self.train_y, self.validation_x, self.validation_y):
            array.setflags(write=False)


@dataclass(frozen=True)
class Columns:
    """Which columns of a table mean what; without ``split`` every row is both training and validation."""

    inputs: tuple[str, ...]
    targets: tuple[str, ...]
    split: str | None = None
    train: str = "train"
    validation: str = "val"


def read(path: Path, columns: Columns) -> Dataset:
    """Read a CSV table with a header line.

    Raises :class:`InputError` naming file, line and column for a missing file or column, a cell that is not a finite
    number, an unknown split, or a split without rows.
    """
    rows = list(_rows(path, columns))
    wanted = (columns.train, columns.validation) if columns.split else ("", "")
    found = dict.fromkeys(split for split, _ in rows)
    for split in wanted:
        if split not in found:
            have = f"it has {', '.join(found)}" if found else "it has no rows"
            raise InputError(f"{path}: no rows{_where(columns, split)}; {have}; add rows or correct [data]")
    d = len(columns.inputs)
    train, validation = (np.array([v for s, v in rows if s == split], dtype=np.float64) for split in wanted)
    return Dataset(
        columns.inputs, columns.targets, train[:, :d], train[:, d:], validation[:, :d], validation[:, d:]
    )  # fmt: skip


def _where(columns: Columns, split: str) -> str:
    return f" with {columns.split} = '{split}'" if columns.split else ""


def _rows(path: Path, columns: Columns) -> Iterator[tuple[str, list[float]]]:
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        reason = error.strerror or str(error)
        raise InputError(f"{path}: cannot read the data file ({reason}); correct [data] file") from None
    except UnicodeDecodeError:
        raise InputError(f"{path}: the data file is not UTF-8 text; save it as CSV in UTF-8") from None
    reader = csv.DictReader(StringIO(text, newline=""))
    header = [name.strip() for name in reader.fieldnames or []]
    reader.fieldnames = header
    if not header:
        raise InputError(f"{path}: the data file is empty; give it a header line and at least one row")
    names = columns.inputs + columns.targets
    for name in (*names, *([columns.split] if columns.split else [])):
        if name not in header:
            close = get_close_matches(name, header, n=1)
            hint = f"did you mean '{close[0]}'?" if close else f"the columns are {', '.join(header)}"
            raise InputError(f"{path}: no column '{name}'; {hint}")
    for row in reader:
        split = (row[columns.split] or "").strip() if columns.split else ""
        yield split, [_cell(path, reader.line_num, name, row[name]) for name in names]


def _cell(path: Path, line: int, name: str, text: str | None) -> float:
    try:
        value = float(text or "")
    except ValueError:
        raise InputError(f"{path}:{line}: {name} = '{text or ''}' is not a number; correct or drop the row") from None
    if not math.isfinite(value):
        raise InputError(f"{path}:{line}: {name} = {value} is not finite; correct or drop the row")
    return value
