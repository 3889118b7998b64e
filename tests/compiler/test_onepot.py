"""The main claim: LinReg2D learns in one pot, clocked by itself, and its DNA does, over all 205 periods."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest

from compiler import pipeline
from compiler.controls import remapped
from compiler.design import Design, load_design
from compiler.metrics import late_loss, slopes, survival
from compiler.training.driver import Driver
from compiler.training.formal import train_formal
from compiler.training.history import History, TrainingError
from compiler.training.loop import run
from compiler.training.onepot import InPot, train, train_clocked, train_dsd
from compiler.training.pot import Pot, clocked_pot, design_pot
from compiler.training.reference import Reference
from dsd.errors import SimulationError
from dsd.integrate import Engine


@dataclass(frozen=True)
class Runs:
    """A pot's run, and formal training on the same samples."""

    design: Design
    pot: History
    formal: History

    @property
    def slopes(self) -> tuple[list[float], list[float]]:
        """The pot's and formal's d yhat / d x_i."""
        return (
            slopes(self.design, [list(row) for row in self.pot.predictions_after]),
            slopes(self.design, [list(row) for row in self.formal.predictions_after]),
        )


@pytest.fixture(scope="module")
def clocked(linreg: Design) -> Runs:
    """5 epochs of 41 samples, 4 s."""
    return Runs(linreg, train_clocked(linreg), train_formal(linreg))


def test_the_clocked_network_learns_like_the_formal_circuit(clocked: Runs) -> None:
    kept = survival(clocked.pot, clocked.formal).value
    assert kept is not None
    assert kept >= 0.98
    assert late_loss(clocked.pot) <= 1.25 * late_loss(clocked.formal)
    found, wanted = clocked.slopes
    assert found == pytest.approx(wanted, rel=0.05)
    assert clocked.pot.train_loss == pytest.approx(clocked.formal.train_loss, rel=0.1)
    assert np.array(clocked.pot.weights[1]) == pytest.approx(clocked.formal.weights[1], rel=0.01)


def test_the_formal_ring_drives_205_periods_without_seed_flux(clocked: Runs) -> None:
    extra = clocked.pot.extra
    assert (clocked.pot.iterations, len(extra["period"])) == (205, 205)
    assert extra["period"] == pytest.approx([1.5] * 205, rel=1e-3)
    assert abs(extra["period"][-1] / extra["period"][9] - 1) < 0.05
    assert (extra["clock"]["drift_cycles"], extra["warnings"]) == ([10, 204], [])
    assert abs(extra["clock"]["drift"]) < 0.05
    assert extra["readout"] == "A1 after the forward transfer, without a target"
    assert extra["lowest"] > -1e-9
    with pytest.raises(KeyError):
        extra["fuel_used"]


def test_the_clocked_network_relearns_another_map(linreg: Design) -> None:
    """Half-way through, y = 2 x1 + x2 + 1; within the second half the pot reaches what the exact model reaches."""
    learner = InPot(Driver(clocked_pot(pipeline.clocked(linreg))))
    exact = Reference(linreg.neural)
    other = linreg.with_data(remapped(linreg.data, linreg))
    first = run("clocked", linreg, learner, epochs=2)
    second = run("clocked", other, learner, epochs=3)
    for design, epochs in ((linreg, 2), (other, 3)):
        for _ in range(epochs):
            for x, y in zip(design.data.train_x, design.data.train_y, strict=True):
                exact.step(x, y)
    assert first.validation_loss[-1] < 0.05 * first.validation_loss[0]
    assert second.validation_loss[-1] < 0.01 * second.validation_loss[0]
    predicted = exact.predict(linreg.data.validation_x)
    wanted = slopes(other, [list(row) for row in predicted])
    assert slopes(other, [list(row) for row in second.predictions_after]) == pytest.approx(wanted, rel=0.02)


def test_the_minimal_circuit_learns_in_one_pot() -> None:
    design = load_design("linreg2d-minimal")
    data = design.data
    design = design.with_data(replace(data, validation_x=data.validation_x[:10], validation_y=data.validation_y[:10]))
    pot, formal = train_clocked(design, epochs=1), train_formal(design, epochs=1)
    kept = survival(pot, formal).value
    assert kept == pytest.approx(1.0, abs=0.02)


def test_a_seed_draws_other_weights_for_the_pot(linreg: Design) -> None:
    draw = linreg.amended({"model.parameters": {}, "model.draw.theta": {"sd": 0.5, "absolute": True}})
    few = draw.with_data(replace(draw.data, train_x=draw.data.train_x[:1], train_y=draw.data.train_y[:1]))
    runs = [train_clocked(few, epochs=1, seed=seed) for seed in (1, 2)]
    for seed, history in zip((1, 2), runs, strict=True):
        assert history.weights[0] == pytest.approx(few.amended({"training.seed": seed}).neural.initial)
    assert runs[0].weights[0] != runs[1].weights[0]


def test_a_pot_that_stops_leaves_its_history_and_its_clock(linreg: Design, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = Engine.run

    def failing(engine: Engine, t0: float, *rest: Any) -> Any:
        if t0 > 6.0:
            raise SimulationError("P1 grew from 1 to 1e+16: an autocatalytic blow-up", t0)
        return taken(engine, t0, *rest)

    monkeypatch.setattr(Engine, "run", failing)
    data = linreg.data
    small = linreg.with_data(replace(data, validation_x=data.validation_x[:2], validation_y=data.validation_y[:2]))
    with pytest.raises(TrainingError, match=r"^iteration 5: P1 grew from 1 to 1e\+16") as caught:
        train_clocked(small)
    history = caught.value.history
    assert (history.iterations, len(history.weights), len(history.extra["unfinished_epoch"])) == (4, 5, 4)
    assert len(history.extra["period"]) == 5
    assert history.extra["clock"]["drift_cycles"]


@pytest.mark.slow
def test_the_dna_learns_like_the_formal_circuit(linreg: Design, dna_pot: Pot) -> None:
    """The one long run of the suite: 205 periods in the DNA pot, 13 s; it learns, keeps time and loses no strand."""
    done = Runs(linreg, train_dsd(linreg), train_formal(linreg))
    kept = survival(done.pot, done.formal).value
    assert kept is not None
    assert kept >= 0.95
    assert late_loss(done.pot) <= 1.25 * late_loss(done.formal)
    found, wanted = done.slopes
    assert found == pytest.approx(wanted, rel=0.05)
    assert done.pot.extra["warnings"] == []
    _keeps_time(done.pot)
    _loses_nothing(done.pot, dna_pot)


def _keeps_time(history: History) -> None:
    extra = history.extra
    periods, clock = extra["period_s"], extra["clock"]
    assert (history.iterations, len(periods)) == (205, 205)
    assert abs(periods[-1] / periods[9] - 1) < 0.05
    assert abs(clock["drift"]) < 0.05
    assert clock["handover_fraction"] <= 0.3
    assert all(0 < o < 0.05 for o in clock["overlap"])
    assert all(o > 0 for o in clock["overlap_raw"])
    assert extra["lab_hours"] == pytest.approx(sum(periods) / 3600, rel=0.01)


def _loses_nothing(history: History, pot: Pot) -> None:
    extra = history.extra
    assert extra["total_strand_uM"] <= 500
    assert extra["lowest"] >= -1e-9
    assert extra["strand_error"] <= 1e-6
    assert 0 < extra["volume_growth"] < 0.2
    assert set(extra["fuel_used"]) <= set(pot.stock)
    assert all(extra["fuel_used"][gate] > 0 for gate in ("J29", "F29", "J30", "F30", "J31", "F31"))
    assert extra["readout"] == (
        "total A1 (free and bound) after the forward transfer, without a target; 50% of it is free"
    )


def test_limits_of_a_tube_are_warned_of(linreg: Design, dna_pot: Pot) -> None:
    """A trough of 6e-6 nM is 2e5 molecules in 50 uL, but few in a droplet."""
    data = linreg.data
    few = linreg.with_data(replace(data, train_x=data.train_x[:3], train_y=data.train_y[:3]))
    droplet = few.amended({"dna.max_total_uM": 100.0, "dna.volume_uL": 0.01})
    strands, trough = train(dna_pot, droplet, epochs=1).extra["warnings"]
    assert strands.endswith("above max_total_uM = 100; lower [dna] unit_nM and the pools with it")
    assert "molecules in 0.01 uL, fewer than 100; the period will jitter: raise seed_flux_nM_s or volume_uL" in trough
    assert train(dna_pot, few, epochs=1).extra["warnings"] == []


def test_a_seed_flux_that_does_not_match_the_trough_is_warned_of(linreg: Design) -> None:
    """The flux keeps the trough up: at 1e-9 nM/s a ring meant for 1e-9 turns in three quarters of the time."""
    data = linreg.data
    few = linreg.with_data(replace(data, train_x=data.train_x[:3], train_y=data.train_y[:3]))
    deep = few.amended({"clock.trough": 1e-9})
    (warning,) = train(design_pot(deep), deep, epochs=1).extra["warnings"]
    assert warning.startswith("the clock's period is 0.")
    assert warning.endswith("match [dna] seed_flux_nM_s to the trough")
