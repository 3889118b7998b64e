"""From a neural ODE to a Neural CRN.

In: a :class:`Model` (polynomial dynamics, initial weights, T, learning rate, rails). Out: a :class:`Circuit`, the
formal network in the four stages of arXiv 2409.00034 (Tables 3-5):

    N1  feedforward   dz/dt = f, from z = x, for T
    N2  transfer      Z -> A (and Zb, if the feedback retraces z), Y -> A, fast: a = yhat - y with yhat = sum z
    N3  feedback      dz, da, dg with reversed parity, for T; the learning rate scales g here
    N4  update        G into P with opposite parity, fast; flushing

Every reaction is derived (:mod:`compiler.stages`), none is typed for a particular ``f``.
"""

from __future__ import annotations

import json
from dataclasses import replace

from compiler import stages
from compiler.circuit import Circuit, circuit_of
from compiler.literal import reduction
from compiler.model import Model, check
from compiler.rails import Rail
from compiler.reduce import Reduction, fanned, joined, reachable
from compiler.variables import Rails, assign
from dsd.network import Network, Species, network

KEPT = ("input", "target", "parameter", "gradient")
"""Roles whose species a circuit declares even if no reaction uses them."""


def derive(model: Model, *, flush: bool = False, annihilation: bool = False) -> Circuit:
    """The Neural CRN of ``model``; options add the flushing and annihilation reactions that the paper leaves out.

    Raises :class:`InputError` if the number of weights is wrong, a single rail would have to go negative, or the
    adjoint is to be shared although it moves.
    """
    check(model)
    rails = assign(model)
    steps = (stages.feedforward, stages.transfer, stages.feedback, stages.update)
    found = tuple(r for step in steps for r in fanned(joined(step(model, rails))))
    if flush:
        found += stages.flush(model, rails)
    if annihilation:
        found += stages.annihilations(model, rails)
    species = _species(model, rails)
    there = reachable(found, _present(model, rails, species))
    live = tuple(r for r in found if there.issuperset(r.reactants))
    used = {n for r in live for n in r.species}
    # A rail keeps its positive species if it has the negative one: alone, that would read as a positive variable.
    used |= {rail.pos for rail in (*rails.forward.values(), *rails.back.values()) if rail.dual and rail.neg in used}
    kept = tuple(s for s in species if s.name in used or s.role in KEPT)
    plain = network(live, kept, level="formal")
    spared = reduction(model, rails, len(found) - len(live))
    return circuit_of(replace(plain, meta=_meta(model, rails, paper_count(plain), spared)))


def paper_count(formal: Network) -> tuple[int, int]:
    """(species, reactions) as the paper counts them.

    Counted: every species of the reactions except the bias, plus two clock species. Not counted: bias species,
    flushing, annihilation, and the loading of Z = x.
    """
    clocks = len(formal.role("clock")) or 2
    named = [s for s in formal.species if s.role not in ("bias", "clock")]
    counted = [r for r in formal if r.stage in ("N1", "N2", "N3", "N4") and not r.note.startswith("flush")]
    return len(named) + clocks, len(counted)


def _species(model: Model, rails: Rails) -> tuple[Species, ...]:
    d = model.dynamics
    found: dict[str, Species] = {}

    def add(rail: Rail, role: str, value: float = 0.0) -> None:
        for name, amount in rail.split(value).items():
            found.setdefault(name, Species(name, amount, role))

    unpadded = d.dimension - len(model.padding)
    for x, value in zip(d.inputs, (0.0,) * unpadded + model.padding, strict=True):
        add(rails.forward[x], "input", value)
    for target in rails.targets:
        add(target, "target")
    for p, value in zip(d.parameters, model.initial, strict=True):
        add(rails.forward[p], "parameter", value)
    for z, start in zip(d.states, model.starts, strict=True):
        add(rails.forward[z], "state", start or 0.0)
    for a in d.adjoints:
        add(rails.forward[a], "adjoint")
    for g in rails.gradients:
        add(g, "gradient")
    for z in d.states_back:
        add(rails.back[z], "feedback")
    for c in d.constants:
        add(rails.forward[c], "bias", model.h)
    add(stages.ONE, "bias", 1.0)
    return tuple(found.values())


def _present(model: Model, rails: Rails, species: tuple[Species, ...]) -> set[str]:
    """What is there from the start or dosed with a sample."""
    d = model.dynamics
    dosed = [rails.forward[x] for x in d.inputs[: d.dimension - len(model.padding)]] + list(rails.targets)
    for z, source in zip(d.states, model.source, strict=True):
        if source is not None:
            padded = source >= d.dimension - len(model.padding)
            dosed.append(_filled(rails.forward[z], model, source) if padded else rails.forward[z])
    return {s.name for s in species if s.initial > 0} | {n for rail in dosed for n in rail.species}


def _filled(rail: Rail, model: Model, source: int) -> Rail:
    """The one rail that a constant of the padding fills."""
    value = model.padding[source - model.dynamics.dimension + len(model.padding)]
    return Rail(next(name for name, amount in rail.split(value).items() if amount > 0 or value == 0))


def _meta(model: Model, rails: Rails, count: tuple[int, int], spared: Reduction) -> tuple[tuple[str, str], ...]:
    d = model.dynamics
    left = "dz/dt = " if len(d.symbols.blocks) == 1 else "the blocks "
    lines = [
        f"Neural CRN of {left}{d.text}, d = {d.dimension}; P are the weights.",
        f"The paper counts {count[0]} species and {count[1]} reactions here: with the clock species C1 and C2, which",
        "no reaction of this level names; without bias species (B), flushing, annihilation, and the loading of Z = x.",
    ]
    if d.constants:
        lines.append("B holds h and is a catalyst here; as B -> Z1 + Z2, the paper's print, N1 would use it up.")
    if spared.text:
        lines.append(spared.text)
    lines += _altered(model)
    head = (("design", model.name),) if model.name else ()
    numbers = [("dynamics", d.text), ("T", f"{model.T!r}"), ("eta", f"{model.eta!r}")]
    if model.feedback_T is not None:
        numbers.append(("feedback_T", f"{model.feedback_T!r}"))
    return tuple(("comment", line) for line in lines) + head + tuple(numbers) + _loading(model, rails)


def _altered(model: Model) -> list[str]:
    """What makes the feedback phase differ from the derived one, a line each."""
    options, wrong = model.dynamics.options, "instead: the weights do not move along the gradient of these dynamics."
    found = []
    if model.feedback_T is not None:
        found.append(f"N3 runs for {model.feedback_T:g}, not for {model.T:g}: the weights leave the gradient.")
    if options.held:
        names = ", ".join(sorted(options.held))
        slowly = f"retraces {names} at {options.retrace:g} of their speed"
        how = slowly if options.retrace else f"holds {names} at the value of T"
        found.append(f"The feedback phase {how}: the gradient of these dynamics near T.")
    if options.states:
        found.append(f"The states retrace {options.states.text} {wrong}")
    if options.adjoint:
        found.append(f"The adjoint is that of {options.adjoint.text} {wrong}")
    return found


def _loading(model: Model, rails: Rails) -> tuple[tuple[str, str], ...]:
    """How a sample is dosed, where it is not X = x and Z = X."""
    d = model.dynamics
    found: list[tuple[str, str]] = []
    pairs = [(rails.forward[z].pos, i) for z, i in zip(d.states, model.source, strict=True) if i is not None]
    if [i for _, i in pairs] != list(range(d.dimension)) or len(pairs) != len(d.states):
        found.append(("start", " ".join(f"{name}={rails.forward[d.inputs[i]].pos}" for name, i in pairs) or "constant"))
    if model.input_layer:
        found.append(("input_layer", json.dumps(model.input_layer)))
    return tuple(found)
