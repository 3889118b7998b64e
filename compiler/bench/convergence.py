"""How exact an integration must be: the phase of a clock made of DNA after hundreds of cycles, against the tolerance.

In: relative tolerances and methods. Out: a :class:`Phase` for each. Errors of phase add up over a training, so a
tolerance that does for one period may not do for three hundred. The clock is the ring as it is compiled for a design
without other reactions, its fuels held constant.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, replace

from clock.ring import ring_for_period
from compiler.schema import Clock, Dna
from dsd.errors import SimulationError
from dsd.expand import expand
from dsd.integrate import Engine, Method, Tolerance
from dsd.lower import lower
from dsd.lowering import Lowering
from dsd.network import Network, Reaction, Threshold, network
from dsd.system import FUELS

CONSTANT = (*FUELS, "join", "fork", "source")
"""Roles of what is supplied."""
ATOL = 1e-5
"""nM of absolute tolerance per unit of rtol, as in the pots' own tolerance."""
REFERENCE = 1e-11


@dataclass(frozen=True)
class Phase:
    """The clock's phase after ``cycles``: ``error`` in periods, against the reference; ``cpu_s`` for all of them.

    ``failed`` says why there is none.
    """

    method: str
    rtol: float
    cycles: int
    error: float = 0.0
    cpu_s: float = 0.0
    failed: str = ""


def dna_ring() -> Network:
    """The implementation network of the default ring in the default gates, supplied for ever."""
    clock, dna = Clock(), Dna()
    ring = ring_for_period(1.0, clock.amplitude, clock.trough)
    unit_s = ring.k / (dna.ring_per_nM_s * dna.unit_nM)
    flux = dna.seed_flux_nM_s * unit_s / dna.unit_nM
    options = Lowering(
        unit_nM=dna.unit_nM, unit_s=unit_s, reverse_nM=dna.pools["clock"], fork_nM=dna.clock_fork_nM,
        helper_nM=dna.clock_helper_nM, end_nM=dna.end_nM, max_gate_nM=dna.max_gate_nM, initiator_nM=dna.initiator_nM,
    )  # fmt: skip
    system, _ = lower(network(ring.reactions(flux), ring.species()), options)
    return supplied(expand(system).network)


def supplied(net: Network) -> Network:
    """The network with its fuels and gates at constant concentration."""
    constant = {s.name for s in net.species if s.role in CONSTANT}

    def held(r: Reaction) -> Reaction:
        kept = tuple(n for n in r.reactants if n in constant)
        return replace(r, products=(*(n for n in r.products if n not in constant), *kept))

    return replace(net, reactions=tuple(held(r) for r in net))


def phases(rtols: Iterable[float], methods: Iterable[Method], cycles: int) -> tuple[Phase, ...]:
    """The error of phase after ``cycles`` for every method and tolerance."""
    net = dna_ring()
    first, exact, _ = _last(net, "ndf", REFERENCE, cycles)
    period = (exact - first) / (cycles - 1)
    found = []
    for method in methods:
        for rtol in rtols:
            try:
                _, end, cpu_s = _last(net, method, rtol, cycles)
            except SimulationError as error:
                found.append(Phase(method, rtol, cycles, failed=str(error)))
                continue
            found.append(Phase(method, rtol, cycles, abs(end - exact) / period, cpu_s))
    return tuple(found)


def _last(net: Network, method: Method, rtol: float, cycles: int) -> tuple[float, float, float]:
    """Times (s) of the first and the last rise of the first phase, and CPU seconds."""
    engine = Engine(net, Tolerance(rtol, ATOL * rtol, floor=1e-6), method)
    level = Dna().unit_nM * Clock().amplitude / 2
    rise = Threshold(("O1",), level)
    far, before = 1e12, time.process_time()
    leg = engine.run(0.0, engine.initial, far, rise)
    first = leg.time
    for _ in range(cycles - 1):
        if not leg.event:
            raise SimulationError(f"the clock stopped at t = {leg.time:.6g}", leg.time)
        leg = engine.resume(leg, far, rise)
    return first, leg.time, time.process_time() - before


def table(found: Iterable[Phase]) -> str:
    """The phases as a Markdown table."""
    lines = ["| method | rtol | cycles | phase error, periods | CPU s |", "|---|---|---|---|---|"]
    for p in found:
        told = f"failed: {p.failed} |" if p.failed else f"{p.error:.1e} | {p.cpu_s:.2f}"
        lines.append(f"| {p.method} | {p.rtol:.0e} | {p.cycles} | {told} |")
    return "\n".join(lines) + "\n"
