"""Tidy tables: a row a run, a column a variable.

In: rows as mappings. Out: CSV text. What tells a run from others comes first: design, hash, version, level, seed.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from io import StringIO
from typing import Any

FIRST = ("design", "digest", "version", "level", "seed")
"""Leading columns of every table, where a row has them."""


def tidy(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows as CSV with one header, its columns those of all rows in order of appearance; None is an empty cell."""
    names = dict.fromkeys(name for row in rows for name in row)
    columns = [*(n for n in FIRST if n in names), *(n for n in names if n not in FIRST)]
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_cell(row.get(name)) for name in columns])
    return out.getvalue()


def _cell(value: Any) -> Any:
    """Floats by ``repr``, so that they read back as they were; vectors with spaces between."""
    if isinstance(value, (list, tuple)):
        return " ".join(str(_cell(v)) for v in value)
    return repr(float(value)) if isinstance(value, float) else value
