"""What can go wrong in a tube, as models that can be switched on one by one.

In: a DNA system, a :class:`Faults` record. Out: a :class:`Faulty`: the system as it was really prepared, and the
network as it really reacts. Every fault is off at 0; the literature's values are in :data:`LITERATURE`.

- *preparation* (:func:`prepared`): gates that never react, strands cut short by synthesis, concentrations that differ
  from those ordered;
- *reaction* (:func:`scattered`, :func:`occluded`, and :mod:`dsd.leak`): rate constants other than the model's,
  toeholds that are taken, displacement without a toehold.

Intrinsic noise is no fault of the pot: it is the stochastic simulation of the same network at a stated volume
(:mod:`dsd.stochastic`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

import numpy as np

from dsd.closure import Closure
from dsd.displacement import Step
from dsd.errors import InputError
from dsd.expand import Expansion, expand
from dsd.leak import burst, leaking
from dsd.rates import RT, TOELESS
from dsd.system import BOTTOM, System


@dataclass(frozen=True, slots=True)
class Faults:
    """Strengths of all faults; 0 is off.

    ``leak``: toeless displacement of any supplied gate by any supplied strand, /M/s. ``initial_leak``: part of each
    gate that has so reacted before the start. ``inactive``: part of each gate that never reacts. ``truncation``:
    probability per nt that a strand ends there; a complex with a truncated strand is inactive, and so is such a
    strand. ``occlusion``: association constant of a free toehold to an exposed one, as a multiple of
    :func:`binding`. ``scatter``: standard deviation of log10 of every rate constant. ``concentration``: standard
    deviation of the logarithm of every strand's and complex's concentration. ``seed``: of the random draws.
    ``only``: complexes whose gates are affected; empty means all, and strands too.
    """

    leak: float = 0.0
    initial_leak: float = 0.0
    inactive: float = 0.0
    truncation: float = 0.0
    occlusion: float = 0.0
    scatter: float = 0.0
    concentration: float = 0.0
    seed: int = 0
    only: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for f in fields(self):
            value = getattr(self, f.name)
            if f.name != "only" and not (math.isfinite(value) and value >= 0):
                raise InputError(f"the fault {f.name} is {value}; give a number >= 0, 0 for off")
        for name in ("initial_leak", "inactive", "truncation"):
            if getattr(self, name) >= 1:
                raise InputError(f"the fault {name} is {getattr(self, name)}; it is a fraction, give a number below 1")

    @property
    def on(self) -> bool:
        """Whether any fault is."""
        return any(getattr(self, f.name) for f in fields(self) if f.name not in ("seed", "only"))


LITERATURE: Mapping[str, float] = {
    # Zhang & Winfree, J. Am. Chem. Soc. 131:17303 (2009): displacement at a toehold of 0 nt, /M/s.
    "leak": TOELESS,
    # Chen et al., Nat. Nanotechnol. 8:755 (2013): joins leaked 1.1-1.7 %, forks 0-1.5 % (their fitted model).
    "initial_leak": 0.01,
    # The same model: 0-25 % of the strands inactive; the middle of that range.
    "inactive": 0.125,
    # Vendors of oligonucleotides state coupling failures of up to 0.5 % a nucleotide.
    "truncation": 0.005,
    # The association constant of the Peppercorn model itself (see binding).
    "occlusion": 1.0,
    # Rms error in log10 of the three-step model on the 54 rates of Zhang & Winfree (2009), dsd.rates.exchange_fit.
    "scatter": 0.36,
    # A convention, not a measurement: 5 % a strand, what careful pipetting and absorbance leave.
    "concentration": 0.05,
}
"""What each fault is when it is switched on without a number."""


@dataclass(frozen=True)
class Faulty:
    """The system as prepared, the network as it reacts, and by how much each strand's concentration is off."""

    system: System
    expansion: Expansion
    factors: Mapping[str, float]


def faulty(system: System, faults: Faults) -> Faulty:
    """All faults at once; without any, the system and its own expansion."""
    made, factors = prepared(system, faults)
    expansion = expand(made)
    if faults.scatter:
        expansion = scattered(made, expansion, faults)
    if faults.occlusion:
        expansion = occluded(made, expansion, faults.occlusion)
    if faults.leak or faults.initial_leak:
        expansion = leaking(made, expansion, faults.leak, faults.only)
        expansion = burst(expansion, faults.initial_leak)
    return Faulty(made, expansion, factors)


def prepared(system: System, faults: Faults) -> tuple[System, Mapping[str, float]]:
    """The system at the concentrations that are really there, and the factor of every strand and complex.

    The factor of a strand holds for doses of it too: they come from the same stock solution.
    """
    random = np.random.default_rng([faults.seed, 1])
    names = [*(s.name for s in system.strands), *(c.name for c in system.complexes)]
    factors = dict(zip(names, np.exp(faults.concentration * random.standard_normal(len(names))).tolist(), strict=True))
    whole = {s.domains: (1 - faults.truncation) ** (_length(system, s.domains) - 1) for s in system.strands}
    for s in system.strands:
        factors[s.name] *= whole[s.domains]
    for c in system.complexes:
        factors[c.name] *= (1 - faults.inactive) * math.prod(whole[s] for s in c.strands)
    if faults.only:
        factors = {n: f if n in faults.only else 1.0 for n, f in factors.items()}
    strands = tuple(s if s.role == BOTTOM else replace(s, initial=s.initial * factors[s.name]) for s in system.strands)
    complexes = tuple(replace(c, initial=c.initial * factors[c.name]) for c in system.complexes)
    return replace(system, strands=strands, complexes=complexes), factors


def scattered(system: System, expansion: Expansion, faults: Faults) -> Expansion:
    """Every rate constant times its own log-normal factor, with median 1."""
    steps = Closure(system)
    random = np.random.default_rng([faults.seed, 2])
    draws = np.power(10.0, faults.scatter * random.standard_normal(len(steps.steps))).tolist()
    gates = [system.complexes[steps.root[step.before]].name for step in steps.steps]
    factors = [f if not faults.only or g in faults.only else 1.0 for f, g in zip(draws, gates, strict=True)]
    return _times(expansion, factors)


def binding(nt: int) -> float:
    """Association constant (1/nM) of an n-nt toehold alone: ``exp(-dG/RT)`` /M with dG = 1.9 - 1.7 n kcal/mol.

    Peppercorn's default model binds at 3e5 n /M/s and opens at that times ``exp((1.9 - 1.7 n)/RT)``; the quotient.
    """
    return math.exp(-(1.9 - 1.7 * nt) / RT) * 1e-9


def occluded(system: System, expansion: Expansion, strength: float = 1.0) -> Expansion:
    """Every step slowed by ``1 / (1 + K S)``, the part of its gate's toeholds that no free strand sits on.

    S is the total of free strands (nM) with that toehold as supplied, K is ``strength`` times :func:`binding`. Fuels
    stay near their supplies, so the factor is taken as constant.
    """
    toeholds = {d.name: d.length for d in system.domains if d.toehold}
    free = dict.fromkeys(toeholds, 0.0)
    for s in system.strands:
        for name in set(s.domains) & set(toeholds):
            free[name] += s.initial if s.role != BOTTOM else 0.0
    open_share = {n: 1 / (1 + strength * binding(nt) * free[n]) for n, nt in toeholds.items()}
    return _times(expansion, [open_share.get(_landed(step), 1.0) for step in Closure(system).steps])


def _landed(step: Step) -> str:
    """The toehold that the strand of a step lands on, empty for a toeless one."""
    if not step.n:
        return ""
    top = next(t for t in step.after.tops if t not in step.before.tops)
    ends = (top.offset, top.end - 1)
    return next(step.before.bottom[p] for p in ends if p in step.before.exposed)


def _times(expansion: Expansion, factors: list[float]) -> Expansion:
    """The expansion with its reactions' rate constants times ``factors``, one a reaction, in order."""
    reactions = zip(expansion.network.reactions, factors, strict=True)
    changed = tuple(replace(r, k=r.k * f) for r, f in reactions)
    return replace(expansion, network=replace(expansion.network, reactions=changed))


def _length(system: System, domains: tuple[str, ...]) -> int:
    return sum(system.lengths[d.rstrip("*")] for d in domains)
