"""Which species lives in which phase, and how a clocked network is put together; shared by the gating strategies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from clock.gating_parts import DOSED, driver, is_flush
from clock.oscillator import ROLE
from dsd.interpretation import Interpretation, identity
from dsd.network import Network, Reaction, Species, network


def dosed(formal: Network) -> tuple[str, ...]:
    """What a sample supplies when phase 1 begins: inputs, states z(0), bias, targets; no copy that N2 makes."""
    made = {n for r in formal.stage("N2") for n, change in r.net().items() if change > 0}
    return tuple(n for role in DOSED for n in formal.role(role) if n not in made)


def early(formal: Network, role: Mapping[str, str]) -> tuple[str, ...]:
    """What exists in phase 1 and must be gone after phase 2, in state order: dosed species and those of N1."""
    seen = {n for r in formal.stage("N1") for n in r.species if role[n] != "parameter"} | set(dosed(formal))
    return tuple(n for n in formal.names if n in seen)


def drained(formal: Network, role: Mapping[str, str]) -> dict[str, None]:
    """The species that the formal transfer N2 uses up."""
    return dict.fromkeys(driver(r, role) for r in formal.stage("N2"))


def late(formal: Network, copies: Mapping[str, str], role: Mapping[str, str]) -> tuple[str, ...]:
    """What exists after N3 and no N4 reaction uses up, for phase 3 to flush: copies, adjoints, gradients of nothing."""
    made = [n for r in formal.stage("N2") for n, change in r.net().items() if change > 0]
    made += [n for r in formal.stage("N3") for n in r.species]
    used = {driver(r, role) for r in formal.stage("N4") if not is_flush(r, role)}
    before = set(early(formal, role))
    new = {n for n in made if role[n] != "parameter" and n not in before}
    return tuple(copies.get(n, n) for n in formal.names if (n in copies or n in new) and n not in used)


def keeping_copies(r: Reaction, copies: Mapping[str, str]) -> Reaction:
    """A transfer that also makes the feedback copy of whatever it uses up."""
    kept = tuple(copies[n] for n, change in r.net().items() if n in copies for _ in range(-change))
    return replace(r, products=r.products + kept)


def joined(
    formal: Network,
    reactions: tuple[Reaction, ...],
    new: tuple[Species, ...],
    clock: tuple[Species, ...],
    strategy: str,
) -> Network:
    """The clocked network: formal species, then the strategy's own, then the clock's."""
    return network(
        reactions,
        (*formal.species, *new, *clock),
        doses=formal.doses,
        units=formal.units,
        level="clocked",
        meta=(
            *formal.meta,
            ("gating", strategy),
            (ROLE, " ".join(s.name for s in clock)),
            ("dosed", " ".join(dosed(formal))),
        ),
    )


def meaning(formal: Network, copies: Mapping[str, str], new: tuple[Species, ...]) -> Interpretation:
    """Copies mean their originals, everything else means itself."""
    original = {copy: name for name, copy in copies.items()}
    table = identity((*formal.names, *(s.name for s in new))).table
    return Interpretation(tuple((n, (original[n],) if n in original else m) for n, m in table))
