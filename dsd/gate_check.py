"""A gate alone in a tube, and the rate at which it runs: the check of a mapping by simulation.

In: a lowered system, its network in the order in which its gates bind, the mapping, and how much of each reactant there
is when a reaction is fastest. Out: a :class:`Checked` a reaction, with the rate constant fitted to the simulated gate.

Targets are on totals, of which the other gates of a pot hold a part. In the tube a *hold* stands for them: a gate
``[t] x.t b`` that binds as much of the signal x as they do together, and goes no further, since nothing brings the bare
domain b. Gates of one shape, with the same pools and amounts to three digits, are simulated once.
"""

from __future__ import annotations

import math
from collections.abc import Mapping as Table
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from dsd.domains import Domain, complement, tiled
from dsd.expand import expand
from dsd.integrate import default_tolerance
from dsd.lowering import Lowering
from dsd.mapping import Mapped, Mapping
from dsd.modules import module_shape, module_system
from dsd.network import Network, Reaction
from dsd.rates import per_nM, profile
from dsd.simulate import simulate
from dsd.system import BOTTOM, Complex, Strand, System

Floats = NDArray[np.float64]

FIRED, SPENT = 0.1, 0.02
"""A gate is watched until so much of its scarcest reactant, or of the gate itself, is used up, whichever is less."""

SETTLING = 10.0
"""Relaxation times of the exchanges before the fit begins: a gate at rest first has to take its inputs up."""

POINTS = 60


@dataclass(frozen=True, slots=True)
class Checked:
    """A gate that was simulated alone: ``expected`` and ``fitted`` rate constants on totals, in nM^(1-n)/s.

    ``amounts_nM`` are the totals of the reactants at the start, ``seconds`` how long it was watched, ``alike`` how many
    reactions it speaks for, this one included.
    """

    index: int
    text: str
    expected: float
    fitted: float
    amounts_nM: tuple[float, ...]
    seconds: float
    alike: int = 1

    @property
    def deviation(self) -> float:
        """fitted / expected - 1; 0 where both vanish."""
        return self.fitted / self.expected - 1 if self.expected else 0.0


def check_gates(
    system: System, network: Network, mapping: Mapping, options: Lowering, amounts: Sequence[Table[str, float]]
) -> tuple[Checked, ...]:
    """Simulate every gate of ``system`` that runs at all; ``amounts`` (nM) of its reactants, reaction by reaction.

    Reactions of rate 0 and those with a reactant of which there never is any are left out. Raises
    :class:`SimulationError` where a tube cannot be simulated.
    """
    done: dict[tuple[object, ...], Checked] = {}
    found: list[tuple[tuple[object, ...], Checked]] = []
    for r, m, given in zip(network, mapping.records, amounts, strict=True):
        if not m.target or any(given.get(x, 0.0) <= 0 for x in r.reactants):
            continue
        tube = _tube(system, r, m, mapping, options, given)
        key = _key(tube, r, m)
        if key not in done:
            done[key] = _run(tube, r, m, options, given)
        found.append((key, replace(done[key], index=m.index, text=m.text)))
    alike = {key: sum(k == key for k, _ in found) for key in done}
    return tuple(replace(c, alike=alike[key]) for key, c in found)


def _key(tube: System, r: Reaction, m: Mapped) -> tuple[object, ...]:
    """What gates must have in common to run alike: shape, and every amount to three digits."""
    letters = {x: f"s{i}" for i, x in enumerate(r.species)}
    amounts = [f"{s.role} {s.initial:.3g}" for s in tube.strands] + [
        f"{c.role} {c.initial:.3g}" for c in tube.complexes
    ]
    return (module_shape(tube, letters), f"{m.achieved:.3g}", *sorted(amounts))


def _tube(
    system: System, r: Reaction, m: Mapped, mapping: Mapping, options: Lowering, given: Table[str, float]
) -> System:
    """The gates of one reaction, its reactants at their amounts, and what stands for the other gates."""
    part = module_system(system, m.index)
    signal = {meant[0]: s for s in part.strands if s.role == "signal" and (meant := part.interpretation(s.name))}
    amount = {signal[x].name: given[x] for x in dict.fromkeys(r.reactants)}
    strands = [replace(s, initial=amount.get(s.name, 0.0)) if s.role == "signal" else s for s in part.strands]
    own: dict[str, float] = {}
    for x, load in m.loads:
        own[x] = own.get(x, 0.0) + load
    part = replace(part, strands=tuple(strands))
    for x in dict.fromkeys(r.reactants):
        others = 1.0 / mapping.free_fraction(x) - 1.0 - own.get(x, 0.0)
        if others > 1e-9:
            part = _held(part, signal[x], others, options)
    return part


def _held(part: System, signal: Strand, load: float, options: Lowering) -> System:
    """``part`` with a hold that keeps ``load`` times what is free of a signal."""
    toehold, long = signal.domains
    back = next((s for s in part.strands if s.role == "reverse" and s.domains[0] == long), None)
    if back is None:
        return part
    rates, nt, long_nt = profile(options.profile), part.lengths[toehold], part.lengths[long]
    ratio = rates.exchange(nt, part.lengths[back.domains[1]], long_nt) / rates.exchange(
        part.lengths[back.domains[1]], nt, long_nt
    )
    taken = {s.name for s in part.strands} | {c.name for c in part.complexes} | {d.name for d in part.domains}
    blank, hold = f"blank_{signal.name}", f"hold_{signal.name}"
    while blank in taken or hold in taken:
        blank, hold = blank + "_", hold + "_"
    duplex = tiled([((toehold,), False), (back.domains, True), ((blank,), True)])
    bare, bottom = f"{blank}_s", f"{hold}_bottom"
    return replace(
        part,
        domains=(*part.domains, Domain(blank, long_nt)),
        strands=(
            *part.strands,
            Strand(bare, (blank,), "waste"),
            Strand(bottom, complement(duplex.bottom), BOTTOM),
        ),
        complexes=(*part.complexes, Complex(hold, duplex, "join", load * back.initial / ratio, bare)),
    )


def _run(tube: System, r: Reaction, m: Mapped, options: Lowering, given: Table[str, float]) -> Checked:
    """Simulate the tube for as long as the formal reaction takes to move a little, and fit its rate constant."""
    expansion = expand(tube)
    settle, watched = _durations(r, m, options, given)
    names = r.species
    reading = expansion.interpretation.matrix(expansion.network.names, names)
    until = settle + watched
    run = simulate(expansion.network, until, every=until / POINTS, tolerance=default_tolerance(expansion.network, 1e-8))
    totals = dict(zip(names, (run.y @ reading.T).T, strict=True))
    fitted = fit_rate(run.t, totals, r, settle)
    return Checked(m.index, m.text, m.achieved, fitted, tuple(given[x] for x in r.reactants), until)


def _durations(r: Reaction, m: Mapped, options: Lowering, given: Table[str, float]) -> tuple[float, float]:
    """Seconds until the exchanges are at rest, and seconds to watch from then on."""
    rates, nt = profile(options.profile), options.toehold_nt
    back = per_nM(rates.exchange(nt, nt, options.long_nt))
    settle = SETTLING * (len(r.reactants) + 1) / (back * options.reverse_nM)
    flow = m.achieved * math.prod(given[x] for x in r.reactants)
    net = r.net()
    stocks = [given[x] for x in r.reactants if net.get(x, 0) < 0] or [min((given[x] for x in r.reactants), default=1.0)]
    spent = [m.gate_nM, m.helper_nM, m.fork_nM]
    goal = min(FIRED * min(stocks), SPENT * min(a for a in spent if a > 0))
    return settle, max(settle, goal / flow)


def fit_rate(t: Floats, totals: Table[str, Floats], r: Reaction, begin: float) -> float:
    """The rate constant k of mass action that fits totals (n,) at times ``t`` (n,) best from ``begin`` on.

    Firings follow ``k * I(t) + c`` with ``I`` the integral of the product of the reactants' totals, whatever these do:
    k is the slope, and c takes up what happened before ``begin``. The species that changes most per firing counts them.
    """
    from scipy.integrate import cumulative_trapezoid

    name, change = max(r.net().items(), key=lambda pair: abs(pair[1]))
    product = np.prod([totals[x] for x in r.reactants], axis=0) if r.reactants else np.ones_like(t)
    seen = t >= begin * (1 - 1e-12)
    exposure = np.concatenate([[0.0], cumulative_trapezoid(product, t)])[seen]
    fired = (totals[name] / change)[seen]
    centred = exposure - exposure.mean()
    return float(centred @ (fired - fired.mean()) / (centred @ centred))
