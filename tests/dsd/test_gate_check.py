"""Gates simulated alone, and rate constants fitted to them."""

from __future__ import annotations

import numpy as np
import pytest

from dsd.gate_check import check_gates, fit_rate
from dsd.lower import lower
from dsd.lowering import Lowering
from dsd.mapping import ordered, solve
from dsd.network import NANOMOLAR, Network, Reaction, Species, network

POT = network(
    [
        Reaction(("A", "O"), ("B", "O"), 1e-4),
        Reaction(("A", "C"), ("A", "C", "D"), 5e-5),
        Reaction(("C", "D"), (), 1e-4),
        Reaction(("D",), ("A",), 1e-3),
        Reaction((), ("O",), 1e-9),
    ],
    [Species("O", 1.0, "clock")],
    units=NANOMOLAR,
)
AMOUNTS = [{"A": 1.0, "O": 1.0}, {"A": 1.0, "C": 0.5}, {"C": 0.4, "D": 0.3}, {"D": 0.3}, {}]


def checked(pot: Network, amounts: list[dict[str, float]], options: Lowering):
    system, _ = lower(pot, options)
    return check_gates(system, ordered(pot, options), solve(pot, options), options, amounts)


@pytest.mark.parametrize("profile", ["ideal", "literature"])
def test_gates_run_at_the_rate_that_was_mapped_for_the_whole_pot(profile: str) -> None:
    """A is held by two gates: each alone, with a hold for the other, has the rate it has in company."""
    options = Lowering(profile=profile)
    slow = network([Reaction(r.reactants, r.products, r.k * 0.2) for r in POT], POT.species, units=NANOMOLAR)
    found = checked(slow, AMOUNTS, options)
    assert [c.index for c in found] == [0, 1, 2, 3, 4]
    assert [c.deviation for c in found] == pytest.approx([0.0] * 5, abs=0.03)
    assert [c.expected for c in found] == pytest.approx([r.k for r in slow])


def test_many_signals_for_few_gates_are_found_out() -> None:
    """300 nM of A on a gate of some 100 nM: the closed form takes pools as constant; they are not."""
    few = [dict(AMOUNTS[0], A=300.0), *AMOUNTS[1:]]
    assert checked(POT, few, Lowering())[0].deviation < -0.1


def test_gates_alike_are_simulated_once_and_idle_ones_not_at_all() -> None:
    twins = network(
        [Reaction((x, "O"), (f"{x}b", "O"), 1e-4) for x in ("A", "B", "C")],
        [Species("O", 1.0, "clock")],
        units=NANOMOLAR,
    )
    amounts = [{"A": 1.0, "O": 1.0}, {"B": 1.0, "O": 1.0}, {"C": 0.0, "O": 1.0}]
    found = checked(twins, amounts, Lowering())
    assert [(c.text, c.alike) for c in found] == [("A + O -> O + Ab", 2), ("B + O -> O + Bb", 2)]
    assert found[0].fitted == found[1].fitted


def test_a_rate_is_fitted_whatever_happened_before() -> None:
    """dA/dt = -k A^2 from t = 1 on, after a jump: A = 1/(1 + k (t - 1)), and two A go in a firing."""
    t = np.linspace(0, 5, 2001)
    a = np.where(t < 1, 3.0, 1 / (1 + 0.5 * np.maximum(t - 1, 0)))
    k = fit_rate(t, {"A": a, "B": np.zeros_like(t)}, Reaction(("A", "A"), ("B",)), 1.0)
    assert k == pytest.approx(0.25, rel=1e-5)
