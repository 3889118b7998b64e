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

from dataclasses import replace

from compiler import stages
from compiler.circuit import Circuit, circuit_of
from compiler.model import Model, Rails, assign, check
from compiler.rails import Rail
from dsd.network import Network, Species, network


def derive(model: Model, *, flush: bool = False, annihilation: bool = False) -> Circuit:
    """The Neural CRN of ``model``; options add the flushing and annihilation reactions that the paper leaves out.

    Raises :class:`InputError` if the number of weights is wrong, a single rail would have to go negative, or the
    adjoint is to be shared although it moves.
    """
    check(model)
    rails = assign(model)
    steps = (stages.feedforward, stages.transfer, stages.feedback, stages.update)
    found = tuple(r for step in steps for r in step(model, rails))
    if flush:
        found += stages.flush(model, rails)
    if annihilation:
        found += stages.annihilations(model, rails)
    species = _species(model, rails)
    used = {n for r in found for n in r.species}
    kept = tuple(s for s in species if s.role != "feedback" or s.name in used)
    plain = network(found, kept, level="formal")
    return circuit_of(replace(plain, meta=_meta(model, rails, paper_count(plain))))


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

    for x in d.inputs:
        add(rails.forward[x], "input")
    add(rails.target, "target")
    for p, value in zip(d.parameters, model.initial, strict=True):
        add(rails.forward[p], "parameter", value)
    for z in d.states:
        add(rails.forward[z], "state")
    for a in d.adjoints:
        add(rails.forward[a], "adjoint")
    for g in rails.gradients:
        add(g, "gradient")
    for z in d.states:
        add(rails.back[z], "feedback")
    for c in d.constants:
        add(rails.forward[c], "bias", model.h)
    if any(not m.factors for f in d.f for m in d.monomials(f)):
        add(stages.ONE, "bias", 1.0)
    return tuple(found.values())


def _meta(model: Model, rails: Rails, count: tuple[int, int]) -> tuple[tuple[str, str], ...]:
    lines = [
        f"Neural CRN of dz/dt = {model.dynamics.text}, d = {model.dynamics.dimension}; P are the weights.",
        f"The paper counts {count[0]} species and {count[1]} reactions here: with the clock species C1 and C2, which",
        "no reaction of this level names; without bias species (B), flushing, annihilation, and the loading of Z = x.",
    ]
    if model.dynamics.constants:
        lines.append("B holds h and is a catalyst here; as B -> Z1 + Z2, the paper's print, N1 would use it up.")
    head = (("design", model.name),) if model.name else ()
    numbers = (("dynamics", model.dynamics.text), ("T", f"{model.T!r}"), ("eta", f"{model.eta!r}"))
    return tuple(("comment", line) for line in lines) + head + numbers
