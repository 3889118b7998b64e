"""One reaction's gates, or several', cut out of a system, and the shape they have whatever their domains are called."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from dsd.domains import Sequence
from dsd.errors import InputError
from dsd.interpretation import Interpretation
from dsd.system import BOTTOM, Strand, System


def module_system(system: System, index: int) -> System:
    """The gates of reaction ``index`` with every strand that is made of their domains alone, other gates' waste apart.

    Raises :class:`InputError` where the system has no such module.
    """
    return joint_system(system, (index,))


def joint_system(system: System, indices: Iterable[int]) -> System:
    """As :func:`module_system`, of several reactions in one tube."""
    wanted = tuple(indices)
    found = tuple(m for m in system.modules if m.index in wanted)
    missing = sorted(set(wanted) - {m.index for m in found})
    if missing:
        raise InputError(f"the system has no module {missing[0]}; it has {len(system.modules)}, counted from 0")
    gates = {name for m in found for name in m.gates}
    complexes = tuple(c for c in system.complexes if c.name in gates)
    domains = {d for c in complexes for d in c.duplex.bottom}
    bound = {sequence for c in complexes for sequence in c.duplex.strands}
    strands = tuple(s for s in system.strands if _belongs(s, domains, bound))
    names = {s.name for s in strands} | {c.name for c in complexes}
    return replace(
        system,
        domains=tuple(d for d in system.domains if d.name in domains),
        strands=strands,
        complexes=complexes,
        doses=(),
        interpretation=Interpretation(tuple(row for row in system.interpretation.table if row[0] in names)),
        toeless=tuple(pair for pair in system.toeless if pair[1] in names),
        modules=found,
    )


def _belongs(strand: Strand, domains: set[str], bound: set[Sequence]) -> bool:
    if strand.role in (BOTTOM, "waste"):
        return strand.domains in bound
    return all(d.rstrip("*") in domains for d in strand.domains)


def module_shape(module: System) -> str:
    """Gates, and roles and domains of the strands, with long domains numbered in order of appearance.

    Modules of equal shape and equal domain lengths differ by names alone.
    """
    short = {d.name for d in module.domains if d.toehold}
    number: dict[str, str] = {}

    def called(name: str) -> str:
        base = name.rstrip("*")
        kind = "t" if base in short else "d"
        if base not in number:
            number[base] = f"{kind}{sum(n.startswith(kind) for n in number.values()) + 1}"
        return number[base] + name[len(base) :]

    def renamed(sequence: Sequence) -> Sequence:
        return tuple(called(name) for name in sequence)

    gates = [
        str(
            replace(
                c.duplex,
                bottom=renamed(c.duplex.bottom),
                tops=tuple(replace(t, domains=renamed(t.domains)) for t in c.duplex.tops),
            )
        )
        for c in module.complexes
    ]
    strands = sorted(f"{s.role} <{' '.join(renamed(s.domains))}>" for s in module.strands if s.role != BOTTOM)
    toeless = [f"toeless {module.complexes[0].role}"] if module.toeless else []
    return "; ".join([*gates, *strands, *toeless])
