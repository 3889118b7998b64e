"""What a neural ODE is made of before it becomes reactions, and which of its variables need two rails.

In: polynomial dynamics with the constants of a design. Out: :class:`Model`, and by :func:`assign` a rail for every
symbol. Single rails are given where the signs of ``f`` and of the data allow it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from compiler.dynamics import Dynamics
from compiler.grammar import Expr
from compiler.rails import Rail
from dsd.errors import InputError

Choice = Literal["auto", "single", "dual"]


@dataclass(frozen=True)
class Model:
    """What the derivation needs to know; concentrations and times are unitless.

    ``initial`` has one weight per parameter of ``dynamics``; ``h`` is the fixed bias. ``signed_inputs`` (length d),
    ``signed_target`` and ``signed_weights`` ask for two rails. ``state_rails`` is inferred from the signs of ``f``
    when ``"auto"``. ``placement`` puts the learning rate into the rates of N3 or into N4 as k1/(k1+k2); ``shared``
    lets all components use one adjoint (only if it is static). ``fast`` is the rate constant of N2 and N4.
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


@dataclass(frozen=True)
class Rails:
    """The rail of every symbol going forward; ``back`` replaces the states in the feedback phase."""

    forward: dict[Expr, Rail]
    back: dict[Expr, Rail]
    target: Rail
    gradients: tuple[Rail, ...]


def check(model: Model) -> None:
    expected = len(model.dynamics.parameters)
    if len(model.initial) != expected:
        raise InputError(
            f"the dynamics '{model.dynamics.text}' have {expected} weights, {len(model.initial)} are given; match them"
        )
    if not expected:
        raise InputError(f"the dynamics '{model.dynamics.text}' have no weights to train; add theta, Theta or beta")
    if model.shared and not model.dynamics.static_adjoint:
        raise InputError(
            f"the minimal circuit shares one adjoint, but with f = {model.dynamics.text} each moves on its own; "
            f'use circuit = "full"'
        )
    if model.placement == "N4" and not (model.signed_weights and model.eta < 1):
        raise InputError(
            "a learning rate placed in N4 is k1/(k1+k2): it needs weights on two rails and a value below 1; "
            'set theta = "dual", or placement = "N3"'
        )


def assign(model: Model) -> Rails:
    d = model.dynamics
    forward: dict[Expr, Rail] = {}
    for i, (x, signed) in enumerate(zip(d.inputs, model.signed_inputs, strict=True)):
        forward[x] = Rail(f"X{i + 1}", signed)
    for p, name in zip(d.parameters, _parameter_names(d, "P"), strict=True):
        forward[p] = Rail(name, model.signed_weights)
    for c in d.constants:
        forward[c] = Rail("B", model.h < 0)
    for i, a in enumerate(d.adjoints):
        forward[a] = Rail("A" if model.shared else f"A{i + 1}", True)
    start = frozenset(z for z, x in zip(d.states, d.inputs, strict=True) if forward[x].dual)
    dual = _signed_states(d, d.f, forward, start, model.state_rails)
    states = {z: Rail(f"Z{i + 1}", z in dual) for i, z in enumerate(d.states)}
    again = _signed_states(d, d.feedback.states, forward, dual, "auto")
    back = {z: Rail(f"Zb{i + 1}", z in again) for i, z in enumerate(d.states)}
    gradients = tuple(Rail(name, True) for name in _parameter_names(d, "G"))
    return Rails(forward | states, forward | back, Rail("Y", model.signed_target), gradients)


def _parameter_names(d: Dynamics, letter: str) -> tuple[str, ...]:
    """``P1``, ``P12`` for theta and Theta, ``Pb1`` for beta, ``Pb`` for a trained scalar bias."""
    short = {"theta": "", "Theta": "", "beta": "b", "h": "b"}
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
    dual = start
    while True:
        signed = dual | {s for s, rail in rails.items() if rail.dual}
        more = dual | {
            z
            for z, f in zip(d.states, rhs, strict=True)
            for m in d.monomials(f)
            if z not in m.factors and (m.coefficient < 0 or signed & set(m.factors))
        }
        if more == dual:
            return dual
        dual = more
