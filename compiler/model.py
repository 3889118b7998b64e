"""What a neural ODE is made of before it becomes reactions.

In: polynomial dynamics with the constants of a design. Out: :class:`Model`, checked by :func:`check`;
:mod:`compiler.variables` gives its symbols their species.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from compiler.dynamics import Dynamics
from dsd.errors import InputError

Choice = Literal["auto", "single", "dual"]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Model:
    """What the derivation needs to know; concentrations and times are unitless.

    ``initial`` has one weight per parameter of ``dynamics``; ``h`` is the fixed bias. ``signed_inputs`` (length d),
    ``signed_target`` and ``signed_weights`` ask for two rails. ``state_rails`` is inferred from the signs of ``f``
    when ``"auto"``. ``placement`` puts the learning rate into the rates of N3 or into N4 as k1/(k1+k2); ``shared``
    lets all components use one adjoint (only if it is static). ``fast`` is the rate constant of N2 and N4,
    ``annihilation`` that of opposite rails (the authors' 100; differences of rails do not depend on it).

    The network's inputs x are a sample's, mapped by the rows of ``input_layer`` if there are any, then ``padding``.
    ``start`` has a number for each state, or None where ``z_i(0) = x_i``; empty means all states start from x.
    ``signs`` (m rows, one entry of +1, -1 or 0 for each z) reads output k as ``sum_i signs[k][i] z_i``; empty means
    one output, the sum. A trained output layer, if ``dynamics`` has one, takes its place.

    ``feedback_T`` is the duration of N3 where it is not ``T``, which gives another direction than the gradient's.
    """

    dynamics: Dynamics
    initial: tuple[float, ...]
    signed_inputs: tuple[bool, ...]
    h: float = 0.0
    T: float = 1.0
    eta: float = 0.1
    signed_target: bool = False
    signed_weights: bool = True
    state_rails: Choice = "auto"
    placement: Literal["N3", "N4"] = "N3"
    shared: bool = False
    fast: float = 1000.0
    name: str = ""
    annihilation: float = 100.0
    padding: tuple[float, ...] = ()
    input_layer: tuple[tuple[float, ...], ...] = ()
    start: tuple[float | None, ...] = ()
    signs: tuple[tuple[int, ...], ...] = ()
    feedback_T: float | None = None

    @property
    def durations(self) -> tuple[float, float]:
        """How long N1 and N3 last."""
        return self.T, self.T if self.feedback_T is None else self.feedback_T

    @cached_property
    def readout(self) -> tuple[tuple[int, ...], ...]:
        """The outputs as sums of states: m rows of +1, -1 or 0, one entry for each state."""
        d = self.dynamics
        if d.trained_output:
            outputs = d.symbols.table["yhat"]
            return tuple(tuple(int(s == y) for s in d.states) for y in outputs)
        rows = self.signs or ((1,) * d.symbols.hidden,)
        place = {z: i for i, z in enumerate(d.symbols.table["z"])}
        return tuple(tuple(row[place[s]] if s in place else 0 for s in d.states) for row in rows)

    @cached_property
    def starts(self) -> tuple[float | None, ...]:
        """``start`` for every state; states without an entry start at 0 (other blocks) or from x (``z``)."""
        d = self.dynamics
        z = set(d.symbols.table["z"])
        return self.start or tuple(None if s in z else 0.0 for s in d.states)

    @cached_property
    def source(self) -> tuple[int | None, ...]:
        """The input that each state starts from, None where it starts from a number."""
        d = self.dynamics
        place = {s: i for name in d.symbols.blocks for i, s in enumerate(d.symbols.table[name])}
        return tuple(place[s] if v is None else None for s, v in zip(d.states, self.starts, strict=True))

    def lift(self, x: Floats) -> Floats:
        """The network's inputs (n, d) for samples (n, c): the input layer, then the padding."""
        return lift(x, self.input_layer, self.padding)

    def begin(self, x: Floats) -> Floats:
        """The states (n, s) at time 0 for the network's inputs (n, d)."""
        columns = [
            x[:, i] if i is not None else np.full(len(x), v or 0.0)
            for i, v in zip(self.source, self.starts, strict=True)
        ]
        return np.stack(columns, axis=1)


def lift(x: Floats, input_layer: Sequence[Sequence[float]], padding: Sequence[float]) -> Floats:
    """Samples (n, c) mapped by the rows of a fixed input layer, and lengthened by constants: shape (n, d)."""
    mapped = x @ np.array(input_layer, dtype=np.float64).T if input_layer else x
    return np.hstack([mapped, np.tile(np.array(padding, dtype=np.float64), (len(x), 1))])


def check(model: Model) -> None:
    """Raise :class:`InputError` for weights, outputs and options that no circuit has."""
    d = model.dynamics
    expected = len(d.parameters)
    if len(model.initial) != expected:
        raise InputError(f"the dynamics '{d.text}' have {expected} weights, {len(model.initial)} are given; match them")
    if not expected:
        raise InputError(f"the dynamics '{d.text}' have no weights to train; add theta, Theta or beta")
    if len(model.signed_inputs) != d.dimension:
        raise InputError(f"{d.dimension} inputs are expected, signs are given for {len(model.signed_inputs)}")
    _check_states(model)
    _check_gradient(model)
    shared = model.shared and not d.static_adjoint
    if shared or (model.shared and set(model.readout) != {(1,) * len(d.states)}):
        raise InputError(
            f'the minimal circuit shares one adjoint, but with f = {d.text} each moves on its own; use circuit = "full"'
        )
    if model.placement == "N4" and not (model.signed_weights and model.eta < 1):
        raise InputError(
            "a learning rate placed in N4 is k1/(k1+k2): it needs weights on two rails and a value below 1; "
            'set theta = "dual", or placement = "N3"'
        )


def _check_states(model: Model) -> None:
    d = model.dynamics
    n, width = len(d.states), d.symbols.hidden
    if model.start and len(model.start) != n:
        raise InputError(f"{len(model.start)} initial states are given, the state has {n}; give one for each")
    if None in model.starts and width != d.dimension:
        raise InputError(
            f"the state has blocks of {width}, x has {d.dimension}: z cannot start from x; set [model.start] z = 1.0"
        )
    for row in model.signs:
        if len(row) != width or not any(row):
            raise InputError(
                f"the signs {list(row)} do not read {width} states; give {width} of +1, -1 or 0, not all 0"
            )
    crowded = [i for i, column in enumerate(zip(*model.readout, strict=True)) if sum(map(abs, column)) > 1]
    if crowded:
        raise InputError(
            f"{d.states[crowded[0]]} feeds several outputs, and so would its adjoint; give it a sign in one row only, "
            f'or use output = "trained"'
        )


def _check_gradient(model: Model) -> None:
    """With frozen adjoints only the states that are read out pass a gradient on."""
    d = model.dynamics
    if not d.options.first_order:
        return
    read = {a for a, column in zip(d.adjoints, zip(*model.readout, strict=True), strict=True) if any(column)}
    for p, g in zip(d.parameters, d.feedback.gradient, strict=True):
        if not read & g.free_symbols:
            raise InputError(
                f"the first-order gradient of {p} is zero: it acts through states that are not read out; "
                f'use gradient = "exact"'
            )
