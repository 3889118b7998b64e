"""The modules of a system of gates of any structure, read from its parts and its latches.

In: a :class:`System` as :mod:`dsd.folded_lower` makes it, or as its text reads. Out: a
:class:`~dsd.kernel_system.KernelSystem`, to enumerate and to verify.
"""

from __future__ import annotations

import math

from dsd.errors import InputError
from dsd.kernel import Structure, strand_structure
from dsd.kernel_system import KernelModule, KernelSystem
from dsd.syntax import parse_crn
from dsd.system import Module, System
from dsd.verify import shape_of


def kernel_of(system: System, apart: bool = False) -> KernelSystem:
    """The modules of a system, with what their complexes mean by their latches.

    A module takes the signals of its species, and, ``apart``, all other forms that the system has of them too. Raises
    :class:`InputError` for a module whose parts the system does not hold.
    """
    for m in system.modules:
        _check(system, m)
    return KernelSystem(system.get("scheme"), system.domains, tuple(_module(system, m, apart) for m in system.modules))


def _check(system: System, m: Module) -> None:
    """Refuse a module that names what is not there, as a text that was changed by hand may."""
    where = f"module {m.index} ({m.text})"
    missing = [g for g in m.gates if g not in system.complex_of] + [f for f in m.fuels if f not in system.position]
    if missing:
        raise InputError(f"{where} names {missing[0]}, which the system does not hold; correct the name")
    stated = parse_crn(m.text, where).reactions
    if len(stated) != 1:
        raise InputError(f"{where} states {len(stated)} reactions; state the one that its gates implement")
    known = {x for s in system.strands if s.role == "signal" for x in system.interpretation(s.name)}
    unknown = [x for x in stated[0].species if x not in known]
    if unknown:
        raise InputError(f"{where}: no strand of role signal means {unknown[0]}; give it its '#: means' line")
    lacking = system.tuned and not (m.gates and "q_per_M_s" in dict(m.values))
    if lacking or not _number(system.get("qmax_per_M_s", "0")):
        raise InputError(f"{where} states no rate, or the system none; give q_per_M_s and qmax_per_M_s as numbers")


def _number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _module(system: System, m: Module, apart: bool) -> KernelModule:
    (r,) = parse_crn(m.text, f"module {m.index}").reactions
    signal = {x: s for s in system.strands if s.role == "signal" for x in system.interpretation(s.name)}
    fuels = [(g, system.complex_of[g].structure) for g in m.gates]
    fuels += [(f, strand_structure(system.strands[system.position[f]].domains)) for f in m.fuels]
    formal = {s.domains: system.interpretation(s.name) for s in system.strands}
    others = tuple(
        (s.name, strand_structure(s.domains))
        for s in system.strands
        if s.role == "form" and set(formal[s.domains]) & set(r.species)
    )
    carriers = {s.domains: formal[s.domains] for s in system.strands if s.role in ("signal", "form")}
    latches = {system.complex_of[g].structure.strands[-1]: system.complex_of[g].latch for g in m.gates}
    held = {bottom: system.strands[system.position[latch]].domains for bottom, latch in latches.items() if latch}

    def meaning(s: Structure) -> tuple[str, ...]:
        if len(s.strands) == 1:
            return formal.get(s.strands[0], ())
        locked = any(bottom in s.strands and latch in s.strands for bottom, latch in held.items())
        return tuple(x for strand in s.strands for x in carriers.get(strand, ())) if locked else ()

    return KernelModule(
        r,
        shape_of(r),
        tuple(fuels),
        tuple((x, strand_structure(signal[x].domains)) for x in r.species) + (others if apart else ()),
        meaning,
        lambda s: len(s.strands) == 1 and s.strands[0] in carriers,
        complete=len(held) == len(m.gates),
        kind=m.kind,
    )
