"""Domain-level verification of gates: is the network we simulate the one the molecules have, and is it correct?

In: a formal reaction and a :class:`Lowering`, or a lowered system. Out: a :class:`ShapeReport` a gate shape. Three
questions are kept apart:

- :func:`compare_networks`: does :mod:`dsd.expand` give the condensed network that Peppercorn enumerates from the same
  strands and complexes, reaction by reaction and rate by rate?
- :func:`check_bisimulation`: does that network implement the formal reaction? The lowering knows what every species
  means, so its interpretation is checked, never searched for.
- :func:`crosstalk`: do the gates of a whole system react as they do one by one?
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from string import ascii_uppercase

from dsd.crosscheck import Difference, compare_networks, structures, toeless_steps
from dsd.errors import InputError
from dsd.expand import expand
from dsd.kernel import Structure
from dsd.lower import Lowering, lower
from dsd.modules import module_shape, module_system
from dsd.network import NANOMOLAR, Network, Reaction, describe, network
from dsd.peppercorn import enumerate_structures
from dsd.rates import PEPPERCORN
from dsd.rotation import order
from dsd.schemes import scheme
from dsd.system import FUELS, System
from dsd.verdict import Verdict, check_bisimulation

__all__ = [
    "Difference",
    "ShapeReport",
    "Verdict",
    "check_bisimulation",
    "compare_networks",
    "crosstalk",
    "shape_of",
    "verify_modules",
    "verify_shape",
    "verify_system",
]


@dataclass(frozen=True, slots=True)
class ShapeReport:
    """What verification found for one shape; ``assumption`` says under which conditions it speaks.

    ``reactions`` counts Peppercorn's condensed one-way reactions.
    """

    shape: str
    scheme: str
    verdict: Verdict
    assumption: str
    differences: tuple[Difference, ...]
    reactions: int
    seconds: float

    @property
    def ok(self) -> bool:
        """The networks are equal, the verdict holds, and crnverifier agrees."""
        return self.verdict.holds and self.verdict.second and not self.differences

    def __str__(self) -> str:
        verdict = self.verdict
        found = "holds" if verdict.holds else f"fails: {verdict.counterexample}"
        if verdict.holds != verdict.second:
            found += f" (crnverifier says {verdict.second})"
        graph = f"{len(self.differences)} differences" if self.differences else "network equals Peppercorn's"
        return f"{self.shape}: {verdict.notion} {found}; {graph}; {self.assumption}"


def shape_of(reaction: Reaction, dosed: Iterable[str] = ()) -> str:
    """The reaction with its species renamed A, B, ... in order of appearance.

    The order of reactants and products counts, since gates bind and release in that order. ``dosed`` as in
    :class:`Lowering`: the fork of a reaction that uses up a dosed species ends with that species' own strand.

    >>> shape_of(Reaction(("O1", "X2"), ("O1", "Y2")))
    'A + B -> A + C'
    """
    renamed, own = _renamed(reaction, dosed)
    return describe(renamed) + (f", end {own}" if own else "")


def verify_shape(reaction: Reaction, options: Lowering | None = None, slow: bool = False) -> ShapeReport:
    """Lower one reaction by itself, with the scheme, lengths and dosed species of ``options``, and verify it.

    ``slow`` asks for the join and fork that replace an annihilator or sink too slow to last.
    """
    options = options or Lowering()
    renamed, own = _renamed(reaction, options.dosed)
    rate = 1e-6 * 1e-4 ** max(renamed.order - 2, 0)  # nM and s; slow enough for gates of any length
    single = network([replace(renamed, k=rate)], units=NANOMOLAR)
    chosen = Lowering(
        scheme=options.scheme,
        toehold_nt=options.toehold_nt,
        long_nt=options.long_nt,
        min_gate_nM=20.0 if slow else 0.0,
        dosed=(own,) if own else (),
    )
    system, _ = lower(single, chosen)
    return verify_system(system, single.reactions, shape_of(reaction, options.dosed))


def verify_modules(system: System, formal: Network, dosed: Iterable[str] = ()) -> tuple[ShapeReport, ...]:
    """One report for every distinct gate shape of a lowered system, in order of appearance.

    ``formal`` is the network that was lowered. Raises :class:`InputError` where they do not belong together.
    """
    reports: dict[tuple[str, str], ShapeReport] = {}
    dosed = tuple(dosed)
    for m in system.modules:
        if m.index >= len(formal.reactions) or describe(formal.reactions[m.index]) != m.text:
            raise InputError(f"module {m.index} is {m.text}, not in this network; give the network that was lowered")
        reaction, part = formal.reactions[m.index], module_system(system, m.index)
        shape = shape_of(reaction, dosed), module_shape(part)
        if shape not in reports:
            reports[shape] = verify_system(part, (reaction,), shape[0])
    return tuple(reports.values())


def verify_system(system: System, formal: tuple[Reaction, ...], shape: str) -> ShapeReport:
    """Verify a whole, small system against its formal reactions; rates are compared on the ``peppercorn`` profile."""
    begin = time.perf_counter()
    expansion = expand(system, PEPPERCORN)
    structure = structures(system, expansion)
    toeless = toeless_steps(system, expansion.network)
    theirs = enumerate_structures(_starting(system, structure, toeless), system.domains)
    chosen = scheme(system.get("scheme", Lowering().scheme))
    verdict = check_bisimulation(formal, system, expansion, relaxed=not chosen.irreversible)
    differences = compare_networks(expansion.network, structure, theirs, toeless)
    seconds = time.perf_counter() - begin
    return ShapeReport(shape, chosen.name, verdict, _assumption(toeless, verdict), differences, len(theirs), seconds)


def crosstalk(system: System) -> tuple[str, ...]:
    """Reactions of the whole system that no module has by itself; none where gates keep apart.

    This is what lets verified modules speak for the system.
    """
    alone: set[tuple[tuple[Structure, ...], ...]] = set()
    for m in system.modules:
        part = module_system(system, m.index)
        expansion = expand(part)
        structure = structures(part, expansion)
        alone.update(_sides(r, structure) for r in expansion.network)
    expansion = expand(system)
    structure = structures(system, expansion)
    return tuple(describe(r) for r in expansion.network if _sides(r, structure) not in alone)


def _sides(r: Reaction, structure: Mapping[str, Structure]) -> tuple[tuple[Structure, ...], ...]:
    return tuple(tuple(sorted((structure[x] for x in side), key=order)) for side in (r.reactants, r.products))


def _renamed(reaction: Reaction, dosed: Iterable[str]) -> tuple[Reaction, str]:
    """The reaction in letters, and the letter of the dosed species that ends its fork, ``""`` if none does."""
    if len(reaction.species) > len(ascii_uppercase):
        raise InputError(f"{describe(reaction)} has more than 26 species; no gate is that long")
    letter = dict(zip(reaction.species, ascii_uppercase, strict=False))
    renamed = Reaction(tuple(letter[x] for x in reaction.reactants), tuple(letter[x] for x in reaction.products))
    given, change = set(dosed), reaction.net()
    used_up = (x for x in reaction.reactants if reaction.products and x in given and change.get(x, 0) < 0)
    return renamed, letter.get(next(used_up, ""), "")


def _starting(system: System, structure: Mapping[str, Structure], toeless: Iterable[Reaction]) -> tuple[Structure, ...]:
    """What is in the tube before anything happens, and what toeless steps give."""
    free = [s.name for s in system.strands if s.initial > 0 or s.role == "signal" or s.role in FUELS]
    given = [x for r in toeless for x in r.products]
    return tuple(structure[x] for x in dict.fromkeys([*free, *(c.name for c in system.complexes), *given]))


def _assumption(toeless: Iterable[Reaction], verdict: Verdict) -> str:
    text = "assuming that gates and fuels last and remote toeholds do not react"
    for r in toeless:
        text += f", that {describe(r)} starts without a toehold"
    return text + "".join(f", that {dropped} is left out" for dropped in verdict.dropped)
