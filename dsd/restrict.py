"""A part of a system: some of its modules with all they need, for building a pot up gate by gate.

In: a system and the indices of modules. Out: the system of those modules alone: their gates, every strand that is made
of their domains, and what is known about these.
"""

from __future__ import annotations

from collections.abc import Collection

from dsd.errors import InputError
from dsd.interpretation import Interpretation
from dsd.network import Threshold
from dsd.system import System


def restricted(system: System, modules: Collection[int]) -> System:
    """The system of the modules with those indices; raises :class:`InputError` for an index that no module has."""
    kept = tuple(m for m in system.modules if m.index in modules)
    unknown = sorted(set(modules) - {m.index for m in kept})
    if unknown or not kept:
        there = ", ".join(str(m.index) for m in system.modules) or "none"
        asked = f"has no module {', '.join(map(str, unknown))}" if unknown else "is to have none of its modules"
        raise InputError(f"the system {asked}; choose among {there}")
    gates = {name for m in kept for name in m.gates}
    complexes = tuple(c for c in system.complexes if c.name in gates)
    used = {d for c in complexes for d in c.duplex.bottom}
    strands = tuple(s for s in system.strands if all(d.rstrip("*") in used for d in s.domains))
    # A bottom strand is made of its gate's domains, and so may be that of a gate left out.
    bottoms = {c.duplex.strands[-1] for c in complexes}
    strands = tuple(s for s in strands if s.role != "bottom" or s.domains in bottoms)
    names = {s.name for s in strands} | gates
    doses = tuple(
        d for d in system.doses
        if d.species in names and (not isinstance(d.at, Threshold) or set(d.at.species) <= names)
    )  # fmt: skip
    return System(
        domains=tuple(d for d in system.domains if d.name in used),
        strands=strands,
        complexes=complexes,
        doses=doses,
        interpretation=Interpretation(tuple((n, m) for n, m in system.interpretation.table if n in names)),
        toeless=tuple((s, c) for s, c in system.toeless if s in names and c in names),
        modules=kept,
        meta=system.meta,
    )
