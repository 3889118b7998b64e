"""From the keys of a design to the model that is derived into reactions; checks what only the whole design shows."""

from __future__ import annotations

from pathlib import Path

from compiler.datasets import Dataset
from compiler.design_errors import refuse
from compiler.design_weights import complaints, initial
from compiler.dynamics import Dynamics, dynamics
from compiler.model import Model, lift
from compiler.schema import DesignFile
from dsd.errors import InputError

PER_RAIL_ANNIHILATION = 1000.0
"""Rate at which opposite rails annihilate where powers are read per rail: what both rails hold is an error there."""


def dynamics_of(path: Path, file: DesignFile, data: Dataset) -> Dynamics:
    """The parsed dynamics of a design, for the inputs that the network has after input layer and padding."""
    model, columns = file.model, data.train_x.shape[1]
    problems = []
    if model.dimension not in (None, columns):
        there = f"there are {columns} inputs; drop the key or match [data] inputs"
        problems.append(f"[model] dimension = {model.dimension}: {there}")
    if any(len(row) != columns for row in model.input_layer):
        problems.append(f"[model] input_layer: a row has another length than the {columns} inputs; give {columns} each")
    if 0.0 in model.padding:
        problems.append("[model] padding: an input that is always 0 adds nothing; drop it or give another constant")
    if problems:
        raise refuse(path, problems)
    try:
        return dynamics(
            model.dynamics,
            (len(model.input_layer) or columns) + len(model.padding),
            hidden=model.hidden,
            trained_bias=model.bias is not None and model.bias.trained,
            outputs=data.train_y.shape[1] if model.output == "trained" else 0,
            mask=model.mask,
            first_order=model.gradient == "first-order",
            per_rail=model.power == "per-rail",
            retraced=model.feedback.states,
            adjoint_of=model.feedback.adjoint,
            source=f"{path}: [model] dynamics",
        )
    except InputError as error:
        raise error if str(path) in str(error) else refuse(path, [f"[model] {error}"]) from None


def model_of(path: Path, file: DesignFile, data: Dataset, f: Dynamics) -> Model:
    """The model of a design; rails follow the signs of the data unless the design sets them.

    Raises :class:`InputError` that lists every weight that is missing, unused, misshapen or negative on a single
    rail, and every single rail that the data contradicts.
    """
    section, rails = file.model, file.model.rails
    samples = (data.train_x, data.validation_x, data.test_x, data.authors_x)
    x = [lift(part, section.input_layer, section.padding) for part in samples]
    negative = [any(bool((part[:, i] < 0).any()) for part in x) for i in range(f.dimension)]
    target_negative = bool((data.train_y < 0).any() or (data.validation_y < 0).any())
    names = [*(data.inputs if not section.input_layer else ()), *(f"x{i + 1}" for i in range(f.dimension))]
    problems = [
        *complaints(file, f),
        *_outputs(file, data, f),
        *_blocks(file, f),
        *_promise("x", rails.x, [n for n, bad in zip(names, negative, strict=False) if bad]),
        *_promise("y", rails.y, list(data.targets) if target_negative else []),
    ]
    if problems:
        raise refuse(path, problems)
    return Model(
        dynamics=f,
        initial=initial(file, f),
        signed_inputs=tuple(bad or rails.x == "dual" for bad in negative),
        h=section.bias.h if section.bias else 0.0,
        T=section.T,
        feedback_T=section.feedback.T,
        eta=section.learning_rate,
        signed_target=target_negative or rails.y == "dual",
        signed_weights=rails.theta != "single",
        state_rails=rails.z,
        placement=section.placement,
        shared=section.circuit == "minimal",
        fast=file.formal.k_fast,
        annihilation=PER_RAIL_ANNIHILATION if section.power == "per-rail" else Model.annihilation,
        name=file.design.name,
        padding=section.padding,
        input_layer=section.input_layer,
        start=_start(file, f),
        signs=_signs(file),
    )


def _promise(variable: str, rail: str, negative: list[str]) -> list[str]:
    if rail != "single" or not negative:
        return []
    return [f"[model.rails] {variable} = 'single': the data has negative {', '.join(negative)}; use \"auto\""]


def _outputs(file: DesignFile, data: Dataset, f: Dynamics) -> list[str]:
    """Complaints about signs that do not fit the targets."""
    rows, m = _signs(file), data.train_y.shape[1]
    if f.trained_output:
        return ["[model] signs: a trained output layer has weights instead; drop one of the two"] if rows else []
    if len(rows or ((),)) == m:
        return []
    return [f"[model] signs: {len(rows)} rows for {m} targets; give {m} rows, or use output = 'trained'"]


def _blocks(file: DesignFile, f: Dynamics) -> list[str]:
    """Complaints about blocks to start or to hold that are not there, or have another length."""
    problems, n, blocks = list[str](), f.symbols.hidden, f.symbols.blocks
    for name in file.clock.held:
        if name not in blocks:
            problems.append(f"[clock] held: no block {name}; the state is {', '.join(blocks)}")
    for name, value in file.model.start.items():
        if name not in blocks:
            problems.append(f"[model.start] {name}: no such block; the state is {', '.join(blocks)}")
        elif isinstance(value, tuple) and len(value) != n:
            problems.append(f"[model.start] {name} = {value}: the block has length {n}; give one number, or {n}")
    return problems


def _start(file: DesignFile, f: Dynamics) -> tuple[float | None, ...]:
    """z(0) for every state: as given, else x for ``z`` and 0 for other blocks and outputs."""
    found: list[float | None] = []
    for name in f.symbols.blocks:
        value = file.model.start.get(name, None if name == "z" else 0.0)
        found += value if isinstance(value, tuple) else [value] * f.symbols.hidden
    return (*found, *([0.0] * len(f.symbols.table["yhat"])))


def _signs(file: DesignFile) -> tuple[tuple[int, ...], ...]:
    signs = file.model.signs
    rows = tuple(row for row in signs if isinstance(row, tuple))
    return rows or ((tuple(s for s in signs if isinstance(s, int)),) if signs else ())
