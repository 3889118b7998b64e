"""A folder of results as the report reads it, whether its training is finished or not.

In: the folder of ``compare`` or ``train``. Out: :class:`Results`. Levels that are under way come from their
checkpoints; results of ``verify`` and ``robustness`` are taken from ``verify.json`` and ``robustness.json`` in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from shlex import quote
from typing import Any

from compiler.report.reading import Rows, Samples, checked, first_of, json_of, samples, table, weights
from compiler.report.run import FILE
from compiler.training import EVERY_LEVEL
from compiler.training.checkpoint import place, read
from dsd.errors import InputError


@dataclass(frozen=True)
class Level:
    """A level of the folder: ``state`` is finished, failed or unfinished; ``entry`` is what ``metrics.json`` says.

    ``weights`` (N + 1, P) from the first on, ``clock`` (M, 4) one period as time and three phases.
    """

    name: str
    state: str
    entry: Mapping[str, Any]
    weights: Rows = ()
    clock: Rows = ()
    samples: Samples | None = None

    @property
    def dna(self) -> bool:
        """Whether it is in nM and seconds."""
        return self.name.startswith("dsd")


@dataclass(frozen=True)
class Results:
    """Everything a folder holds; ``facts`` is what the design adds (:mod:`compiler.report.facts`)."""

    folder: Path
    run: Mapping[str, Any]
    provenance: Mapping[str, Any]
    names: tuple[str, ...]
    levels: tuple[Level, ...]
    failed: Mapping[str, str]
    gates: Mapping[str, Any] | None
    robustness: Mapping[str, Any] | None
    facts: Mapping[str, Any] = field(default_factory=dict)

    def find(self, name: str) -> Level | None:
        """The level of that name."""
        return next((level for level in self.levels if level.name == name), None)

    @property
    def finished(self) -> tuple[Level, ...]:
        """Levels that trained to the end."""
        return tuple(level for level in self.levels if level.state == "finished")

    @property
    def design(self) -> str:
        """What to call the design in a command."""
        return quote(self.source)

    @property
    def source(self) -> str:
        """Where the design is, or its shipped name."""
        return str(self.run.get("source") or self.provenance.get("design", "DESIGN"))

    @property
    def place(self) -> str:
        """The folder in a command."""
        return quote(str(self.folder))


def read_folder(folder: Path) -> Results:
    """Read a folder; raises :class:`InputError` if there are no results in it, or they cannot be read."""
    metrics, run = json_of(folder / "metrics.json"), json_of(folder / FILE)
    begun = [(name, place(folder, name)) for name in EVERY_LEVEL if place(folder, name).exists()]
    if metrics is None and not begun:
        raise InputError(f"{folder} holds no metrics.json and no checkpoint; give a folder of 'compare' or 'train'")
    metrics, run = metrics or {}, run or {}
    if metrics and run.get("provenance") != metrics.get("provenance"):
        run = {}  # It tells of another run in the same folder, which has no results yet.
    if set(metrics.get("levels") or ()) & {name for name, _ in begun}:
        metrics = {}  # Finished levels leave no checkpoint: these metrics are of an earlier run in the same folder.
    found = checked(folder / "metrics.json", partial(_read, folder, metrics, run, dict(begun)))
    if not found.levels and not found.failed:
        raise InputError(f"{folder / 'metrics.json'} has no level, finished or not; write it again by 'compare'")
    return found


def _read(folder: Path, metrics: dict[str, Any], run: dict[str, Any], begun: Mapping[str, Path]) -> Results:
    file = folder / "metrics.json"
    kinds = (("levels", "finished"), ("partial", "failed"))
    entries = {n: (state, e) for key, state in kinds for n, e in dict(metrics.get(key) or {}).items()}
    if unknown := [n for n in entries if n not in EVERY_LEVEL]:
        raise InputError(f"{file} has a level '{unknown[0]}', which is none; write it again by 'compare'")
    levels: list[Level] = []
    header: tuple[str, ...] = ()
    for name in EVERY_LEVEL:
        if name in entries:
            names, values = weights(folder, name)
            header = header or names
            levels.append(checked(file, partial(_level, folder, name, *entries[name], values)))
        elif name in begun:
            levels.append(_under_way(name, begun[name]))
    width = max((len(level.weights[0]) for level in levels if level.weights), default=0)
    return Results(
        folder, run, dict(metrics.get("provenance") or run.get("provenance") or {}),
        header or tuple(f"weight {i + 1}" for i in range(width)), tuple(levels), dict(metrics.get("failed") or {}),
        _gates(folder, metrics), first_of(folder, "robustness.json", "robustness/robustness.json"),
    )  # fmt: skip


def _level(folder: Path, name: str, state: str, entry: Mapping[str, Any], values: Rows) -> Level:
    """A level of ``metrics.json``; what later pages index is looked at here."""
    _ = [float(v) for v in entry["validation_loss"]], [float(v) for v in entry["train_loss"]], int(entry["iterations"])
    return Level(name, state, entry, values, table(folder / f"{name}-clock.csv")[1], samples(folder, name))


def _under_way(name: str, path: Path) -> Level:
    """A level's record so far, from its checkpoint."""
    about, parts = read(path)

    def build() -> Level:
        record = parts["record"]
        entry = {
            "train_loss": record["train"], "validation_loss": record["validation"],
            "validation_trace": record["trace"], "validation_accuracy": record["right"],
            "iterations": int(about["iteration"]), "wall_s": record["seconds"],
        }  # fmt: skip
        return Level(name, "unfinished", entry, tuple(tuple(map(float, row)) for row in record["weights"]))

    return checked(path, build)


def _gates(folder: Path, metrics: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """What verification found: of ``verify.json``, which has most, or of the comparison."""
    found = first_of(folder, "verify.json")
    if found is not None:
        verified = found.get("verified")
        return dict(verified[0]) if isinstance(verified, list) and verified else None
    return metrics.get("gates")
