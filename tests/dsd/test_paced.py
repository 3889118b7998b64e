"""Scheduled doses during an integration: a pot with inflow by the wall clock against its closed form."""

from __future__ import annotations

import math

import numpy as np
import pytest

from dsd.integrate import Engine, Tolerance
from dsd.network import Dose, Reaction, Species, Threshold, network
from dsd.paced import run_paced

NET = network([Reaction(("A",), (), 1.0)], [Species("A", 1.0)])
DOSES = (Dose("A", 1.0, 0.5),)
LEVEL = Threshold(("A",), 0.1, -1)


def test_doses_recur_every_period() -> None:
    """A decays at 1 and gains 1 at 0.5, 1.5, 2.5, ...: after many doses it stands at 1 / (1 - 1/e) behind a dose."""
    engine = Engine(NET, Tolerance(1e-9, 1e-12, 1e-9))
    leg = run_paced(engine, DOSES, 1.0, 0.0, engine.initial, 30.5, LEVEL)
    assert (leg.event, leg.time) == (False, 30.5)
    assert leg.state[0] == pytest.approx(1 / (1 - math.exp(-1)), rel=1e-6)
    assert (np.diff(leg.t) >= 0).all()


def test_an_event_ends_the_leg_and_the_next_leg_goes_on_with_the_schedule() -> None:
    engine = Engine(NET, Tolerance(1e-9, 1e-12, 1e-9))
    falling = Threshold(("A",), 0.7, -1)
    first = run_paced(engine, DOSES, 1.0, 0.0, engine.initial, 9.0, falling)
    assert (first.event, first.time) == (True, pytest.approx(-math.log(0.7), rel=1e-6))
    second = run_paced(engine, DOSES, 1.0, first.time, first.state, 9.0, falling)
    after = math.exp(-0.5) + 1
    assert second.time == pytest.approx(0.5 + math.log(after / 0.7), rel=1e-6)


def test_without_a_schedule_it_is_the_engine_alone() -> None:
    engine = Engine(NET)
    leg = run_paced(engine, (), 1.0, 0.0, engine.initial, 9.0, LEVEL)
    assert leg.time == pytest.approx(math.log(10), rel=1e-5)
