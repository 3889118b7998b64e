"""Sources: a design, or text of any level, and what it becomes at the next ones.

In: the name of a design, the path of a ``.toml``, ``.crn`` or ``.pil`` file, or what they hold. Out: a
:class:`Source`, and its networks and system.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from clock.ring import Ring
from compiler import pipeline, plain
from compiler.calibrate import calibrated
from compiler.circuit import Circuit, circuit_of
from compiler.design import Design, load_design
from compiler.events import events
from compiler.folded import to_folded
from compiler.schema import Clock, Dna
from dsd.errors import InputError
from dsd.files import read_text
from dsd.interpretation import identity
from dsd.network import Dose, Network
from dsd.pil import parse_pil
from dsd.syntax import parse_crn
from dsd.system import System
from dsd.translate import check_scheme, is_folded

SCHEDULED = 10
"""Periods for which the text of a pot with an external clock lists the clock's doses."""

LEVELS = ("design", "formal", "clocked", "dsd", "network")


Given = str | Path | Design | Network | System
"""What a source is read from: a level as it is, or the name or path of one."""


@dataclass(frozen=True)
class Source:
    """What is compiled: exactly one of a design, a network, a system is the start; ``level`` is where it stands.

    A network without a level is ``"plain"``: it can be lowered, but knows no clock. ``settings`` is the design that
    says how a file is clocked and lowered, None for the defaults. ``gating`` and ``scheme`` replace what it says.
    ``sample`` counts training rows from 1.
    """

    name: str
    level: str
    design: Design | None = None
    network: Network | None = None
    system: System | None = None
    settings: Design | None = None
    gating: str | None = None
    sample: int = 1
    scheme: str | None = None

    @property
    def clock(self) -> Clock:
        """How to clock it."""
        clock = self.settings.clock if self.settings else Clock()
        return clock.model_copy(update={"gating": self.gating}) if self.gating else clock

    @property
    def dna(self) -> Dna:
        """How to lower it."""
        dna = self.settings.dna if self.settings else Dna()
        return dna.model_copy(update={"scheme": self.scheme}) if self.scheme else dna


def read_source(source: Given, settings: Design | None = None, scheme: str | None = None) -> Source:
    """A design, or a file of any level, and the design whose settings it is compiled with (default: its own).

    ``scheme`` replaces that of the settings. Raises :class:`InputError` for an unknown one, and for one of a file that
    has gates already.
    """
    if scheme is not None:
        check_scheme(scheme)
    found = _opened(source, settings)
    if scheme is not None and found.level in ("dsd", "network"):
        raise InputError(f"{source} holds gates of a scheme already; leave the scheme out")
    return replace(found, scheme=scheme)


def _opened(given: Given, settings: Design | None) -> Source:
    if isinstance(given, Design):
        return Source(given.name, "design", design=given, settings=settings or given)
    if isinstance(given, Network):
        return Source("the network", given.level or "plain", network=given, settings=settings or _named(given))
    if isinstance(given, System):
        return Source("the system", "dsd", system=given, settings=settings)
    source = str(given)
    suffix = Path(source).suffix
    if suffix == ".pil":
        return Source(source, "dsd", system=parse_pil(read_text(source), source), settings=settings)
    if suffix == ".crn":
        network = parse_crn(read_text(source), source)
        settings = settings or _named(network)
        return Source(source, network.level or "plain", network=network, settings=settings)
    loaded = load_design(source)
    return Source(source, "design", design=loaded, settings=settings or loaded)


def circuit_network(source: Source) -> Network:
    """The formal or clocked network of a source: a design's clocked one, a ``.crn`` as it is."""
    if source.network is not None:
        return source.network
    if source.design is None:
        raise InputError(f"{source.name} states its reactions as gates; give its design or its .crn for the circuit")
    return pot(source).network


def _named(network: Network) -> Design | None:
    """The shipped design that a file says it was compiled from."""
    import designs

    name = network.get("design")
    return load_design(name) if name in designs.shipped() else None


def circuit(source: Source) -> Circuit:
    """The formal circuit of a design, or of a file that is formal or clocked."""
    if source.design:
        return pipeline.formal(source.design)
    assert source.network is not None
    return circuit_of(source.network)


def pot(source: Source) -> pipeline.Clocked:
    """The clocked network of a design, or of a formal or clocked file."""
    if source.level == "clocked":
        assert source.network is not None
        return reread(source.network)
    if not source.design:
        formal = circuit(source)
        # A file brings no samples; the exposure of a stage is a ratio, so any will do.
        return calibrated(formal, source.clock, np.ones((1, formal.samples)))
    data = source.design.data
    if source.sample > len(data.train_x):
        raise InputError(
            f"--sample {source.sample}: {source.name} has {len(data.train_x)} training rows; give one of them"
        )
    made = pipeline.clocked(source.design, source.gating)
    amounts = made.circuit.dose(data.train_x[source.sample - 1].tolist(), data.train_y[source.sample - 1].tolist())
    doses = tuple(Dose(n, v * made.scale.get(n, 1.0), made.dose_when) for n, v in amounts.items() if v > 0)
    return replace(made, network=replace(made.network, doses=(*doses, *made.ring.doses(SCHEDULED))))


def reread(network: Network) -> pipeline.Clocked:
    """A clocked network that was printed: ring and circuit from its roles and its header."""
    if family := network.get("family"):
        raise InputError(
            f"this clocked network runs on a clock of family '{family}'; only rings of three are read back from text, "
            f"so compile the design itself"
        )
    names = tuple(network.get("clock").split())
    turns = [r for r in network.stage("clock") if r.order == 2]
    if len(names) != 3 or not turns or any(n not in network.index for n in names):
        raise InputError(
            "this clocked network states no '@meta clock = O1 O2 O3', or lacks the ring's reactions; add them"
        )
    start = {s.name: s.initial for s in network.species}
    amplitude = sum(start[n] for n in names)
    low = 4 * start[names[0]] * start[names[1]] * start[names[2]] / amplitude**2
    ring = Ring(amplitude, 2 * low / amplitude, turns[0].k, (names[0], names[1], names[2]))
    scale = dict.fromkeys(network.role("parameter"), float(network.get("parameter_scale", "1")))
    when = events(network.get("gating"), ring, Clock())
    return pipeline.Clocked(network, identity(network.names), circuit_of(network), ring, scale, *when)


def system_of(source: Source) -> System:
    """The DNA system of a source that stands at level dsd or before. Raises :class:`InputError` for a later one, and
    :class:`MappingError` where no concentrations meet the rates.
    """
    if source.system:
        return source.system
    if source.level == "plain":
        assert source.network is not None
        return plain.to_dna(source.network, source.dna)
    if is_folded(source.dna.scheme):
        return to_folded(pot(source), source.dna)
    return lowered_of(source).system


def lowered_of(source: Source) -> pipeline.Lowered:
    """The DNA system of a design or a circuit's file, with the clocked network it came from."""
    return pipeline.to_dna(pot(source), source.dna)
