"""DNA system -> implementation network: every step that its strands and complexes can take, found by rule.

In: a :class:`System` and a kinetics profile. Out: an :class:`Expansion`: the network (nM, s), the interpretation of
each of its species in formal species, and the strands each is made of.

The steps follow from the structures alone, by one rule for every gate (:mod:`dsd.displacement`). A step is reversible
where the one strand that left can come back by the same rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array

from dsd.closure import Closure
from dsd.domains import Duplex, Sequence
from dsd.interpretation import Interpretation
from dsd.network import NANOMOLAR, Network, Reaction, Species
from dsd.rates import Profile, per_nM, profile
from dsd.system import System


@dataclass(frozen=True)
class Composition:
    """Which strands each species holds: ``table`` is ``species -> strand names`` in state order."""

    strands: tuple[str, ...]
    table: tuple[tuple[str, tuple[str, ...]], ...]

    @cached_property
    def matrix(self) -> csr_array:
        """Integer counts, shape ``(len(strands), species)``: totals ``matrix @ state`` never change."""
        row = {name: i for i, name in enumerate(self.strands)}
        pairs = [(row[s], j) for j, (_, held) in enumerate(self.table) for s in held]
        rows, columns = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
        shape = (len(self.strands), len(self.table))
        return csr_array((np.ones(len(pairs), dtype=np.int64), (rows, columns)), shape=shape)


@dataclass(frozen=True)
class Expansion:
    """The implementation network, what its species mean, and what they are made of."""

    network: Network
    interpretation: Interpretation
    composition: Composition


def expand(system: System, kinetics: Profile | None = None) -> Expansion:
    """The network that the system's complexes and strands span, at the rates of ``kinetics`` (default: its own).

    That of a scheme whose gates are no nicked duplexes is :func:`dsd.folded.expand_folded`, which has rates of its own.
    """
    if system.folded:
        from dsd.folded import expand_folded

        return expand_folded(system)
    kinetics = kinetics or profile(system.get("profile", "ideal"))
    closure = Closure(system)
    names, roles = _names(system, closure)
    reactions = tuple(
        Reaction(
            (names[s.before], names[s.strand]),
            (names[s.after], *(names[f] for f in s.freed)),
            per_nM(kinetics.rate(s.n, s.m, s.long_nt)),
        )
        for s in closure.steps
    )
    initial = {s.domains: s.initial for s in system.strands} | {c.duplex: c.initial for c in system.complexes}
    species = tuple(Species(name, initial.get(part, 0.0), roles[part]) for part, name in names.items())
    return Expansion(
        Network(reactions, species, system.doses, NANOMOLAR, "network", system.meta),
        _interpretation(system, closure, names),
        _composition(system, names),
    )


Names = dict[Duplex | Sequence, str]


def _names(system: System, closure: Closure) -> tuple[Names, dict[Duplex | Sequence, str]]:
    """Names and roles of every species: strands, gates, then derived complexes gate by gate (``J0_1``, ``J0_w``)."""
    names: Names = {s.domains: s.name for s in system.strands if s.domains in closure.free}
    roles: dict[Duplex | Sequence, str] = {s.domains: s.role for s in system.strands}
    for c in system.complexes:
        names[c.duplex], roles[c.duplex] = c.name, c.role
    taken = {s.name for s in system.strands} | {c.name for c in system.complexes}
    reacting = {step.before for step in closure.steps}
    count: dict[tuple[int, bool], int] = {}
    derived = [d for d in closure.root if d not in names]
    for duplex in sorted(derived, key=lambda d: closure.root[d]):
        root, live = closure.root[duplex], duplex in reacting
        k = count[root, live] = count.get((root, live), 0) + 1
        name = f"{system.complexes[root].name}_{k if live else 'w' if k == 1 else f'w{k}'}"
        while name in taken:
            name += "_"
        taken.add(name)
        names[duplex], roles[duplex] = name, "intermediate" if live else "waste"
    return names, roles


def _interpretation(system: System, closure: Closure, names: Names) -> Interpretation:
    """Strands mean what the system says; a complex means its bound signals while its latch is bound."""
    latch_of = {s.name: s.domains for s in system.strands}
    meaning = {s.domains: system.interpretation(s.name) for s in system.strands}
    signal = {s.domains: meaning[s.domains] if s.role == "signal" else () for s in system.strands}
    table = []
    for part, name in names.items():
        if isinstance(part, Duplex):
            latch = latch_of[system.complexes[closure.root[part]].latch]
            bound = [top.domains for top in part.tops]
            formal = tuple(f for s in bound for f in signal[s]) if latch in bound else ()
        else:
            formal = meaning[part]
        table.append((name, formal))
    return Interpretation(tuple(table))


def _composition(system: System, names: Names) -> Composition:
    name = {s.domains: s.name for s in system.strands}
    held = ((part.strands if isinstance(part, Duplex) else (part,), species) for part, species in names.items())
    table = tuple((species, tuple(name[s] for s in strands)) for strands, species in held)
    return Composition(tuple(s.name for s in system.strands), table)
