"""What a comparison is, before its first sample: which design, levels, seed and machine.

In: what ``compare`` was asked for. Out: ``run.json`` in its folder, so that a folder can be reported on however far
the training came. A comparison that is resumed adds a session.
"""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from compiler.design import Design
from compiler.metrics import provenance
from dsd.errors import InputError
from dsd.files import read_text, write_json_atomic

FILE = "run.json"
LIBRARIES = ("numpy", "scipy", "numba", "scikit-sundae", "sympy")
"""Libraries whose version may change a last digit."""


def describe(
    design: Design, source: str, levels: Sequence[str], epochs: int | None, seed: int | None
) -> dict[str, Any]:
    """What identifies a comparison of ``design``, which was named ``source``, and who it is made by."""
    return {
        "provenance": provenance(design, seed),
        "source": source if design.path.parent.name == source else str(design.path.resolve()),
        "levels": list(levels),
        "seed": seed,
        "epochs": design.training.epochs if epochs is None else epochs,
        "iterations": (design.training.epochs if epochs is None else epochs) * len(design.data.train_x),
        "sessions": [session()],
    }


def session() -> dict[str, Any]:
    """Now, and the machine that this runs on: what it is, not whose."""
    return {
        "began": datetime.now(UTC).isoformat(timespec="seconds"),
        "system": platform.platform(terse=True),
        "processor": _processor(),
        "cores": os.cpu_count() or 0,
        "python": platform.python_version(),
        "libraries": {name: found for name in LIBRARIES if (found := _version(name))},
    }


def begin(folder: Path, about: dict[str, Any], *, resume: bool) -> None:
    """Write ``run.json``; with ``resume`` the sessions before this one are kept."""
    if resume and (folder / FILE).exists():
        about = {**about, "sessions": [*read_json(folder / FILE).get("sessions", []), *about["sessions"]]}
    write_json_atomic(folder / FILE, about)


def read_json(path: Path) -> dict[str, Any]:
    """A JSON file that holds an object; raises :class:`InputError` for anything else."""
    try:
        value = json.loads(read_text(path))
    except (json.JSONDecodeError, RecursionError) as error:
        raise InputError(f"{path} is not valid JSON: {error}; delete it, or write it again") from None
    if not isinstance(value, dict):
        raise InputError(f"{path} holds a {type(value).__name__}, no object; delete it, or write it again")
    return value


def _processor() -> str:
    """The processor's name where the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor() or platform.machine())


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
