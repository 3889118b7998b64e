"""One reaction's gates, or several', cut out of a system, and the shape they have whatever their domains are called."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from dsd.domains import Sequence
from dsd.errors import InputError
from dsd.interpretation import Interpretation
from dsd.system import BOTTOM, Complex, Module, Strand, System


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
    gates = [g for m in found for g in m.gates]
    complexes = tuple(system.complex_of[g] for g in dict.fromkeys(gates))
    domains = {d for c in complexes for d in c.duplex.bottom}
    bound = {sequence for c in complexes for sequence in c.strands}
    latches = {c.latch for c in complexes}
    near = {i for d in domains for i in system.strands_by_domain.get(d, ())}
    near |= {system.position[name] for name in latches}
    strands = tuple(
        s for s in (system.strands[i] for i in sorted(near)) if s.name in latches or _belongs(s, domains, bound)
    )
    domains.update(d.rstrip("*") for s in strands for d in s.domains)
    return _part(system, found, complexes, strands, domains)


def merged(system: System, parts: Iterable[System]) -> System:
    """Modules of ``system``, cut out before, put together again; quicker than :func:`joint_system`.

    Strands that only the modules together have domains for are not looked for.
    """
    parts = tuple(parts)
    strands = tuple(dict.fromkeys(s for p in parts for s in p.strands))
    complexes = tuple(dict.fromkeys(c for p in parts for c in p.complexes))
    modules = tuple(m for p in parts for m in p.modules)
    return _part(system, modules, complexes, strands, {d.name for p in parts for d in p.domains})


def _part(
    system: System,
    modules: tuple[Module, ...],
    complexes: tuple[Complex, ...],
    strands: tuple[Strand, ...],
    domains: set[str],
) -> System:
    names = [s.name for s in strands] + [c.name for c in complexes]
    meaning, gates = system.interpretation.mapping, {c.name for c in complexes}
    return replace(
        system,
        domains=tuple(d for d in system.domains if d.name in domains),
        strands=strands,
        complexes=complexes,
        doses=(),
        interpretation=Interpretation(tuple((name, meaning[name]) for name in names if name in meaning)),
        toeless=tuple(pair for pair in system.toeless if pair[1] in gates),
        modules=modules,
    )


def _belongs(strand: Strand, domains: set[str], bound: set[Sequence]) -> bool:
    if strand.role in (BOTTOM, "waste"):
        return strand.domains in bound
    return all(d.rstrip("*") in domains for d in strand.domains)


def module_shape(module: System, letters: Mapping[str, str] | None = None) -> str:
    """Gates, and roles and domains of the strands, with domains numbered in order of appearance.

    Modules of equal shape and equal domain lengths differ by names alone. With ``letters``, which rename the formal
    species, the shape also holds what strands mean and which of them is a gate's latch.
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
    written = {s.name: f"{s.role} <{' '.join(renamed(s.domains))}>" for s in module.strands if s.role != BOTTOM}
    toeless = [f"toeless {module.complexes[0].role}"] if module.toeless else []
    if letters is None:
        return "; ".join([*gates, *sorted(written.values()), *toeless])
    for name, formal in module.interpretation.table:
        if name in written:
            written[name] += f" = {' + '.join(letters.get(f, f) for f in formal)}"
    latches = [f"latch {written.get(c.latch, c.latch)}" for c in module.complexes]
    return "; ".join([*gates, *sorted(written.values()), *latches, *toeless])
