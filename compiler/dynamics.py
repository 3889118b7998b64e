"""The text of neural ODE dynamics, read into polynomials and everything that follows from them.

In: the text of ``f`` (or of each block of the state), the dimension, and what is to be made of it. Out:
:class:`~compiler.flow.Dynamics`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import sympy as sp

from compiler.flow import Dynamics as Dynamics
from compiler.flow import Options
from compiler.grammar import parse
from compiler.polynomial import Order, Terms, expression
from compiler.symbols import BLOCKS, Expr, Symbols, symbols
from dsd.errors import InputError


def dynamics(
    text: str | Mapping[str, str],
    dimension: int,
    *,
    hidden: int | None = None,
    trained_bias: bool = False,
    outputs: int = 0,
    mask: Sequence[Sequence[int]] = (),
    first_order: bool = False,
    per_rail: bool = False,
    source: str = "<dynamics>",
) -> Dynamics:
    """Parse ``text``, or one text for each block of the state, for an input of length ``dimension``.

    ``hidden`` is the length of a block, by default that of the input; ``outputs`` the number of outputs that a trained
    layer ``W`` forms of ``z``; ``mask`` has a row for each row of Theta. Raises :class:`~dsd.errors.TextError`,
    located in ``source``, if a text is not a polynomial of the grammar, and :class:`~dsd.errors.InputError` for blocks
    or a mask that do not fit.
    """
    blocks = {"z": text} if isinstance(text, str) else dict(text)
    _check_blocks(blocks)
    known = symbols(dimension, hidden, tuple(blocks), outputs)
    single = isinstance(text, str)
    parsed = [parse(t, known, source if single else f"{source}.{name}") for name, t in blocks.items()]
    masked = _masked(known, mask)
    f = [e.subs(dict.fromkeys(masked, 0)) if masked else e for part, _ in parsed for e in part]
    f += _output_layer(known)
    used = tuple(n for n in known.names if any(n in names for _, names in parsed))
    options = Options(trained_bias, frozenset(masked), first_order, per_rail)
    shown = text.strip() if isinstance(text, str) else "; ".join(f"{n}: {t.strip()}" for n, t in blocks.items())
    result = Dynamics(shown, dimension, tuple(f), used, known, options)
    if not per_rail:
        return result
    return Dynamics(shown, dimension, tuple(_per_rail(result)), used, known, options)


def _check_blocks(blocks: Mapping[str, str]) -> None:
    if "z" not in blocks:
        raise InputError(f"dynamics has the blocks {', '.join(blocks) or 'none'}; name the one that is read out z")
    for name in blocks:
        if len(name) != 1 or name not in BLOCKS:
            raise InputError(f"'{name}' cannot name a block of the state; use one of the letters {', '.join(BLOCKS)}")


def _masked(known: Symbols, mask: Sequence[Sequence[int]]) -> tuple[Expr, ...]:
    """The entries of Theta that a mask of 0 and 1 switches off."""
    rows, columns = known.shapes["Theta"]
    if mask and (len(mask) != rows or any(len(row) != columns for row in mask)):
        raise InputError(f"the mask is not {rows} x {columns} like Theta; give a row of 0 and 1 for each row of Theta")
    flat = [bit for row in mask for bit in row]
    return tuple(s for s, bit in zip(known.table["Theta"], flat, strict=bool(mask)) if not bit)


def _output_layer(known: Symbols) -> Iterable[Expr]:
    """``d yhat_k/dt = sum_i W_ik z_i``: a product with z(T) would need a phase of its own."""
    m = len(known.table["yhat"])
    return [sp.Add(*(w * z for w, z in zip(known.table["W"][k::m], known.table["z"], strict=True))) for k in range(m)]


def _per_rail(d: Dynamics) -> Iterable[Expr]:
    """Replace ``-c z^q`` (q even, nothing else in the monomial, in the equation of z itself) by ``-c |z| z^(q-1)``."""
    for z, f in zip(d.states, d.f, strict=True):
        terms: Terms = {}
        for factors, c in Order(d.order).terms(f).items():
            own = len(factors) > 0 and set(factors) == {z} and len(factors) % 2 == 0 and c < 0
            terms[(*factors[1:], d.magnitudes[z]) if own else factors] = c
        yield expression(terms)
