"""Files of a folder of results: JSON and tables, read with errors that name the file.

In: paths. Out: plain data, and :class:`Samples`.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from compiler.report.run import read_json
from dsd.errors import InputError
from dsd.files import read_text

Rows = tuple[tuple[float, ...], ...]
T = TypeVar("T")


@dataclass(frozen=True)
class Samples:
    """Validation samples of a level: ``x`` (V, d), ``y``, ``before`` and ``after`` (V, m), and names of inputs."""

    inputs: tuple[str, ...]
    x: Rows
    y: Rows
    before: Rows
    after: Rows


def checked(path: Path, build: Callable[[], T]) -> T:
    """What ``build`` makes of the file at ``path``; raises :class:`InputError` where it is not what it should be."""
    try:
        return build()
    except (KeyError, TypeError, ValueError, IndexError) as error:
        fact = f"{type(error).__name__}: {error}"
        raise InputError(f"{path} is not what this version writes ({fact}); write it again by 'compare'") from None


def json_of(path: Path) -> dict[str, Any] | None:
    """The object of a JSON file, None where there is no file."""
    return read_json(path) if path.exists() else None


def first_of(folder: Path, *names: str) -> dict[str, Any] | None:
    """The object of the first of these files that is there."""
    return next((found for name in names if (found := json_of(folder / name)) is not None), None)


def weights(folder: Path, name: str) -> tuple[tuple[str, ...], Rows]:
    """Names of the weights and their values after every iteration, of a level."""
    header, rows = table(folder / f"{name}-weights.csv")
    return header[1:], tuple(row[1:] for row in rows)


def samples(folder: Path, name: str) -> Samples | None:
    """The validation table: inputs, targets, then as many predictions before and after as there are targets."""
    header, rows = table(folder / f"{name}-validation.csv")
    if not rows:
        return None
    named = len(header) - 2
    m = (len(rows[0]) - named) // 2
    d = named - m
    parts = [tuple(row[a:b] for row in rows) for a, b in ((0, d), (d, d + m), (d + m, d + 2 * m), (d + 2 * m, None))]
    return Samples(header[:d], parts[0], parts[1], parts[2], parts[3])


def table(path: Path) -> tuple[tuple[str, ...], Rows]:
    """Header and rows of a CSV file of numbers; nothing if there is no file."""
    if not path.exists():
        return (), ()
    lines = list(csv.reader(read_text(path).splitlines()))
    return checked(path, lambda: (tuple(lines[0]), tuple(tuple(float(v) for v in line) for line in lines[1:] if line)))
