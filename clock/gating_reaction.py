"""Per-reaction gating: the phase species is a catalyst of every reaction.

In: a formal network with stage tags, a ring, rate constants. Out: one clocked network for one pot, and what its species
mean in formal ones.

The direct reading of a staged network, at the price of trimolecular reactions: N1, N3 and the bimolecular half of N4
have three reactants with the clock. Inputs are not copied; the same X serves N1 and N3 and is flushed in phase 3. That
flush would eat a dose given at the middle of the handover from phase 3 to phase 1, so the dose waits until phase 3 has
fallen to ``DOSE_LEVEL`` of the amplitude, and the forward stage is shorter by ``ln(1 / DOSE_LEVEL) / (k T)``
(:mod:`clock.timing`). A state that N3 needs is still copied in its transfer: N2, in the same phase, uses it up.
"""

from __future__ import annotations

from collections.abc import Mapping

from clock.gating_parts import (
    Gating,
    annihilations,
    check,
    feedback_copies,
    is_flush,
    renamed,
    roles,
    shares,
    with_clock,
)
from clock.gating_stages import drained, early, joined, keeping_copies, late, meaning
from clock.oscillator import Oscillator
from dsd.interpretation import Interpretation
from dsd.network import Network, Reaction, Species

DOSE_LEVEL = 0.01
"""Rest of phase 3 at which the next sample is dosed; the flush then takes ``DOSE_LEVEL * flush / k`` of it."""


def per_reaction(formal: Network, ring: Oscillator, rates: Gating) -> tuple[Network, Interpretation]:
    """Gate every reaction of ``formal``.

    The trajectory starts where its first dose belongs. Rates of the analog stages are divided by the amplitude, so that
    at full clock they are the formal ones times their factor. Interpretation, ``meta`` and errors as for
    :func:`clock.gating.operand`.
    """
    check(formal, ring)
    role = roles(formal)
    copies = feedback_copies(formal, role, drained(formal, role))
    one, two, three = ring.names
    n1, n3 = rates.analog_forward / ring.amplitude, rates.analog_feedback / ring.amplitude
    share = shares(formal.stage("N2"), role)
    reactions = (
        *(with_clock(r, one, r.k * n1) for r in formal.stage("N1")),
        *(with_clock(keeping_copies(r, copies), two, rates.transfer * share[r]) for r in formal.stage("N2")),
        *(with_clock(renamed(r, copies), two, r.k * n3) for r in formal.stage("N3")),
        *_phase3(formal, copies, three, rates),
        *annihilations(formal, copies, {}, rates),
        *ring.reactions(rates.seed_flux),
    )
    new = tuple(Species(copies[n], role="feedback") for n in formal.names if n in copies)
    clock = ring.species(done=1 - 0.98 * DOSE_LEVEL)
    return joined(formal, reactions, new, clock, "per_reaction"), meaning(formal, copies, (*new, *clock))


def _phase3(formal: Network, copies: Mapping[str, str], clock: str, rates: Gating) -> list[Reaction]:
    """Updates as they are, and flushing of everything but parameters, gradients and what N2 has used up."""
    role = roles(formal)
    updates = [r for r in formal.stage("N4") if not is_flush(r, role)]
    share = shares(updates, role)
    out = [with_clock(renamed(r, copies), clock, rates.update * share[r]) for r in updates]
    notes = {copies.get(r.reactants[0], r.reactants[0]): r.note for r in formal.stage("N4") if is_flush(r, role)}
    taken = drained(formal, role)
    rest = (n for n in early(formal, role) if n not in taken)
    for n in dict.fromkeys((*rest, *late(formal, copies, role))):
        out.append(Reaction((n, clock), (clock,), rates.flush, "N4", notes.get(n) or f"phase 3 flushes {n}"))
    return out
