"""Palettes: what may differ, that gates stay what they are, and what is occluded."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsd.errors import InputError
from dsd.expand import expand
from dsd.integrate import default_tolerance
from dsd.lower import lower
from dsd.lowering import Lowering
from dsd.network import NANOMOLAR, Network, Reaction, Species, network
from dsd.occlusion import occlusion
from dsd.schemes.two_domain import universal_toehold
from dsd.simulate import simulate
from dsd.toeholds import Palette, assigned, coloured, groups, share
from dsd.verify import verify_modules

OPTIONS = Lowering()


def net(*reactions: Reaction, **start: float) -> Network:
    return network(reactions, [Species(n, v) for n, v in start.items()], units=NANOMOLAR)


ONE = net(Reaction(("A", "B"), ("C", "D"), 1e-5), A=10.0, B=8.0)
RING = net(
    *(Reaction((a, b), (b, b), 1e-5) for a, b in ("AB", "BC", "CA")),
    Reaction(("X", "A"), ("Y", "A"), 1e-5),
    Reaction(("X", "Y"), (), 1e-5),
    A=10.0, B=2.0, C=1.0, X=5.0,
)  # fmt: skip


def test_the_classes_of_one_gate_by_hand() -> None:
    """[A] A.b B.h i r.t and e d.D c.C r.t: every toehold lies behind one long domain and in front of the next."""
    system, _ = lower(ONE, OPTIONS)
    found = {frozenset(g.sides) for g in groups(system)}
    assert found == {
        frozenset({("front", "A")}),
        frozenset({("back", "A"), ("front", "B")}),
        frozenset({("back", "B"), ("front", "i0")}),
        frozenset({("back", "r0")}),
        frozenset({("front", "r0"), ("back", "C")}),
        frozenset({("front", "C"), ("back", "D")}),
        frozenset({("front", "D")}),
    }


def test_a_ring_has_one_toehold_throughout() -> None:
    """B + B come out of one fork, so both sides of B agree; so do those of its neighbour in a join."""
    system, _ = lower(RING, OPTIONS)
    (ring,) = [g for g in groups(system) if ("front", "A") in g.sides]
    assert {(side, x) for side in ("front", "back") for x in "ABC"} <= ring.sides
    assert ("back", "X") in ring.sides
    assert ("back", "r0") not in ring.sides


def test_what_is_free_and_open_is_shared_out_among_the_classes() -> None:
    system, _ = lower(RING, OPTIONS)
    found = groups(system)
    (t,) = occlusion(system)
    assert sum(g.free_nM for g in found) == pytest.approx(t.free_nM)
    assert sum(g.open_nM for g in found) == pytest.approx(t.open_nM)


@pytest.mark.parametrize("palette", [2, 3, "per-signal"])
@pytest.mark.parametrize("scheme", ["two-domain-irreversible", "two-domain"])
def test_gates_of_a_palette_run_as_those_of_one_toehold(scheme: str, palette: Palette) -> None:
    """The same reactions, and the same trajectory read in signals."""
    options = Lowering(scheme=scheme)
    runs = []
    for chosen in ("universal", palette):
        expansion = expand(lower(RING, options, assigned(RING, options, chosen))[0])
        run = simulate(expansion.network, 2000.0, every=200.0, tolerance=default_tolerance(expansion.network, 1e-8))
        reading = expansion.interpretation.matrix(expansion.network.names, RING.names)
        runs.append((len(expansion.network.reactions), run.y @ reading.T))
    assert runs[0][0] == runs[1][0]
    assert runs[1][1] == pytest.approx(runs[0][1], rel=2e-4, abs=1e-6)


names = st.sampled_from("ABCD")
reactions = st.lists(
    st.builds(
        Reaction, st.lists(names, max_size=3).map(tuple), st.lists(names, max_size=3).map(tuple), st.just(1e-12)
    ).filter(lambda r: r.species and r.net()),
    min_size=1,
    max_size=4,
    unique_by=lambda r: (r.reactants, r.products),
)


@settings(max_examples=30, deadline=None, derandomize=True)
@given(reactions, st.sampled_from([2, 4, "per-signal"]))
def test_any_network_has_the_reactions_it_has_with_one_toehold(found: list[Reaction], palette: Palette) -> None:
    """A toehold that did not fit its neighbour would cost a step, one too many would add some."""
    formal = net(*found, A=1.0, B=1.0, C=1.0, D=1.0)
    whole = expand(lower(formal, OPTIONS)[0]).network
    parted = expand(lower(formal, OPTIONS, assigned(formal, OPTIONS, palette))[0]).network
    assert len(parted.reactions) == len(whole.reactions)
    assert sorted(r.k for r in parted) == pytest.approx(sorted(r.k for r in whole))


def test_gates_of_a_palette_are_verified() -> None:
    pytest.importorskip("peppercornenumerator")
    system, _ = lower(RING, OPTIONS, assigned(RING, OPTIONS, 3))
    assert len(system.toeholds) == 3
    assert all(report.ok for report in verify_modules(system))


def test_more_toeholds_occlude_less() -> None:
    left = [share(lower(RING, OPTIONS, assigned(RING, OPTIONS, k))[0]) for k in (1, 2, 3, 4)]
    assert left[1] < 0.8 * left[0]
    assert np.all(np.diff(left) <= 1e-3)


def test_one_toehold_is_the_universal_one_and_no_palette_is_refused() -> None:
    assert assigned(RING, OPTIONS, 1) is assigned(RING, OPTIONS, "universal") is universal_toehold
    with pytest.raises(InputError, match="a palette of 0 toeholds cannot be used; give universal, per-signal, or 1"):
        coloured(lower(RING, OPTIONS)[0], 0)
