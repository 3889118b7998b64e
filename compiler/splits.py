"""Rows of a table into training, validation and test: by a column, or by seeded fractions."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from compiler.schema_data import Data
from compiler.tables import Table
from dsd.errors import InputError

Rows = NDArray[np.intp]


def split_rows(table: Table, data: Data) -> tuple[Rows, Rows, Rows]:
    """Row numbers of the training, validation and test rows, test possibly empty.

    Without a split every row is both training and validation. Raises :class:`InputError` if training or validation
    has no rows.
    """
    if not len(table):
        raise InputError(f"{table.path}: no rows; give it at least one")
    if data.split is not None:
        return _by_column(table, data, data.split)
    if data.fractions is not None:
        return _by_fractions(table, data, data.fractions)
    every = np.arange(len(table))
    return every, every, every[:0]


def _by_column(table: Table, data: Data, column: str) -> tuple[Rows, Rows, Rows]:
    have = tuple(dict.fromkeys(table.split))
    for name in (data.train, data.validation):
        if name not in have:
            raise InputError(
                f"{table.path}: no rows with {column} = '{name}'; it has {', '.join(have)}; add rows or correct [data]"
            )
    parts = np.array(table.split)
    train, validation, test = (np.flatnonzero(parts == name) for name in (data.train, data.validation, data.test))
    return train, validation, test


def _by_fractions(table: Table, data: Data, fractions: tuple[float, ...]) -> tuple[Rows, Rows, Rows]:
    """Shuffled by the design's seed and cut; ``stratified`` does so within each class. The parts keep that order."""
    random = np.random.default_rng([data.seed, 3])
    order = random.permutation(len(table))
    groups = [order]
    if data.stratified:
        names = np.array(table.classes)[order]
        groups = [order[names == name] for name in sorted(dict.fromkeys(table.classes))]
    parts: list[list[Rows]] = [[], [], []]
    for group in groups:
        ends = np.rint(np.cumsum(fractions) * len(group)).astype(int)
        for part, rows in zip(parts, np.split(group, ends[:-1]), strict=False):
            part.append(rows)
    place = np.argsort(order)
    # Strata are put back into the shuffled order, so that training does not see class after class.
    joined = [np.concatenate([order[:0], *part]) for part in parts]
    train, validation, test = (rows[np.argsort(place[rows])] for rows in joined)
    for name, rows in (("training", train), ("validation", validation)):
        if not len(rows):
            raise InputError(f"{table.path}: {len(table)} rows leave none for {name}; change [data] fractions")
    return train, validation, test
