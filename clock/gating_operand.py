"""Operand gating: clock the transfers, and let the operands gate the rest.

In: a formal network with stage tags, a ring, rate constants. Out: one clocked network for one pot, and what its species
mean in formal ones.

Inputs and states are dosed when phase 1 begins and only phase 1 sees them. Phase 2 turns them into feedback copies,
states into adjoints, and removes what nothing needs any more; phase 3 moves gradients into parameters and flushes the
copies and adjoints. The analog stages N1 and N3 need no clock then: their operands exist in their phase only. Nothing
has more than two reactants unless the dynamics themselves are cubic.

All transfers go at the same effective rate, whatever number of reactions shares a species: copies and adjoints must
appear together (a twofold mismatch makes nonlinear dynamics blow up).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from clock.gating_parts import (
    Gating,
    analog,
    annihilations,
    check,
    driver,
    feedback_copies,
    is_flush,
    rail_partner,
    renamed,
    roles,
    shares,
    with_clock,
)
from clock.gating_stages import drained, early, joined, keeping_copies, late, meaning
from clock.oscillator import Oscillator
from dsd.interpretation import Interpretation
from dsd.network import Network, Reaction, Species


def operand(
    formal: Network, ring: Oscillator, rates: Gating, update: int = 3, strategy: str = "operand"
) -> tuple[Network, Interpretation]:
    """Gate ``formal`` by its operands; N4 belongs to phase ``update``.

    The interpretation reads a feedback copy as its original (Xb1 as X1) and every other species as itself; the clock
    and the negative rail P1n of a single-rail parameter (role ``negative``) thus keep names that no formal species has,
    and the effective parameter is P1 - P1n. ``meta`` gains the strategy, the clock species, and under ``dosed`` the
    species that a sample supplies from outside when phase 1 begins; their formal initial concentrations stay, as the
    dose at t = 0.
    Raises :class:`InputError` for a reaction without a stage, or a species named like the clock's.
    """
    check(formal, ring)
    role = roles(formal)
    copies = feedback_copies(formal, role, early(formal, role))
    negative = _negative_rails(formal, role)
    reactions = (
        *(analog(r, rates.analog_forward, ring.names[0], ring.amplitude, role) for r in formal.stage("N1")),
        *_phase2(formal, copies, ring.names[1], rates.transfer),
        *_feedback(formal, copies, ring, rates),
        *_updates(formal, copies, negative, ring.names[update - 1], rates, update),
        *annihilations(formal, copies, negative, rates),
        *ring.reactions(rates.seed_flux),
    )
    new = tuple(Species(copies[n], role="feedback") for n in formal.names if n in copies)
    new += tuple(Species(n, role="negative") for n in negative.values())
    return joined(formal, reactions, new, ring.species(), strategy), meaning(formal, copies, (*new, *ring.species()))


def _phase2(formal: Network, copies: Mapping[str, str], clock: str, transfer: float) -> list[Reaction]:
    """Copies, the formal transfers (which make a copy on the way if N3 needs it), and the removal of the rest."""
    role = roles(formal)
    taken = drained(formal, role)
    before = early(formal, role)
    out = [
        Reaction((n, clock), (copies[n], clock), transfer, "N2", f"phase 2 hands {n} over to feedback")
        for n in before
        if n in copies and n not in taken
    ]
    share = shares(formal.stage("N2"), role)
    out += [with_clock(keeping_copies(r, copies), clock, transfer * share[r]) for r in formal.stage("N2")]
    out += [
        Reaction((n, clock), (clock,), transfer, "N2", f"phase 2 removes {n}")
        for n in before
        if n not in copies and n not in taken
    ]
    return out


def _feedback(formal: Network, copies: Mapping[str, str], ring: Oscillator, rates: Gating) -> list[Reaction]:
    """N3 on the copies."""
    role = roles(formal) | dict.fromkeys(copies.values(), "")
    n3 = (renamed(r, copies) for r in formal.stage("N3"))
    return [analog(r, rates.analog_feedback, ring.names[1], ring.amplitude, role) for r in n3]


def _negative_rails(formal: Network, role: Mapping[str, str]) -> dict[str, str]:
    """Single-rail parameter -> name of its new negative rail, for those that an N4 reaction uses up with a gradient."""
    lowered = {n for r in formal.stage("N4") if driver(r, role) for n in r.net() if _falls(r, n, role)}
    out: dict[str, str] = {}
    for name in formal.names:
        if name in lowered and not rail_partner(name, role):
            new = name + "n"
            while new in role:
                new += "n"
            out[name] = new
    return out


def _falls(r: Reaction, name: str, role: Mapping[str, str]) -> bool:
    return role[name] == "parameter" and r.net()[name] < 0


def _updates(
    formal: Network, copies: Mapping[str, str], negative: Mapping[str, str], clock: str, rates: Gating, phase: int
) -> list[Reaction]:
    """Updates, one reactant each, and flushing of all that the next sample must not find."""
    role = roles(formal)
    updates = [r for r in formal.stage("N4") if not is_flush(r, role)]
    share = shares(updates, role)
    out = [with_clock(renamed(_lifted(r, negative, role), copies), clock, rates.update * share[r]) for r in updates]
    notes = {copies.get(r.reactants[0], r.reactants[0]): r.note for r in formal.stage("N4") if is_flush(r, role)}
    for n in late(formal, copies, role):
        out.append(Reaction((n, clock), (clock,), rates.flush, "N4", notes.get(n) or f"phase {phase} flushes {n}"))
    return out


def _lifted(r: Reaction, negative: Mapping[str, str], role: Mapping[str, str]) -> Reaction:
    """``G + P ->`` as ``G -> Pn``: the parameter's other rail takes the change, and annihilation settles it.

    The bimolecular form stalls where P runs out, and would need the clock as a third reactant.
    """
    if not driver(r, role) or not (falling := [n for n in r.reactants if n in r.net() and _falls(r, n, role)]):
        return r
    other = tuple(negative.get(n) or rail_partner(n, role) or n for n in falling)
    return replace(
        r,
        reactants=tuple(n for n in r.reactants if n not in falling),
        products=r.products + other,
        note=r.note or f"{other[0]} lowers {falling[0]}",
    )
