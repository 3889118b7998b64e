"""The levels of LinReg2D: what each pass leaves, and that the molecules at the end are right."""

from __future__ import annotations

import pytest

from compiler import pipeline
from compiler.design import Design
from compiler.pipeline import Lowered
from compiler.training.pot import Pot
from dsd.composition import crosstalk
from dsd.errors import InputError, MappingError
from dsd.mapping import ordered
from dsd.network import Threshold, describe
from dsd.verify import verify_modules


@pytest.fixture(scope="module")
def lowered(linreg: Design) -> Lowered:
    return pipeline.dsd(linreg)


def test_each_level_is_read_in_the_one_above(linreg: Design, lowered: Lowered, dna_pot: Pot) -> None:
    formal, clocked = pipeline.formal(linreg), pipeline.clocked(linreg)
    expansion = pipeline.implementation(linreg)
    assert [n.level for n in (formal.network, clocked.network, expansion.network)] == ["formal", "clocked", "network"]
    assert clocked.interpretation("Xb1") == ("X1",)
    assert clocked.interpretation("P1n") == ("P1n",)
    assert lowered.interpretation("T0") == ("Z1", "X1", "P1")
    assert expansion.interpretation.then(clocked.interpretation)("Xb1") == ("X1",)
    assert expansion.network == dna_pot.network


def test_only_clock_and_weights_are_there_before_the_first_sample(linreg: Design) -> None:
    clocked = pipeline.clocked(linreg)
    there = [s.name for s in clocked.network.species if s.initial > 0]
    assert there == ["P1", "P2", "O1", "O2", "O3"]
    assert clocked.network.get("dosed") == "X1 X2 Z1 Z2 B Y"


def test_weights_and_gradients_are_scaled(linreg: Design) -> None:
    clocked = pipeline.clocked(linreg)
    assert dict(clocked.scale) == dict.fromkeys(
        ["P1", "P2", "G1p", "G1n", "G2p", "G2n", "P1n", "P2n"], linreg.clock.parameter_scale
    )
    weight = next(s.initial for s in clocked.network.species if s.name == "P1")
    assert weight == pytest.approx(5.0 * linreg.neural.initial[0])


def test_a_sample_belongs_in_when_the_last_phase_is_all_but_over(linreg: Design) -> None:
    clocked = pipeline.clocked(linreg)
    assert clocked.dose_when == Threshold(("O3",), 0.02 * 20.0, -1)
    assert clocked.read_when == Threshold(("O3",), 1e-3 * 20.0, 1)


def test_rates_are_relative_to_the_ring(linreg: Design) -> None:
    """Weights have an annihilation of their own, so that an update has settled before the next sample."""
    clocked, clock = pipeline.clocked(linreg), linreg.clock
    rate = {describe(r): r.k / clocked.ring.k for r in clocked.network}
    assert rate["X1 + O2 -> Xb1 + O2"] == pytest.approx(clock.transfer)
    assert rate["G1n + O3 -> P1 + O3"] == pytest.approx(clock.update)
    assert rate["A1p + O3 -> O3"] == pytest.approx(clock.flush)
    assert rate["A1p + A1n ->"] == pytest.approx(clock.annihilation)
    assert rate["P1n + P1 ->"] == pytest.approx(clock.parameter_annihilation)
    assert rate["O1 + O2 -> O2 + O2"] == 1.0


@pytest.mark.parametrize(("gating", "most"), [("operand", 2), ("per-reaction", 3)])
def test_operand_gating_needs_no_more_than_two_reactants(linreg: Design, gating: str, most: int) -> None:
    assert max(r.order for r in pipeline.clocked(linreg, gating).network) == most


def test_an_unknown_gating_is_refused(linreg: Design) -> None:
    with pytest.raises(
        InputError, match="gating 'paper' is unknown; use operand, per-reaction, two-phase or pipelined"
    ):
        pipeline.clocked(linreg, "paper")


def test_the_formal_text_states_its_circuit(linreg: Design) -> None:
    circuit = linreg.circuit()
    assert pipeline.circuit_from(circuit.network) == circuit


def test_seconds_make_the_ring_as_fast_as_the_design_says(linreg: Design, lowered: Lowered) -> None:
    clocked = lowered.clocked
    unit_s = pipeline.seconds(clocked, linreg.dna)
    assert clocked.ring.k / (unit_s * linreg.dna.unit_nM) == pytest.approx(linreg.dna.ring_per_nM_s)
    assert float(lowered.system.get("unit_s")) == unit_s


def test_every_rate_is_met(lowered: Lowered) -> None:
    assert [m.achieved for m in lowered.mapping.records] == pytest.approx([m.target for m in lowered.mapping.records])


def test_rates_that_no_concentrations_meet_are_refused(linreg: Design) -> None:
    fast = linreg.dna.model_copy(update={"ring_per_nM_s": 1.0})
    with pytest.raises(MappingError):
        pipeline.to_dna(pipeline.clocked(linreg), fast)


def test_the_seed_flux_comes_from_real_gates(linreg: Design, lowered: Lowered) -> None:
    """One source complex a phase; its initiator displaces without a toehold, which makes the flux slow."""
    clock = lowered.clocked.network.stage("clock")
    flux = [r for r in clock if not r.reactants]
    assert [describe(r) for r in flux] == ["-> O1", "-> O2", "-> O3"]
    per_second = flux[0].k * linreg.dna.unit_nM / pipeline.seconds(lowered.clocked, linreg.dna)
    assert per_second == pytest.approx(linreg.dna.seed_flux_nM_s)
    system = lowered.system
    sources = [c for c in system.complexes if c.role == "source"]
    assert [c.name for c in sources] == ["S32", "S33", "S34"]
    assert system.toeless == (("I32", "S32"), ("I33", "S33"), ("I34", "S34"))
    assert all(c.initial > 0 for c in sources)
    made = {x for r in pipeline.implementation(linreg).network if "S32" in r.reactants for x in r.products}
    assert made == {"S32_1", "W32", "B32"}


def test_every_gate_shape_is_the_one_peppercorn_enumerates(linreg: Design, lowered: Lowered) -> None:
    """Its condensed network is ours, and implements its formal reaction by CRN bisimulation."""
    clocked, unit_s = lowered.clocked, pipeline.seconds(lowered.clocked, linreg.dna)
    as_bound = ordered(clocked.network, pipeline.lowering(clocked.network, linreg.dna, unit_s))
    reports = verify_modules(lowered.system, as_bound, clocked.network.get("dosed").split())
    assert [r.shape for r in reports] == [
        "A + B -> C + B + A",
        "A -> A + B + C",
        "A + B -> B + C, end A",
        "A + B -> B + C + D, end A",
        "A + B -> B, end A",
        "A + B -> B + C",
        "A + B -> B",
        "A + B ->",
        "A + B ->",
        "A + B -> B + B",
        "-> A",
    ]
    assert [str(r) for r in reports if not r.ok] == []


def test_gates_do_not_talk_across(lowered: Lowered) -> None:
    assert crosstalk(lowered.system) == ()
