"""The text of neural ODE dynamics, read into polynomials and everything that follows from them.

In: the text of ``f`` (or of each block of the state), the dimension, and what is to be made of it. Out:
:class:`~compiler.flow.Dynamics`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import sympy as sp

from compiler.flow import Dynamics as Dynamics
from compiler.flow import Instead, Options
from compiler.grammar import parse
from compiler.polynomial import Order, Terms, expression
from compiler.symbols import BLOCKS, Expr, Symbols, symbols
from dsd.errors import InputError

Text = str | Mapping[str, str]
"""The text of ``f``, or one text for each block of the state."""


def dynamics(
    text: Text,
    dimension: int,
    *,
    hidden: int | None = None,
    trained_bias: bool = False,
    outputs: int = 0,
    mask: Sequence[Sequence[int]] = (),
    first_order: bool = False,
    per_rail: bool = False,
    retraced: Text = "",
    adjoint_of: Text = "",
    source: str = "<dynamics>",
) -> Dynamics:
    """Parse ``text``, or one text for each block of the state, for an input of length ``dimension``.

    ``hidden`` is the length of a block, by default that of the input; ``outputs`` the number of outputs that a trained
    layer ``W`` forms of ``z``; ``mask`` has a row for each row of Theta. ``retraced`` and ``adjoint_of`` take the
    place of ``text`` for the states of the feedback phase and for its adjoint.

    Raises :class:`~dsd.errors.TextError`, located in ``source``, if a text is not a polynomial of the grammar, and
    :class:`~dsd.errors.InputError` for blocks or a mask that do not fit, and other dynamics for what is frozen.
    """
    blocks = _blocks(text)
    _check_blocks(blocks)
    if first_order and (retraced or adjoint_of):
        raise InputError("a first-order gradient freezes states and adjoint, so neither can follow other dynamics")
    known = symbols(dimension, hidden, tuple(blocks), outputs)
    masked = _masked(known, mask)
    f, names = _polynomials(text, known, masked, source)
    used = tuple(n for n in known.names if n in names)
    plain = Dynamics(_shown(text), dimension, f, used, known, Options(trained_bias, frozenset(masked), False, per_rail))
    if per_rail:
        plain = replace(plain, f=tuple(_per_rail(plain)))
    options = replace(
        plain.options,
        first_order=first_order,
        states=_instead(plain, retraced, masked, f"{source}, feedback states"),
        adjoint=_instead(plain, adjoint_of, masked, f"{source}, feedback adjoint"),
    )
    return replace(plain, options=options)


def _blocks(text: Text) -> dict[str, str]:
    return {"z": text} if isinstance(text, str) else dict(text)


def _shown(text: Text) -> str:
    return text.strip() if isinstance(text, str) else "; ".join(f"{n}: {t.strip()}" for n, t in text.items())


def _polynomials(text: Text, known: Symbols, masked: Iterable[Expr], source: str) -> tuple[tuple[Expr, ...], set[str]]:
    """The polynomials of a text, one per state, and the names it uses."""
    single, off = isinstance(text, str), dict.fromkeys(masked, 0)
    parsed = [parse(t, known, source if single else f"{source}.{name}") for name, t in _blocks(text).items()]
    f = [e.subs(off) if off else e for part, _ in parsed for e in part]
    return (*f, *_output_layer(known)), {n for _, names in parsed for n in names}


def _instead(d: Dynamics, text: Text, masked: Iterable[Expr], source: str) -> Instead | None:
    """Other dynamics for the feedback phase of ``d``; they have the same states and no further weights."""
    if not text:
        return None
    if tuple(_blocks(text)) != d.symbols.blocks:
        raise InputError(f"other dynamics for the feedback phase need a text for {', '.join(d.symbols.blocks)} each")
    f, names = _polynomials(text, d.symbols, masked, source)
    more = [n for n in d.symbols.names if n in names and n not in (*d.used, "x", *d.symbols.blocks)]
    if more:
        raise InputError(
            f"the feedback phase of '{d.text}' cannot have {more[0]}, which f does not; add it, or drop it"
        )
    if d.options.per_rail:
        f = tuple(_per_rail(replace(d, f=f)))
    return Instead(_shown(text), f)


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
