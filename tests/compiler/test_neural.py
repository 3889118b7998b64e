"""From dynamics to Neural CRNs: the paper's circuits, derived; and reactions that mean exactly the ODE."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from compiler.circuit import Circuit, circuit_of
from compiler.design import load_design
from compiler.dynamics import dynamics
from compiler.model import Model
from compiler.neural import derive, paper_count
from compiler.rails import Rail
from dsd.errors import InputError
from dsd.network import describe
from dsd.syntax import parse_crn, print_crn

GOLDEN = Path(__file__).parents[1] / "golden"


def model(text: str, d: int, **options: object) -> Model:
    f = dynamics(text, d)
    return Model(f, (0.3,) * len(f.parameters), (False,) * d, h=0.1, T=0.5, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["linreg2d", "linreg2d-minimal"])
def test_the_two_circuits_of_the_paper_as_text(name: str) -> None:
    circuit = load_design(name).circuit()
    assert print_crn(circuit.network) == (GOLDEN / f"{name}.formal.crn").read_text()


@pytest.mark.parametrize("d", range(1, 7))
def test_circuit_sizes_by_the_papers_counting(d: int) -> None:
    # Table 5 (17 species, 14 reactions for d = 2) and the minimal circuit (15 and 13), for any d
    full = derive(model("theta*x + h", d, signed_weights=False)).network
    minimal = derive(model("theta*x", d, signed_weights=False, shared=True)).network
    assert paper_count(full) == (7 * d + 3, 6 * d + 2)
    assert paper_count(minimal) == (5 * d + 5, 6 * d + 1)


def test_flushing_and_annihilation_are_optional_and_not_counted() -> None:
    circuit = derive(model("theta*x + h", 2, signed_weights=False), flush=True, annihilation=True)
    assert paper_count(circuit.network) == (17, 14)
    flushed = [describe(r) for r in circuit.network.stage("N4") if r.note == "flush"]
    assert flushed == [
        "A1p ->", "A1n ->", "A2p ->", "A2n ->", "X1 ->", "X2 ->", "B ->", "G1p ->", "G2p ->",
    ]  # fmt: skip
    fast = [describe(r) for r in circuit.network.stage("fast")]
    assert fast == ["A1p + A1n ->", "A2p + A2n ->", "G1p + G1n ->", "G2p + G2n ->"]


def test_the_worked_example_of_tables_3_and_4_in_one_dimension() -> None:
    network = derive(model("theta*z", 1, state_rails="dual")).network
    assert [f"{r.stage} {describe(r)}" for r in network] == [
        "N1 Z1p + P1p -> Z1p + Z1p + P1p",
        "N1 Z1p + P1n -> Z1n + Z1p + P1n",
        "N1 Z1n + P1p -> Z1n + Z1n + P1p",
        "N1 Z1n + P1n -> Z1p + Z1n + P1n",
        "N2 Z1p -> Zb1p + A1p",
        "N2 Z1n -> Zb1n + A1n",
        "N2 Y -> A1n",
        "N3 Zb1p + P1p -> Zb1n + Zb1p + P1p",
        "N3 Zb1p + P1n -> Zb1p + Zb1p + P1n",
        "N3 Zb1n + P1p -> Zb1p + Zb1n + P1p",
        "N3 Zb1n + P1n -> Zb1n + Zb1n + P1n",
        "N3 A1p + P1p -> A1p + A1p + P1p",
        "N3 A1p + P1n -> A1n + A1p + P1n",
        "N3 A1n + P1p -> A1n + A1n + P1p",
        "N3 A1n + P1n -> A1p + A1n + P1n",
        "N3 Zb1p + A1p -> G1p + Zb1p + A1p",
        "N3 Zb1p + A1n -> G1n + Zb1p + A1n",
        "N3 Zb1n + A1p -> G1n + Zb1n + A1p",
        "N3 Zb1n + A1n -> G1p + Zb1n + A1n",
        "N4 G1n -> P1p",
        "N4 G1p -> P1n",
    ]


def test_the_learning_rate_scales_the_gradient_or_splits_the_update() -> None:
    scaled = derive(model("theta*x", 1, eta=0.2)).network
    split = derive(model("theta*x", 1, eta=0.2, placement="N4")).network
    assert {r.k for r in scaled.stage("N3")} == {0.2}
    assert {r.k for r in split.stage("N3")} == {1.0}
    rates = [(describe(r), r.k) for r in split.stage("N4")]
    assert rates == [("G1n -> P1p", 200), ("G1p -> P1n", 200), ("G1p ->", 800), ("G1n ->", 800)]


def test_a_number_in_f_is_supplied_by_a_catalyst_held_at_one() -> None:
    network = derive(model("theta*x + 0.25", 2, signed_weights=False)).network
    assert "One -> One + Z1 + Z2" in [describe(r) for r in network.stage("N1")]
    assert network.role("bias") == ("One",)


@pytest.mark.parametrize(
    ("text", "options", "message"),
    [
        ("theta*z", {"shared": True}, 'use circuit = "full"'),
        ("x", {}, "have no weights to train; add theta, Theta or beta"),
        ("theta*x", {"placement": "N4", "signed_weights": False}, "needs weights on two rails"),
        ("theta*x - x", {"state_rails": "single", "signed_weights": False}, "push the single-rail Z1 below zero"),
    ],
)
def test_what_cannot_be_derived_is_refused(text: str, options: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        derive(model(text, 2, **options))


def test_a_printed_circuit_reads_back_with_its_rails() -> None:
    circuit = load_design("linreg2d").circuit(flush=True, annihilation=True)
    assert circuit_of(parse_crn(print_crn(circuit.network))) == circuit
    assert circuit.adjoints == (Rail("A1", True), Rail("A2", True))
    assert circuit.dose([1.0, 2.0], [3.0]) == {"X1": 1.0, "X2": 2.0, "Z1": 1.0, "Z2": 2.0, "B": 0.1, "Y": 3.0}
    with pytest.raises(InputError, match="has 1 inputs, the circuit 2"):
        circuit.dose([1.0])


TERMS = [
    "theta*x", "theta*z", "beta", "h", "0.3*z", "z**2", "z**3", "theta*x*z", "Theta @ x", "Theta @ z",
    "z*(Theta @ x)", "theta*z**2", "0.7",
]  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(
    terms=st.lists(st.tuples(st.sampled_from(["+", "-"]), st.sampled_from(TERMS)), min_size=1, max_size=3),
    d=st.integers(1, 2),
    signed=st.booleans(),
    data=st.data(),
)
def test_reactions_mean_the_ode_at_every_concentration(
    terms: list[tuple[str, str]], d: int, signed: bool, data: st.DataObject
) -> None:
    text = "theta*x" + "".join(f" {sign} {term}" for sign, term in terms)
    m = model(text, d, signed_weights=signed, eta=0.2)
    circuit = derive(m)
    amounts = st.floats(0, 2)
    state = {s.name: s.initial if s.role == "bias" else data.draw(amounts) for s in circuit.network.species}
    f = m.dynamics
    given_values = dict(zip(f.inputs, _read(circuit.inputs, state), strict=True))
    given_values |= dict(zip(f.parameters, _read(circuit.parameters, state), strict=True))
    given_values |= dict.fromkeys(f.constants, 0.1)

    forward = given_values | dict(zip(f.states, _read(circuit.states, state), strict=True))
    assert _rates(circuit, "N1", circuit.states, state) == pytest.approx(_values(f.f, forward), abs=1e-9)

    back = given_values | dict(zip(f.adjoints, _read(circuit.adjoints, state), strict=True))
    if circuit.feedback:
        back |= dict(zip(f.states, _read(circuit.feedback, state), strict=True))
        moving = f.feedback.states
        assert _rates(circuit, "N3", circuit.feedback, state) == pytest.approx(_values(moving, back), abs=1e-9)
    assert _rates(circuit, "N3", circuit.adjoints, state) == pytest.approx(_values(f.feedback.adjoint, back), abs=1e-9)
    wanted = 0.2 * _values(f.feedback.gradient, back)
    assert _rates(circuit, "N3", circuit.gradients, state) == pytest.approx(wanted, abs=1e-9)


def _read(rails: tuple[Rail, ...], state: dict[str, float]) -> list[float]:
    return [rail.read(state) for rail in rails]


def _values(expressions: tuple[sp.Expr, ...], at: dict[sp.Symbol, float]) -> np.ndarray:
    return np.array([float(sp.sympify(e).subs(at)) for e in expressions])


def _rates(circuit: Circuit, stage: str, rails: tuple[Rail, ...], state: dict[str, float]) -> np.ndarray:
    """d(rail)/dt by plain mass action, summed over a stage's reactions."""
    change = dict.fromkeys(circuit.network.names, 0.0)
    for r in circuit.network.stage(stage):
        rate = r.k * float(np.prod([state[n] for n in r.reactants]))
        for name, n in r.net().items():
            change[name] += n * rate
    return np.array([rail.read(change) for rail in rails])
