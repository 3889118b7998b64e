"""Design files: read, checked, frozen.

In: the path of a ``design.toml``, of its folder, or the name of a shipped design. Out: :class:`Design`, which holds
the checked keys, the data, the parsed dynamics, and a content hash. Every problem of a file is reported at once.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import ValidationError

import designs
from compiler.circuit import Circuit
from compiler.datasets import PARTS, Dataset, load
from compiler.design_errors import refuse, reworded
from compiler.design_model import dynamics_of, model_of
from compiler.dynamics import Dynamics
from compiler.model import Model
from compiler.neural import derive
from compiler.schema import Check, Clock, DesignFile, Dna, Faults, Formal, ModelSection, Training, unscheduled, unused
from compiler.schema_data import Task, problems
from compiler.schema_model import Feedback
from compiler.schema_sequences import SequencesSection
from dsd.errors import InputError
from dsd.files import read_text
from dsd.toml_text import MAX_TOML, toml_keys


@dataclass(frozen=True, eq=False)
class Design:
    """A checked design: ``file`` the keys, ``path`` where they came from, ``data`` the samples they name."""

    file: DesignFile
    path: Path
    data: Dataset

    @property
    def name(self) -> str:
        """The design's name."""
        return self.file.design.name

    @property
    def task(self) -> Task:
        """Section ``[task]``."""
        return self.file.task

    @property
    def model(self) -> ModelSection:
        """Section ``[model]``."""
        return self.file.model

    @property
    def training(self) -> Training:
        """Section ``[training]``."""
        return self.file.training

    @property
    def formal(self) -> Formal:
        """Section ``[formal]``."""
        return self.file.formal

    @property
    def clock(self) -> Clock:
        """Section ``[clock]``."""
        return self.file.clock

    @property
    def dna(self) -> Dna:
        """Section ``[dna]``."""
        return self.file.dna

    @property
    def faults(self) -> Faults:
        """Section ``[faults]``."""
        return self.file.faults

    @property
    def sequences(self) -> SequencesSection:
        """Section ``[sequences]``."""
        return self.file.sequences

    @property
    def check(self) -> Check:
        """Section ``[check]``."""
        return self.file.check

    @property
    def pipelined(self) -> bool:
        """Whether the update of a sample comes a sample late, at every level."""
        return self.clock.gating == "pipelined"

    @cached_property
    def dynamics(self) -> Dynamics:
        """The parsed ``f``."""
        return dynamics_of(self.path, self.file, self.data)

    @cached_property
    def neural(self) -> Model:
        """The model that the derivation into reactions reads."""
        return model_of(self.path, self.file, self.data, self.dynamics)

    def circuit(self, *, flush: bool = False, annihilation: bool = False) -> Circuit:
        """The formal Neural CRN; options as in :func:`compiler.neural.derive`."""
        return derive(self.neural, flush=flush, annihilation=annihilation)

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hex) of the keys and the data; independent of where the file lies and how it is laid out."""
        # A design that leaves [model.feedback], [faults], [sequences], later keys of [data] or [dna] out hashes as it
        # did before there were such.
        later: dict[str, Any] = {"model": {"feedback"}} if self.model.feedback == Feedback() else {}
        later |= {} if self.faults.model_dump(exclude_defaults=True) else {"faults": True}
        if self.file.sequences == SequencesSection():
            later["sequences"] = True
        later |= {"dna": unused(self.dna), "clock": unused(self.clock)}
        if self.file.data.target_scaling == "none":
            later["data"] = {"target_scaling"}
        keys = self.file.model_dump(mode="json", exclude=later)
        total = hashlib.sha256(json.dumps(keys, sort_keys=True).encode())
        data = self.data
        for array in (a for part in PARTS for a in data.part(part)):
            total.update(f"{array.shape}".encode() + array.astype("<f8").tobytes())
        return total.hexdigest()

    def with_data(self, data: Dataset) -> Design:
        """The same design on other samples of the same columns."""
        return replace(self, data=data)

    def on(self, data: Dataset, weights: tuple[float, ...] | None = None) -> Design:
        """The same circuit on other samples, perhaps with other initial weights.

        Unlike :meth:`with_data` it keeps its rails, so that fewer samples do not mean fewer rails.
        """
        copy = self.with_data(data)
        # What a design derives it keeps, and the copy is given the original's.
        copy.__dict__["neural"] = self.neural if weights is None else replace(self.neural, initial=weights)
        return copy

    def amended(self, changes: Mapping[str, Any]) -> Design:
        """The same design with other values: ``{"model.T": 0.4}``; checked like a file.

        Data are kept unless a key of ``[data]`` or ``[task]`` changes: then they are read or drawn anew.

        Raises :class:`InputError` for unknown keys and unusable values.
        """
        keys: dict[str, Any] = self.file.model_dump(mode="python", exclude_unset=True)
        for dotted, value in changes.items():
            *sections, key = dotted.split(".")
            at = keys
            for section in sections:
                at[section] = dict(at.get(section) or {})
                at = at[section]
            at[key] = value
        file = _parsed(self.path, keys)
        again = any(dotted.split(".")[0] in ("data", "task") for dotted in changes)
        return _checked(self.path, file, _loaded(self.path, file) if again else self.data)

    def seeded(self, seed: int) -> Design:
        """The same design with another seed for everything drawn: samples or their split, weights, order."""
        return self.amended({"data.seed": seed, "training.seed": seed})


def load_design(where: str | Path) -> Design:
    """Load a design from a ``.toml`` file, from a folder that holds ``design.toml``, or by its shipped name.

    Raises :class:`InputError` with one message that lists every problem: file, key, value, remedy.
    """
    path = find(where)
    return parse_design(read_text(path, MAX_TOML), path)


def parse_design(text: str, path: str | Path) -> Design:
    """The design of a TOML text as if it stood in ``path``, beside which its table of samples is looked for.

    Raises :class:`InputError` as :func:`load_design` does.
    """
    path = Path(path)
    file = _parsed(path, toml_keys(text, str(path)))
    return _checked(path, file, _loaded(path, file))


def find(where: str | Path) -> Path:
    """The design file that a path or a shipped name means; raises :class:`InputError` if there is none."""
    path = Path(where)
    if path.is_dir():
        path = path / "design.toml"
    if path.is_file():
        return path
    if path.exists():
        raise InputError(f"{path} is a device or a pipe, not a file; give a design file")
    try:
        return designs.locate(str(where)) / "design.toml"
    except KeyError:
        names = ", ".join(designs.shipped())
        raise InputError(f"no design at '{where}', and none of that name is shipped; shipped are {names}") from None


def _parsed(path: Path, keys: Mapping[str, Any]) -> DesignFile:
    try:
        return DesignFile.model_validate(keys)
    except ValidationError as error:
        raise refuse(path, reworded(error, DesignFile)) from None


def _loaded(path: Path, file: DesignFile) -> Dataset:
    found = problems(file.data, file.task)
    if found:
        raise refuse(path, found)
    try:
        return load(path.parent, file.data, file.task)
    except InputError as error:
        if file.data.file is None:
            raise refuse(path, [str(error)]) from None
        raise refuse(path, [f"[data] file = '{file.data.file}': {error}"]) from None


def _checked(path: Path, file: DesignFile, data: Dataset) -> Design:
    design = Design(file, path, data)
    if found := unscheduled(file.clock, file.training):
        raise refuse(path, found)
    try:
        file.sequences.rules()
    except InputError as error:
        raise refuse(path, [f"[sequences] {error}"]) from None
    # Deriving once finds everything that only the whole design shows: rails, signs, a shared adjoint that moves.
    try:
        design.circuit()
    except InputError as error:
        raise error if str(path) in str(error) else refuse(path, [f"[model] {error}"]) from None
    return design
