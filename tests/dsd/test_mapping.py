"""Mapped concentrations against simulated gates."""

from math import prod

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from dsd.errors import InputError, MappingError
from dsd.expand import expand
from dsd.lower import Lowering, lower
from dsd.mapping import ordered, solve
from dsd.network import NANOMOLAR, Reaction, Species, network


def simulate(net, times, read=None):
    """States of a network at ``times``, shape ``(species, times)``, or their reading by an interpretation."""
    reactants = [[net.index[x] for x in r.reactants] for r in net]
    change = np.zeros((len(net.names), len(reactants)))
    for j, r in enumerate(net):
        for name, n in r.net().items():
            change[net.index[name], j] = n
    k = np.array([r.k for r in net])
    start = [s.initial for s in net.species]
    solution = solve_ivp(
        lambda t, x: change @ (k * [prod(x[i] for i in row) for row in reactants]),
        (0, times[-1]),
        start,
        method="BDF",
        t_eval=times,
        rtol=1e-8,
        atol=1e-13,
    )
    return solution.y


CASES = {
    "n=1": (Reaction(("A",), ("B",), 1e-2), {"A": 0.1}),
    "n=1, little helper": (Reaction(("A",), ("B",), 5e-4), {"A": 0.1}),
    "n=2": (Reaction(("A", "B"), ("A", "C"), 2e-4), {"A": 0.1, "B": 0.1}),
    "n=2, twice the same": (Reaction(("A", "A"), ("B",), 5e-5), {"A": 0.1}),
    "n=3": (Reaction(("A", "B", "C"), ("A", "B"), 1e-7), {"A": 1.0, "B": 1.0, "C": 0.1}),
    "mirror pair": (Reaction(("A", "B"), (), 4e-4), {"A": 0.1, "B": 0.06}),
    "annihilator of three": (Reaction(("A", "B", "C"), (), 1e-7), {"A": 1.0, "B": 1.0, "C": 0.1}),
    "sink": (Reaction(("A",), (), 5e-2), {"A": 0.1}),
    "slow sink": (Reaction(("A",), (), 1e-3), {"A": 0.1}),
    "source": (Reaction((), ("A", "A"), 1e-9), {}),
}


@pytest.mark.parametrize("profile", ["ideal", "literature"])
@pytest.mark.parametrize("name", CASES)
def test_a_single_gate_runs_at_the_rate_asked_for(name, profile):
    """Total signal follows the formal reaction within 3 % of its range, with pools far above the signals."""
    reaction, initial = CASES[name]
    slower = 1.0 if profile == "ideal" else 0.3
    formal = network([Reaction(reaction.reactants, reaction.products, reaction.k * slower)], _species(initial))
    options = Lowering(profile=profile)
    rate = formal.reactions[0].k * prod(sorted(initial.values())[1:] or [1.0])
    times = np.linspace(0, 1.5 / rate if initial else 1e4, 20)
    expected = simulate(formal, times)
    expansion = expand(lower(formal, options)[0])
    got = expansion.interpretation.matrix(expansion.network.names, formal.names) @ simulate(expansion.network, times)
    assert np.abs(got - expected).max() < 0.03 * np.ptp(expected, axis=1).max()
    assert solve(formal, options).records[0].residual == pytest.approx(0, abs=1e-9)


def _species(initial):
    return [Species(name, amount) for name, amount in initial.items()]


def test_free_fractions_are_those_of_a_pot_at_rest():
    """Two joins and an annihilator hold A back; B only in the mirror image; C is last everywhere."""
    reactions = [
        Reaction(("A", "C"), ("A", "C"), 1e-5),
        Reaction(("A",), ("A",), 1e-3),
        Reaction(("A", "B"), (), 1e-4),
    ]
    formal = network(reactions, [Species("A", 1.0)])
    for other in "ABC":
        alone = formal.with_initial(**{"A": 0.0, "B": 0.0, "C": 0.0, other: 0.1})
        network_ = expand(lower(alone, Lowering())[0])
        state = simulate(network_.network, np.array([0.0, 100.0]))[:, -1]
        total = network_.interpretation.matrix(network_.network.names, (other,)) @ state
        free = state[network_.network.index[other]] / total[0]
        assert free == pytest.approx(solve(formal, Lowering()).free_fraction(other), rel=0.02)


def test_concentrations_of_a_join_by_the_closed_form():
    """k = J/E H/(E + H) times 1e-3 /nM/s and the free fraction 1/(1 + J/E): J = 20.4 for 1e-5 /nM/s."""
    (record,) = solve(network([Reaction(("A", "B"), ("C",), 1e-5)]), Lowering()).records
    assert record.gate_nM == pytest.approx(0.02 / 0.98 * 1000)
    assert (record.kind, record.helper_nM, record.fork_nM) == ("join", 1000, 500)


def test_slow_joins_keep_their_gates_and_take_less_helper():
    (record,) = solve(network([Reaction(("A", "B"), ("C",), 2e-6)]), Lowering()).records
    assert record.gate_nM == pytest.approx(20)
    assert 20 < record.helper_nM < 1000
    (slower,) = solve(network([Reaction(("A", "B"), ("C",), 1e-8)]), Lowering()).records
    assert slower.gate_nM == pytest.approx(slower.helper_nM)
    assert slower.residual == pytest.approx(0, abs=1e-9)


def test_units_scale_rates_by_order():
    reactions = [Reaction(("A", "B"), ("C",), 1.0), Reaction(("A",), ("B",), 1.0), Reaction((), ("A",), 1e-6)]
    records = solve(network(reactions), Lowering(unit_nM=10.0, unit_s=1e4)).records
    assert [r.target for r in records] == pytest.approx([1e-5, 1e-4, 1e-9])
    with pytest.raises(InputError, match="the network is in nM and s already; set unit_nM and unit_s to 1"):
        solve(network(reactions, units=NANOMOLAR), Lowering(unit_nM=10.0))


def test_annihilators_mirror_only_species_of_one_role():
    fast = Reaction(("A", "B"), (), 1e-4)
    (same,) = solve(network([fast]), Lowering()).records
    (other,) = solve(network([fast], [Species("A", role="clock")]), Lowering()).records
    assert (same.mirror, other.mirror) == (True, False)
    assert same.gate_nM < other.gate_nM


def test_annihilators_can_be_given_instead_of_mapped():
    (record,) = solve(network([Reaction(("A", "B"), (), 1.0)]), Lowering(annihilator_gate_nM=400.0)).records
    assert record.gate_nM == 400
    assert record.achieved == pytest.approx(2 * 1e-3 * 0.4 / 1.4**2)


def test_rates_out_of_reach_name_the_reaction_and_the_remedy():
    """A mirror pair cannot exceed kd/2 = 5e-4 /nM/s on totals, whatever its amount."""
    solve(network([Reaction(("A", "B"), (), 4.9e-4)]), Lowering())
    with pytest.raises(MappingError) as caught:
        solve(network([Reaction(("C",), (), 1e-3), Reaction(("A", "B"), (), 5.1e-4)]), Lowering())
    assert str(caught.value) == (
        "reaction 1 (A + B ->) cannot run this fast with any amount of its annihilator, which holds back its inputs;"
        " lower its rate or raise unit_s, or set annihilator_gate_nM and take the rate it gives"
    )
    with pytest.raises(MappingError) as caught:
        solve(network([Reaction(("A", "B"), ("C",), 1e-4)]), Lowering(max_gate_nM=200))
    assert str(caught.value) == (
        "reaction 0 (A + B -> C) needs 250 nM of its join, more than max_gate_nM = 200; lower its rate or raise unit_s,"
        " or raise max_gate_nM"
    )


def test_options_are_checked():
    with pytest.raises(InputError, match="reverse_nM is 0; give a number > 0"):
        Lowering(reverse_nM=0)
    with pytest.raises(InputError, match="dosed names Q, no species of the network"):
        solve(network([Reaction(("A",), (), 1.0)]), Lowering(dosed=("Q",)))


def test_of_three_inputs_the_one_in_the_fewest_joins_comes_first_and_the_smallest_pool_second():
    """The first is held back by rate times the pool of the second; the clock, only in flight, comes last."""
    roles = {"P": "parameter", "Q": "parameter", "Z": "state", "X": "input", "O": "clock", "Y": "output"}
    net = network(
        [
            Reaction(("X", "Z", "P"), ("X", "Z", "P", "Y"), 1e-9),
            Reaction(("X", "Z", "Q"), ("X", "Z", "Q", "Y"), 1e-9),
            Reaction(("O", "X", "Z"), ("O", "Y"), 1e-9),
        ],
        [Species(n, 0.0, role) for n, role in roles.items()],
        units=NANOMOLAR,
    )
    options = Lowering(pools=(("parameter", 500.0), ("state", 50.0), ("input", 200.0)))
    assert [r.reactants for r in ordered(net, options)] == [("P", "Z", "X"), ("Q", "Z", "X"), ("X", "Z", "O")]
