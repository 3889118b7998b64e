"""Explicit integration against closed forms, and what it says of stiffness and blow-ups."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dsd.automatic import PATIENCE, Automatic
from dsd.dormand_prince import DONE
from dsd.errors import InputError, SimulationError
from dsd.explicit import Explicit, Terms, march
from dsd.integrate import Engine, Tolerance
from dsd.syntax import parse_crn

TIGHT = Tolerance(rtol=1e-10, atol=1e-13)


def test_decay_and_conversion() -> None:
    """A(t) = exp(-2t), B = 1 - A."""
    run = Explicit(parse_crn("A -> B [k = 2]"), TIGHT).run(np.array([1.0, 0.0]), 3.0)
    assert run.state == pytest.approx([np.exp(-6), 1 - np.exp(-6)], abs=1e-12)
    assert run.finished


def test_annihilation() -> None:
    """With d = a - b and r = b/a: b(t) = d r e / (1 - r e), e = exp(-k d t)."""
    run = Explicit(parse_crn("A + B -> [k = 50]"), TIGHT).run(np.array([2.0, 1.0]), 0.2)
    e = 0.5 * np.exp(-50 * 0.2)
    assert run.state == pytest.approx([1 + e / (1 - e), e / (1 - e)], abs=1e-12)


def test_logistic_growth() -> None:
    """z' = z - z^2 from 0.1."""
    run = Explicit(parse_crn("Z -> 2 Z\n2 Z -> Z"), TIGHT).run(np.array([0.1]), 5.0)
    assert run.state == pytest.approx([1 / (1 + 9 * np.exp(-5))], abs=1e-10)


@settings(max_examples=25, deadline=None)
@given(k=st.floats(0.1, 1000), start=st.lists(st.floats(0, 2), min_size=3, max_size=3))
@example(k=569.0, start=[2.0, 0.0, 1.0])  # B, conserved, stays at the rounding error of zero
def test_the_explicit_method_agrees_with_cvode(k: float, start: list[float]) -> None:
    network = parse_crn(f"A + B -> C + B [k = {k}]\n2 C -> A [k = 0.5]\nA + C -> [k = 10]")
    y0 = np.array(start)
    tight = Tolerance(rtol=1e-10, atol=1e-13, floor=1e-6)
    ours = Explicit(network, tight).run(y0, 1.0).state
    assert ours == pytest.approx(Engine(network, tight).run(0.0, y0, 1.0).state, rel=1e-6, abs=1e-8)


def test_a_finished_fast_reaction_no_longer_limits_the_step() -> None:
    run = Explicit(parse_crn("A -> B [k = 1e4]\nB -> C"), TIGHT).run(np.array([1.0, 0.0, 0.0]), 1.0)
    assert run.state[0] == 0
    assert run.state[1] == pytest.approx((np.exp(-1) - np.exp(-1e4)) / (1 - 1e-4), abs=1e-10)
    assert run.steps < 100  # the stability interval alone would ask for 2000


def test_a_factor_may_be_an_absolute_value_and_a_coefficient_negative() -> None:
    """z' = -z|z| from -1: z = -1/(1 + t)."""
    one = np.array([0, 1])
    terms = Terms(np.array([-1.0]), np.array([0, 2]), np.array([0, ~0]), one, np.array([0]), np.ones(1))
    y = np.array([-1.0])
    assert march(terms, y, 3.0, rtol=1e-10, atol=1e-12, ceiling=1e6).status == DONE
    assert y == pytest.approx([-0.25], abs=1e-9)


def test_a_blow_up_names_the_species_and_the_time() -> None:
    """z' = z^2 from 1 has a pole at t = 1."""
    with pytest.raises(SimulationError, match=r"^Z grew from 1 to .* by t = (1|0\.99999\d*): an autocatalytic blow-up"):
        Explicit(parse_crn("2 Z -> 3 Z")).run(np.array([1.0]), 2.0)


def test_a_state_of_another_shape_is_refused() -> None:
    with pytest.raises(InputError, match="not 1 finite concentrations"):
        Explicit(parse_crn("2 Z -> 3 Z")).run(np.array([1.0, 2.0]), 2.0)


STIFF = "A -> B [k = 1e6]\nB -> A [k = 1e6]\nB -> C"


def test_a_stiff_network_is_not_finished() -> None:
    run = Explicit(parse_crn(STIFF), max_steps=50).run(np.array([1.0, 0.0, 0.0]), 1.0)
    assert (run.finished, run.steps) == (False, 50)
    assert 0 < run.time < 1


def test_a_stiff_network_is_taken_over_by_cvode() -> None:
    """Fast exchange halves the rate of what follows it: C = 1 - exp(-t/2)."""
    both = Automatic(parse_crn(STIFF))
    for _ in range(PATIENCE):
        state = both.run(np.array([1.0, 0.0, 0.0]), 1.0)
        assert state[2] == pytest.approx(1 - np.exp(-0.5), rel=1e-4)
    assert (both.explicit_runs, both.stiff_runs) == (0, PATIENCE)


def test_what_is_not_stiff_stays_explicit() -> None:
    both = Automatic(parse_crn("A -> B"))
    assert both.run(np.array([1.0, 0.0]), 1.0) == pytest.approx([np.exp(-1), 1 - np.exp(-1)], rel=1e-6)
    assert (both.explicit_runs, both.stiff_runs) == (1, 0)
