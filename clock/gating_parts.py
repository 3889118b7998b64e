"""What the gating strategies share: rate constants, rails, copies, and reactions with a clock.

A formal network says *when* by a stage tag: N1 feedforward and N3 feedback (analog: they run for a set time), N2
transfer and N4 update (discrete: they run until their reactants are gone), and "fast" for annihilation, which is
always on. Phase 1 of the ring is N1, phase 2 is N2 and N3, phase 3 is N4.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace

from clock.oscillator import Oscillator
from dsd.errors import InputError
from dsd.network import Network, Reaction, describe

STAGES = ("N1", "N2", "N3", "N4", "fast")
DOSED = ("input", "state", "bias", "target")
RAILS = {"p": "n", "n": "p"}


@dataclass(frozen=True, slots=True)
class Gating:
    """Rate constants of a clocked network, in its own units.

    ``transfer``, ``update``, ``flush``: of reactions with a phase species, per clock (1/concentration/time). Discrete
    stages run to completion, so only the ratios of their formal rates matter, and each consumed species leaves at just
    this rate. ``annihilation``: of every "fast" reaction, ``state_annihilation`` of the rails of a state and of its
    feedback copy, if above 0 (1/concentration/time). ``analog_forward``, ``analog_feedback``: factors on the formal
    rates of N1 and N3, which turn the formal stage duration into the effective phase length (:mod:`clock.timing`).
    ``seed_flux``: into each phase species (concentration/time).
    ``kept``: the share of a feedback copy that is there once pipelined gating has made it. Raises :class:`InputError`
    for a rate that is negative or not finite, and for a share that is not between 0 and 1.
    """

    transfer: float = 1.0
    update: float = 1.0
    flush: float = 1.0
    annihilation: float = 10.0
    state_annihilation: float = 0.0
    analog_forward: float = 1.0
    analog_feedback: float = 1.0
    seed_flux: float = 0.0
    kept: float = 1.0

    def __post_init__(self) -> None:
        for f in fields(self):
            value = getattr(self, f.name)
            if not (math.isfinite(value) and value >= 0):
                raise InputError(f"the gating rate {f.name} is {value}; give a number >= 0")
        if not 0 < self.kept <= 1:
            raise InputError(f"{self.kept} of a feedback copy is kept; give a share above 0 and at most 1")


def check(formal: Network, ring: Oscillator) -> None:
    """Raise :class:`InputError` for a reaction without a known stage, or a species that is named like the clock's."""
    for r in formal.reactions:
        if r.stage not in STAGES:
            raise InputError(f"reaction {describe(r)} has stage '{r.stage}'; tag it with one of {', '.join(STAGES)}")
    for name in (s.name for s in ring.species()):
        if name in formal.index:
            raise InputError(f"species {name} of the formal network is also a clock species; rename one of them")


def roles(formal: Network) -> dict[str, str]:
    """Role of each species, in state order."""
    return {s.name: s.role for s in formal.species}


def rail_partner(name: str, role: Mapping[str, str]) -> str | None:
    """The other rail of a dual-rail species (A1p for A1n), if the network has it with the same role."""
    other = name[:-1] + RAILS.get(name[-1], "")
    return other if name[-1] in RAILS and role.get(other, "\0") == role.get(name) else None


def copy_names(names: Sequence[str], role: Mapping[str, str]) -> dict[str, str]:
    """Names of the feedback copies: a b after the letters (X1 -> Xb1, Z1p -> Zb1p, B -> Bb), more where it is taken."""
    out: dict[str, str] = {}
    for name in names:
        stem, rail = (name[:-1], name[-1]) if rail_partner(name, role) else (name, "")
        found = re.match(r"[A-Za-z_]+", stem)
        letters = found.group() if found else stem
        mark = "b"
        while (new := letters + mark + stem[len(letters) :] + rail) in role or new in out.values():
            mark += "b"
        out[name] = new
    return out


def renamed(r: Reaction, names: Mapping[str, str]) -> Reaction:
    """The reaction with species replaced by ``names``."""
    return replace(
        r,
        reactants=tuple(names.get(n, n) for n in r.reactants),
        products=tuple(names.get(n, n) for n in r.products),
    )


def feedback_copies(formal: Network, role: Mapping[str, str], held: Collection[str]) -> dict[str, str]:
    """Original -> feedback copy, for those species of N3 that are among ``held``; rails of a pair go together."""
    wanted = {n for r in formal.stage("N3") for n in r.species if n in held}
    wanted |= {other for n in wanted if (other := rail_partner(n, role))}
    return copy_names([n for n in formal.names if n in wanted], role)


def with_clock(r: Reaction, clock: str, k: float) -> Reaction:
    """The reaction at rate ``k`` with ``clock`` as a catalyst, last among the reactants.

    A join sequesters its first inputs and returns them; its last input is only in flight, so the clock is not loaded.
    """
    return replace(r, reactants=(*r.reactants, clock), products=(*r.products, clock), k=k)


def driver(r: Reaction, role: Mapping[str, str]) -> str:
    """The species whose supply ends a discrete reaction: the first it uses up that is no parameter, or ``""``."""
    net = r.net()
    return next((n for n in r.reactants if net.get(n, 0) < 0 and role[n] != "parameter"), "")


def shares(reactions: Iterable[Reaction], role: Mapping[str, str]) -> dict[Reaction, float]:
    """The part of its driver that each discrete reaction takes: k over the sum of k on the same driver.

    A reaction that uses nothing up never completes; its own ``k`` stands in for its share.
    """
    reactions = tuple(reactions)
    total: dict[str, float] = {}
    for r in reactions:
        total[driver(r, role)] = total.get(driver(r, role), 0.0) + r.k
    return {r: r.k if not (d := driver(r, role)) else r.k / total[d] if r.k else 0.0 for r in reactions}


def is_flush(r: Reaction, role: Mapping[str, str]) -> bool:
    """Whether a formal N4 reaction only clears something away.

    The decay of a gradient is one only if its note says ``flush``: otherwise it sets the learning rate, k1 / (k1 + k2).
    """
    if r.products or r.order != 1:
        return False
    return r.note.startswith("flush") or role[r.reactants[0]] not in ("gradient", "parameter")


def analog(r: Reaction, factor: float, clock: str, amplitude: float, role: Mapping[str, str]) -> Reaction:
    """An analog reaction whose operands gate it; with the clock if it has no operand but parameters."""
    if any(role[n] != "parameter" for n in r.reactants):
        return replace(r, k=r.k * factor)
    return with_clock(r, clock, r.k * factor / amplitude)


def annihilations(
    formal: Network, copies: Mapping[str, str], negative: Mapping[str, str], rates: Gating
) -> tuple[Reaction, ...]:
    """Every fast reaction: the formal ones, those of the copies, and those of dual rails without one.

    Adjoint, gradient and parameter rails always annihilate: both would grow for ever in one pot. The rails of states
    do if ``rates`` says how fast. ``negative`` maps a single-rail parameter to its new negative rail, which is written
    first because a gate sequesters its first input.
    """
    role, k = roles(formal), rates.annihilation
    speed = dict.fromkeys(("adjoint", "gradient", "parameter"), k)
    if rates.state_annihilation:
        speed |= dict.fromkeys(("state", "feedback"), rates.state_annihilation)
    out = [replace(r, k=k) for r in formal.stage("fast")]
    for r in formal.stage("fast"):
        if any(n in copies for n in r.species):
            out.append(replace(renamed(r, copies), k=k, note="copies annihilate like their originals"))
    paired = {tuple(sorted(r.reactants)) for r in out if not r.products}
    for name in formal.names:
        other = rail_partner(name, role)
        if not other or not name.endswith("p") or role[name] not in speed:
            continue
        if tuple(sorted((name, other))) not in paired:
            out.append(Reaction((name, other), (), speed[role[name]], "fast", "rails annihilate"))
    out += [Reaction((n, p), (), k, "fast", "rails annihilate") for p, n in negative.items()]
    return tuple(out)
