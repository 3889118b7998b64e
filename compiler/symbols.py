"""The names a text of dynamics may use, and the symbols they stand for.

In: the lengths of the input, of the state blocks and of a trained output layer. Out: :class:`Symbols`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sympy as sp

from dsd.errors import InputError

Expr = Any  # SymPy is not typed

BLOCKS = "defhijklmqrstuvwz"
"""Letters that may name a block of the state; the others name inputs, weights, clocks and rails."""


MAX_SYMBOLS = 5000
"""Variables and weights of a text together; no tube holds a strand for each of so many."""


@dataclass(frozen=True)
class Symbols:
    """The symbols by name, in component order (matrices row by row), and the shape of each name.

    ``names`` are those that a text may use, ``blocks`` the blocks of the state among them. Beside them ``table`` holds
    the trained output layer: ``W`` (hidden x outputs) and its states ``yhat`` (outputs), both empty without one.
    """

    table: Mapping[str, tuple[Expr, ...]]
    shapes: Mapping[str, tuple[int, ...]]
    names: tuple[str, ...]
    blocks: tuple[str, ...]

    @property
    def inputs(self) -> int:
        """Length of x."""
        return len(self.table["x"])

    @property
    def hidden(self) -> int:
        """Length of each block of the state."""
        return len(self.table["theta"])


def symbols(dimension: int, hidden: int | None = None, blocks: tuple[str, ...] = ("z",), outputs: int = 0) -> Symbols:
    """Symbols ``x1``, ``z1``, ``theta1``, ``beta1`` ... , ``h``, and ``Theta11`` (``Theta1_12`` beyond nine).

    A block named ``h`` takes the place of the scalar ``h``. Raises :class:`InputError` for more than ``MAX_SYMBOLS``.
    """
    n = dimension if hidden is None else hidden
    if (count := n * (2 + len(blocks) + dimension + outputs) + dimension + outputs) > MAX_SYMBOLS:
        fact = f"{dimension} inputs, {n} states a block and {outputs} trained outputs make {count} variables"
        raise InputError(f"{fact}, more than {MAX_SYMBOLS}; lower hidden, or use fewer columns")
    vectors = {"theta": n, "beta": n, "x": dimension, **dict.fromkeys(blocks, n), "yhat": outputs}
    table = {name: tuple(_symbol(f"{name}{i + 1}") for i in range(size)) for name, size in vectors.items()}
    shapes: dict[str, tuple[int, ...]] = {name: (size,) for name, size in vectors.items()}
    if "h" not in blocks:
        table["h"], shapes["h"] = (_symbol("h"),), ()
    for name, (rows, columns) in {"Theta": (n, dimension), "W": (n, outputs)}.items():
        join = "" if max(rows, columns) < 10 else "_"
        indices = [(i + 1, j + 1) for i in range(rows) for j in range(columns)]
        table[name] = tuple(_symbol(f"{name}{i}{join}{j}") for i, j in indices)
        shapes[name] = (rows, columns)
    scalar = () if "h" in blocks else ("h",)
    return Symbols(table, shapes, ("theta", "Theta", "beta", "x", *blocks, *scalar), blocks)


def _symbol(name: str) -> Expr:
    return sp.Symbol(name, real=True)
