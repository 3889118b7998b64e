"""A running pot at both levels: what it predicts, how it learns from one sample, and what it complains about."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from compiler import pipeline
from compiler.design import Design, load_design
from compiler.knockouts import families, without
from compiler.training.driver import Driver
from compiler.training.formal import train_formal
from compiler.training.onepot import train_clocked
from compiler.training.pot import Pot, clocked_pot
from dsd.errors import InputError, SimulationError

Write = Callable[..., Path]

T, ETA, H = 0.5, 0.1, 0.1


@pytest.fixture(params=["clocked", "dsd"])
def pot(request: pytest.FixtureRequest, linreg: Design, dna_pot: Pot) -> Pot:
    return dna_pot if request.param == "dsd" else clocked_pot(pipeline.clocked(linreg))


def ready(pot: Pot, weights: tuple[float, ...] | None = None, **options: int) -> Driver:
    """A pot at the moment of its first sample."""
    driver = Driver(pot, **options)
    if weights:
        driver.set_weights(weights)
    driver.settle()
    return driver


@pytest.mark.parametrize("theta", [(0.5, 1.0), (2.0, 0.3)])
def test_weights_set_in_the_pot_change_predictions_as_the_closed_form_says(
    pot: Pot, theta: tuple[float, float]
) -> None:
    """Closed form of linear regression: yhat = sum x_i (1 + T theta_i) + d T h."""
    driver = ready(pot, theta)
    x = np.array([[1.0, 1.0], [3.0, 1.0], [1.0, 3.0], [2.0, 5.0]])
    predicted = driver.predict(x)
    assert predicted[:, 0] == pytest.approx(x @ (1 + T * np.array(theta)) + 2 * T * H, rel=0.01)
    slopes = (predicted[1, 0] - predicted[0, 0]) / 2, (predicted[2, 0] - predicted[0, 0]) / 2
    assert slopes == pytest.approx([1 + T * theta[0], 1 + T * theta[1]], rel=0.01)
    assert driver.weights() == pytest.approx(theta)


def test_every_output_is_read_with_its_sign(write: Write) -> None:
    """Two outputs yhat = (z1, -z2): closed form x_i (1 + T theta_i) + T h; each error moves its own weight."""
    path = write(
        ('target = "y"', 'target = ["y1", "y2"]'), ("T = 0.5", "T = 0.5\nsigns = [[1, 0], [0, -1]]"),
        rows="split,x1,x2,y1,y2\ntrain,1.0,2.0,2.0,-3.0\ntrain,2.0,1.0,1.0,-4.0\nval,1.5,1.5,5.5,-1\n",
    )  # fmt: skip
    design = load_design(path)
    driver = ready(clocked_pot(pipeline.clocked(design)))
    x, theta = np.array([3.0, 2.0]), np.array([0.3, 0.4])
    z = x * (1 + T * theta) + T * H
    assert driver.predict(x[None, :]) == pytest.approx(np.array([[z[0], -z[1]]]), rel=0.01)
    y = np.array([4.0, -2.0])
    errors = driver.iterate(x, y)
    assert errors == pytest.approx(np.array([z[0], -z[1]]) - y, abs=0.05)
    assert np.array(driver.weights()) - theta == pytest.approx(-ETA * T * x * errors * [1, -1], rel=0.05)
    history = train_clocked(design, epochs=1)
    assert history.train_loss == pytest.approx(train_formal(design, epochs=1).train_loss, rel=0.05)
    assert history.extra["readout"] == "A1, -A2 after the forward transfer, without targets"


def test_one_sample_moves_the_weights_by_one_step_of_gradient_descent(pot: Pot) -> None:
    """d yhat / d theta_i = T x_i, so that a step is -eta T x_i e, with the error e that stands in the pot."""
    driver = ready(pot, (0.5, 1.0))
    x, y = np.array([3.0, 2.0]), 9.0
    error = driver.iterate(x, [y])
    assert error == pytest.approx(x @ (1 + T * np.array([0.5, 1.0])) + 2 * T * H - y, abs=0.05)
    assert np.array(driver.weights()) - [0.5, 1.0] == pytest.approx(-ETA * T * x * error, rel=0.05)


def test_a_prediction_leaves_the_pot_as_it_is(pot: Pot) -> None:
    driver = ready(pot)
    before = driver.tube.state.copy(), driver.time, driver.tube.volume
    first = driver.infer([3.0, 2.0])
    assert driver.infer([3.0, 2.0]) == first
    assert np.array_equal(driver.tube.state, before[0])
    assert (driver.time, driver.tube.volume) == before[1:]


def test_a_sample_goes_in_once_a_period(pot: Pot) -> None:
    driver = ready(pot)
    for _ in range(4):
        driver.iterate([3.0, 2.0], [9.0])
    assert driver.iterations == len(driver.starts) == 4
    periods = np.diff([*driver.starts, driver.time])
    assert periods == pytest.approx(periods.mean(), rel=0.03)
    assert pot.longest / 3 == pytest.approx(periods.mean(), rel=0.03)
    t, totals = driver.last_period()
    assert t[[0, -1]] == pytest.approx([driver.starts[-1], driver.time])
    clock = sum(totals[n] for n in ("O1", "O2", "O3"))
    assert clock == pytest.approx(clock[0], rel=1e-3)
    assert totals["X1"][0] == pytest.approx(pot.concentration("X1", 3.0), rel=1e-3)
    assert totals["X1"][-1] < 1e-3 * totals["X1"][0]


def test_weights_are_set_before_the_pot_runs(pot: Pot) -> None:
    with pytest.raises(InputError, match="weights can only be set before a pot runs, while none are bound; start a ne"):
        ready(pot).set_weights([0.1, 0.2])
    with pytest.raises(InputError, match="P1 has a single rail and cannot hold -1; give it two"):
        Driver(pot).set_weights([-1.0, 0.2])


def test_fuels_are_refilled_every_so_many_samples(dna_pot: Pot) -> None:
    driver = ready(dna_pot, replenish_every=2)
    due, left = [], []
    for _ in range(4):
        due.append(driver.due)
        driver.iterate([3.0, 2.0], [9.0])
        left.append(driver.tube.shares().min())
    assert due == [True, False, True, False]
    assert left[0] > left[1] < left[2] > left[3]
    assert driver.warnings == []


def test_an_initial_stock_runs_low_then_out(dna_pot: Pot, linreg: Design) -> None:
    driver = ready(dna_pot, replenish_every=0)
    for x, y in zip(linreg.data.train_x[:14], linreg.data.train_y[:14], strict=True):
        driver.iterate(x, y)
    names = [" ".join(w.split()[1:4]) for w in driver.warnings]
    clock = ["F29 fell below", "F30 fell below", "F31 fell below"]
    assert names == ["End fell below", "End ran out", *clock, "F7 fell below"]
    assert driver.warnings[0].startswith("fuel End fell below half its stock in iteration 5 (4")
    assert driver.warnings[0].endswith("% of 660 nM); replenish more often or supply more")
    assert driver.tube.volume < 1.01


def test_a_pot_without_its_clock_gates_stops(dna_pot: Pot) -> None:
    driver = Driver(without(dna_pot, families(dna_pot)["clock"]))
    message = (
        r"the clock stopped: O3 did not cross 0\.\d+ within three periods after t = 0 \(iteration 0\); check fuels"
    )
    with pytest.raises(SimulationError, match=message):
        driver.settle()


def test_a_ring_without_seed_flux_is_stopped_before_it_is_made_up_of_rounding_errors(
    dna_pot: Pot, linreg: Design
) -> None:
    """The delay of its forks lets the trough of a ring of gates sink, by 0.4 decades in a period or so."""
    driver = ready(without(dna_pot, families(dna_pot)["seed flux"]))
    message = r"lost clock: a phase species fell to .*, below the 1e-10 that atol resolves; give the ring a seed flux"
    with pytest.raises(SimulationError, match=message):
        _all(driver, linreg)
    assert 5 < driver.iterations < 20


def _all(driver: Driver, design: Design) -> None:
    for x, y in zip(design.data.train_x, design.data.train_y, strict=True):
        driver.iterate(x, y)
