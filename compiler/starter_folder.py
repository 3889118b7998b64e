"""The folder of a first design: written beside its place, checked by loading it, and moved there in one step.

In: the folder's name and a table, or none. Out: the folder, whole or not at all, and the
:class:`~compiler.starter.Plan` it was written by.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import tempfile
from pathlib import Path

import numpy as np

from compiler.design import load_design
from compiler.starter import Plan, plan
from compiler.starter_table import Kind
from compiler.starter_text import text
from dsd.errors import InputError
from dsd.files import write_atomic

EXAMPLE = "samples.csv"
"""The made-up table of a folder that was given none."""

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def start(
    name: str | Path, table: Path, target: str, inputs: tuple[str, ...] = (), kind: Kind | None = None,
    *, reference: bool = False,
) -> Plan:  # fmt: skip
    """Write the folder ``name`` for a table, which is copied into it or, by ``reference``, named where it lies.

    Raises :class:`InputError` if the folder is there already, cannot be written, or the table makes no design.
    """
    folder = _vacant(name)
    made = plan(table, target, inputs, kind)
    file = os.path.relpath(table.resolve(), folder.resolve()) if reference else table.name
    _place(folder, text(made, folder.name, file), None if reference else table)
    return made


def example(name: str | Path) -> Plan:
    """Write the folder ``name`` for a small table made up on the spot: two inputs and a noisy linear target."""
    folder = _vacant(name)
    with tempfile.TemporaryDirectory() as scratch:
        table = Path(scratch) / EXAMPLE
        write_atomic(table, samples())
        made = plan(table, "y", kind="regression")
        _place(folder, text(made, folder.name, EXAMPLE), table)
    return made


def samples(rows: int = 60, seed: int = 1) -> str:
    """CSV text of ``y = 1 + 0.5 x1 + 2 x2`` with inputs uniform in 0..4 and normal noise of 0.2."""
    random = np.random.default_rng(seed)
    x = random.uniform(0, 4, (rows, 2))
    y = 1 + x @ [0.5, 2.0] + random.normal(0, 0.2, rows)
    lines = [",".join(f"{v:.3f}" for v in (*pair, value)) for pair, value in zip(x, y, strict=True)]
    return "\n".join(["x1,x2,y", *lines, ""])


def _vacant(name: str | Path) -> Path:
    """The folder to be, which must not be there yet."""
    folder = Path(name)
    if not NAME.fullmatch(folder.name):
        raise InputError(f"'{folder.name}' cannot name a design; use letters, digits, - and _")
    if os.path.lexists(folder):
        raise InputError(f"{folder} exists already, and nothing is overwritten; choose another name")
    return folder


def _place(folder: Path, design: str, table: Path | None) -> None:
    """Make the folder beside its place, load what it says, and move it there."""
    temporary = folder.with_name(f".{folder.name[:100]}.{secrets.token_hex(8)}.tmp")
    try:
        write_atomic(temporary / "design.toml", design)
        if table is not None:
            write_atomic(temporary / table.name, table.read_bytes())
        load_design(temporary)
        if os.path.lexists(folder):
            raise InputError(f"{folder} has come into being meanwhile; nothing is overwritten, choose another name")
        os.rename(temporary, folder)
    except OSError as error:
        raise InputError(f"{folder} cannot be written: {error.strerror}; choose a place you can write to") from None
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
