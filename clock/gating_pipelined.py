"""Pipelined gating: N3 and N4 of one sample run beside N1 and N2 of the next.

In: a formal network with stage tags, a clock, rate constants. Out: one clocked network for one pot, and what its
species mean in formal ones.

The discussion of arXiv 2409.00034 proposes it: give A, the last species that both passes share, a feedback copy, and
the passes no longer meet. This is operand gating whose handover takes two steps. A sample moves through three places,
each filled after the next one has been emptied:

    phase 3 and 1   N1 on X, Z, of sample i + 1         N3 on Xbb, Ab, of sample i
    phase 2         N2: X -> Xb, Z -> A, Y -> A         N4: G -> P, and Xbb, Ab are flushed
    phase 3         Xb -> Xbb, A -> Ab; the next sample is dosed as phase 2 ends

So both analog stages act for two phases of three. N1 of a sample runs on weights without the update of the sample
before it; N3 runs on weights with it. That update lands while N1 ends, so N1 sees a few per cent of it.

The flush hands over to the copying. Where phases overlap, part of a copy is flushed while it is made; the same part of
all of them, whatever they stand for, and in closed form (:func:`clock.timing.kept_share`). N3 counts each of its
copies for 1 / ``rates.kept``, so that gradients come out right. A slow copying meets less of the flush.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from clock.gating_operand import operand
from clock.gating_parts import Gating, copy_names, rail_partner, renamed, roles
from clock.oscillator import Oscillator
from dsd.interpretation import Interpretation
from dsd.network import Network, Reaction, Species, network
from dsd.rescale import rescale

CARRY = 0.5
"""Rate of the copying over that of other transfers: at their default it copies all but 0.2 % in a phase of a ring whose
trough is 1e-6, and keeps 83 % from the flush, where the full rate would keep 73 %."""

DOSE_LEVEL = 0.001
"""Rest of phase 2 at which the next sample is dosed; ``DOSE_LEVEL * transfer / k`` of that is then handed over at once,
into the feedback of the sample before."""


def pipelined(formal: Network, ring: Oscillator, rates: Gating) -> tuple[Network, Interpretation]:
    """Gate ``formal`` by its operands, N3 and N4 of a sample beside N1 and N2 of the next.

    ``meta`` gains ``kept``, the concentration of a feedback copy over that of its original; the rest of it,
    interpretation and errors as for operand gating.
    """
    pot, meaning = operand(formal, ring, rates, update=2, strategy="pipelined")
    role = roles(pot)
    back = copy_names(_handed_over(pot, role), role)
    feedback = [renamed(r, back) for r in pot.stage("N3")]
    # Rails that N3 leaves alone annihilate before the copying, so that less has to be copied.
    late = {n: copy for n, copy in back.items() if _moves(n, role, pot)}
    acting = {n for r in feedback for n in r.species if role.get(n) not in ("parameter", "gradient", "clock")}
    reactions = (
        *_in_both(pot.stage("N1"), ring),
        *pot.stage("N2"),
        *(Reaction((n, ring.names[2]), (new, ring.names[2]), CARRY * rates.transfer, "N2", _note(n))
          for n, new in back.items()),
        *_in_both(_counted(feedback, dict.fromkeys(sorted(acting), rates.kept)), ring),
        *(_on_copies(r, back) for r in pot.stage("N4")),
        *(_on_copies(r, late) for r in pot.stage("fast")),
        *pot.stage("clock"),
    )  # fmt: skip
    new = tuple(Species(copy, role=role[n]) for n, copy in back.items())
    places = len(pot.names) - len(ring.species())
    species = (*pot.species[:places], *new, *pot.species[places:])
    table = (*meaning.table, *((copy, meaning(n)) for n, copy in back.items()))
    meta = (*pot.meta, ("kept", repr(rates.kept)))
    return replace(pot, reactions=reactions, species=species, meta=meta), Interpretation(table)


def _note(name: str) -> str:
    return f"phase 3 hands {name} over to feedback"


def _handed_over(pot: Network, role: Mapping[str, str]) -> list[str]:
    """What N2 makes and N3 needs, in state order; the rails of a pair go together."""
    made = {n for r in pot.stage("N2") for n, change in r.net().items() if change > 0}
    used = {n for r in pot.stage("N3") for n in r.species if role[n] not in ("parameter", "gradient")}
    used |= {other for n in used if (other := rail_partner(n, role))}
    return [n for n in pot.names if n in made & used]


def _moves(name: str, role: Mapping[str, str], pot: Network) -> bool:
    pair = {name, rail_partner(name, role) or name}
    return any(pair & set(r.net()) for r in pot.stage("N3"))


def _on_copies(r: Reaction, back: Mapping[str, str]) -> Reaction:
    note = r.note
    for n in r.reactants:
        note = note.replace(f"flushes {n}", f"flushes {back.get(n, n)}")
    return replace(renamed(r, back), note=note)


def _counted(reactions: Iterable[Reaction], kept: Mapping[str, float]) -> tuple[Reaction, ...]:
    """The reactions at rates for which ``kept`` of a species does what all of it did."""
    alone = network(reactions)
    return rescale(alone, {n: share for n, share in kept.items() if n in alone.index}).reactions


def _in_both(reactions: Iterable[Reaction], ring: Oscillator) -> list[Reaction]:
    """Analog reactions with a clock, which parameters alone have, in both phases in which the stage acts."""
    out = []
    for r in reactions:
        clock = [n for n in r.reactants if n in ring.names]
        out += [renamed(r, dict.fromkeys(clock, phase)) for phase in (ring.names[2], ring.names[0])] if clock else [r]
    return out
