"""Faults: each model against its closed form, off by default, and drawn again from its seed."""

from __future__ import annotations

import math

import numpy as np
import pytest

from dsd.errors import InputError
from dsd.expand import expand
from dsd.faults import LITERATURE, Faults, binding, faulty, occluded, prepared
from dsd.integrate import Engine, Tolerance
from dsd.leak import Leak, leaks
from dsd.lower import lower
from dsd.lowering import Lowering
from dsd.network import NANOMOLAR, Network, Reaction, Species, describe, network
from dsd.system import System


@pytest.fixture(scope="module")
def system() -> System:
    """``A + B -> C`` in DNA, no signal there at the start: 20 nt long domains, 5 nt toeholds."""
    net = network([Reaction(("A", "B"), ("C",), 1e-5)], [Species(n) for n in "ABC"], units=NANOMOLAR)
    return lower(net, Lowering())[0]


def test_off_changes_nothing(system: System) -> None:
    made = faulty(system, Faults())
    assert not Faults().on
    assert (made.system, made.expansion) == (system, expand(system))
    assert set(made.factors.values()) == {1.0}


def test_every_fault_has_a_value_from_the_literature() -> None:
    assert all(Faults(**{name: value}).on for name, value in LITERATURE.items())
    assert (LITERATURE["leak"], LITERATURE["scatter"]) == (1.4, 0.36)


def test_leaks_of_a_join_and_its_fork(system: System) -> None:
    """The helper frees the translator of a join that has met no input; a reverse strand frees the fork's output."""
    assert leaks(system) == (
        Leak("H0", "J0", "J0_l1", ("B0", "T0"), ("A_r", "B_r", "J0_bottom", "H0")),
        Leak("C_r", "F0", "F0_l1", ("C",), ("End_b", "W0", "F0_bottom", "C_r")),
        Leak("H0", "F0", "F0_l2", ("W0",), ("End_b", "C", "F0_bottom", "H0")),
        Leak("End", "F0", "F0_l3", ("End_b",), ("C", "W0", "F0_bottom", "End")),
    )
    assert leaks(system, only=("J0",)) == leaks(system)[:1]


def test_leak_makes_output_without_input_at_its_rate(system: System) -> None:
    """d[C]/dt at first is k0 ([J] [H] + [F] [C_r]): a translator is an output to be."""
    made = faulty(system, Faults(leak=1.4))
    network = made.expansion.network
    start = {s.name: s.initial for s in network.species}
    engine = Engine(network, Tolerance(1e-8, 1e-12, 1e-9), conserved=made.expansion.composition.matrix)
    end = engine.run(0.0, engine.initial, 600.0).state
    made_c = float(made.expansion.interpretation.matrix(network.names, ("C",))[0] @ end)
    rate = 1.4e-9 * (start["J0"] * start["H0"] + start["F0"] * start["C_r"])
    assert made_c == pytest.approx(600 * rate, rel=0.02)
    assert faulty(system, Faults()).expansion.network.stage("leak") == ()


def test_an_initial_leak_has_happened_before_the_start(system: System) -> None:
    before, after = expand(system), faulty(system, Faults(initial_leak=0.01)).expansion
    old, new = ({s.name: s.initial for s in e.network.species} for e in (before, after))
    assert new["J0"] == pytest.approx(0.99 * old["J0"])
    assert new["T0"] == pytest.approx(0.01 * old["J0"])
    assert new["C"] == pytest.approx(0.01 * old["F0"])
    strands = [e.composition.matrix @ np.array([s.initial for s in e.network.species]) for e in (before, after)]
    assert strands[1] == pytest.approx(strands[0])
    with pytest.raises(InputError, match=r"an initial leak of 0.9 needs more \w+ than there is; lower it"):
        faulty(system, Faults(initial_leak=0.9))


def test_preparation(system: System) -> None:
    """A complex is whole if all its strands are, (1 - p) for each of the n - 1 couplings of each."""
    made, factors = prepared(system, Faults(truncation=0.005, inactive=0.125))
    assert factors["A"] == pytest.approx(0.995**24)
    join = next(c for c in system.complexes if c.name == "J0")
    couplings = sum(sum(system.lengths[d.rstrip("*")] for d in s) - 1 for s in join.duplex.strands)
    assert factors["J0"] == pytest.approx(0.875 * 0.995**couplings)
    assert next(c.initial for c in made.complexes if c.name == "J0") == pytest.approx(factors["J0"] * join.initial)


def test_only_some_gates(system: System) -> None:
    _, factors = prepared(system, Faults(inactive=0.5, concentration=0.2, only=("F0",)))
    assert {n for n, f in factors.items() if f != 1.0} == {"F0"}
    plain, made = expand(system).network, faulty(system, Faults(scatter=0.3, only=("J0",))).expansion.network
    moved = {describe(a) for a, b in zip(plain, made, strict=True) if a.k != b.k}
    assert moved
    assert all("J0" in text for text in moved)


def test_draws_are_log_normal_and_repeat() -> None:
    """Over a thousand reactions the spread of log10 k is the one asked for, around the model's rate."""
    reactions = [Reaction((f"X{i}",), (f"Y{i}",), 1e-5) for i in range(150)]
    system = lower(network(reactions, units=NANOMOLAR), Lowering())[0]
    plain = expand(system).network

    def drawn(seed: int) -> Network:
        return faulty(system, Faults(scatter=0.36, seed=seed)).expansion.network

    ratios = [np.log10([b.k / a.k for a, b in zip(plain, drawn(s), strict=True)]) for s in (7, 7, 8)]
    assert np.array_equal(ratios[0], ratios[1])
    assert not np.array_equal(ratios[0], ratios[2])
    assert (np.std(ratios[0]), np.mean(ratios[0])) == pytest.approx((0.36, 0.0), abs=0.03)
    logs = np.log(list(prepared(system, Faults(concentration=0.05, seed=7))[1].values()))
    assert (np.std(logs), np.mean(logs)) == pytest.approx((0.05, 0.0), abs=5e-3)


def test_occlusion_slows_every_step_that_starts_at_a_toehold(system: System) -> None:
    """1 / (1 + K S) for the one toehold all strands share; K of 5 nt is 6.9e4 /M, of 6 nt 18 times that."""
    assert binding(5) == pytest.approx(6.9e-5, rel=0.01)
    assert binding(6) / binding(5) == pytest.approx(math.exp(1.7 / (0.001987 * 298.15)))
    free = math.fsum(s.initial for s in system.strands if s.role != "bottom" and "t" in s.domains)
    plain, slow = expand(system), occluded(system, expand(system), 1.0)
    share = {b.k / a.k for a, b in zip(plain.network, slow.network, strict=True)}
    assert max(share) == pytest.approx(min(share)) == pytest.approx(1 / (1 + binding(5) * free))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"leak": -1.0}, "the fault leak is -1.0; give a number >= 0, 0 for off"),
        ({"scatter": math.nan}, "the fault scatter is nan; give a number >= 0, 0 for off"),
        ({"inactive": 1.0}, "the fault inactive is 1.0; it is a fraction, give a number below 1"),
    ],
)
def test_errors(given: dict[str, float], message: str) -> None:
    with pytest.raises(InputError) as error:
        Faults(**given)
    assert str(error.value) == message
