"""Reporters: what they are made of, how much of a signal they hold, and what they leave alone."""

from __future__ import annotations

import math

import pytest

from dsd.errors import InputError
from dsd.expand import expand
from dsd.lower import Lowering, lower
from dsd.network import NANOMOLAR, Reaction, Species, network
from dsd.pil import parse_pil, print_pil
from dsd.reporters import loads, with_reporters
from dsd.simulate import simulate
from dsd.system import System


@pytest.fixture(scope="module")
def system() -> System:
    """20 nM of X, slowly turned into Y."""
    return lower(network([Reaction(("X",), ("Y",), 1e-5)], [Species("X", 20.0)], units=NANOMOLAR), Lowering())[0]


@pytest.fixture(scope="module")
def idle() -> System:
    """10 nM of X whose reaction is too slow to matter."""
    return lower(network([Reaction(("X",), ("Y",), 1e-12)], [Species("X", 10.0)], units=NANOMOLAR), Lowering())[0]


def test_a_live_reporter_is_a_duplex_and_a_strand(system: System) -> None:
    found = with_reporters(system, ["X", "Y"])
    new = set(print_pil(found).splitlines()) - set(print_pil(system).splitlines())
    assert new == {
        "length s = 5 #: toehold",
        "Rep_X_q = X s @initial 50.0 nM #: quencher",
        "#: strand Rep_X_bottom = s* X* t* | bottom",
        "Rep_X = X( s( + ) ) t* @initial 5.0 nM #: reporter latch=X",
        "Rep_Y_q = Y s @initial 50.0 nM #: quencher",
        "#: strand Rep_Y_bottom = s* Y* t* | bottom",
        "Rep_Y = Y( s( + ) ) t* @initial 5.0 nM #: reporter latch=Y",
    }
    assert parse_pil(print_pil(found)) == found


def test_a_live_reporter_adds_one_reversible_step_and_means_its_signal(system: System) -> None:
    plain, found = expand(system), expand(with_reporters(system, ["X"]))
    steps = [r for r in found.network if r not in plain.network.reactions]
    assert [(r.reactants, r.products) for r in steps] == [
        (("Rep_X", "X"), ("Rep_X_1", "Rep_X_q")), (("Rep_X_1", "Rep_X_q"), ("Rep_X", "X")),
    ]  # fmt: skip
    assert found.interpretation("Rep_X_1") == ("X",)
    assert found.interpretation("Rep_X") == ()


def test_what_is_lit_follows_the_law_of_mass_action(idle: System) -> None:
    """Equal toeholds: lit (Q0 + lit) = free (R - lit), with free + lit + what the join holds = 10 nM."""
    reported = with_reporters(idle, ["X"], reporter_nM=5.0, quencher_nM=50.0)
    last = simulate(expand(reported).network, 4e4)
    x, lit, quencher = (float(last[n][-1]) for n in ("X", "Rep_X_1", "Rep_X_q"))
    assert quencher == pytest.approx(50.0 + lit, rel=1e-6)
    assert lit * quencher == pytest.approx(x * (5.0 - lit), rel=1e-3)
    held = 10.0 * (1 - x / float(simulate(expand(idle).network, 4e4)["X"][-1]))
    assert lit == pytest.approx(held, rel=0.1)


def test_an_endpoint_reporter_uses_up_what_it_counts(idle: System) -> None:
    reported = with_reporters(idle, ["X"], reporter_nM=8.0, kind="endpoint")
    assert [d.name for d in reported.domains] == [d.name for d in idle.domains]
    last = simulate(expand(reported).network, 4e5)
    assert last["Rep_X"][-1] == pytest.approx(0.0, abs=1e-3)
    assert last["Rep_X_q"][-1] == pytest.approx(8.0, rel=1e-3)


def test_the_load_is_measured(system: System) -> None:
    (load,) = loads(system, with_reporters(system, ["Y"]), 100_000.0)
    assert load.signal == "Y"
    assert load.rise is not None
    assert load.rise_with is not None
    assert load.rise_with > load.rise
    assert 0.9 < load.peak_with / load.peak < 0.97
    assert load.lit_peak == pytest.approx(load.peak - load.peak_with, rel=0.05)
    (less,) = loads(system, with_reporters(system, ["Y"], reporter_nM=1.0), 100_000.0)
    assert load.peak_with < less.peak_with < less.peak
    assert load.peak == less.peak


def test_what_cannot_be_reported(system: System) -> None:
    with pytest.raises(InputError, match=r"^no signal 'Z' in this system; it has X, Y$"):
        with_reporters(system, ["Z"])
    with pytest.raises(InputError, match=r"^signal X is to be reported twice; name it once$"):
        with_reporters(system, ["X", "X"])
    with pytest.raises(InputError, match=r"^no kind of reporter is called 'dead'; choose live or endpoint$"):
        with_reporters(system, ["X"], kind="dead")
    with pytest.raises(InputError, match=r"^quencher_nM is nan; give a concentration above 0$"):
        with_reporters(system, ["X"], quencher_nM=math.nan)
    with pytest.raises(InputError, match=r"^X has such a gate already; report it once, or by the other kind$"):
        with_reporters(with_reporters(system, ["X"]), ["X"])
    with pytest.raises(InputError, match=r"^this system has no reporters; add some first$"):
        loads(system, system, 10.0)
