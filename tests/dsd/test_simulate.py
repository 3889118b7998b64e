"""Simulation: doses at times and at crossings, rows on a grid."""

from __future__ import annotations

import math

import numpy as np
import pytest

from dsd.errors import InputError
from dsd.simulate import simulate
from dsd.syntax import parse_crn

DECAY = parse_crn("@dose 2 A at 0\n@dose 1 A at 2\n@dose 0.5 B when A falls 0.3\nA -> [k = 1]\nB -> [k = 0.1]\nA @i 1")


def test_doses_add_to_the_state_and_stand_in_two_rows() -> None:
    """A = 3 exp(-t) up to the dose at 2, then (3 exp(-2) + 1) exp(2 - t); it falls through 0.3 at t*."""
    run = simulate(DECAY, 5.0, every=0.5)
    after = 3 * math.exp(-2) + 1
    crossing = 2 + math.log(after / 0.3)
    assert np.flatnonzero(np.diff(run.t) == 0).tolist() == [0, 5, 10]
    assert run.t[[1, 5, 6, 10]] == pytest.approx([0, 2, 2, crossing], rel=1e-4)
    assert run.final["A"] == pytest.approx(after * math.exp(-3), rel=1e-4)
    assert run.final["B"] == pytest.approx(0.5 * math.exp(-0.1 * (5 - crossing)), rel=1e-4)


def test_sampling_does_not_change_the_run() -> None:
    coarse, fine = simulate(DECAY, 5.0, every=2.0), simulate(DECAY, 5.0)
    assert coarse.final == pytest.approx(fine.final, rel=1e-9)
    assert coarse.t[[0, 2, 3, -2, -1]].tolist() == [0.0, 2.0, 2.0, 4.0, 5.0]


def test_an_event_doses_every_time_it_happens() -> None:
    """A falls from 1 to 1/2 in ln 2, and is brought back."""
    run = simulate(parse_crn("@dose 0.5 A when A falls 0.5\nA -> [k = 1]\nA @initial 1"), 10.0)
    at = run.t[np.flatnonzero(np.diff(run.t) == 0)]
    assert at == pytest.approx(math.log(2) * np.arange(1, 15), rel=1e-4)
    assert run["A"].min() == pytest.approx(0.5, rel=1e-4)


def test_two_thresholds_are_met_in_their_order() -> None:
    text = "@dose 1 B when A falls 0.5\n@dose 1 C when A falls 0.2\n@species: A = 1, B, C\nA -> [k = 1]"
    run = simulate(parse_crn(text), 3.0)
    at = run.t[np.flatnonzero(np.diff(run.t) == 0)]
    assert at == pytest.approx([math.log(2), math.log(5)], rel=1e-4)


def test_progress_is_told_to_the_end() -> None:
    seen: list[tuple[float, float]] = []
    simulate(DECAY, 5.0, progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (5.0, 5.0)


@pytest.mark.parametrize("times", [{"until": 0.0}, {"until": math.nan}, {"until": 1.0, "every": -1.0}])
def test_times_must_lie_above_zero(times: dict[str, float]) -> None:
    with pytest.raises(InputError, match="give a time above 0"):
        simulate(DECAY, **times)  # type: ignore[arg-type]
