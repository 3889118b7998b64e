"""The keys of a design file, their defaults and their limits.

One frozen pydantic model per section; unknown keys are refused. Formal quantities are unitless, DNA quantities carry
their unit in the name of the key.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, FiniteFloat

from compiler.schema_base import Duration, NonNegative, Positive, Real, Section
from compiler.schema_data import Data, Task
from compiler.schema_faults import Faults as Faults
from compiler.schema_limits import Limits as Limits
from compiler.schema_model import ModelSection as ModelSection
from compiler.schema_model import Training as Training
from compiler.schema_sequences import SequencesSection
from dsd.errors import InputError
from dsd.filenames import unsafe
from dsd.rates import profile


def _kinetics(name: str) -> str:
    """A kinetics profile that designs may use: ``ideal``, ``literature``, ``chen2013``, or one times a factor."""
    if name.partition("*")[0] not in ("ideal", "literature", "chen2013"):
        raise ValueError("use ideal, literature, chen2013, or one of them times a factor as 'strandgrad fit' prints it")
    try:
        profile(name)
    except InputError as error:
        raise ValueError(str(error)) from None
    return name


def _file_name(name: str) -> str:
    """A name that files can have on every system: outputs are called by it."""
    if why := unsafe(name):
        raise ValueError(f"it {why}; outputs are called by it, so choose another")
    return name


class About(Section):
    """``[design]``: the name used in outputs, one line of description, the author's note."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$"), AfterValidator(_file_name)]
    description: str = ""
    author: str = ""


class Formal(Section):
    """``[formal]``: rate constant of the discrete stages N2 and N4, their duration ``eps``, and the tolerance."""

    k_fast: Positive = 1000.0
    eps: Duration = 1.0
    rtol: Annotated[FiniteFloat, Field(gt=0, le=1e-2)] = 1e-8


class Clock(Section):
    """``[clock]``: the oscillator that drives the stages in one pot. Concentrations are in formal units.

    ``family``: a ring of three species, the nine-species ring of CRN++, a ring made a limit cycle by a seed flux, or an
    external schedule of doses (level ``clocked`` only). ``gating`` two-phase is for crnpp and external only.
    ``gating`` pipelined runs the feedback of a sample beside the feedforward of the next, so that every update comes a
    sample late, at the levels ``reference`` and ``formal`` too.

    ``trough`` is relative to half the ``amplitude``. ``transfer``, ``update``, ``flush``, ``annihilation``,
    ``parameter_annihilation`` (between the rails of a weight) and ``state_annihilation`` (of a state, and of its copy;
    0 leaves both rails alone) are rate constants relative to the ring's own.
    ``parameter_scale`` is how many concentration units stand for one unit of a weight. A sample is dosed when the last
    phase has fallen to ``dose_level`` of the amplitude, an output read when it has risen to ``read_level``.

    The feedback phase of a pot retraces the states; phases that overlap do that badly where the flow contracts, since
    the reverse of a contraction is unstable. The blocks ``held`` (such as ``["z"]``) stay at their last value instead,
    or go back at the share ``retrace`` of their speed. What is retraced needs ``state_annihilation``. ``removing``
    lets terms that lower a variable by its own amount use up the rail that is there (:mod:`compiler.removing`).

    Phase 2 hands inputs over ``handover`` times as fast as states, which then stand still before most of them become
    errors. ``tune`` is how many training samples outputs and updates of the pot are adjusted on
    (:mod:`compiler.tune`); 0 leaves them as their durations make them.
    """

    family: Literal["ring", "crnpp", "limit-cycle", "external"] = "ring"
    gating: Literal["operand", "per-reaction", "two-phase", "pipelined"] = "operand"
    amplitude: Positive = 20.0
    trough: Annotated[FiniteFloat, Field(gt=0, lt=1)] = 1e-6
    transfer: Positive = 0.8
    update: Positive = 0.6
    flush: Positive = 0.45
    annihilation: Positive = 0.45
    parameter_annihilation: Positive = 2.5
    state_annihilation: NonNegative = 0.0
    parameter_scale: Positive = 5.0
    dose_level: Annotated[FiniteFloat, Field(gt=0, lt=0.5)] = 0.02
    read_level: Annotated[FiniteFloat, Field(gt=0, lt=0.5)] = 1e-3
    seed_flux: NonNegative = 0.0
    held: tuple[str, ...] = ()
    retrace: Annotated[FiniteFloat, Field(ge=0, le=1)] = 0.0
    removing: bool = False
    handover: Annotated[FiniteFloat, Field(ge=1, le=10)] = 1.0
    tune: Annotated[int, Field(ge=0, le=100)] = 0


def unscheduled(clock: Clock, training: Training) -> list[str]:
    """What a pipelined clock cannot train, one sentence each: there, every update comes one sample late."""
    if clock.gating != "pipelined":
        return []
    late = "[clock] gating = 'pipelined' updates after every sample, one sample late"
    found = []
    if training.batch > 1:
        found.append(f"[training] batch = {training.batch}: {late}; set batch = 1, or another gating")
    if training.order == "repeated":
        found.append(
            f"[training] order = 'repeated': {late}, so the loss of a sample would settle before its update is there; "
            f"set order = 'fixed' or 'shuffled', or another gating"
        )
    return found


class Dna(Section):
    """``[dna]``: strands and gates.

    ``unit_nM`` is the concentration of one formal unit, ``ring_per_nM_s`` the rate constant of the ring in the tube,
    which fixes how long a phase lasts, at a ``slowdown`` of 1; ``"auto"`` takes the least slowdown that leaves at least
    ``min_free`` of every signal free (:mod:`compiler.tempo`). ``clock_*`` are for a slowdown of 1 too. ``reverse_nM``
    is the pool of reverse strands of a signal, ``pools`` another value by the signal's role (clock, parameter, adjoint,
    ...). A pot that would be made with more than ``made_uM`` of strands is made thinner, and runs slower;
    ``max_total_uM`` is what it may hold at the end of a training. ``stock_uM`` is the concentration at which
    replenishments are pipetted, for the volume they add. ``replenish_every = 0`` means one initial stock for the whole
    run.
    ``capacity`` is how many times the firings of a period each gate is to hold (:mod:`compiler.budget`); 0 leaves
    gates as their rates make them. ``ballast`` is the amount (formal units) of a catalyst that makes gates of slow
    reactions large (:mod:`compiler.ballast`). ``step`` multiplies the rates that make gradients, against what gates
    add to or take from the learning rate (``strandgrad bench gradients`` measures it). ``seed_flux_nM_s`` keeps the
    clock's trough, and with it how long a phase lasts: a trough lower by a factor wants a flux lower by the same.
    ``annihilator`` is the two-domain gate, or the cooperative one (:mod:`dsd.schemes.cooperative`), of which
    ``cooperative_nM`` are supplied for each pair of signals.
    ``molecularity`` makes reactions of three and more inputs n-ary joins, or bimolecular through complexes, of which
    each holds at most ``complex_share`` of a signal (:mod:`dsd.bimolecular`).
    ``palette`` is one universal toehold, so many different ones, or one for each signal, as far as gates let them
    differ (:mod:`dsd.toeholds`).
    ``[dna.limits]`` lets units, pace and pools be chosen (:mod:`compiler.optimise`).
    ``cmax_nM`` is what the gates and fuels of the scheme ``four-domain`` are supplied at.
    """

    unit_nM: Positive = 0.66
    ring_per_nM_s: Positive = 1.75e-4
    slowdown: Positive | Literal["auto"] = "auto"
    min_free: Annotated[FiniteFloat, Field(ge=0, lt=1)] = 0.3
    profile: Annotated[str, AfterValidator(_kinetics)] = "ideal"
    scheme: str = "two-domain-irreversible"
    annihilator: Literal["two-domain", "cooperative"] = "two-domain"
    cooperative_nM: Positive = 40.0
    toehold_nt: Annotated[int, Field(ge=3, le=12)] = 5
    long_nt: Annotated[int, Field(ge=10, le=60)] = 20
    reverse_nM: Positive = 660.0
    pools: dict[str, Positive] = Field(
        default_factory=lambda: {"clock": 3960.0, "parameter": 6600.0, "adjoint": 1320.0}
    )
    helper_nM: Positive = 660.0
    helper_ratio: Positive = 0.8
    fork_nM: Positive = 165.0
    clock_fork_nM: Positive = 316.0
    clock_helper_nM: Positive = 15840.0
    clock_gate_nM: NonNegative = 1057.0
    end_nM: Positive = 660.0
    slow_load: NonNegative = 0.1
    min_gate_nM: NonNegative = 20.0
    max_gate_nM: Positive = 20000.0
    capacity: NonNegative = 0.0
    step: Positive = 1.0
    ballast: NonNegative = 0.0
    initiator_nM: Positive = 10.0
    cmax_nM: Positive = 10000.0
    seed_flux_nM_s: NonNegative = 1e-9
    replenish_every: Annotated[int, Field(ge=0, le=100_000)] = 1
    stock_uM: Positive = 1000.0
    volume_uL: Positive = 50.0
    made_uM: Positive = 300.0
    max_total_uM: Positive = 500.0
    molecularity: Literal["joins", "bimolecular"] = "joins"
    complex_share: Annotated[FiniteFloat, Field(gt=0, lt=0.5)] = 0.1
    palette: Annotated[int, Field(ge=1, le=64)] | Literal["universal", "per-signal"] = "universal"
    limits: Limits = Limits()


LATER = (
    "molecularity", "complex_share", "palette", "limits", "capacity", "step", "cmax_nM", "handover", "tune",
    "state_annihilation", "retrace", "removing", "ballast",
)  # fmt: skip
"""Keys of ``[dna]`` and ``[clock]`` that a design's hash leaves out at their defaults."""


def unused(section: Section) -> set[str]:
    """The keys of a section that came after designs were first hashed, where they are at their defaults."""
    fields = type(section).model_fields
    return {name for name in LATER if name in fields and getattr(section, name) == fields[name].get_default()}


class Check(Section):
    """``[check]``: what a comparison must reach to pass."""

    survival_min: Real = 0.95


class DesignFile(Section):
    """A whole design file."""

    design: About
    data: Data
    task: Task = Task()
    model: ModelSection
    training: Training = Training()
    formal: Formal = Formal()
    clock: Clock = Clock()
    dna: Dna = Dna()
    faults: Faults = Faults()
    sequences: SequencesSection = SequencesSection()
    check: Check = Check()
