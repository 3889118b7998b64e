"""From the keys of a design to the model that is derived into reactions; checks what only the whole design shows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from compiler.datasets import Dataset
from compiler.design_errors import refuse
from compiler.dynamics import Dynamics
from compiler.model import Model
from compiler.schema import DesignFile


def model_of(path: Path, file: DesignFile, data: Dataset, f: Dynamics) -> Model:
    """The model of a design; rails follow the signs of the data unless the design sets them.

    Raises :class:`InputError` that lists every weight that is missing, unused, misshapen or negative on a single
    rail, and every single rail that the data contradicts.
    """
    section, rails = file.model, file.model.rails
    signs = [bool((a < 0).any()) for a in (*data.train_x.T, *data.validation_x.T)]
    d = f.dimension
    negative = [signs[i] or signs[d + i] for i in range(d)]
    target_negative = bool((data.train_y < 0).any() or (data.validation_y < 0).any())
    problems = [
        *_weights(file, f),
        *_promise("x", rails.x, [n for n, bad in zip(data.inputs, negative, strict=True) if bad]),
        *_promise("y", rails.y, list(data.targets) if target_negative else []),
    ]
    if problems:
        raise refuse(path, problems)
    return Model(
        dynamics=f,
        initial=_initial(file, f),
        signed_inputs=tuple(bad or rails.x == "dual" for bad in negative),
        h=section.bias.h if section.bias else 0.0,
        T=section.T,
        eta=section.learning_rate,
        signed_target=target_negative or rails.y == "dual",
        signed_weights=rails.theta != "single",
        state_rails=rails.z,
        placement=section.placement,
        shared=section.circuit == "minimal",
        fast=file.formal.k_fast,
        name=file.design.name,
    )


def _promise(variable: str, rail: str, negative: list[str]) -> list[str]:
    if rail != "single" or not negative:
        return []
    return [f"[model.rails] {variable} = 'single': the data has negative {', '.join(negative)}; use \"auto\""]


def _given(file: DesignFile) -> dict[str, Any]:
    """Values of the letters that the file gives."""
    given = {k: v for k, v in file.model.parameters.model_dump().items() if v is not None}
    if file.model.bias is not None:
        given["h"] = file.model.bias.h
    return given


def _weights(file: DesignFile, f: Dynamics) -> list[str]:
    """Complaints about weights that f lacks, that are missing, of the wrong shape, or negative on a single rail."""
    given, d, problems = _given(file), f.dimension, list[str]()
    for name in f.used:
        if name not in ("x", "z") and name not in given:
            key = "[model.bias] h" if name == "h" else f"[model.parameters] {name}"
            problems.append(f"{key}: missing, but dynamics = '{f.text}' uses {name}; add it")
    for name, value in given.items():
        key = "[model.bias] h" if name == "h" else f"[model.parameters] {name}"
        if name not in f.used:
            problems.append(f"{key}: dynamics = '{f.text}' does not use {name}; drop it or correct dynamics")
            continue
        ragged = name == "Theta" and any(len(row) != d for row in value)
        if name != "h" and (len(value) != d or ragged):
            size = f"{d} rows of {d}" if name == "Theta" else f"{d}"
            problems.append(f"{key} = {value}: wrong shape for {d} inputs; give {size}")
        elif file.model.rails.theta == "single" and name in dict(f.groups) and min(_flat(value)) < 0:
            problems.append(
                f"{key} = {value}: a negative concentration on a single rail; "
                f'give weights of at least 0, or set [model.rails] theta = "dual"'
            )
    return problems


def _flat(value: Any) -> list[float]:
    return [v for item in value for v in _flat(item)] if isinstance(value, (tuple, list)) else [float(value)]


def _initial(file: DesignFile, f: Dynamics) -> tuple[float, ...]:
    given = _given(file)
    return tuple(v for name, _ in f.groups for v in _flat(given[name]))
