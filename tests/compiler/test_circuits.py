"""The circuits beyond linear regression: outputs, padding, blocks, per-rail powers, masks, reduction."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from compiler.circuit import circuit_of
from compiler.dynamics import dynamics
from compiler.model import Model
from compiler.neural import derive
from compiler.rails import Rail
from dsd.errors import InputError
from dsd.network import Network, describe
from dsd.syntax import parse_crn, print_crn

GOLDEN = Path(__file__).parents[1] / "golden"

TABLES = Model(
    dynamics("theta*z", 2), (0.3, 0.4), (True, True), T=0.5, placement="N4", signed_target=True, state_rails="dual",
    name="tables-3-4",
)  # fmt: skip
BLOCKS = Model(
    dynamics({"h": "Theta @ x", "z": "h*z"}, 2), (0.3, -0.4, 0.5, 0.6), (True, False), T=0.5, padding=(1.0,),
    start=(0.0, 0.0, 1.0, 1.0), signs=((1, -1),), signed_target=True, name="blocks",
)  # fmt: skip
TRAINED = Model(
    dynamics("theta*x - 0.5*z**2", 2, outputs=2, per_rail=True), (0.3, -0.4, 1.0, 2.0, 3.0, 4.0), (True, False),
    T=0.5, name="trained-output",
)  # fmt: skip


def lines(network: Network, stage: str) -> list[str]:
    return [f"{describe(r)} [{r.k:g}]" for r in network.stage(stage)]


@pytest.mark.parametrize("model", [TABLES, BLOCKS, TRAINED], ids=lambda m: m.name)
def test_whole_circuits_as_text(model: Model) -> None:
    """tables-3-4 is the worked example of arXiv 2409.00034, Tables 3 and 4: f = theta z in two dimensions."""
    circuit = derive(model, flush=True)
    text = print_crn(circuit.network)
    assert text == (GOLDEN / f"{model.name}.formal.crn").read_text()
    assert circuit_of(parse_crn(text)) == circuit


def test_the_worked_example_has_the_reactions_of_tables_3_and_4() -> None:
    """N1 4 a component; N2 Z and Y; N3 4 each for z, a and g; N4 transfer and decay of G."""
    network = derive(TABLES).network
    assert [len(network.stage(s)) for s in ("N1", "N2", "N3", "N4")] == [8, 6, 24, 8]


def test_quadratic_blocks_keep_every_reaction_bimolecular() -> None:
    assert max(r.order for r in derive(BLOCKS, flush=True, annihilation=True).network) == 2


def test_padding_is_an_input_with_a_constant_and_starts_its_state() -> None:
    f = dynamics("Theta @ x - z**3/6", 3)
    circuit = derive(Model(f, (0.1,) * 9, (False,) * 3, padding=(0.2,)))
    assert circuit.dose([1.0, 2.0], [0.5]) == {
        "X1": 1.0, "X2": 2.0, "X3": 0.2, "Z1p": 1.0, "Z1n": 0.0, "Z2p": 2.0, "Z2n": 0.0, "Z3p": 0.2, "Z3n": 0.0,
        "Y": 0.5,
    }  # fmt: skip
    assert (circuit.samples, circuit.padding) == (2, (0.2,))
    with pytest.raises(InputError, match="has 3 inputs, the circuit 2"):
        circuit.dose([1.0, 2.0, 3.0])


def test_an_input_layer_is_dosed_and_survives_printing() -> None:
    f = dynamics("theta*x", 2)
    circuit = derive(Model(f, (0.1, 0.1), (True, False), input_layer=((1.0, -1.0, 0.0),), padding=(0.5,)))
    amounts = circuit.dose([1.0, 3.0, 9.0])
    assert {n: amounts[n] for n in ("X1p", "X1n", "X2")} == {"X1p": 0.0, "X1n": 2.0, "X2": 0.5}
    assert circuit_of(parse_crn(print_crn(circuit.network))) == circuit


def test_trained_outputs_are_read_from_their_own_adjoints() -> None:
    circuit = derive(TRAINED)
    assert circuit.outputs == ((Rail("Ayhat1", True), 1), (Rail("Ayhat2", True), 1))
    assert [t.name for t in circuit.targets] == ["Y1", "Y2"]
    assert "Yhat1p -> Ayhat1p [1000]" in lines(circuit.network, "N2")


def test_a_negative_sign_turns_the_output_round() -> None:
    """The first state that is read has sign -1: its adjoint is y - yhat."""
    circuit = derive(Model(dynamics("theta*x", 2), (0.1, 0.1), (False, False), signs=((-1, 1),)))
    assert circuit.outputs == ((Rail("A1", True), -1),)
    assert lines(circuit.network, "N2") == [
        "Z1p -> A1p + A2n [1000]", "Z1n -> A1n + A2p [1000]", "Z2p -> A1n + A2p [1000]", "Z2n -> A1p + A2n [1000]",
        "Y -> A1p + A2n [1000]",
    ]  # fmt: skip


def test_a_power_per_rail_is_the_authors_form() -> None:
    """-z|z|: 2Z -> Z on each rail; backwards 2Z -> 3Z, and A decays by A + Z -> Z on all four pairs."""
    model = Model(dynamics("theta*x - 0.5*z**2", 1, per_rail=True), (0.3,), (True,))
    network = derive(model).network
    assert lines(network, "N1")[4:] == ["Z1p + Z1p -> Z1p [0.5]", "Z1n + Z1n -> Z1n [0.5]"]
    assert lines(network, "N3")[4:10] == [
        "Zb1p + Zb1p -> Zb1p + Zb1p + Zb1p [0.5]", "Zb1n + Zb1n -> Zb1n + Zb1n + Zb1n [0.5]",
        "Zb1p + A1p -> Zb1p [1]", "Zb1p + A1n -> Zb1p [1]", "Zb1n + A1p -> Zb1n [1]", "Zb1n + A1n -> Zb1n [1]",
    ]  # fmt: skip


def test_first_order_gradients_need_no_moving_adjoint() -> None:
    f = dynamics("theta*x - 0.5*z**2", 2, first_order=True)
    network = derive(Model(f, (0.3, 0.3), (False, False))).network
    assert len(network.stage("N3")) == 4
    assert not network.role("feedback")


def test_a_first_order_gradient_that_cannot_learn_is_refused() -> None:
    f = dynamics({"h": "Theta @ x", "z": "h*z"}, 1, first_order=True)
    with pytest.raises(InputError, match="the first-order gradient of Theta11 is zero"):
        derive(Model(f, (0.3,), (False,), start=(0.0, 1.0)))


@pytest.mark.parametrize("d", [1, 2, 4, 8])
def test_first_order_circuits_grow_linearly(d: int) -> None:
    f = dynamics("theta*x - 0.5*z**2", d, first_order=True, per_rail=True)
    network = derive(Model(f, (0.3,) * d, (False,) * d)).network
    assert len(network.reactions) == 8 * d + 2 * d + 2 * d + 1 - 2 * d


def test_a_mask_leaves_neither_weight_nor_gradient() -> None:
    f = dynamics("Theta @ x", 2, mask=[[1, 0], [0, 1]])
    network = derive(Model(f, (0.3, 0.4), (False, False))).network
    assert network.role("parameter") == ("P11p", "P11n", "P22p", "P22n")
    assert len(network.stage("N3")) == 4


def test_duplicates_and_inert_rails_are_left_out_and_counted() -> None:
    """z^2 on two rails has 4 sign patterns and 3 reactions; h = 0 feeds nothing; inputs of one sign need one rail."""
    model = Model(dynamics("theta*x - z**2 + h", 1), (0.3,), (False,), h=0.0)
    network = derive(model).network
    assert not any("B" in r.species for r in network)
    (line,) = [text for key, text in network.meta if key == "comment" and text.startswith("Left out")]
    assert line == "Left out: 2 duplicates joined, 9 on rails that stay empty or are spared by the signs."


def test_one_sample_with_everything_doses_what_the_model_begins_with() -> None:
    circuit = derive(BLOCKS)
    amounts = circuit.dose([-0.5])
    inputs = BLOCKS.lift(np.array([[-0.5]]))
    assert [r.read(amounts) for r in circuit.states] == BLOCKS.begin(inputs)[0].tolist() == [0.0, 0.0, 1.0, 1.0]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"signs": ((1, 0, 1),)}, r"the signs \[1, 0, 1\] do not read 2 states"),
        ({"signs": ((0, 0),)}, "give 2 of .1, -1 or 0, not all 0"),
        ({"signs": ((1, 0), (1, 1))}, "z1 feeds several outputs, and so would its adjoint"),
        ({"start": (1.0,)}, "1 initial states are given, the state has 2"),
        ({"signed_inputs": (True,)}, "2 inputs are expected, signs are given for 1"),
        ({"shared": True, "signs": ((1, -1),)}, 'use circuit = "full"'),
    ],
)
def test_what_no_circuit_has_is_refused(options: dict[str, object], message: str) -> None:
    given: dict[str, object] = {"signed_inputs": (False, False), **options}
    with pytest.raises(InputError, match=message):
        derive(Model(dynamics("theta*x", 2), (0.1, 0.1), **given))  # type: ignore[arg-type]


def test_hidden_units_cannot_start_from_inputs_of_another_number() -> None:
    with pytest.raises(InputError, match=r"blocks of 3, x has 2: z cannot start from x; set \[model.start\] z = 1.0"):
        derive(Model(dynamics("Theta @ x", 2, hidden=3), (0.1,) * 6, (False, False)))


@pytest.mark.parametrize(
    ("text", "options", "message"),
    [
        ({"h": "x"}, {}, "name the one that is read out z"),
        ({"z": "x", "p": "x"}, {}, "'p' cannot name a block of the state"),
        ("theta*x", {"hidden": 3}, "a vector of length 3 meets one of length 2"),
        ("Theta @ z", {"hidden": 3}, "a matrix of 3 x 2 meets a vector of length 3"),
        ("x", {"hidden": 3}, "the dynamics have length 2, the state has length 3"),
        ("Theta @ x", {"mask": [[1, 0]]}, "the mask is not 2 x 2 like Theta"),
    ],
)
def test_shapes_that_do_not_fit_are_refused(text: str, options: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        dynamics(text, 2, **options)  # type: ignore[arg-type]
