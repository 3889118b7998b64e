"""Order sheets as text and plates: bulk order (CSV), FASTA, and plates (XLSX).

In: the lines of an order. Out: text, or the bytes of a workbook; the same lines give the same bytes.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile

from dsd.optional import optional
from dsd.orders.lines import Line

BULK = ("Name", "Sequence", "Scale", "Purification", "Syntheses", "Length", "Role")
PLATE = ("Well Position", "Name", "Sequence")
ROWS, COLUMNS = "ABCDEFGH", 12
"""Wells of a plate: 96, filled row by row."""

_STAMP = (2000, 1, 1, 0, 0, 0)  # files of a workbook carry no time, so that equal orders are equal files


def bulk(lines: tuple[Line, ...]) -> str:
    """The bulk order as CSV, one strand a row, 5' to 3'."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(BULK)
    for n in lines:
        table.writerow((n.name, n.sequence, n.scale, n.purification, n.syntheses, len(n.sequence), n.role))
    return out.getvalue()


def fasta(lines: tuple[Line, ...]) -> str:
    """The strands in FASTA, with role and length behind the name."""
    return "".join(f">{n.name} {n.role} {len(n.sequence)} nt\n{n.sequence}\n" for n in lines)


def wells(count: int) -> tuple[tuple[int, str], ...]:
    """Plate (from 1) and well of ``count`` strands: A1, A2, ... H12, then the next plate."""
    size = len(ROWS) * COLUMNS
    return tuple((i // size + 1, f"{ROWS[i % size // COLUMNS]}{i % COLUMNS + 1}") for i in range(count))


def plates(lines: tuple[Line, ...]) -> bytes:
    """An XLSX workbook with one sheet a plate of 96 wells: Well Position, Name, Sequence.

    Raises :class:`InputError` if openpyxl is not installed.
    """
    workbook = optional("openpyxl", "seq").Workbook()
    workbook.remove(workbook.active)
    sheets = {}
    for (plate, well), line in zip(wells(len(lines)), lines, strict=True):
        if plate not in sheets:
            sheets[plate] = workbook.create_sheet(f"Plate {plate}")
            sheets[plate].append(PLATE)
        sheets[plate].append((well, line.name, line.sequence))
    if not sheets:
        workbook.create_sheet("Plate 1").append(PLATE)
    raw = io.BytesIO()
    workbook.save(raw)
    return _timeless(raw.getvalue())


def _timeless(raw: bytes) -> bytes:
    """The same workbook without the moment it was made."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist()):
            content = old.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2000-01-01T00:00:00Z", content)
            new.writestr(zipfile.ZipInfo(name, _STAMP), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()
