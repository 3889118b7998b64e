"""The pipelined schedule: an update a sample late at every level, and a pot that runs two samples at once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from compiler import pipeline
from compiler.calibrate import closed_forms, exposures
from compiler.compilation import compiled
from compiler.design import Design, load_design
from compiler.sizes import sizes
from compiler.texts import lowered_of, read_source
from compiler.training import trainer
from compiler.training.driver import Driver
from compiler.training.formal import Formal
from compiler.training.pipelined import PipelinedFormal, PipelinedReference
from compiler.training.pot import clocked_pot, design_pot
from compiler.training.reference import Reference
from dsd.errors import InputError, SimulationError
from dsd.network import Threshold
from dsd.syntax import parse_crn

FAMILIES = ("ring", "crnpp", "limit-cycle", "external")


@pytest.fixture(scope="module")
def late(linreg: Design) -> Design:
    """LinReg2D with a pipelined clock."""
    return linreg.amended({"clock.gating": "pipelined"})


def test_the_reference_updates_a_sample_late(linreg: Design) -> None:
    """``yhat = sum x (1 + T theta) + 2 T h`` and ``g = T (yhat - y) x``, at the weights before the last update."""
    T, h, eta = 0.5, 0.1, 0.1
    learner = PipelinedReference(linreg.neural)
    samples = list(zip(linreg.data.train_x[:4], linreg.data.train_y[:4, 0], strict=True))
    theta, waiting = learner.theta.copy(), np.zeros(2)
    for x, y in samples:
        error = float(x @ (1 + T * theta)) + 2 * T * h - y
        loss = learner.step(x, np.array([y]))
        theta, waiting = theta - eta * waiting, T * error * x
        assert loss == pytest.approx(error**2 / 2)
        assert learner.theta == pytest.approx(theta)


def test_feedback_runs_at_the_weights_that_the_step_leaves() -> None:
    """Where f depends on z: states and error are of the old weights, the way back is of the new ones."""
    design = load_design("nonlinreg2d")
    learner, old, new = (cls(design.neural) for cls in (PipelinedReference, Reference, Reference))
    (x, other), (y, target) = design.data.train_x[:2], design.data.train_y[:2]
    learner.step(x, y)
    before = learner.pending.copy()
    learner.step(other, target)
    z, error = old.judged(other, target)
    new.theta = old.theta - design.neural.eta * before
    assert learner.theta == pytest.approx(new.theta)
    assert learner.pending == pytest.approx(new.backward(other, z, error))
    assert learner.pending != pytest.approx(old.backward(other, z, error), rel=1e-3)


def test_the_formal_circuit_is_late_as_the_reference_is(late: Design) -> None:
    reference, formal = (trainer(level)(late, epochs=1) for level in ("reference", "formal"))
    assert formal.weights == pytest.approx(np.array(reference.weights), abs=1e-6)
    assert formal.train_loss == pytest.approx(reference.train_loss, rel=1e-6)
    assert reference.weights[0] == reference.weights[1]
    on_time = trainer("reference")(late.amended({"clock.gating": "operand"}), epochs=1)
    assert on_time.weights[1] == pytest.approx(reference.weights[2])


@pytest.mark.parametrize("level", ["reference", "formal"])
def test_what_waits_is_part_of_a_snapshot(level: str, linreg: Design) -> None:
    def begun() -> PipelinedReference | PipelinedFormal:
        return PipelinedReference(linreg.neural) if level == "reference" else PipelinedFormal(linreg.circuit())

    whole, resumed = begun(), begun()
    (x, other), (y, target) = linreg.data.train_x[:2], linreg.data.train_y[:2]
    whole.step(x, y)
    resumed.restore(whole.snapshot())
    assert whole.step(other, target) == resumed.step(other, target)
    assert whole.weights() == resumed.weights() != begun().weights()


def test_a_weight_that_a_late_update_overshoots_turns_back(linreg: Design) -> None:
    """On one rail the rest of a gradient stays and meets the next; a circuit that is on time refuses as much of it."""
    design, x = linreg.on(linreg.data, (0.02, 2.0)), np.array([1.0, 1.0])
    with pytest.raises(SimulationError, match="of G1p is left because P1 has run out"):
        Formal(design.circuit()).step(x, np.array([1.9]))
    learner, exact = PipelinedFormal(design.circuit()), PipelinedReference(design.neural)
    for target in (1.9, 9.0, 3.0):
        learner.step(x, np.array([target]))
        exact.step(x, np.array([target]))
    assert learner.leftover == pytest.approx(0.0405, rel=1e-3)
    assert learner.weights() == pytest.approx(exact.theta.tolist(), rel=1e-3)


@pytest.mark.parametrize("family", FAMILIES)
def test_a_pot_learns_as_the_late_reference_does(late: Design, family: str) -> None:
    design = late.amended({"clock.family": family})
    pot = pipeline.clocked(design)
    driver, exact = Driver(clocked_pot(pot)), PipelinedReference(design.neural)
    driver.settle()
    begun = driver.time
    for x, y in zip(late.data.train_x[:6], late.data.train_y[:6], strict=True):
        driver.iterate(x, y)
        exact.step(x, y)
    assert driver.weights() == pytest.approx(exact.theta.tolist(), rel=0.015)
    assert driver.predict(late.data.train_x[:2]) == pytest.approx(exact.predict(late.data.train_x[:2]), rel=0.015)
    assert driver.time - begun == pytest.approx(6 * pot.ring.period, rel=1e-3)
    driver.idle()
    exact.theta = exact.theta - design.neural.eta * exact.pending
    assert driver.weights() == pytest.approx(exact.theta.tolist(), rel=0.015)


def test_what_a_pot_keeps_of_an_epoch(late: Design) -> None:
    """Measured against the formal circuit of the same schedule, which is a sample late too."""
    formal, pot = (trainer(level)(late, epochs=1) for level in ("formal", "clocked"))
    gains = [h.validation_loss[0] - h.validation_loss[-1] for h in (formal, pot)]
    assert gains[1] > 0.98 * gains[0] > 0
    assert np.array(pot.weights) == pytest.approx(np.array(formal.weights), abs=0.05)
    assert pot.extra["trace"]["t"][-1] == pytest.approx(pot.extra["period"][-1])
    assert pot.extra["warnings"] == []


def test_stages_act_twice_as_long(late: Design) -> None:
    """N1 and N3 act for more than half of a period; under operand gating it is a third at best."""
    pot = pipeline.clocked(late)
    measured = exposures(pot, late.data.train_x[:1])
    assert measured == pytest.approx(closed_forms(pot.circuit, late.clock), rel=0.01)
    assert min(measured[:2]) > 0.52 * pot.ring.period
    usual = pipeline.clocked(late, "operand")
    assert max(exposures(usual, late.data.train_x[:1])[:2]) < 0.34 * usual.ring.period
    for stage, time in zip(("N1", "N3"), measured[:2], strict=True):
        before, after = pot.circuit.network.stage(stage)[0], pot.network.stage(stage)[0]
        scaled = pot.scale["P1"] if stage == "N1" else measured.kept**2 / pot.scale["P1"]
        assert after.k * scaled / before.k * time == pytest.approx(0.5, rel=0.01)


def test_it_is_dosed_when_phase_2_ends_and_read_before(late: Design) -> None:
    ring = pipeline.clocked(late)
    assert (ring.dose_when, ring.read_when) == (Threshold(("O2",), 0.02, -1), Threshold(("O3",), 0.02, 1))
    apart = pipeline.clocked(late.amended({"clock.family": "crnpp"}))
    assert (apart.dose_when, apart.read_when) == (Threshold(("O2",), 0.02, -1), Threshold(("O2",), 10.0, -1))


def test_a_trough_that_hides_the_dose_is_refused(late: Design) -> None:
    with pytest.raises(InputError, match=r"must fall to 0.001 of the amplitude .* a trough of 0.001 does not let it"):
        pipeline.clocked(late.amended({"clock.trough": 1e-3}))
    assert pipeline.clocked(late.amended({"clock.trough": 1e-3}), "operand").ring.trough == 1e-3


def test_a_printed_pot_is_read_back_with_its_doses(tmp_path: Path) -> None:
    text = compiled("linreg2d-minimal", "clocked", gating="pipelined")
    (tmp_path / "pot.crn").write_text(text)
    lowered = lowered_of(read_source(str(tmp_path / "pot.crn")))
    assert lowered.clocked.pipelined
    assert lowered.clocked.dose_when == parse_crn(text).doses[0].at == Threshold(("O2",), 0.02, -1)


def test_the_dna_pot_learns_too(late: Design) -> None:
    """Strands: after three samples the weights of the late reference within 3 %, and a sample more is on its way."""
    driver, exact = Driver(design_pot(late)), PipelinedReference(late.neural)
    driver.settle()
    for x, y in zip(late.data.train_x[:3], late.data.train_y[:3], strict=True):
        driver.iterate(x, y)
        exact.step(x, y)
    assert driver.weights() == pytest.approx(exact.theta.tolist(), rel=0.03)
    assert driver.warnings == []


def test_what_it_costs(late: Design) -> None:
    """Six more species of the circuit, six joins and their forks; LinReg2D's clock is limited by its own gates."""
    found = sizes(late).to_dict()["strategies"]
    assert tuple(found) == ("operand", "per-reaction", "pipelined")
    usual, own = found["operand"], found["pipelined"]
    parts = [(level, key) for level in ("clocked", "network") for key in ("species", "reactions")]
    assert [own[level][key] - usual[level][key] for level, key in parts] == [6, 6, 90, 72]
    assert own["dsd"]["distinct_strands"] - usual["dsd"]["distinct_strands"] == 48
    assert own["dsd"]["gate_complexes"] - usual["dsd"]["gate_complexes"] == 12
    assert own["slowdown"] == usual["slowdown"] == 1.0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"training.batch": 4},
            r"\[training\] batch = 4: \[clock\] gating = 'pipelined' updates after every sample, one",
        ),
        (
            {"training.order": "repeated"},
            r"order = 'repeated': .*; set order = 'fixed' or 'shuffled', or another gating",
        ),
    ],
)
def test_schedules_that_cannot_be_late(late: Design, change: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        late.amended(change)
