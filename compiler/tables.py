"""CSV tables of samples as text and numbers, with the line each row stands on.

In: a CSV file and the names of its columns. Out: :class:`Table`, in the file's order.
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
from dsd.limits import MAX_FILE

Floats = NDArray[np.float64]


MAX_ROWS, MAX_CELLS = 100_000, 5_000_000


@dataclass(frozen=True, eq=False)
class Table:
    """Rows of a file: ``x`` (n, d); ``y`` (n, m) numbers, or ``classes`` (n) names; ``split`` (n), the line of each."""

    path: Path
    x: Floats
    y: Floats
    classes: tuple[str, ...]
    split: tuple[str, ...]
    lines: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.lines)


def read_table(
    path: Path, inputs: tuple[str, ...], targets: tuple[str, ...], split: str | None = None, *, classes: bool = False
) -> Table:
    """Read a CSV table with a header line; with ``classes`` the one target column is text.

    Raises :class:`InputError` naming file, line and column for a missing file or column, a header that names a column
    twice, a row of another length, a cell that is not a finite number, or an empty class.
    """
    reader, header = _opened(path)
    wanted = [*inputs, *targets, *([split] if split else [])]
    _check_header(path, header, wanted)
    numbers = inputs if classes else inputs + targets
    rows, names, parts, lines = [], [], [], []
    for cells in _cells(path, reader):
        if not any(cell.strip() for cell in cells):
            continue
        line = reader.line_num
        if len(cells) != len(header):
            fact = f"the row has {len(cells)} cells, the header {len(header)}"
            raise InputError(f"{path}:{line}: {fact}; correct or drop the row")
        row = {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
        rows.append([_number(path, line, name, row[name]) for name in numbers])
        if classes:
            names.append(_class(path, line, targets[0], row[targets[0]]))
        parts.append(row[split] if split else "")
        if len(rows) > MAX_ROWS or len(rows) * len(numbers) > MAX_CELLS:
            fact = f"the table has more than {MAX_ROWS} rows or {MAX_CELLS} numbers"
            raise InputError(f"{path}:{line}: {fact}; give fewer rows: training takes them one by one")
        lines.append(line)
    table = np.array(rows, dtype=np.float64).reshape(len(rows), len(numbers))
    d = len(inputs)
    return Table(path, table[:, :d], table[:, d:], tuple(names), tuple(parts), tuple(lines))


def _cells(path: Path, reader: csv._reader) -> Iterator[list[str]]:  # type: ignore[name-defined]
    """The rows; what the reader takes for no CSV at all is an error with its line."""
    try:
        yield from reader
    except csv.Error as error:
        raise InputError(f"{path}:{reader.line_num}: {error}; correct the row") from None


def cells(path: Path) -> tuple[list[str], list[list[str]]]:
    """The header and the rows of a CSV table as text, empty lines left out; errors as :func:`read_table`."""
    reader, header = _opened(path)
    return header, [[cell.strip() for cell in row] for row in _cells(path, reader) if any(cell.strip() for cell in row)]


def _opened(path: Path) -> tuple[csv._reader, list[str]]:  # type: ignore[name-defined]
    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE + 1)
        text = data.decode("utf-8-sig")
    except OSError as error:
        reason = error.strerror or str(error)
        raise InputError(f"{path}: cannot read the data file ({reason}); correct [data] file") from None
    except UnicodeDecodeError:
        raise InputError(f"{path}: the data file is not UTF-8 text; save it as CSV in UTF-8") from None
    except ValueError:
        raise InputError(f"{str(path)!r} cannot name a data file; correct [data] file") from None
    if len(data) > MAX_FILE:
        raise InputError(f"{path}: the data file is larger than {MAX_FILE // 2**20} MiB; give fewer rows")
    reader = csv.reader(StringIO(text, newline=""))
    header = [name.strip() for name in next(_cells(path, reader), [])]
    if not header:
        raise InputError(f"{path}: the data file is empty; give it a header line and at least one row")
    return reader, header


def _check_header(path: Path, header: list[str], wanted: list[str]) -> None:
    for name in wanted:
        if name not in header:
            close = get_close_matches(name, header, n=1)
            hint = f"did you mean '{close[0]}'?" if close else f"the columns are {', '.join(header)}"
            raise InputError(f"{path}: no column '{name}'; {hint}")
        if header.count(name) > 1:
            raise InputError(f"{path}: {header.count(name)} columns are called '{name}'; rename all but one")
        if wanted.count(name) > 1:
            raise InputError(f"{path}: column '{name}' is named for two purposes; name it once in [data]")


def _number(path: Path, line: int, name: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise InputError(f"{path}:{line}: {name} = '{text}' is not a number; correct or drop the row") from None
    if not math.isfinite(value):
        raise InputError(f"{path}:{line}: {name} = {value} is not finite; correct or drop the row")
    return value


def _class(path: Path, line: int, name: str, text: str) -> str:
    if not text:
        raise InputError(f"{path}:{line}: {name} is empty; name the class, or drop the row")
    return text
