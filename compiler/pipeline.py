"""The levels of a design, one after the other.

In: a :class:`~compiler.design.Design`. Out: its formal circuit, its clocked network, its DNA system, and the
implementation network, each with the interpretation that reads it in terms of the level above.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from clock.families import clock_for_period
from clock.gating import STRATEGIES, Gating
from clock.oscillator import Oscillator
from compiler.circuit import Circuit, circuit_of
from compiler.design import Design
from compiler.events import events
from compiler.neural import derive
from compiler.readout import reported
from compiler.schema import Clock, Dna
from dsd.errors import InputError
from dsd.expand import Expansion, expand
from dsd.interpretation import Interpretation
from dsd.lower import lower_mapped
from dsd.lowering import Lowering
from dsd.mapping import Mapping as RateMapping
from dsd.mapping import solve
from dsd.network import Network, Reaction, Threshold
from dsd.rescale import rescale
from dsd.system import System
from dsd.toeholds import assigned

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


@dataclass(frozen=True)
class Lowered:
    """The DNA system of a clocked network, its interpretation in clocked species, and how each rate was met.

    ``dna`` is what it was made with, the slowdown a number.
    """

    system: System
    interpretation: Interpretation
    mapping: RateMapping
    clocked: Clocked
    dna: Dna


def formal(design: Design) -> Circuit:
    """The Neural CRN: stages N1 to N4, unclocked."""
    return design.circuit()


def clocked(design: Design, strategy: str | None = None) -> Clocked:
    """The circuit joined to its oscillator; ``strategy`` replaces the design's gating."""
    from compiler.budget import counted
    from compiler.calibrate import calibrated
    from compiler.molecularity import asked
    from compiler.tune import tuned

    chosen = design.clock if strategy is None else design.clock.model_copy(update={"gating": strategy})
    pot = calibrated(pot_circuit(design), chosen, design.data.train_x)
    if chosen.tune:
        pot = tuned(design, pot, chosen.tune)
    pot = asked(design, pot)
    return counted(design, pot) if design.dna.capacity else pot


def pot_circuit(design: Design) -> Circuit:
    """The formal circuit as one pot runs it.

    The learning rate is in N3, where it slows gates down, while N4's k1 / (k1 + k2) makes more gradient and throws
    most of it away; the step is the same. States that ``[clock] held`` names are not retraced; where others are,
    outputs have reporters.
    """
    model, clock = design.neural, design.clock
    dynamics = model.dynamics.holding(clock.held, clock.retrace)
    return reported(derive(replace(model, placement="N3", dynamics=dynamics)))


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
    """The pot's annihilation rates: an update must settle before the next sample, so weights have their own."""
    role = {s.name: s.role for s in network.species}

    def rate(r: Reaction) -> float:
        kinds = {role[n] for n in r.reactants}
        if kinds <= {"state", "feedback"}:
            return k * (clock.state_annihilation or clock.annihilation)
        return k * (clock.parameter_annihilation if kinds <= set(WEIGHTS) else clock.annihilation)

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


def dsd(design: Design, strategy: str | None = None) -> Lowered:
    """The DNA system of the design's clocked network."""
    return to_dna(clocked(design, strategy), design.dna)


def to_dna(pot: Clocked, dna: Dna) -> Lowered:
    """Lower a clocked network into gates and fuels, at the pace and the concentrations of :mod:`compiler.tempo`.

    Raises :class:`MappingError` if its rates cannot be met.
    """
    from compiler.tempo import paced, thinned
    from compiler.tune import scaled

    if pot.ring.doses(1):
        raise InputError("an external clock is a device, not strands; set [clock] family = 'ring' for level dsd")
    pot = pot if dna.step == 1.0 else scaled(pot, step=dna.step)
    if dna.limits.stated:
        from compiler.optimise import optimised

        return optimised(pot, dna)
    chosen = paced(pot, dna)
    made = as_stated(pot, chosen)
    thinner = thinned(chosen, made.system.total_strand_nM)
    return made if thinner is chosen else as_stated(pot, thinner)


def as_stated(pot: Clocked, dna: Dna) -> Lowered:
    """The DNA system of a clocked network at the very pace and concentrations of ``dna``; errors as :func:`to_dna`."""
    seeded = seeded_ring(pot, dna)
    options = lowering(seeded, dna, seconds(pot, dna))
    system, mapping = lower_mapped(seeded, options, assigned(seeded, options, dna.palette))
    return Lowered(system, system.interpretation, mapping, replace(pot, network=seeded), dna)


def mapped(pot: Clocked, dna: Dna) -> RateMapping:
    """How the rates of a clocked network are met at the slowdown that ``dna`` states; errors as :func:`to_dna`."""
    seeded = seeded_ring(pot, dna)
    return solve(seeded, lowering(seeded, dna, seconds(pot, dna)))


def seeded_ring(pot: Clocked, dna: Dna) -> Network:
    """The clocked network with a seed flux into each phase species, which gives a ring of gates its limit cycle."""
    plain = tuple(r for r in pot.network.reactions if r.reactants or r.stage != "clock")
    flux = dna.seed_flux_nM_s * seconds(pot, dna) / dna.unit_nM
    ring = pot.ring.reactions(flux)
    return replace(pot.network, reactions=plain + tuple(r for r in ring if not r.reactants))


def seconds(pot: Clocked, dna: Dna) -> float:
    """Seconds of one formal time unit: the ring's rate constant is to be ``ring_per_nM_s`` in the tube."""
    return pot.ring.k / (dna.ring_per_nM_s * dna.unit_nM)


def lowering(network: Network, dna: Dna, seconds: float) -> Lowering:
    """The lowering options that ``[dna]`` asks for, for this clocked network at ``seconds`` a formal time unit."""
    from compiler.budget import recorded

    held = dna.capacity * dna.unit_nM
    return Lowering(
        unit_nM=dna.unit_nM,
        unit_s=seconds,
        scheme=dna.scheme,
        profile=dna.profile,
        toehold_nt=dna.toehold_nt,
        long_nt=dna.long_nt,
        reverse_nM=dna.reverse_nM,
        helper_nM=dna.helper_nM,
        fork_nM=dna.fork_nM,
        clock_fork_nM=dna.clock_fork_nM,
        clock_helper_nM=dna.clock_helper_nM,
        clock_gate_nM=dna.clock_gate_nM,
        end_nM=dna.end_nM,
        initiator_nM=dna.initiator_nM,
        cmax_nM=dna.cmax_nM,
        pools=tuple(sorted(dna.pools.items())),
        slow_load=dna.slow_load,
        helper_ratio=dna.helper_ratio,
        min_gate_nM=dna.min_gate_nM,
        max_gate_nM=dna.max_gate_nM,
        dosed=tuple(network.get("dosed").split()),
        least=tuple((index, held * amount) for index, amount in recorded(network).items()) if held else (),
    )


def implementation(design: Design, strategy: str | None = None) -> Expansion:
    """The implementation network of the design's DNA system."""
    return expand(dsd(design, strategy).system)


def circuit_from(network: Network) -> Circuit:
    """The circuit that a formal ``.crn`` text states."""
    return circuit_of(network)
