"""Cooperative annihilation: the geometry, Zhang's four reactions, and the exchange of gates in a network."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from dsd.cooperate import cooperating
from dsd.errors import InputError
from dsd.expand import expand
from dsd.integrate import Engine, Tolerance
from dsd.kernel import Structure, print_kernel, strand_structure
from dsd.lower import lower
from dsd.lowering import Lowering
from dsd.network import NANOMOLAR, Reaction, Species, describe, network
from dsd.schemes.cooperative import ZHANG, cooperative, four_reactions, held
from dsd.schemes.two_domain import reverse, signal
from dsd.schemes.two_domain import universal_toehold as t
from dsd.simulate import simulate

FINE = Tolerance(1e-9, 1e-12, 1e-9)


def strands(*structures: Structure) -> Counter[tuple[str, ...]]:
    return Counter(s for structure in structures for s in structure.strands)


def open_domains(structure: Structure) -> list[str]:
    domains = [d for s in structure.strands for d in s]
    return [d for d, partner in zip(domains, structure.pairs, strict=True) if partner < 0]


def test_the_gate_has_toeholds_at_opposite_ends_for_signals_that_both_carry_theirs_in_front() -> None:
    made = cooperative("x", "y", t)
    assert print_kernel(made.gate) == "x( y*( t* + ) ) t*"
    assert made.gate.strands == (("x", "y*", "t*"), ("y", "x*", "t*"))
    assert open_domains(made.gate) == ["t*", "t*"]


def test_no_strand_is_made_or_lost() -> None:
    made, x, y = cooperative("x", "y", t), *(strand_structure(signal(n, t)) for n in "xy")
    assert strands(made.gate, x) == strands(made.with_x)
    assert strands(made.gate, y) == strands(made.with_y)
    assert strands(made.with_x, y) == strands(made.with_y, x) == strands(made.x_gone, made.y_gone)


def test_products_show_no_toehold_and_intermediates_one() -> None:
    made = cooperative("x", "y", t)
    assert [open_domains(s) for s in (made.with_x, made.with_y)] == [["x", "t*"], ["y", "t*"]]
    assert [open_domains(s) for s in (made.x_gone, made.y_gone)] == [["y"], ["x"]]


def test_reverse_strands_fit_nowhere_behind_an_open_toehold() -> None:
    """A strand starts at t* if what lies 5' of it on the gate is the complement of the domain 3' of its own t."""
    made = cooperative("x", "y", t)
    behind = {s[-2] for s in made.gate.strands}
    assert behind == {"x*", "y*"}
    for n in "xy":
        assert signal(n, t)[1] + "*" in behind
        assert reverse(n, t)[-1] == "t"  # nothing follows its toehold 3', so it has nothing to displace with


def test_toeholds_of_their_own() -> None:
    assert print_kernel(cooperative("x", "y", lambda d: f"t_{d}").gate) == "x( y*( t_y* + ) ) t_x*"
    with pytest.raises(InputError, match="needs two different signals, got x twice; use the two-domain gate"):
        cooperative("x", "x", t)


def test_text_of_the_four_reactions() -> None:
    assert [(describe(r), f"{r.k:.3g}") for r in four_reactions("x", "y", "D")] == [
        ("x + D -> D_x", "0.0021"), ("D_x -> x + D", "0.54"),
        ("y + D -> D_y", "0.0014"), ("D_y -> y + D", "0.39"),
        ("y + D_x -> D_wx + D_wy", "0.0014"), ("x + D_y -> D_wx + D_wy", "0.0021"),
    ]  # fmt: skip


@pytest.mark.parametrize(("kf", "kr", "kd"), [(ZHANG.kf1, ZHANG.kr1, 257), (ZHANG.kf2, ZHANG.kr2, 279)])
def test_a_lone_rail_is_held_back_with_the_dissociation_constant_of_table_3(kf: float, kr: float, kd: float) -> None:
    assert kr / (kf * 1e-9) == pytest.approx(kd, abs=1)
    species = [Species("x", 1.0), Species("y", 0.0), Species("D", 300.0)]
    net = network(four_reactions("x", "y", "D"), species, units=NANOMOLAR)
    left = simulate(net, 300.0, tolerance=FINE).y[-1][0]
    assert left == pytest.approx(1 - held(299.5, ZHANG.kf1, ZHANG.kr1), rel=1e-3)


@pytest.mark.parametrize("gate", [40.0, 100.0, 270.0, 1000.0])
def test_rate_constant_on_totals(gate: float) -> None:
    """kf2 (1 - f2) f1 + kf1 (1 - f1) f2, near kf/2 at its best where D = Kd; about 2 kf f (1 - f)."""
    net = network(
        four_reactions("x", "y", "D"), [Species("x", 0.5), Species("y", 0.5), Species("D", gate)], units=NANOMOLAR
    )
    found = simulate(net, 100.0, every=1.0, tolerance=FINE)
    total = found.y[:, 0] + found.y[:, found.names.index("D_x")]
    k = float(np.gradient(1 / total, found.t)[60:80].mean())
    f1, f2 = held(gate, ZHANG.kf1, ZHANG.kr1), held(gate, ZHANG.kf2, ZHANG.kr2)
    assert k * 1e9 == pytest.approx(ZHANG.kf2 * (1 - f2) * f1 + ZHANG.kf1 * (1 - f1) * f2, rel=0.01)
    mean_kf = (ZHANG.kf1 + ZHANG.kf2) / 2
    assert k * 1e9 == pytest.approx(2 * mean_kf * f1 * (1 - f2), rel=0.05)


def test_unequal_rails_leave_their_difference() -> None:
    """100 against 60 nM on 300 nM of gate: half of the lesser is gone after some 10 s, 95 % after about a minute."""
    start = [Species("x", 100.0), Species("y", 60.0), Species("D", 300.0)]
    found = simulate(network(four_reactions("x", "y", "D"), start, units=NANOMOLAR), 3000.0, every=0.5, tolerance=FINE)
    y = (found.y[:, 1] + found.y[:, found.names.index("D_y")]) / 60
    assert [found.t[np.argmax(y < v)] for v in (0.5, 0.05)] == pytest.approx([10, 60], rel=0.15)
    x = found.y[-1, 0] + found.y[-1, found.names.index("D_x")]
    assert x == pytest.approx(40.0, rel=1e-3)


def test_a_network_with_its_annihilators_exchanged() -> None:
    """Two-domain gates, their states and reactions go; strands are conserved; signals in gates still count."""
    formal = [Reaction(("A", "B"), (), 1e-4), Reaction(("A",), ("C",), 1e-4)]
    net = network(formal, [Species("A", 20.0), Species("B", 8.0)], units=NANOMOLAR)
    system = lower(net, Lowering())[0]
    plain, made = expand(system), cooperating(system, expand(system), 100.0)
    gates = {n for n in plain.network.names if n.startswith("A0")}
    assert gates
    assert not gates & set(made.network.names)
    assert describe(made.network.reactions[-6]) == "A + D0 -> D0_x"
    assert set(made.network.names) - set(plain.network.names) == {"D0", "D0_x", "D0_y", "D0_wx", "D0_wy"}
    engine = Engine(made.network, Tolerance(1e-8, 1e-10, 1e-8), conserved=made.composition.matrix)
    end = engine.run(0.0, engine.initial, 5000.0).state
    read = made.interpretation.matrix(made.network.names, ("A", "B", "C")) @ end
    assert read[1] < 0.1
    assert read[0] + read[2] == pytest.approx(12.0, abs=0.2)
    with pytest.raises(InputError, match="a cooperative gate is supplied at 0 nM; give a number > 0"):
        cooperating(system, plain, 0)
