"""Design files: read, checked, frozen.

In: the path of a ``design.toml``, of its folder, or the name of a shipped design. Out: :class:`Design`, which holds
the checked keys, the data, the parsed dynamics, and a content hash. Every problem of a file is reported at once.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import ValidationError

import designs
from compiler.circuit import Circuit
from compiler.datasets import Columns, Dataset, read
from compiler.design_errors import refuse, reworded
from compiler.design_model import model_of
from compiler.dynamics import Dynamics, dynamics
from compiler.model import Model
from compiler.neural import derive
from compiler.schema import Check, Clock, DesignFile, Dna, Formal, ModelSection, Training
from dsd.errors import InputError


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
    def check(self) -> Check:
        """Section ``[check]``."""
        return self.file.check

    @cached_property
    def dynamics(self) -> Dynamics:
        """The parsed ``f``."""
        return _dynamics(self.path, self.file)

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
        total = hashlib.sha256(json.dumps(self.file.model_dump(mode="json"), sort_keys=True).encode())
        data = self.data
        for array in (data.train_x, data.train_y, data.validation_x, data.validation_y):
            total.update(f"{array.shape}".encode() + array.astype("<f8").tobytes())
        return total.hexdigest()

    def with_data(self, data: Dataset) -> Design:
        """The same design on other samples of the same columns."""
        return replace(self, data=data)

    def amended(self, changes: Mapping[str, Any]) -> Design:
        """The same design with other values: ``{"model.T": 0.4}``; checked like a file, data kept.

        Raises :class:`InputError` for unknown keys and unusable values.
        """
        keys: dict[str, Any] = self.file.model_dump(mode="python")
        for dotted, value in changes.items():
            *sections, key = dotted.split(".")
            at = keys
            for section in sections:
                at[section] = dict(at.get(section) or {})
                at = at[section]
            at[key] = value
        return _checked(self.path, _parsed(self.path, keys), self.data)


def load_design(where: str | Path) -> Design:
    """Load a design from a ``.toml`` file, from a folder that holds ``design.toml``, or by its shipped name.

    Raises :class:`InputError` with one message that lists every problem: file, key, value, remedy.
    """
    path = find(where)
    try:
        keys = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); give a design file") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: not valid TOML: {error}; correct that line") from None
    file = _parsed(path, keys)
    columns = Columns(file.data.inputs, (file.data.target,), file.data.split, file.data.train, file.data.validation)
    try:
        data = read(path.parent / file.data.file, columns)
    except InputError as error:
        raise refuse(path, [f"[data] file = '{file.data.file}': {error}"]) from None
    return _checked(path, file, data)


def find(where: str | Path) -> Path:
    """The design file that a path or a shipped name means; raises :class:`InputError` if there is none."""
    path = Path(where)
    if path.is_dir():
        path = path / "design.toml"
    if path.is_file():
        return path
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


def _checked(path: Path, file: DesignFile, data: Dataset) -> Design:
    design = Design(file, path, data)
    # Deriving once finds everything that only the whole design shows: rails, signs, a shared adjoint that moves.
    try:
        design.circuit()
    except InputError as error:
        raise error if str(path) in str(error) else refuse(path, [f"[model] {error}"]) from None
    return design


def _dynamics(path: Path, file: DesignFile) -> Dynamics:
    model = file.model
    d = len(file.data.inputs)
    if model.dimension not in (None, d):
        raise refuse(
            path, [f"[model] dimension = {model.dimension}: there are {d} inputs; drop the key or match [data] inputs"]
        )
    trained = model.bias is not None and model.bias.trained
    return dynamics(model.dynamics, d, trained_bias=trained, source=f"{path}: [model] dynamics")
