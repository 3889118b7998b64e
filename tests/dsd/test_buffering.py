"""The four-domain scheme's rates: the recipe in numbers, and trajectories against the formal ones and closed forms."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from dsd.buffering import buffering
from dsd.conservation import conservation
from dsd.errors import InputError, MappingError, StrandgradError
from dsd.expand import expand
from dsd.integrate import Tolerance
from dsd.lowering import Lowering
from dsd.network import Network
from dsd.pil import parse_pil, print_pil
from dsd.simulate import simulate
from dsd.syntax import parse_crn
from dsd.system import System
from dsd.translate import translate

FOUR = Lowering(scheme="four-domain", toehold_nt=5, long_nt=15)
HEAD = "@units nM s\n"
TIGHT = Tolerance(1e-8, 1e-12, 1e-11)


def given(text: str) -> Network:
    return parse_crn(HEAD + text)


def meant(system: System, names: tuple[str, ...], until: float, every: float) -> NDArray[np.float64]:
    """Formal concentrations (rows, names) that the system's own network comes to."""
    found = expand(system)
    run = simulate(found.network, until, every=every, tolerance=TIGHT)
    return run.project(found.interpretation, names).y / float(system.get("unit_nM"))


def worst(text: str, until: float, options: Lowering = FOUR) -> float:
    """Largest distance of a formal trajectory from its DNA's, by the largest concentration of the formal one."""
    network = given(text)
    formal = simulate(network, until, every=until / 50, tolerance=TIGHT).y
    dna = meant(translate(network, options), network.names, until, until / 50)
    return float(np.abs(dna - formal).max() / formal.max())


def test_rates_are_those_of_the_paper() -> None:
    """q = g k for two inputs, g k / C for one, g = qmax / (qmax - sigma); whoever is held less is buffered.

    Soloveichik, Seelig & Winfree, PNAS 107:5393 (2010), for their Lotka-Volterra: 5e5 /M/s and 1/300 /s at C = 10 uM.
    """
    network = given("X -> X + X [k = 0.00333]\nX + Y -> Y + Y [k = 0.0005]\nY -> [k = 0.00333]")
    found = buffering(network, FOUR)
    assert (found.qmax, found.gamma) == pytest.approx((1e-3, 2.0))
    assert [r.q for r in found.records] == pytest.approx([2 * 0.00333 / 1e4, 2 * 0.0005, 2 * 0.00333 / 1e4])
    assert {r.gate_nM for r in found.records} == {1e4}
    assert dict(found.buffers) == pytest.approx({"Y": 2 * 0.0005})


def test_gates_without_a_toehold_are_fewer() -> None:
    """1e-12 /s would ask for a toehold weaker than none, 1.4 /M/s, at 10 uM; a source has a fuel to thin out too."""
    slow, source = buffering(given("A -> B [k = 1e-12]\n-> A [k = 1e-7]"), FOUR).records
    assert slow.q == source.q == pytest.approx(1.4e-9)
    assert slow.gate_nM * slow.q == pytest.approx(1e-12)
    assert source.gate_nM**2 * source.q == pytest.approx(1e-7)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "A + B -> C [k = 0.0006]\nA + D -> C [k = 0.0004]",
            "the reactions that list A first hold it back at 1e.06 /M",
        ),
        ("A -> B [k = 11]", r"reaction 0 \(A -> B\) needs a gate that binds at 1.1e\+06 /M/s, and none is faster"),
    ],
)
def test_what_is_too_fast_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(MappingError, match=sentence):
        translate(given(text), FOUR)


def test_a_decay_follows_its_closed_form() -> None:
    """A -> B from 10 nM at 1e-3 /s: 10 exp(-kt), within what 10 nM use up of 10 uM of gates, 1e-3 of the start."""
    dna = meant(translate(given("@species: A = 10\nA -> B [k = 0.001]"), FOUR), ("A", "B"), 5000.0, 100.0)
    formal = 10 * np.exp(-1e-3 * np.arange(0.0, 5001.0, 100.0))
    assert dna[:, 0] == pytest.approx(formal, abs=10 * 1e-3)
    assert dna.sum(axis=1) == pytest.approx(np.full(51, 10.0), rel=1e-6)


def test_a_bimolecular_reaction_follows_its_closed_form() -> None:
    """A + B -> C from 10 and 5 nM: a(t) - b(t) = 5, and b / a = (5 / 10) exp(-5 k t)."""
    dna = meant(translate(given("@species: A = 10, B = 5\nA + B -> C [k = 0.0001]"), FOUR), ("A", "B"), 5000.0, 100.0)
    ratio = 0.5 * np.exp(-5e-4 * np.arange(0.0, 5001.0, 100.0))
    assert dna[:, 0] == pytest.approx(5 / (1 - ratio), abs=10 * 2e-3)
    assert dna[:, 1] == pytest.approx(5 * ratio / (1 - ratio), abs=10 * 2e-3)


@pytest.mark.parametrize(
    ("text", "until", "bound"),
    [
        ("@species: X = 20, Y = 10\nX -> X + X [k = 0.003]\nX + Y -> Y + Y [k = 3e-4]\nY -> [k = 0.003]", 4000.0, 0.03),
        (
            "@species: A = 9, B = 3, C = 1\nA + B -> B + B [k = 2e-4]\nB + C -> C + C [k = 2e-4]\n"
            "C + A -> A + A [k = 2e-4]",
            4000.0,
            0.01,
        ),
        (
            "@species: A = 2, B = 1, C = 1\nA <=> A + A [kf = 0.003, kr = 5e-5]\nA + B -> B + B [k = 1e-4]\n"
            "B -> [k = 0.001]\nA + C -> [k = 1e-4]\nC <=> C + C [kf = 0.00165, kr = 5e-5]",
            6000.0,
            0.02,
        ),
        ("@species: A = 8, B = 6, C = 5\nA + B + C -> D [k = 1e-9]", 20000.0, 0.005),
        ("@species: A = 1\n-> A [k = 0.001]\nA -> B [k = 0.0005]", 4000.0, 0.005),
    ],
    ids=["lotka-volterra", "rock-paper-scissors", "willamowski-roessler", "three-inputs", "source"],
)
def test_trajectories_follow_the_formal_ones(text: str, until: float, bound: float) -> None:
    """Two turns of each oscillator, so that phase counts too; the bound is a share of the largest concentration."""
    assert worst(text, until) < bound


def test_the_error_vanishes_with_the_concentrations() -> None:
    """The paper's limit: concentrations lowered tenfold, at the same rates of turnover, take most of the error away."""
    text = "@species: A = {a}, B = {b}\nA + B -> B + B [k = {k}]\nB -> [k = 0.002]"
    errors = [
        worst(text.format(a=20 * c, b=4 * c, k=3e-4 / c), 3000.0, replace(FOUR, cmax_nM=1e4)) for c in (10.0, 1.0)
    ]
    assert errors[1] < errors[0] / 4


def test_forms_of_a_signal_taken_as_one_change_nothing() -> None:
    """The network with every history apart has the same trajectory, and more species."""
    from dsd.folded import _expanded

    network = given("@species: A = 8, B = 4\nA + B -> B + B [k = 2e-4]\nB -> A + C [k = 0.001]\nC + A -> [k = 1e-4]")
    system = translate(network, FOUR)
    one, apart = expand(system), _expanded(system, {})
    assert apart is not None
    assert len(apart.network.species) > len(one.network.species)
    totals = [
        simulate(e.network, 2000.0, every=100.0, tolerance=TIGHT).project(e.interpretation, network.names).y
        for e in (one, apart)
    ]
    assert totals[0] == pytest.approx(totals[1], rel=1e-6, abs=1e-6)


def test_a_system_is_read_back_and_conserves_its_strands() -> None:
    network = given("@species: A = 8, B = 4\nA + B -> A + C [k = 2e-4]\nC -> [k = 0.001]\nC -> [k = 0.001]")
    system = translate(network, FOUR)
    assert parse_pil(print_pil(system)) == system
    assert [m.text for m in system.modules] == ["A + B -> A + C", "C ->", "B -> B", "C -> C"]
    assert system.modules[1]["target"] == pytest.approx(0.002)  # equal reactions are one gate
    found = conservation(system)
    assert found.faults == ()
    assert found.laws == found.spanned


def test_doses_are_of_totals_and_thresholds_of_what_is_free() -> None:
    network = given("@species: A = 8, B\n@dose 3 A at 500\n@dose 1 B when A falls 2\nA + B -> C [k = 5e-4]")
    system = translate(network, FOUR)
    gamma = float(system.get("gamma"))
    assert gamma == pytest.approx(2.0)
    first, second = system.doses
    assert (first.amount, first.at) == (pytest.approx(3 * gamma), 500.0)
    assert second.amount == pytest.approx(gamma)
    assert not isinstance(second.at, float)
    assert second.at.level == pytest.approx(2.0)
    with pytest.raises(InputError, match="a dose names Z, which is in no reaction; leave the dose out"):
        translate(given("@species: A = 8, Z\n@dose 3 Z at 500\nA -> C [k = 5e-4]"), FOUR)


def test_units_of_a_file_without_any_come_from_the_lowering() -> None:
    """One formal unit is unit_nM of what is free, gamma times as much in total."""
    system = translate(parse_crn("@species: A = 2\nA + A -> B [k = 1]"), replace(FOUR, unit_nM=3.0, unit_s=1e4))
    gamma = float(system.get("gamma"))
    assert gamma == pytest.approx(1 / (1 - 1 / (3.0 * 1e4) / 1e-3))
    assert system.strands[0].initial == pytest.approx(2 * 3.0 * gamma)
    assert math.isclose(float(system.get("unit_nM")), 3.0 * gamma)


def test_a_text_that_lacks_a_line_is_refused_or_still_whole() -> None:
    """Whatever line of a system is lost: one sentence, or a network."""
    lines = print_pil(translate(given("@species: A = 8\nA -> B [k = 0.001]"), FOUR)).splitlines()
    told: list[str] = []
    for number in range(len(lines)):
        try:
            expand(parse_pil("\n".join(lines[:number] + lines[number + 1 :])))
        except StrandgradError as error:
            told.append(str(error))
    assert len(told) > len(lines) / 3
    assert all(";" in sentence or "differs" in sentence for sentence in told)
