"""A clock changes the time in which the forward stage runs, and nothing else: random networks under both strategies.

Under per-reaction gating every reaction of N1 has the factor a O1 / amplitude; under operand gating all that a sample's
one input takes part in has the factor a X. Either way states are those of the formal network at the time tau that a
species Tau tells, which grows at rate 1 in the formal network and by the same factor in the pot.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clock.gating import Gating, operand, per_reaction
from clock.ring import Ring
from dsd.integrate import Tolerance
from dsd.network import Network, Reaction, Species, network
from dsd.simulate import simulate

RING = Ring(amplitude=2.0, trough=1e-3, k=0.5)
RATES = Gating(transfer=0.5, update=0.5, flush=0.5, analog_forward=0.3)
TIGHT = Tolerance(1e-9, 1e-12, 1e-11)

BOUND = 1e-5
"""Of the largest concentration: what two integrations at rtol 1e-9 differ by, with room."""

SPECIES = "ABC"
sides = st.lists(st.sampled_from(SPECIES), max_size=2).map(tuple)
reactions = st.lists(
    st.tuples(st.builds(Reaction, sides, sides), st.sampled_from([0.1, 0.3, 1.0])).filter(
        lambda pair: pair[0].net() and sum(pair[0].net().values()) <= (1 if pair[0].order < 2 else 0)
    ),
    min_size=1,
    max_size=4,
)


def formal_network(found: list[tuple[Reaction, float]], role: str) -> Network:
    """The reactions in stage N1, each with the catalyst X at 1, and ``X -> X + Tau``; X has the given role.

    The others are parameters, which no phase flushes.
    """
    joined = [Reaction(("X", *r.reactants), ("X", *r.products), k, "N1") for r, k in found]
    amounts = {"X": 1.0, "Tau": 0.0, "A": 1.0, "B": 0.6, "C": 0.3}
    start = [Species(x, n, role if x == "X" else "parameter") for x, n in amounts.items()]
    return network([*joined, Reaction(("X",), ("X", "Tau"), 1.0, "N1")], start, level="formal")


@pytest.mark.parametrize(("strategy", "role"), [(per_reaction, "parameter"), (operand, "input")])
@settings(max_examples=15, deadline=None, derandomize=True)
@given(found=reactions)
def test_gating_is_a_change_of_time(
    strategy: Callable[..., tuple[Network, object]], role: str, found: list[tuple[Reaction, float]]
) -> None:
    formal = formal_network(found, role)
    pot, _ = strategy(formal, RING, RATES)
    run = simulate(pot, RING.period, every=RING.period / 4, tolerance=TIGHT)
    places = [run.names.index(x) for x in SPECIES]
    taus = run.y[1:, run.names.index("Tau")]
    assert taus[-1] > 0.5
    for tau, state in zip(taus, run.y[1:, places], strict=True):
        there = simulate(formal, float(tau), tolerance=TIGHT).y[-1, -3:]
        assert np.abs(state - there).max() < BOUND * max(1.0, there.max())


def test_a_reaction_that_the_clock_misses_breaks_the_law() -> None:
    """The law is one that can fail: a reaction left ungated runs at all times."""
    formal = formal_network([(Reaction(("A",), ("B",)), 1.0)], "parameter")
    pot, _ = per_reaction(formal, RING, RATES)
    (gated,) = [r for r in pot if "A" in r.reactants]
    bare = replace(gated, reactants=gated.reactants[:-1], products=gated.products[:-1])
    broken = replace(pot, reactions=tuple(bare if r is gated else r for r in pot))
    run = simulate(broken, RING.period, tolerance=TIGHT)
    there = np.exp(-run.y[-1, run.names.index("Tau")])
    assert abs(run.y[-1, run.names.index("A")] - there) > 100 * BOUND
