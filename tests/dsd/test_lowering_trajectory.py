"""Gates keep the trajectory: random networks, lowered and expanded, against their own mass action.

What is compared is the interpreted network, signals in flight included, at every time, relative to the largest
concentration there is. With gates that last and slow reactions the rest is the time that strands spend in gates.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsd.expand import expand
from dsd.integrate import default_tolerance
from dsd.lower import lower
from dsd.lowering import Lowering
from dsd.network import NANOMOLAR, Network, Reaction, Species, network
from dsd.simulate import simulate

SPECIES = "ABC"
RATE = {0: 1e-6, 1: 1e-4, 2: 1e-5}
"""nM, s: each reaction moves about a tenth of 10 nM in 1000 s, a source 0.01 nM."""

BOUND = 0.03
"""Of the largest concentration; a strand is 1/J kf ~ 2 s on its way through a fork, of the 1000 s of a reaction."""

inputs, outputs = (st.lists(st.sampled_from(SPECIES), max_size=n).map(tuple) for n in (2, 3))
reactions = st.lists(
    st.builds(Reaction, inputs, outputs).filter(lambda r: r.net() and sum(r.net().values()) <= 1),
    min_size=1,
    max_size=3,
    unique_by=lambda r: (tuple(sorted(r.reactants)), tuple(sorted(r.products))),
)


def in_nM(found: list[Reaction]) -> Network:
    """The reactions at rates that gates reach, from 10, 6 and 3 nM."""
    slow = [Reaction(r.reactants, r.products, RATE[r.order]) for r in found]
    start = [Species(x, n) for x, n in zip(SPECIES, (10.0, 6.0, 3.0), strict=True)]
    return network(slow, start, units=NANOMOLAR)


@pytest.mark.parametrize("scheme", ["two-domain-irreversible", "two-domain"])
@settings(max_examples=12, deadline=None, derandomize=True)
@given(found=reactions)
def test_gates_keep_the_interpreted_trajectory(scheme: str, found: list[Reaction]) -> None:
    formal = in_nM(found)
    options = Lowering(
        scheme=scheme, min_gate_nM=500.0, fork_nM=5000.0, reverse_nM=2000.0, end_nM=5000.0, max_gate_nM=1e5
    )
    system, _ = lower(formal, options)
    expansion = expand(system)
    until = 1000.0
    upper = simulate(formal, until, every=100.0, tolerance=default_tolerance(formal))
    run = simulate(expansion.network, until, every=100.0, tolerance=default_tolerance(expansion.network))
    reading = expansion.interpretation.matrix(expansion.network.names, formal.names)
    read = run.y @ reading.T
    error = np.abs(read - upper.y).max() / upper.y.max()
    assert error < BOUND, error
