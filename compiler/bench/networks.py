"""The compiled networks that integrators are compared on, each at the moment when a sample has just been dosed.

In: the name of a design, or a number of inputs. Out: a :class:`Problem`: an implementation network whose initial
state is that of a running pot, and the length of its clock period.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from compiler import pipeline
from compiler.calibrate import closed_forms
from compiler.design import Design, load_design
from compiler.schema import Dna
from compiler.training.driver import Driver
from compiler.training.pot import Pot, dsd_pot
from dsd.errors import MappingError, SimulationError
from dsd.network import Network

Floats = NDArray[np.float64]

DESIGNS = ("linreg2d-minimal", "linreg2d", "quadratic-xor", "cubic-xor", "iris")

SLOWEST = 24
"""Halvings of the clock's speed after which a network that still cannot be mapped is given up."""


@dataclass(frozen=True)
class Problem:
    """Integrate ``network`` from its initial state over ``period`` (s), one period of its clock.

    ``slowed`` is how many times slower the clock is than ``[dna] ring_per_nM_s`` says.
    """

    name: str
    network: Network
    period: float
    slowed: float


def problem(design: Design) -> Problem:
    """The implementation network of ``design`` from its first dose on.

    A design that does not compile at any slowdown the compiler allows, or does not run, is slowed further
    (:func:`slowed_pot`).
    """
    try:
        lowered = pipeline.dsd(design)
        pot = dsd_pot(replace(lowered, dna=_unbounded(lowered.dna)))
        return _running(design, pot, float(lowered.dna.slowdown))
    except (MappingError, SimulationError):
        return _running(design, *slowed_pot(design))


def _running(design: Design, pot: Pot, slowed: float) -> Problem:
    """The pot's network at its first dose, and the period that follows."""
    driver = Driver(pot)
    driver.settle()
    x, y = design.data.train_x[0].tolist(), np.atleast_1d(design.data.train_y[0]).tolist()
    index = pot.network.index
    doses = {index[pot.strand[n]]: pot.concentration(n, v) for n, v in pot.circuit.dose(x, y).items() if v}
    start = np.maximum(driver.tube.fork(doses, refill=True), 0.0)
    driver.iterate(x, y)
    network = pot.network.with_initial(**dict(zip(pot.network.names, start.tolist(), strict=True)))
    return Problem(design.name, network, driver.time - driver.starts[0], slowed)


def slowed_pot(design: Design) -> tuple[Pot, float]:
    """A pot for a design whose rates no gates meet otherwise, and how many times slower its clock is.

    The clock's exposures are the closed forms, not those of a pilot run. Its speed is halved until the mapping accepts
    all rates; its reverse strands grow by the root of two each time, so that its gates do not become too few to
    turn it. Such a pot may hold more strands than a tube can: it is a network of the size, the structure and
    the stiffness of the compiled design for integrators to be compared on, not one to be ordered.
    """
    circuit, clock = pipeline.pot_circuit(design), design.clock
    exposed, durations = closed_forms(circuit, clock), circuit.durations
    clocked = pipeline.join_clock(circuit, clock, durations[0] / exposed[0], durations[1] / exposed[1])
    for halvings in range(SLOWEST):
        dna = _unbounded(_slower(design.dna, 0.5**halvings))
        try:
            return dsd_pot(pipeline.to_dna(clocked, dna)), 2.0**halvings
        except MappingError as error:
            refused = error
    raise MappingError(f"{design.name} cannot be mapped even 2^{SLOWEST} times slower: {refused}")


def _slower(dna: Dna, factor: float) -> Dna:
    pools = dna.pools | {"clock": dna.pools.get("clock", dna.reverse_nM) / factor**0.5}
    speed, flux = dna.ring_per_nM_s * factor, dna.seed_flux_nM_s * factor
    changes = {"slowdown": 1.0, "ring_per_nM_s": speed, "seed_flux_nM_s": flux, "pools": pools}
    return dna.model_copy(update=changes)


def _unbounded(dna: Dna) -> Dna:
    """Additions from solutions so strong that they take up no volume, into a tube of any content."""
    return dna.model_copy(update={"stock_uM": 1e12, "max_total_uM": 1e12})


LINEAR = """
[design]
name = "linear-{width}"

[data]
file = "data.csv"
inputs = [{inputs}]
target = "y"
fractions = [0.5, 0.25, 0.25]

[model]
dynamics = "theta*x"
T = 0.5
learning_rate = 0.1
circuit = "minimal"

[model.parameters]
theta = [{weights}]

[model.rails]
theta = "single"

[dna]
end_nM = {end}
"""


def linear(width: int) -> Design:
    """The minimal linear circuit with ``width`` inputs: y is the mean of all inputs, each near 2.

    The end strand, which all forks share, is supplied in proportion.
    """
    names = [f"x{i + 1}" for i in range(width)]
    rng = np.random.default_rng(0)
    x = rng.uniform(1.0, 3.0, (4, width))
    rows = [",".join(map(repr, [*row, sum(row) / width])) for row in x.tolist()]
    with tempfile.TemporaryDirectory() as folder:
        inputs = ", ".join(f'"{n}"' for n in names)
        weights = ", ".join([repr(1.0 / width)] * width)
        text = LINEAR.format(width=width, inputs=inputs, weights=weights, end=330.0 * max(2, width))
        (Path(folder) / "design.toml").write_text(text)
        (Path(folder) / "data.csv").write_text("\n".join([",".join([*names, "y"]), *rows]) + "\n")
        return load_design(folder)


def shipped(name: str) -> Problem:
    """The problem of a shipped design, or of ``linear-N``."""
    head, _, width = name.partition("linear-")
    return problem(linear(int(width)) if not head and width.isdigit() else load_design(name))
