"""The initial weights of a design: given or drawn, of the right shape, and none that f does not use."""

from __future__ import annotations

from typing import Any

import numpy as np

from compiler.flow import Dynamics
from compiler.schema import DesignFile

LETTERS = ("theta", "Theta", "beta", "W")


def _given(file: DesignFile) -> dict[str, Any]:
    """Values of the letters that the file gives."""
    given = {k: v for k, v in file.model.parameters.model_dump().items() if v is not None}
    if file.model.bias is not None:
        given["h"] = file.model.bias.h
    return given


def _draws(file: DesignFile) -> dict[str, Any]:
    return {name: draw for name in LETTERS if (draw := getattr(file.model.draw, name)) is not None}


def complaints(file: DesignFile, f: Dynamics) -> list[str]:
    """Complaints about weights that f lacks, that are missing, of the wrong shape, or negative on a single rail."""
    given, drawn, problems = _given(file), _draws(file), list[str]()
    used = [n for n in f.used if n not in ("x", *f.symbols.blocks)] + (["W"] if f.trained_output else [])
    what = {"W": "output = 'trained'", **dict.fromkeys(f.used, f"dynamics = '{f.text}'")}
    for name in used:
        if name not in given and name not in drawn:
            problems.append(f"{_key(name)}: missing, but {what[name]} uses {name}; add it")
    for name in drawn:
        if name in given:
            problems.append(f"[model.draw] {name}: [model.parameters] gives {name} too; drop one of them")
        elif name not in used:
            problems.append(f"[model.draw] {name}: dynamics = '{f.text}' does not use {name}; drop it")
        elif file.model.rails.theta == "single" and not drawn[name].absolute:
            problems.append(f"[model.draw] {name}: may be negative on a single rail; set absolute = true")
    for name, value in given.items():
        if name not in used:
            problems.append(f"{_key(name)}: dynamics = '{f.text}' does not use {name}; drop it or correct dynamics")
        elif name != "h" and _shape(value) != f.symbols.shapes[name]:
            rows = " rows of ".join(str(n) for n in f.symbols.shapes[name])
            problems.append(f"{_key(name)} = {value}: wrong shape for {f.dimension} inputs; give {rows}")
        elif file.model.rails.theta == "single" and name in dict(f.groups) and min(_flat(value)) < 0:
            problems.append(
                f"{_key(name)} = {value}: a negative concentration on a single rail; "
                f'give weights of at least 0, or set [model.rails] theta = "dual"'
            )
    return problems


def _key(name: str) -> str:
    return "[model.bias] h" if name == "h" else f"[model.parameters] {name}"


def _shape(value: Any) -> tuple[int, ...]:
    """Shape of nested tuples, empty if rows differ in length."""
    rows = [len(row) if isinstance(row, tuple) else None for row in value]
    if any(n is None for n in rows):
        return (len(value),)
    return (len(value), rows[0] or 0) if len(set(rows)) == 1 else ()


def _flat(value: Any) -> list[float]:
    return [v for item in value for v in _flat(item)] if isinstance(value, (tuple, list)) else [float(value)]


def initial(file: DesignFile, f: Dynamics) -> tuple[float, ...]:
    """Initial weights in parameter order: as given, or drawn with the seed of ``[training]``."""
    values, random = _given(file), np.random.default_rng(file.training.seed)
    for name, draw in _draws(file).items():
        drawn = random.normal(draw.mean, draw.sd, f.symbols.shapes[name])
        values[name] = (np.abs(drawn) if draw.absolute else drawn).tolist()
    masked = f.options.masked
    return tuple(
        v
        for name, _ in f.groups
        for s, v in zip(f.symbols.table[name], _flat(values[name]), strict=True)
        if s not in masked
    )
