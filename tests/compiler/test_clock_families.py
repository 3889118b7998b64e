"""Every clock family drives a design at the clocked level: stages act for their durations, and the pot learns."""

from __future__ import annotations

import numpy as np
import pytest

from compiler import pipeline
from compiler.calibrate import exposures
from compiler.compilation import compiled
from compiler.design import Design
from compiler.training.driver import Driver
from compiler.training.pot import clocked_pot, design_pot
from compiler.training.reference import Reference
from dsd.errors import InputError

FAMILIES = ("crnpp", "limit-cycle", "external")


@pytest.mark.parametrize("gating", ["operand", "per-reaction"])
@pytest.mark.parametrize("family", FAMILIES)
def test_rate_times_exposure_is_T(linreg: Design, family: str, gating: str) -> None:
    pot = pipeline.clocked(linreg.amended({"clock.family": family, "clock.gating": gating}))
    exposed = exposures(pot, linreg.data.train_x[3:5])
    for stage, time in zip(("N1", "N3"), exposed[:2], strict=True):
        before, after = pot.circuit.network.stage(stage)[0], pot.network.stage(stage)[0]
        scaled = pot.scale["P1"] if stage == "N1" else 1 / pot.scale["P1"]
        clock = pot.ring.amplitude if after.order > before.order else 1.0
        assert after.k * clock * scaled / before.k * time == pytest.approx(0.5, rel=0.02)


@pytest.mark.parametrize("family", FAMILIES)
def test_a_pot_learns_by_it(linreg: Design, family: str) -> None:
    """Six samples move the weights as they move the exact model's, and the clock takes six periods for them."""
    driver = Driver(clocked_pot(pipeline.clocked(linreg.amended({"clock.family": family}))))
    exact = Reference(linreg.neural)
    driver.settle()
    begun = driver.time
    for x, y in zip(linreg.data.train_x[:6], linreg.data.train_y[:6], strict=True):
        driver.iterate(x, y)
        exact.step(x, y)
    assert driver.weights() == pytest.approx(exact.theta.tolist(), rel=0.02)
    assert driver.time - begun == pytest.approx(6 * driver.pot.clocked.ring.period, rel=1e-3)


def test_the_text_of_a_pot_with_an_external_clock_lists_its_doses(linreg: Design, tmp_path) -> None:
    path = tmp_path / "design.toml"
    text = linreg.path.read_text().replace('family = "ring"', 'family = "external"')
    path.write_text(text.replace('"data.csv"', f'"{linreg.path.parent / "data.csv"}"'))
    crn = compiled(str(path), "clocked")
    assert "R_O2" in crn
    assert "@meta family = external" in crn
    (tmp_path / "pot.crn").write_text(crn)
    with pytest.raises(InputError, match="runs on a clock of family 'external'; only rings of three are read back"):
        compiled(str(tmp_path / "pot.crn"), "dsd")
    with pytest.raises(InputError, match="an external clock is a device, not strands; set"):
        compiled(str(path), "dsd")


def test_an_unknown_family_is_refused(linreg: Design) -> None:
    with pytest.raises(InputError, match=r"\[clock\] family = 'quartz'.*use 'ring', 'crnpp', 'limit-cycle' or 'ext"):
        linreg.amended({"clock.family": "quartz"})


def test_dsd_rings_of_any_family_have_a_seed_flux(linreg: Design) -> None:
    network = pipeline.dsd(linreg.amended({"clock.family": "crnpp"})).clocked.network
    assert sum(not r.reactants for r in network.stage("clock")) == 9
    assert np.isfinite([r.k for r in network]).all()


@pytest.mark.parametrize("family", pipeline.APART)
def test_the_papers_two_phases(linreg: Design, family: str) -> None:
    """With N4 in the next N1 the pot infers as the exact model does, and ten samples teach it most of the way."""
    design = linreg.amended({"clock.family": family, "clock.gating": "two-phase"})
    driver, exact = Driver(clocked_pot(pipeline.clocked(design))), Reference(linreg.neural)
    x, y = linreg.data.train_x, linreg.data.train_y
    driver.settle()
    # Inference is from a pot that has not yet learned, so nothing is left to update.
    assert driver.predict(x[:2]) == pytest.approx(exact.predict(x[:2]), rel=0.01)
    before = float(np.mean((driver.predict(x[-4:]) - y[-4:]) ** 2))
    for a, b in zip(x[:10], y[:10], strict=True):
        driver.iterate(a, b)
    assert float(np.mean((driver.predict(x[-4:]) - y[-4:]) ** 2)) < 0.3 * before
    assert {r.stage for r in driver.pot.network.reactions if "O3" in r.species} == {"clock"}


def test_two_phases_of_a_ring_overlap_too_much(linreg: Design) -> None:
    with pytest.raises(InputError, match=r"set \[clock\] family to one of crnpp, external, not 'ring'"):
        pipeline.clocked(linreg, "two-phase")


def test_a_limit_cycle_drives_the_dna_pot(linreg: Design) -> None:
    """Strands of the limit cycle: 524 species, and after two samples the weights of the exact model within 5 %."""
    driver, exact = Driver(design_pot(linreg.amended({"clock.family": "limit-cycle"}))), Reference(linreg.neural)
    driver.settle()
    for x, y in zip(linreg.data.train_x[:2], linreg.data.train_y[:2], strict=True):
        driver.iterate(x, y)
        exact.step(x, y)
    assert driver.weights() == pytest.approx(exact.theta.tolist(), rel=0.05)
    assert driver.warnings == []
