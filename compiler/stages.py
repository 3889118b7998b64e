"""The four stages of a Neural CRN, each derived from the dynamics monomial by monomial.

In: a model and its rails. Out: reactions tagged ``N1`` to ``N4``, and the optional flushing (``N4``, note ``flush``)
and annihilation (``fast``: on in every stage) that the paper leaves out of its circuits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from compiler.dynamics import Dynamics
from compiler.grammar import Expr
from compiler.model import Model, Rails
from compiler.rails import Rail, reactions
from dsd.network import Reaction

ONE = Rail("One")
"""Catalyst of constant terms written as a number; held at 1."""

Reactions = tuple[Reaction, ...]


def _terms(
    d: Dynamics, target: Rail, rhs: Expr, rails: dict[Expr, Rail], stage: str, what: str, scale: float = 1.0
) -> Reactions:
    found: list[Reaction] = []
    for monomial in d.monomials(rhs):
        factors = tuple(rails[s] for s in monomial.factors) or (ONE,)
        found += reactions(target, monomial, factors, stage=stage, what=what, scale=scale)
    return tuple(found)


def feedforward(model: Model, rails: Rails) -> Reactions:
    """N1: ``dz/dt = f``."""
    d = model.dynamics
    found = [
        r
        for z, f in zip(d.states, d.f, strict=True)
        for r in _terms(d, rails.forward[z], f, rails.forward, "N1", str(z))
    ]
    return _join(found)


def transfer(model: Model, rails: Rails) -> Reactions:
    """N2: every state feeds every adjoint (the output is their sum), the target feeds them negatively."""
    d = model.dynamics
    adjoints = tuple(dict.fromkeys(rails.forward[a] for a in d.adjoints))
    up, down = tuple(a.pos for a in adjoints), tuple(a.neg for a in adjoints)
    found = []
    for z in d.states:
        copy = rails.back[z] if d.needs_states_back else None
        note = f"a = yhat - y has {z}" + (f", kept as {copy.name}" if copy else "")
        for i, species in enumerate(rails.forward[z].species):
            kept = (copy.species[i],) if copy else ()
            found.append(Reaction((species,), kept + (down if i else up), model.fast, "N2", note))
    for i, species in enumerate(rails.target.species):
        found.append(Reaction((species,), up if i else down, model.fast, "N2", "a = yhat - y has -y"))
    return tuple(found)


def feedback(model: Model, rails: Rails) -> Reactions:
    """N3: states, adjoint and gradient with reversed parity; the gradient is scaled by the learning rate."""
    d, found = model.dynamics, list[Reaction]()
    if d.needs_states_back:
        for z, rhs in zip(d.states, d.feedback.states, strict=True):
            found += _terms(d, rails.back[z], rhs, rails.back, "N3", f"{z}(back)")
    for a, rhs in zip(d.adjoints, d.feedback.adjoint, strict=True):
        found += _terms(d, rails.back[a], rhs, rails.back, "N3", str(a))
    scale = model.eta if model.placement == "N3" else 1.0
    for p, g, rhs in zip(d.parameters, rails.gradients, d.feedback.gradient, strict=True):
        found += _terms(d, g, rhs, rails.back, "N3", f"g({p})", scale)
    return _join(found)


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
    """Removal of what an iteration leaves behind: adjoints, inputs, retraced states, bias, unspent gradient."""
    d = model.dynamics
    old = [rails.forward[s] for s in (*d.adjoints, *d.inputs, *d.constants)]
    old += [rails.back[z] for z in d.states if d.needs_states_back]
    names = dict.fromkeys(name for rail in old for name in rail.species)
    # Only the positive gradient can be left over: it found no weight to annihilate.
    names |= {g.pos: None for g, p in zip(rails.gradients, d.parameters, strict=True) if not rails.forward[p].dual}
    return tuple(Reaction((name,), (), model.fast, "N4", "flush") for name in names)


def annihilations(model: Model, rails: Rails) -> Reactions:
    """``Vp + Vn ->`` for every dual-rail variable, in all stages (tag ``fast``)."""
    every = [*rails.forward.values(), rails.target, *rails.gradients]
    if model.dynamics.needs_states_back:
        every += [rails.back[z] for z in model.dynamics.states]
    pairs = dict.fromkeys(rail for rail in every if rail.dual and rail.name != "B")
    return tuple(Reaction((v.pos, v.neg), (), model.fast, "fast", f"annihilation of {v.name}") for v in pairs)


def _join(found: Sequence[Reaction]) -> Reactions:
    """Add the rates of equal reactions, and let one unimolecular catalyst feed all its products at once."""
    equal: dict[tuple[tuple[str, ...], tuple[str, ...]], Reaction] = {}
    for r in found:
        key = (tuple(sorted(r.reactants)), tuple(sorted(r.products)))
        equal[key] = replace(equal[key], k=equal[key].k + r.k) if key in equal else r
    fans: dict[tuple[str, float, str], Reaction] = {}
    others: list[Reaction] = []
    for r in equal.values():
        if r.order != 1 or r.products.count(r.reactants[0]) != 1 or len(r.products) != 2:
            others.append(r)
            continue
        source = r.reactants[0]
        (made,) = (n for n in r.products if n != source)
        fan = (source, r.k, r.stage)
        if fan in fans:
            first = fans[fan]
            fans[fan] = replace(first, products=(*first.products, made), note=f"{first.note}; {r.note}")
        else:
            fans[fan] = replace(r, products=(source, made))
    return (*others, *fans.values())
