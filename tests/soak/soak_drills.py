"""The commands that are killed, and what must hold of the files they leave.

In: a folder. Out: :class:`Drill`, one for each long command; :func:`check_files`, which reads every file that has its
final name; :func:`content`, all of a folder but what depends on the clock on the wall.
"""

from __future__ import annotations

import csv
import json
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from compiler.training.checkpoint import read

DESIGN = """\
[design]
name = "drill"

[data]
file = "data.csv"
inputs = ["x1", "x2"]
target = "y"
split = "split"

[model]
dynamics = "theta*x"
T = 0.5
learning_rate = 0.3

[model.parameters]
theta = [1.0, 0.5]

[model.rails]
theta = "single"

[training]
epochs = {epochs}
"""

ROWS = [
    "split,x1,x2,y", *("train,1.0,2.0,6.0", "train,2.0,1.0,5.0", "train,1.5,1.0,4.0"), "val,1.5,1.5,5.5",
    "val,1.0,1.0,3.5",
]  # fmt: skip

FORMATS = ("crn", "sbml", "antimony", "catalyst", "pil", "visual-dsd", "graphml")
"""Those that need no nucleotides, whose design would take most of the time."""

WALL = ("wall_s", "training_s", "sessions")
"""Columns and keys that tell how long something took, and how often it was begun."""


@dataclass(frozen=True)
class Drill:
    """``command`` without its folder; ``resume`` what is added to it where a checkpoint lies in the folder."""

    name: str
    command: tuple[str, ...]
    resume: tuple[str, ...] = ()

    def arguments(self, folder: Path) -> list[str]:
        """The command as one would give it next, whatever the last one left behind."""
        there = any(folder.glob("checkpoint-*.npz"))
        return [*self.command, "-o", str(folder), *(self.resume if there else ())]


def drills(folder: Path) -> dict[str, Drill]:
    """A drill for every long command, on designs that are written into the folder."""
    for name, epochs in (("formal", 60), ("pot", 2)):
        (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / name / "design.toml").write_text(DESIGN.format(epochs=epochs))
        (folder / name / "data.csv").write_text("\n".join(ROWS) + "\n")
    formal, pot, kept = str(folder / "formal"), str(folder / "pot"), ("--checkpoint-every", "1")
    again = ("--resume",)
    found = (
        Drill("formal", ("train", formal, "--level", "formal", *kept), again),
        Drill("clocked", ("train", pot, "--level", "clocked", "--epochs", "4", *kept), again),
        Drill("dsd", ("train", pot, "--level", "dsd", *kept), again),
        Drill("compare", ("compare", pot, "--levels", "reference,formal,clocked", "--workers", "2", *kept), again),
        Drill("sweep", ("sweep", formal, "--vary", "T=0.3,0.4,0.5", "--epochs", "10", "--workers", "2")),
        Drill("bench", ("bench", "paper", "--quick", "--designs", "linear2d", "--seeds", "4", "--workers", "2")),
        Drill("export", ("export", pot, "--zip", *(f"--format={f}" for f in FORMATS))),
    )  # fmt: skip
    return {drill.name: drill for drill in found}


def progress(folder: Path, said: str) -> dict[str, int]:
    """How far a command has got, by what it left and by what it said: each number may only grow."""
    done = {path.name: int(read(path)[0]["iteration"]) for path in folder.glob("checkpoint-*.npz")}
    reported = [int(n) for n in re.findall(r"^\[(\d+)/\d+\]", said, re.MULTILINE)]
    records = len(list((folder / "runs").glob("*.json")))
    if reported and records < max(reported):
        raise AssertionError(f"{max(reported)} runs were reported as done, {records} are there")
    return {**done, "runs": records}


def check_files(folder: Path) -> int:
    """Read every file that has its final name; returns how many there are. Raises for one that is not whole."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and not path.name.endswith(".tmp")]
    for path in files:
        try:
            READERS.get(path.suffix, _text)(path)
        except Exception as error:
            raise AssertionError(f"{path} is not whole: {error}") from error
    return len(files)


def content(folder: Path) -> dict[str, Any]:
    """What every file says, but for durations; two folders of the same run are equal."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and not path.name.endswith(".tmp")]
    return {str(path.relative_to(folder)): _said(path) for path in files}


def _said(path: Path) -> Any:
    if path.suffix == ".html":
        return "made of the other files, and says how long they took"
    if path.suffix == ".json":
        return _timeless(json.loads(path.read_text()))
    if path.suffix == ".csv" and path.read_text().count("training_s"):
        return [{k: v for k, v in row.items() if k not in WALL} for row in csv.DictReader(StringIO(path.read_text()))]
    return path.read_bytes()


def _timeless(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _timeless(v) for k, v in value.items() if k not in WALL}
    return [_timeless(v) for v in value] if isinstance(value, list) else value


def _text(path: Path) -> None:
    if not path.read_text(encoding="utf-8").endswith("\n"):
        raise ValueError("the last line has no end")


def _page(path: Path) -> None:
    if not path.read_text(encoding="utf-8").rstrip().endswith("</html>"):
        raise ValueError("the page has no end")


def _table(path: Path) -> None:
    _text(path)
    rows = [row for row in csv.reader(StringIO(path.read_text())) if row and not row[0].startswith("#")]
    if len({len(row) for row in rows}) != 1:
        raise ValueError("rows differ in length")


def _picture(path: Path) -> None:
    data = path.read_bytes()
    if not (data.startswith(b"\x89PNG") and data.endswith(b"IEND\xaeB`\x82")):
        raise ValueError("no whole PNG")


def _archive(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        if (bad := archive.testzip()) is not None:
            raise ValueError(f"{bad} is spoilt")


def _markup(path: Path) -> None:
    ElementTree.parse(path)


READERS: dict[str, Callable[[Path], object]] = {
    ".json": lambda path: json.loads(path.read_text()), ".npz": read, ".csv": _table, ".png": _picture,
    ".html": _page, ".zip": _archive, ".svg": _markup, ".xml": _markup, ".sbml": _markup, ".graphml": _markup,
}  # fmt: skip
