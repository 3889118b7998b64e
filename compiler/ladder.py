"""A bring-up ladder: the pot built up step by step, with the strands each step adds and the curve to expect.

In: a design. Out: four :class:`Rung` records: one gate, the ring, the forward pass, training. Each is a DNA system of
its own. Concentrations in nM, times in s.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from compiler import pipeline
from compiler.design import Design
from compiler.training.pot import Pot, dsd_pot
from dsd.expand import expand
from dsd.modules import joint_system
from dsd.network import Dose
from dsd.orders.lines import ordered
from dsd.simulate import simulate
from dsd.system import System
from dsd.trajectory import Trajectory

ROWS = 400
"""Rows of a predicted curve."""


@dataclass(frozen=True)
class Rung:
    """A step: ``system`` is what stands in the tube, ``new`` the strands that the steps before did not need.

    ``curve`` holds the totals (free and bound, nM) of the species ``watched``.
    """

    name: str
    what: str
    system: System
    new: tuple[str, ...]
    watched: tuple[str, ...]
    curve: Trajectory


def ladder(design: Design) -> Iterator[Rung]:
    """The rungs, from below; raises :class:`MappingError` where the design has no DNA."""
    lowered = pipeline.dsd(design)
    pot, network = dsd_pot(lowered), lowered.clocked.network
    stage = {i: r.stage for i, r in enumerate(network.reactions)}
    x, y = design.data.train_x[0].tolist(), design.data.train_y[0].tolist()
    ring = lowered.clocked.ring.names
    circuit = pot.circuit
    outputs = tuple(name for rail, _ in circuit.outputs for name in rail.species)
    weights = tuple(rail.pos for rail in circuit.parameters)
    first = next(i for i, r in enumerate(network.reactions) if r.order == 2 and r.products)
    given = {name: 10.0 * pot.concentration(name, 1.0) for name in network.reactions[first].reactants}
    gate = tuple(dict.fromkeys((*network.reactions[first].reactants, *network.reactions[first].products)))
    ticking = {i for i in stage if stage[i] == "clock"}
    forward = ticking | {i for i in stage if stage[i] in ("N1", "N2")} | {first}
    later = 1.0 if lowered.clocked.pipelined else 0.0  # the dose waits for the end of phase 2, the update for N3
    steps = (
        _Step("1-gate", "one gate, its inputs supplied by hand", 1.0, {first}, gate, start=given),
        _Step("2-ring", "the oscillator alone", 2.2, ticking, ring),
        _Step("3-forward", "an input without its target: the output", 0.95 + later, forward, outputs, circuit.dose(x)),
        _Step("4-training", "the whole pot and the first sample", 2.2 + later, set(stage), weights, circuit.dose(x, y)),
    )
    period = lowered.clocked.ring.period * float(lowered.system.get("unit_s", "1"))
    known: set[str] = set()
    for step in steps:
        system = _supplied(joint_system(lowered.system, step.modules), pot, step)
        new = tuple(s.name for s in ordered(system) if s.name not in known)
        known |= set(new)
        until = period * step.periods
        yield Rung(step.name, step.what, system, new, step.watched, _curve(system, step.watched, until, pot))


@dataclass(frozen=True)
class _Step:
    """What a rung is made of: modules by index, species, formal ``doses``, and ``start`` (nM) of signals.

    Its curve goes on for ``periods`` of the clock; a sample is dosed at once, and again after a period.
    """

    name: str
    what: str
    periods: float
    modules: set[int]
    watched: tuple[str, ...]
    doses: Mapping[str, float] = field(default_factory=dict)
    start: Mapping[str, float] = field(default_factory=dict)


def _supplied(system: System, pot: Pot, step: _Step) -> System:
    """The system with a sample's doses, and with signals that start at other concentrations."""
    at = pot.watch(pot.clocked.dose_when)
    amounts = tuple(Dose(pot.strand[n], pot.concentration(n, v), at) for n, v in step.doses.items() if v > 0)
    initial = {pot.strand[n]: nM for n, nM in step.start.items()}
    strands = tuple(replace(s, initial=initial.get(s.name, s.initial)) for s in system.strands)
    names = {s.name for s in strands}
    return replace(system, strands=strands, doses=tuple(d for d in amounts if d.species in names))


def _curve(system: System, watched: tuple[str, ...], until: float, pot: Pot) -> Trajectory:
    expansion = expand(system)
    run = simulate(expansion.network, until=until, every=until / ROWS, tolerance=pot.tolerance)
    return run.project(expansion.interpretation, watched)
