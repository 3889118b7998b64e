"""The four stages of a Neural CRN, each derived from the dynamics monomial by monomial.

In: a model and its rails. Out: reactions tagged ``N1`` to ``N4``, and the optional flushing (``N4``, note ``flush``)
and annihilation (``fast``: on in every stage) that the paper leaves out of its circuits. Equal reactions are still
apart here; :mod:`compiler.reduce` joins them.
"""

from __future__ import annotations

from compiler.dynamics import Dynamics
from compiler.model import Model
from compiler.rails import Factor, Rail, reactions
from compiler.symbols import Expr
from compiler.variables import Rails
from dsd.network import Reaction

ONE = Rail("One")
"""Catalyst of constant terms written as a number; held at 1."""

Reactions = tuple[Reaction, ...]


def _terms(
    d: Dynamics, target: Rail, rhs: Expr, rails: dict[Expr, Rail], stage: str, what: str, scale: float = 1.0
) -> Reactions:
    found: list[Reaction] = []
    for monomial in d.monomials(rhs):
        factors = factors_of(d, monomial.factors, rails)
        found += reactions(target, monomial, factors, stage=stage, what=what, scale=scale, per_rail=d.options.per_rail)
    return tuple(found)


def factors_of(d: Dynamics, symbols: tuple[Expr, ...], rails: dict[Expr, Rail]) -> tuple[Factor, ...]:
    """The factors of a monomial as rails; a number alone has the catalyst :data:`ONE`."""
    return tuple(Factor(rails[s], magnitude=d.plain(s) != s) for s in symbols) or (Factor(ONE),)


def feedforward(model: Model, rails: Rails) -> Reactions:
    """N1: ``dz/dt = f``."""
    d = model.dynamics
    return tuple(
        r
        for z, f in zip(d.states, d.f, strict=True)
        for r in _terms(d, rails.forward[z], f, rails.forward, "N1", str(z))
    )


def transfer(model: Model, rails: Rails) -> Reactions:
    """N2: each state that an output reads feeds the adjoints of that output's states, the target feeds them negatively.

    What the feedback needs of the states is kept as a copy.
    """
    d = model.dynamics
    found = []
    for i, z in enumerate(d.states):
        (fed, sign) = next(((row, row[i]) for row in model.readout if row[i]), ((), 0))
        copy = rails.back[z] if z in d.states_back else None
        if not (copy or sign):
            continue
        kept_as = f"kept as {copy.name}" if copy else ""
        note = f"a = yhat - y has {'-' if sign < 0 else ''}{z}" + (f", {kept_as}" if copy else "")
        for j, species in enumerate(rails.forward[z].species):
            kept = (copy.species[j],) if copy else ()
            made = _adjoints(model, rails, fed, -sign if j else sign)
            found.append(Reaction((species,), kept + made, model.fast, "N2", note if sign else f"{z} is {kept_as}"))
    for k, (row, target) in enumerate(zip(model.readout, rails.targets, strict=True)):
        for j, species in enumerate(target.species):
            made = _adjoints(model, rails, row, 1 if j else -1)
            note = f"a = yhat - y has -{'y' if len(rails.targets) == 1 else f'y{k + 1}'}"
            found.append(Reaction((species,), made, model.fast, "N2", note))
    return tuple(found)


def _adjoints(model: Model, rails: Rails, row: tuple[int, ...], sign: int) -> tuple[str, ...]:
    """The adjoint species that an output ``row`` fills with a value of this sign: ``a = row * (yhat - y)``."""
    pairs = zip(model.dynamics.adjoints, row or (0,) * len(model.dynamics.adjoints), strict=True)
    signs = {rails.forward[a]: s * sign for a, s in pairs if s}
    return tuple(rail.pos if s > 0 else rail.neg for rail, s in signs.items())


def feedback(model: Model, rails: Rails) -> Reactions:
    """N3: states, adjoint and gradient with reversed parity; the gradient is scaled by the learning rate."""
    d, found = model.dynamics, list[Reaction]()
    for z, rhs in zip(d.states, d.feedback.states, strict=True):
        if z in d.states_back:
            found += _terms(d, rails.back[z], rhs, rails.back, "N3", f"{z}(back)")
    for a, rhs in zip(d.adjoints, d.feedback.adjoint, strict=True):
        found += _terms(d, rails.back[a], rhs, rails.back, "N3", str(a))
    scale = model.eta if model.placement == "N3" else 1.0
    for p, g, rhs in zip(d.parameters, rails.gradients, d.feedback.gradient, strict=True):
        found += _terms(d, g, rhs, rails.back, "N3", f"g({p})", scale)
    return tuple(found)


def update(model: Model, rails: Rails) -> Reactions:
    """N4: the gradient feeds the weights with opposite parity; on a single rail it annihilates them."""
    pairs = [(rails.forward[p], g) for p, g in zip(model.dynamics.parameters, rails.gradients, strict=True)]
    raised, lowered = "p - g: g < 0 raises p", "p - g: g > 0 lowers p"
    k1 = model.fast * (model.eta if model.placement == "N4" else 1.0)
    found = [Reaction((g.neg,), (p.pos,), k1, "N4", raised) for p, g in pairs]
    for p, g in pairs:
        if p.dual:
            found.append(Reaction((g.pos,), (p.neg,), k1, "N4", lowered))
        else:
            found.append(Reaction((g.pos, p.pos), (), k1, "N4", lowered + " by annihilation"))
    if model.placement == "N4":
        k2 = model.fast * (1 - model.eta)
        loss = "learning rate k1/(k1+k2): the rest of the gradient decays"
        found += [Reaction((name,), (), k2, "N4", loss) for _, g in pairs for name in g.species]
    return tuple(found)


def flush(model: Model, rails: Rails) -> Reactions:
    """Removal of what an iteration leaves: adjoints, inputs, retraced and unread states, bias, unspent gradient."""
    d = model.dynamics
    unread = [z for z, column in zip(d.states, zip(*model.readout, strict=True), strict=True) if not any(column)]
    old = [rails.forward[s] for s in (*d.adjoints, *d.inputs, *d.constants)]
    old += [rails.forward[z] for z in unread if z not in d.states_back]
    old += [rails.back[z] for z in d.states_back]
    names = dict.fromkeys(name for rail in old for name in rail.species)
    # Only the positive gradient can be left over: it found no weight to annihilate.
    names |= {g.pos: None for g, p in zip(rails.gradients, d.parameters, strict=True) if not rails.forward[p].dual}
    return tuple(Reaction((name,), (), model.fast, "N4", "flush") for name in names)


def annihilations(model: Model, rails: Rails) -> Reactions:
    """``Vp + Vn ->`` for every dual-rail variable, in all stages (tag ``fast``)."""
    every = [*rails.forward.values(), *rails.targets, *rails.gradients]
    every += [rails.back[z] for z in model.dynamics.states_back]
    pairs = dict.fromkeys(rail for rail in every if rail.dual and rail.name != "B")
    return tuple(Reaction((v.pos, v.neg), (), model.annihilation, "fast", f"annihilation of {v.name}") for v in pairs)
