"""Outputs of a pot that retraces its states: strands that only report."""

from __future__ import annotations

import numpy as np
import pytest

from compiler import pipeline
from compiler.bench.gradients import Run, gradient_run
from compiler.circuit import circuit_of
from compiler.design import load_design
from compiler.readout import reported
from dsd.network import describe
from dsd.syntax import parse_crn, print_crn


def test_every_transfer_of_a_state_makes_a_reporter_of_its_output() -> None:
    """States of a ReLU circuit are positive, and have one rail; the target is no output."""
    circuit = pipeline.pot_circuit(load_design("relu-and"))
    transfers = [describe(r) for r in circuit.network.stage("N2")]
    assert transfers == [
        "Z1 -> Zb1p + A1p + A2p + A3p + R1p",
        "Z2 -> Zb2p + A1p + A2p + A3p + R1p",
        "Z3 -> Zb3p + A1p + A2p + A3p + R1p",
        "Y -> A1n + A2n + A3n",
    ]


def test_a_state_that_counts_negatively_reports_on_the_other_rail() -> None:
    """The states of hidden-xor are positive, and every other one is taken from the output."""
    design = load_design("hidden-xor").amended({"clock.held": []})
    assert design.neural.readout[0][-6:] == (1, -1, 1, -1, 1, -1)
    made = {r.reactants[0]: r.products[-1] for r in pipeline.pot_circuit(design).network.stage("N2")}
    assert [made[f"Z{k}"] for k in range(1, 7)] == ["R1p", "R1n"] * 3


def test_reporters_act_on_nothing() -> None:
    circuit = pipeline.pot_circuit(load_design("quadratic-xor"))
    acting = {n for stage in ("N1", "N3", "N4") for r in circuit.network.stage(stage) for n in r.reactants}
    assert circuit.network.role("output") == ("R1p", "R1n")
    assert not acting & {"R1p", "R1n"}


def test_reporters_survive_print_and_parse() -> None:
    circuit = pipeline.pot_circuit(load_design("quadratic-xor"))
    assert circuit_of(parse_crn(print_crn(circuit.network))).kept == circuit.kept


@pytest.mark.parametrize("name", ["linreg2d", "cubic-xor", "nonlinreg2d-first-order", "iris"])
def test_a_circuit_with_something_that_stays_needs_no_reporter(name: str) -> None:
    """Adjoints that do not move (of iris those of its trained outputs), or copies of held states, are the outputs."""
    circuit = pipeline.pot_circuit(load_design(name))
    assert reported(circuit) is circuit
    assert not circuit.network.role("output")


@pytest.mark.parametrize("name", ["nonlinreg2d", "relu-and", "quadratic-xor"])
def test_updates_of_a_clocked_pot_follow_the_gradient_of_its_own_loss(name: str) -> None:
    """Median cosine at least 0.99 and median error at most 6 %, against finite differences of the pot's own map."""
    record = gradient_run(Run(load_design(name).amended({"dna.step": 1.0}), "clocked", 4))
    assert record["error"] is None
    cosine, error = (float(np.median([s[key] for s in record["samples"]])) for key in ("cosine", "error"))
    assert cosine >= 0.99
    assert error <= 0.06


def test_states_whose_rails_do_not_annihilate_cannot_be_retraced() -> None:
    """What lowers a retraced state is made on its other rail; both then grow, and the gradient is wrong."""
    design = load_design("relu-xor").amended({"clock.state_annihilation": 0.0, "clock.tune": 0})
    record = gradient_run(Run(design, "clocked", 4))
    errors = [s["error"] for s in record.get("samples", [])]
    assert record["error"] or float(np.median(errors)) > 0.1
