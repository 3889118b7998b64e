"""Dual rail keeps the trajectory: random polynomial systems as reactions, read back as differences of rails."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

from compiler.polynomial import Monomial
from compiler.rails import Rail, reactions
from dsd.integrate import Tolerance
from dsd.network import Reaction, Species, network
from dsd.simulate import simulate

RAILS = (Rail("X", True), Rail("Y", True))
TIGHT = Tolerance(1e-9, 1e-12, 1e-11)

BOUND = 1e-5
"""Of the largest concentration: what two integrations at rtol 1e-9 differ by, with room."""

Term = tuple[float, tuple[int, ...]]
terms = st.tuples(
    st.sampled_from([-1.0, -0.5, 0.5, 1.0]), st.lists(st.integers(0, 1), min_size=1, max_size=3).map(tuple)
)
systems = st.tuples(*[st.lists(terms, min_size=1, max_size=3)] * 2)
values = st.floats(-1, 1, allow_subnormal=False)


def slopes(system: tuple[list[Term], list[Term]], z: NDArray[np.float64]) -> list[float]:
    return [sum(c * float(np.prod(z[list(factors)])) for c, factors in row) for row in system]


@pytest.mark.parametrize("annihilation", [0.0, 50.0])
@settings(max_examples=25, deadline=None, derandomize=True)
@given(system=systems, start=st.tuples(values, values))
def test_rails_keep_the_trajectory(
    annihilation: float, system: tuple[list[Term], list[Term]], start: tuple[float, float]
) -> None:
    """dx/dt and dy/dt of up to three terms of third order, for half a time unit, whether rails annihilate or not."""
    exact = solve_ivp(lambda _, z: slopes(system, z), (0.0, 0.5), start, rtol=1e-10, atol=1e-12, max_step=0.05)
    assume(exact.success and np.abs(exact.y).max() < 3)
    made: list[Reaction] = []
    for target, row in zip(RAILS, system, strict=True):
        for c, factors in row:
            made += reactions(target, Monomial(c, ()), [RAILS[i] for i in factors], stage="N1", what="z")
    made += [Reaction((r.pos, r.neg), (), annihilation, "fast") for r in RAILS]
    initial = {n: v for rail, value in zip(RAILS, start, strict=True) for n, v in rail.split(value).items()}
    # Rails by themselves grow like the system with all signs positive, which may blow up where the difference does not.
    size = solve_ivp(
        lambda _, z: slopes(tuple([(abs(c), f) for c, f in row] for row in system), z),
        (0.0, 0.5),
        np.abs(start),  # type: ignore[arg-type]
    )
    assume(size.success and size.y.max() < 10)
    run = simulate(network(made, [Species(n, v) for n, v in initial.items()]), 0.5, tolerance=TIGHT)
    end = dict(zip(run.names, run.y[-1], strict=True))
    read = np.array([rail.read(end) for rail in RAILS])
    assert np.abs(read - exact.y[:, -1]).max() < BOUND * max(1.0, float(run.y.max()))
