"""A small system with every kind of part, sequences for it, and LinReg2D's implementation network."""

from __future__ import annotations

import random

import pytest

from dsd.lower import Lowering, lower
from dsd.network import NANOMOLAR, Dose, Network, Reaction, Species, Threshold, network
from dsd.sequences.record import Sequences
from dsd.system import System

SMALL = network(
    [Reaction(("X",), ("X'", "X"), 1e-4), Reaction(("X", "X'"), (), 2e-4), Reaction((), ("X",), 1e-9)],
    [Species("X", 20.0)],
    units=NANOMOLAR,
    doses=[Dose("X", 3.0, 100.0), Dose("X'", 2.5, Threshold(("X", "X'"), 15.0, -1))],
)


@pytest.fixture(scope="session")
def network_small() -> Network:
    """Orders 0 to 2, a name with a prime, a dose at a time and one at a threshold."""
    return SMALL


@pytest.fixture(scope="session")
def system() -> System:
    """A join and fork, an annihilator with its mirror, a source."""
    plain = network(
        [Reaction(("X",), ("Y", "X"), 1e-4), Reaction(("X", "Y"), (), 2e-4), Reaction((), ("X",), 1e-9)],
        [Species("X", 20.0)],
        units=NANOMOLAR,
        doses=[Dose("X", 3.0, 100.0), Dose("Y", 2.5, Threshold(("X", "Y"), 15.0, -1))],
    )
    return lower(plain, Lowering())[0]


@pytest.fixture(scope="session")
def sequences(system: System) -> Sequences:
    """Random bases of the right lengths; what they are worth is no matter here."""
    draw = random.Random(5)
    return Sequences(tuple((d.name, "".join(draw.choice("ACT") for _ in range(d.length))) for d in system.domains))


@pytest.fixture(scope="session")
def linreg_network() -> Network:
    """What the DNA of the minimal circuit implements, with its first sample dosed at a clock event."""
    from compiler.compilation import compiled
    from dsd.syntax import parse_crn

    return parse_crn(compiled("linreg2d-minimal", "network"))
