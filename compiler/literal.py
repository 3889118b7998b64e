"""How many reactions the paper's translation makes of a model: two rails for everything, a reaction per sign pattern.

In: a model and the rails it was given. Out: :class:`~compiler.reduce.Reduction`, for the header of a circuit.
"""

from __future__ import annotations

from dataclasses import replace

from compiler import stages
from compiler.model import Model
from compiler.rails import Rail, sign_patterns
from compiler.reduce import Reduction, joined
from compiler.symbols import Expr
from compiler.variables import Rails, assign


def reduction(model: Model, rails: Rails, dead: int) -> Reduction:
    """What the paper's translation has beyond our circuit, ``dead`` reactions of which were found never to run.

    Where weights keep to one rail, as in the paper's linear circuits, the paper does without the other rails as well.
    """
    d, n = model.dynamics, model.dynamics.symbols.hidden
    both = replace(model, signed_inputs=(True,) * d.dimension, signed_target=True, state_rails="dual")
    steps = (stages.feedforward, stages.feedback)
    distinct = sum(len(joined(step(model, rails))) for step in steps)
    spare = _literal(both, assign(both)) - _literal(model, rails) if model.signed_weights else 0
    diagonal = n * n - n if "theta" in d.used and "Theta" not in d.used else 0
    fixed = diagonal + len(d.options.masked)
    return Reduction(_patterns(model, rails) - distinct, spare + dead, 4 * fixed, fixed)


def _literal(model: Model, rails: Rails) -> int:
    """Reactions of the four stages when every sign pattern makes one."""
    return _patterns(model, rails) + len(stages.transfer(model, rails)) + len(stages.update(model, rails))


def _patterns(model: Model, rails: Rails) -> int:
    """Sign patterns of the monomials of both analog stages."""
    d = model.dynamics
    back = tuple(f for z, f in zip(d.states, d.feedback.states, strict=True) if z in d.states_back)
    phases: list[tuple[tuple[Expr, ...], dict[Expr, Rail]]] = [
        (d.f, rails.forward),
        (back + d.feedback.adjoint + d.feedback.gradient, rails.back),
    ]
    return sum(
        len(sign_patterns(stages.factors_of(d, m.factors, table)))
        for expressions, table in phases
        for expression in expressions
        for m in d.monomials(expression)
    )
