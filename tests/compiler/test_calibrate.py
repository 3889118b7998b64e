"""Calibration: N1 and N3 act for T in the pot, whatever the gating, the samples or the depth of the clock."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from compiler import pipeline
from compiler.calibrate import calibrated, closed_forms, exposures
from compiler.design import Design, load_design
from compiler.pipeline import Clocked
from dsd.errors import InputError

GATINGS = ("operand", "per-reaction")


def rates(pot: Clocked) -> tuple[float, float]:
    """Factors on the formal rates of N1 and N3, read from the network; a clock as third reactant counts at its top."""
    factors = []
    for stage in ("N1", "N3"):
        before, after = pot.circuit.network.stage(stage)[0], pot.network.stage(stage)[0]
        scaled = pot.scale["P1"] if stage == "N1" else 1 / pot.scale["P1"]
        clock = pot.ring.amplitude if after.order > before.order else 1.0
        factors.append(after.k * clock * scaled / before.k)
    return factors[0], factors[1]


@pytest.mark.parametrize("gating", GATINGS)
@pytest.mark.parametrize("name", ["linreg2d", "linreg2d-minimal"])
def test_rate_times_exposure_is_T(name: str, gating: str) -> None:
    design = load_design(name)
    pot = pipeline.clocked(design, gating)
    exposed = np.array(exposures(pot, design.data.train_x[3:7])[:2])
    assert exposed * rates(pot) == pytest.approx([0.5, 0.5], rel=0.01)


@pytest.mark.parametrize(("trough", "within"), [(1e-6, 0.01), (1e-4, 0.04)])
@pytest.mark.parametrize("gating", GATINGS)
def test_the_closed_forms_of_the_clock_agree(linreg: Design, gating: str, trough: float, within: float) -> None:
    """They are exact for a deep trough; the pilot run corrects what is left."""
    clock = linreg.clock.model_copy(update={"gating": gating, "trough": trough})
    pot = calibrated(linreg.circuit(), clock, linreg.data.train_x)
    measured = exposures(pot, linreg.data.train_x[:2])
    assert closed_forms(pot.circuit, clock) == pytest.approx(measured, rel=within)


def test_an_exposure_is_a_ratio_so_samples_do_not_matter(linreg: Design) -> None:
    """A formal file brings no samples, and compiles to the clock that its design gives."""
    circuit = linreg.circuit()
    by_data, by_ones = (calibrated(circuit, linreg.clock, x) for x in (linreg.data.train_x, np.ones((1, 2))))
    assert rates(by_data) == pytest.approx(rates(by_ones), rel=5e-3)


def test_samples_that_say_nothing_are_passed_over(linreg: Design) -> None:
    x = np.array([[0.0, 1.0], [0.0, 0.0], [3.0, 2.0], [0.0, 5.0], [1.0, 0.0]])
    chosen = calibrated(linreg.circuit(), linreg.clock, x)
    assert rates(chosen) == rates(calibrated(linreg.circuit(), linreg.clock, x[[2, 4]]))
    with pytest.raises(InputError, match="the first input or the sum of all is 0 in every sample; a clock needs one"):
        calibrated(linreg.circuit(), linreg.clock, x[[0, 1, 3]])


def test_padding_and_an_input_layer_are_dosed_as_the_circuit_does(linreg: Design) -> None:
    layer = {"model.input_layer": [[0.5, 0.0], [0.0, 1.0]], "model.padding": [0.2]}
    design = linreg.amended(layer | {"model.parameters.theta": [0.3, 0.4, 0.5]})
    pot = pipeline.clocked(design)
    exposed = np.array(exposures(pot, design.data.train_x[3:7])[:2])
    assert exposed * rates(pot) == pytest.approx([0.5, 0.5], rel=0.01)


def test_a_feedback_phase_of_its_own_length_is_calibrated_to_it(linreg: Design) -> None:
    pot = pipeline.clocked(linreg.amended({"model.feedback.T": 1.0}))
    exposed = np.array(exposures(pot, linreg.data.train_x[3:7])[:2])
    assert exposed * rates(pot) == pytest.approx([0.5, 1.0], rel=0.01)


def test_calibration_is_what_the_pipeline_does(linreg: Design) -> None:
    pot = pipeline.clocked(linreg)
    assert pot.network == calibrated(linreg.circuit(), linreg.clock, linreg.data.train_x).network
    longer = replace(linreg.circuit(), T=1.0)
    assert calibrated(longer, linreg.clock, np.ones((1, 2))).ring.period == pytest.approx(2 * pot.ring.period)


def test_an_adjoint_that_changes_sign_in_the_pilot_is_refused() -> None:
    """The disc in a ring by a cubic f, with inputs handed over long before the states."""
    with pytest.raises(InputError, match="its adjoint changes sign on the way; set .clock. handover nearer to 1"):
        pipeline.clocked(load_design("cubic-rings").amended({"clock.handover": 2.0, "clock.tune": 0}))
