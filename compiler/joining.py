"""A formal circuit joined to its clock: the network of one pot.

In: a circuit, a ``[clock]`` section, factors on the rates of N1 and N3. Out: :class:`Clocked`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from clock.families import clock_for_period
from clock.gating import STRATEGIES, Gating
from clock.oscillator import Oscillator
from compiler.circuit import Circuit
from compiler.design import Design
from compiler.events import events
from compiler.neural import derive
from compiler.readout import reported
from compiler.removing import removing
from compiler.schema import Clock
from dsd.errors import InputError
from dsd.interpretation import Interpretation
from dsd.network import Network, Reaction, Threshold
from dsd.rescale import rescale

WEIGHTS = ("parameter", "negative")
"""Roles that hold a weight: its rails, and the negative rail that gating gives a single-rail one."""

APART = ("crnpp", "external")
"""Clock families whose phases do not overlap."""


@dataclass(frozen=True)
class Clocked:
    """The one-pot network of a circuit: ``interpretation`` reads clocked species as formal ones.

    ``scale`` says by how much a species' concentration was multiplied (parameters and gradients); ``dose_when`` is
    the clock event at which a sample is dosed, ``read_when`` the one at which the output stands ready. ``firings`` says
    how often reactions fire in an iteration (:mod:`compiler.operating`), where somebody asked. ``complexes`` reads the
    complexes of a network that was made bimolecular as the clocked species they hold; None where there are none.
    """

    network: Network
    interpretation: Interpretation
    circuit: Circuit
    ring: Oscillator
    scale: Mapping[str, float]
    dose_when: Threshold
    read_when: Threshold
    firings: Mapping[tuple[tuple[str, ...], tuple[str, ...]], float] = field(default_factory=dict)
    complexes: Interpretation | None = None

    def read(self, lower: Interpretation) -> Interpretation:
        """What species mean whose meaning in this network's is ``lower``: complexes stand for what they hold."""
        return lower.then(self.complexes) if self.complexes else lower

    @property
    def pipelined(self) -> bool:
        """Whether the update of a sample comes a sample late."""
        return self.network.get("gating") == "pipelined"


def pot_circuit(design: Design) -> Circuit:
    """The formal circuit as one pot runs it.

    The learning rate is in N3, where it slows gates down, while N4's k1 / (k1 + k2) makes more gradient and throws
    most of it away; the step is the same. States that ``[clock] held`` names are not retraced; where others are,
    outputs have reporters.
    """
    model, clock = design.neural, design.clock
    dynamics = model.dynamics.holding(clock.held, clock.retrace)
    circuit = derive(replace(model, placement="N3", dynamics=dynamics))
    return reported(removing(circuit) if clock.removing else circuit)


def join_clock(circuit: Circuit, clock: Clock, forward: float, feedback: float, kept: float = 1.0) -> Clocked:
    """Gate ``circuit`` by the ring; ``forward`` and ``feedback`` multiply the rates of N1 and N3.

    ``kept`` is the share of a feedback copy that pipelined gating leaves.

    Rates of clocked reactions are given relative to the ring's own rate constant. Raises :class:`InputError` for an
    unknown strategy.
    """
    name = strategy(clock)
    if name == "two_phase" and clock.family not in APART:
        raise InputError(
            f"the two-phase schedule flushes what a phase that overlaps is making; set [clock] family to one of "
            f"{', '.join(APART)}, not '{clock.family}'"
        )
    ring = clock_for_period(clock.family, 3 * circuit.T, clock.amplitude, clock.trough)
    gating = Gating(
        transfer=clock.transfer * ring.k,
        update=clock.update * ring.k,
        flush=clock.flush * ring.k,
        analog_forward=forward,
        analog_feedback=feedback,
        seed_flux=clock.seed_flux,
        kept=kept,
        annihilation=clock.annihilation * ring.k,
        state_annihilation=clock.state_annihilation * ring.k,
    )
    network, interpretation = STRATEGIES[name](circuit.network, ring, gating)
    network = _handed_over(network, clock.handover)
    weights = [s.name for s in network.species if s.role in (*WEIGHTS, "gradient")]
    scale = dict.fromkeys(weights, clock.parameter_scale)
    network = _annihilating(_start(rescale(network, scale)), clock, ring.k)
    family = () if clock.family == "ring" else (("family", clock.family),)
    meta = (*family, ("parameter_scale", repr(clock.parameter_scale)), ("amplitude", repr(clock.amplitude)))
    network = replace(network, meta=(*network.meta, *meta))
    return Clocked(network, interpretation, circuit, ring, scale, *events(name, ring, clock))


def strategy(clock: Clock) -> str:
    """The clock's gating as a key of ``STRATEGIES``; raises :class:`InputError` for an unknown one."""
    name = clock.gating.replace("-", "_")
    if name not in STRATEGIES:
        raise InputError(f"gating '{clock.gating}' is unknown; use operand, per-reaction, two-phase or pipelined")
    return name


def _annihilating(network: Network, clock: Clock, k: float) -> Network:
    """The pot's annihilation rates: an update must settle before the next sample, so weights have their own.

    What is not in a scale of its own keeps the rate that gating gave it.
    """
    role = {s.name: s.role for s in network.species}

    def rate(r: Reaction) -> float:
        kinds = {role[n] for n in r.reactants}
        if kinds <= set(WEIGHTS):
            return k * clock.parameter_annihilation
        return k * clock.annihilation if "gradient" in kinds else r.k

    reactions = (replace(r, k=rate(r)) if r.stage == "fast" and not r.products else r for r in network.reactions)
    return replace(network, reactions=tuple(reactions))


def _handed_over(network: Network, factor: float) -> Network:
    """Phase 2 takes inputs and biases away ``factor`` times as fast."""
    from_outside = {s.name for s in network.species if s.role in ("input", "bias")}

    def rate(r: Reaction) -> float:
        return r.k * factor if r.stage == "N2" and r.reactants[0] in from_outside else r.k

    return replace(network, reactions=tuple(replace(r, k=rate(r)) for r in network.reactions))


def _start(network: Network) -> Network:
    """A pot before its first sample: clock and weights are there, everything dosed is not."""
    dosed = set(network.get("dosed").split())
    return network.with_initial(**{n: 0.0 for n in network.names if n in dosed})
