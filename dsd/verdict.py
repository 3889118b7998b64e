"""Does an expanded system implement its formal reactions? Asked of two checkers.

In: formal reactions, a :class:`System` and its :class:`Expansion`. Out: a :class:`Verdict` under the interpretation
that the lowering gave.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from dsd.bisimulation import counterexample, means, without
from dsd.crosscheck import key
from dsd.expand import Expansion
from dsd.network import Reaction, describe
from dsd.peppercorn import crnverifier_bisimulation
from dsd.system import FUELS, System

STRICT = "CRN bisimulation"
RELAXED = "CRN bisimulation without the reverse of the committing step"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a network implements its formal reactions, in the sense of ``notion``.

    ``counterexample`` says why not; ``dropped`` lists the reactions that a relaxed notion leaves out. ``second`` is
    crnverifier's answer, which is not about modularity.
    """

    holds: bool
    notion: str
    counterexample: str
    dropped: tuple[str, ...]
    second: bool


def check_bisimulation(
    formal: Iterable[Reaction], system: System, expansion: Expansion, relaxed: bool = False
) -> Verdict:
    """Whether the network implements ``formal`` under its own interpretation, fuels and gates taken as constant.

    ``relaxed`` drops the reverse of every step that means a formal reaction. A scheme that commits reversibly is not
    bisimilar without: its outputs can run back into inputs.
    """
    formal = tuple(formal)
    fuels = [s.name for s in system.strands if s.role in FUELS] + [c.name for c in system.complexes]
    reactions = without(expansion.network, fuels)
    meaning = {x: expansion.interpretation(x) for r in reactions for x in r.species}
    dropped = tuple(_reverses(formal, reactions, meaning)) if relaxed else ()
    kept = tuple(r for r in reactions if r not in dropped)
    signals = [s.name for s in system.strands if s.role == "signal"]
    against = counterexample(formal, kept, meaning, signals)
    second = crnverifier_bisimulation(formal, kept, meaning)
    return Verdict(not against, RELAXED if dropped else STRICT, against, tuple(map(describe, dropped)), second)


def _reverses(
    formal: tuple[Reaction, ...], reactions: tuple[Reaction, ...], meaning: Mapping[str, tuple[str, ...]]
) -> Iterator[Reaction]:
    """The reverses of the steps that mean a formal reaction, unless they mean one themselves."""
    goals = {(key(r.reactants), key(r.products)) for r in formal}
    steps = {(key(r.reactants), key(r.products)) for r in reactions}
    for r in reactions:
        forward = (means(r.products, meaning), means(r.reactants, meaning))
        if (key(r.products), key(r.reactants)) in steps and forward in goals and forward[::-1] not in goals:
            yield r
