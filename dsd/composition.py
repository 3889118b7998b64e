"""Verified gates together: may what was proved of every gate alone be said of the whole system?

In: a lowered :class:`System`. Out: faults, each one sentence that names gates, their reactions and what is wrong; none
where the gates keep apart. Three questions, from cheap to thorough:

- :func:`shared_domains`: does every gate use the long domains of its own reaction's species, its own inner ones, and
  the universal end, and nobody else's? Decided on the domains alone.
- :func:`crosstalk`: has the whole system, by the rule of :mod:`dsd.expand`, a reaction that no module has by itself?
- :func:`pair_faults`: has a pair of modules that share a signal, enumerated by Peppercorn in one tube, a reaction that
  neither has by itself?
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from itertools import combinations
from typing import Any

from dsd.crosscheck import structures, toeless_steps
from dsd.expand import expand
from dsd.kernel import Structure, print_kernel
from dsd.modules import joint_system, merged, module_shape, module_system
from dsd.network import Reaction, describe
from dsd.peppercorn import Condensed, enumerate_structures
from dsd.rotation import order
from dsd.shape_report import where
from dsd.system import Module, System
from dsd.verify import starting


def shared_domains(system: System) -> tuple[str, ...]:
    """Long domains that a gate has in common with what it should know nothing of."""
    owner = _owners(system)
    universal = {d for s in system.strands if s.role == "end" for d in s.domains}
    toeholds = system.toeholds
    faults = []
    for m in system.modules:
        species = set(m.text.replace("->", " ").replace("+", " ").split())
        for d in _long(system, m, toeholds):
            strangers = [f for f in owner.get(d, ()) if f not in species]
            if len(owner.get(d, ())) > 1:
                faults.append(f"{where(m.gates, m.text)}: the long domain {d} stands for {' and '.join(owner[d])}")
            elif strangers:
                faults.append(f"{where(m.gates, m.text)}: the long domain {d} is that of {strangers[0]}, no part of it")
    inner: dict[str, Module] = {}
    for m in system.modules:
        for d in _long(system, m, toeholds):
            if d in owner or d in universal:
                continue
            other = inner.setdefault(d, m)
            if other is not m:
                both = f"{where(other.gates, other.text)} and {where(m.gates, m.text)}"
                faults.append(f"{both}: the inner long domain {d} is in both")
    return tuple(faults)


def crosstalk(system: System) -> tuple[str, ...]:
    """Reactions of the whole system that no module has by itself; none where gates keep apart."""
    alone: set[tuple[tuple[Structure, ...], ...]] = set()
    for m in system.modules:
        part = module_system(system, m.index)
        expansion = expand(part)
        structure = structures(part, expansion)
        alone.update(_sides(r, structure) for r in expansion.network)
    expansion = expand(system)
    structure = structures(system, expansion)
    return tuple(describe(r) for r in expansion.network if _sides(r, structure) not in alone)


MOST = 3000
"""Pairs looked at for their shapes; of more, a random sample."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of modules that share a signal: all, those looked at, the shapes these have, and the shapes enumerated.

    Pairs of one shape differ by names alone, so one enumeration speaks for all of them.
    """

    pairs: int
    seen: int
    shapes: int
    checked: int
    faults: tuple[str, ...]

    def __str__(self) -> str:
        drawn = f", {self.seen} of them drawn" if self.seen < self.pairs else ""
        enumerated = f"{self.checked} enumerated in one tube, {len(self.faults) or 'no'} unintended reactions"
        return f"Pairs that share a signal: {self.pairs}{drawn}, of {self.shapes} shapes, {enumerated}"

    def to_dict(self) -> dict[str, Any]:
        """As JSON-ready values."""
        return {f.name: list(v) if isinstance(v := getattr(self, f.name), tuple) else v for f in fields(self)}


def pair_faults(system: System, limit: int = 80, seed: int = 0) -> Pairs:
    """Enumerate pairs of modules together with Peppercorn, one of every shape, at most ``limit`` of them.

    Beyond ``limit`` the shapes are a random sample, drawn with ``seed``. Modules that share no signal have only the
    toehold and the universal end in common, which :func:`crosstalk` covers.
    """
    rng = random.Random(seed)
    signals = {m.index: _signals(system, m) for m in system.modules}
    pairs = [(a, b) for a, b in combinations(system.modules, 2) if signals[a.index] & signals[b.index]]
    seen = pairs if len(pairs) <= MOST else [pairs[i] for i in sorted(rng.sample(range(len(pairs)), MOST))]
    part = {i: module_system(system, i) for i in sorted({m.index for pair in seen for m in pair})}
    shapes: dict[str, tuple[Module, Module]] = {}
    for a, b in seen:
        shapes.setdefault(module_shape(merged(system, (part[a.index], part[b.index]))), (a, b))
    chosen = list(shapes.values())
    if len(chosen) > limit:
        chosen = [chosen[i] for i in sorted(rng.sample(range(len(chosen)), limit))]
    single = {i: set(_enumerated(part[i])) for i in sorted({m.index for pair in chosen for m in pair})}
    faults = []
    for a, b in chosen:
        both = set(_enumerated(joint_system(system, (a.index, b.index))))
        faults += list(_pair_faults((a, b), both, single[a.index] | single[b.index]))
    return Pairs(len(pairs), len(seen), len(shapes), len(chosen), tuple(faults))


def _pair_faults(pair: tuple[Module, Module], both: set[Condensed], alone: set[Condensed]) -> Iterator[str]:
    names = " with ".join(where(m.gates, m.text) for m in pair)
    for c in sorted(both - alone, key=_order):
        yield f"{names}: {_spelled(c)} happens only together"
    for c in sorted(alone - both, key=_order):
        yield f"{names}: {_spelled(c)} happens only apart"


def _enumerated(system: System) -> tuple[Condensed, ...]:
    expansion = expand(system)
    structure = structures(system, expansion)
    return enumerate_structures(starting(system, structure, toeless_steps(system, expansion.network)), system.domains)


def _order(c: Condensed) -> tuple[list[object], list[object]]:
    return [order(s) for s in c.reactants], [order(s) for s in c.products]


def _spelled(c: Condensed) -> str:
    left, right = (" + ".join(f"[{print_kernel(s)}]" for s in side) for side in (c.reactants, c.products))
    return f"{left} -> {right}"


def _owners(system: System) -> dict[str, tuple[str, ...]]:
    """The formal species that each long domain of a signal stands for."""
    owners: dict[str, list[str]] = {}
    for s in system.strands:
        if s.role == "signal":
            for d in s.domains:
                if d not in system.toeholds:
                    owners.setdefault(d, []).extend(system.interpretation(s.name) or (s.name,))
    return {d: tuple(dict.fromkeys(found)) for d, found in owners.items()}


def _signals(system: System, m: Module) -> frozenset[str]:
    """Names of the signals whose long domain is in the module's gates."""
    domains = set(_long(system, m, system.toeholds))
    found = (s.name for s in system.strands if s.role == "signal" and not domains.isdisjoint(s.domains))
    return frozenset(found)


def _long(system: System, m: Module, toeholds: Iterable[str]) -> list[str]:
    """Long domains of a module's gates, in order of appearance."""
    short = set(toeholds)
    duplexes = (c.duplex for c in system.complexes if c.name in m.gates)
    return list(dict.fromkeys(d for duplex in duplexes for d in duplex.bottom if d not in short))


def _sides(r: Reaction, structure: Mapping[str, Structure]) -> tuple[tuple[Structure, ...], ...]:
    return tuple(tuple(sorted((structure[x] for x in side), key=order)) for side in (r.reactants, r.products))
