"""Which species stand for the variables of a model, and which of them need two rails.

In: a model. Out: :class:`Rails`, one rail for every symbol. Single rails are given where the signs of ``f`` and of the
data allow it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from compiler.dynamics import Dynamics
from compiler.model import Choice, Model
from compiler.rails import Rail
from compiler.symbols import Expr


@dataclass(frozen=True)
class Rails:
    """The rail of every symbol going forward; ``back`` replaces the states in the feedback phase.

    The symbol of an absolute value has the rail of its state.
    """

    forward: dict[Expr, Rail]
    back: dict[Expr, Rail]
    targets: tuple[Rail, ...]
    gradients: tuple[Rail, ...]


def assign(model: Model) -> Rails:
    """Rails for all symbols: X inputs, P weights, B bias, Z (or the block's letter) states, A adjoints, G gradients."""
    d = model.dynamics
    forward: dict[Expr, Rail] = {}
    for i, (x, signed) in enumerate(zip(d.inputs, model.signed_inputs, strict=True)):
        forward[x] = Rail(f"X{i + 1}", signed)
    for p, name in zip(d.parameters, _parameter_names(d, "P"), strict=True):
        forward[p] = Rail(name, model.signed_weights)
    for c in d.constants:
        forward[c] = Rail("B", model.h < 0)
    for a in d.adjoints:
        forward[a] = Rail("A" if model.shared else _capital(str(a)), True)
    negative = {x for x in d.inputs if forward[x].dual}
    start = frozenset(
        z
        for z, value, i in zip(d.states, model.starts, model.source, strict=True)
        if (d.inputs[i] in negative if i is not None else (value or 0.0) < 0)
    )
    dual = _signed_states(d, d.f, forward, start, model.state_rails)
    states = {z: Rail(_capital(str(z)), z in dual) for z in d.states}
    again = _signed_states(d, d.feedback.states, forward, dual, "auto")
    back = {z: Rail(_copy(_capital(str(z))), z in again) for z in d.states}
    states |= {m: states[z] for z, m in d.magnitudes.items()}
    back |= {m: back[z] for z, m in d.magnitudes.items()}
    m = len(model.readout)
    targets = tuple(Rail(f"Y{k + 1}" if m > 1 else "Y", model.signed_target) for k in range(m))
    gradients = tuple(Rail(name, True) for name in _parameter_names(d, "G"))
    return Rails(forward | states, forward | back, targets, gradients)


def _capital(symbol: str) -> str:
    return symbol[0].upper() + symbol[1:]


def _copy(name: str) -> str:
    """``Zb1`` for ``Z1``: a copy for the feedback phase."""
    stem = name.rstrip("0123456789")
    return f"{stem}b{name.removeprefix(stem)}"


def _parameter_names(d: Dynamics, letter: str) -> tuple[str, ...]:
    """``P1``, ``P12`` for theta and Theta, ``Pb1`` for beta, ``Pb`` for a trained scalar bias, ``Pw12`` for W."""
    short = {"theta": "", "Theta": "", "beta": "b", "h": "b", "W": "w"}
    both = {"theta", "Theta"} <= set(d.used)
    names = []
    for group, members in d.groups:
        infix = "m" if both and group == "Theta" else short[group]
        names += [letter + infix + str(s).removeprefix(group) for s in members]
    return tuple(names)


def _signed_states(
    d: Dynamics, rhs: Sequence[Expr], rails: dict[Expr, Rail], start: frozenset[Expr], choice: Choice
) -> frozenset[Expr]:
    """States that can go negative: those with a negative cross-effect, found as a least fixed point."""
    if choice != "auto":
        return frozenset(d.states) if choice == "dual" else start
    terms = [(z, m) for z, f in zip(d.states, rhs, strict=True) for m in d.monomials(f)]
    negative = {s for s, rail in rails.items() if rail.dual}
    dual = start
    while True:
        signed = dual | negative
        more = dual | {z for z, m in terms if z not in m.factors and (m.coefficient < 0 or signed & set(m.factors))}
        if more == dual:
            return dual
        dual = more
