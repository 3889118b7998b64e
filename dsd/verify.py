"""Domain-level verification of gates: is the network we simulate the one the molecules have, and is it correct?

In: a formal reaction and a :class:`Lowering`, or a lowered system. Out: a :class:`ShapeReport` a gate shape. Two
questions are kept apart:

- :func:`compare_networks`: does :mod:`dsd.expand` give the condensed network that Peppercorn enumerates from the same
  strands and complexes, reaction by reaction and rate by rate?
- :func:`check_bisimulation`: does that network implement the formal reaction? The lowering knows what every species
  means, so its interpretation is checked, never searched for.

That verified gates are right together is the matter of :mod:`dsd.composition`.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, MutableMapping
from dataclasses import replace
from string import ascii_uppercase

from dsd.crosscheck import Difference, compare_networks, structures, toeless_steps
from dsd.errors import InputError, StrandgradError
from dsd.expand import Expansion, expand
from dsd.kernel import Structure
from dsd.lower import Lowering
from dsd.modules import module_shape, module_system
from dsd.network import Network, Reaction, describe, network
from dsd.peppercorn import enumerate_structures, require
from dsd.rates import PEPPERCORN
from dsd.schemes import scheme
from dsd.shape_report import ShapeReport
from dsd.structural import structural
from dsd.syntax import parse_crn
from dsd.system import FUELS, Module, System
from dsd.verdict import STRICT, Verdict, check_bisimulation

__all__ = [
    "Cache",
    "Difference",
    "ShapeReport",
    "Verdict",
    "check_bisimulation",
    "compare_networks",
    "shape_of",
    "verify_modules",
    "verify_shape",
    "verify_system",
]


def shape_of(reaction: Reaction, dosed: Iterable[str] = ()) -> str:
    """The reaction with its species renamed A, B, ... in order of appearance.

    The order of reactants and products counts, since gates bind and release in that order. ``dosed`` as in
    :class:`Lowering`: the fork of a reaction that uses up a dosed species ends with that species' own strand.

    >>> shape_of(Reaction(("O1", "X2"), ("O1", "Y2")))
    'A + B -> A + C'
    """
    renamed, own = _renamed(reaction, dosed)
    return describe(renamed) + (f", end {own}" if own else "")


Cache = MutableMapping[tuple[str, ...], ShapeReport]
"""Reports by shape, for whoever verifies many systems; any dict will do."""


def verify_shape(reaction: Reaction, options: Lowering | None = None, slow: bool = False) -> ShapeReport:
    """Lower one reaction by itself, with the scheme, lengths and dosed species of ``options``, and verify it.

    ``slow`` asks for the join and fork that replace an annihilator or sink too slow to last. The species have no
    roles, so an annihilator is a mirror pair.
    """
    options = options or Lowering()
    renamed, own = _renamed(reaction, options.dosed)
    chosen = replace(options, dosed=(own,) if own else ())
    system, single = structural(network([renamed]), chosen, joined=slow)
    (report,) = verify_modules(system, single, chosen.dosed)
    return report


def verify_modules(
    system: System, formal: Network | None = None, dosed: Iterable[str] = (), cache: Cache | None = None
) -> tuple[ShapeReport, ...]:
    """One report for every distinct gate shape of a lowered system, in order of appearance.

    ``formal`` is the network that was lowered; without it each module's own text states its reaction. Shapes that are
    right in ``cache`` are not verified again, so their gates may be named as they were where they were met first.
    Raises :class:`InputError` where network and system do not belong together.
    """
    known: Cache = {} if cache is None else cache
    count: dict[tuple[str, ...], int] = {}
    dosed = tuple(dosed)
    for m in system.modules:
        reaction, part = _formal(m, formal), module_system(system, m.index)
        shape, letters = shape_of(reaction, dosed), dict(zip(reaction.species, ascii_uppercase, strict=False))
        lengths = sorted({f"{'toehold' if d.toehold else 'long'} {d.length}" for d in part.domains})
        key = (shape, module_shape(part, letters), system.get("scheme"), *lengths)
        if key not in count and not (key in known and known[key].ok):
            report = verify_system(part, (reaction,), shape)
            known[key] = replace(report, kind=m.kind, gates=m.gates, reaction=m.text)
        count[key] = count.get(key, 0) + 1
    return tuple(replace(known[key], count=n) for key, n in count.items())


def _formal(m: Module, formal: Network | None) -> Reaction:
    if formal is None:
        (reaction,) = parse_crn(m.text, f"module {m.index}").reactions
        return reaction
    if m.index >= len(formal.reactions) or describe(formal.reactions[m.index]) != m.text:
        raise InputError(f"module {m.index} is {m.text}, not in this network; give the network that was lowered")
    return formal.reactions[m.index]


def verify_system(
    system: System, formal: tuple[Reaction, ...], shape: str, expansion: Expansion | None = None
) -> ShapeReport:
    """Verify a whole, small system against its formal reactions; rates are compared on the ``peppercorn`` profile.

    ``expansion`` is a network to judge in place of the one that :func:`dsd.expand.expand` finds.
    What cannot be expanded or enumerated to the end counts as wrong, with the reason as counterexample. Raises
    :class:`InputError` where Peppercorn or crnverifier is not installed.
    """
    require()
    begin = time.perf_counter()
    chosen = scheme(system.get("scheme", Lowering().scheme))
    try:
        verdict, differences, toeless, count = _judged(system, formal, expansion, not chosen.irreversible)
    except StrandgradError as error:
        verdict, differences, toeless, count = Verdict(False, STRICT, str(error), (), False), (), (), 0
    seconds = time.perf_counter() - begin
    return ShapeReport(shape, chosen.name, verdict, _premise(toeless, verdict), differences, count, seconds)


def _judged(
    system: System, formal: tuple[Reaction, ...], expansion: Expansion | None, relaxed: bool
) -> tuple[Verdict, tuple[Difference, ...], tuple[Reaction, ...], int]:
    expansion = expansion or expand(system, PEPPERCORN)
    structure = structures(system, expansion)
    toeless = toeless_steps(system, expansion.network)
    theirs = enumerate_structures(starting(system, structure, toeless), system.domains)
    verdict = check_bisimulation(formal, system, expansion, relaxed)
    return verdict, compare_networks(expansion.network, structure, theirs, toeless), toeless, len(theirs)


def _renamed(reaction: Reaction, dosed: Iterable[str]) -> tuple[Reaction, str]:
    """The reaction in letters, and the letter of the dosed species that ends its fork, ``""`` if none does."""
    if len(reaction.species) > len(ascii_uppercase):
        raise InputError(f"{describe(reaction)} has more than 26 species; no gate is that long")
    letter = dict(zip(reaction.species, ascii_uppercase, strict=False))
    renamed = Reaction(tuple(letter[x] for x in reaction.reactants), tuple(letter[x] for x in reaction.products))
    given, change = set(dosed), reaction.net()
    used_up = (x for x in reaction.reactants if reaction.products and x in given and change.get(x, 0) < 0)
    return renamed, letter.get(next(used_up, ""), "")


def starting(system: System, structure: Mapping[str, Structure], toeless: Iterable[Reaction]) -> tuple[Structure, ...]:
    """What is in the tube before anything happens, and what toeless steps give."""
    free = [s.name for s in system.strands if s.initial > 0 or s.role == "signal" or s.role in FUELS]
    given = [x for r in toeless for x in r.products]
    return tuple(structure[x] for x in dict.fromkeys([*free, *(c.name for c in system.complexes), *given]))


def _premise(toeless: Iterable[Reaction], verdict: Verdict) -> str:
    """What is assumed of this shape alone."""
    started = [f"that {describe(r)} starts without a toehold" for r in toeless]
    return ", ".join([*started, *(f"that {dropped} is left out" for dropped in verdict.dropped)])
