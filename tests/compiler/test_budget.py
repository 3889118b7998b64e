"""The budget of gates: how often reactions fire in a period, and gates that hold so much."""

from __future__ import annotations

import numpy as np
import pytest

from compiler import pipeline
from compiler.budget import counted, firings
from compiler.design import load_design
from compiler.lowered import recorded
from dsd.syntax import parse_crn, print_crn


def test_a_transfer_fires_once_for_each_unit_that_was_dosed() -> None:
    design = load_design("linreg2d-minimal")
    pot = pipeline.clocked(design)
    x, y = design.data.train_x[:3], design.data.train_y[:3]
    amounts = firings(pot, x, y)
    for i, r in enumerate(pot.network.reactions):
        if r.stage == "N2" and r.reactants[0] in ("X1", "X2"):
            assert amounts[i] == pytest.approx(x[:, int(r.reactants[0][1]) - 1].max(), rel=2e-3)


def test_firings_are_printed_and_parsed_with_the_network() -> None:
    pot = counted(design := load_design("linreg2d-minimal"), pipeline.clocked(design))
    found = recorded(parse_crn(print_crn(pot.network)))
    assert found == recorded(pot.network)
    assert all(pot.network.reactions[i].stage != "clock" for i in found)
    assert recorded(pipeline.clocked(design).network) == {}


def test_gates_hold_what_is_asked_of_them() -> None:
    """The adjoint of relu-xor grows, and its flush would run out of gates within the first period."""
    design = load_design("relu-xor").amended({"clock.tune": 0})
    short, lasting = (pipeline.dsd(design.amended({"dna.capacity": c})) for c in (0.0, 3.0))

    def flush(lowered: pipeline.Lowered) -> float:
        share = lowered.dna.unit_nM
        return min(m.gate_nM / share for m in lowered.mapping.records if m.text.startswith("A3p + O3 ->"))

    pot = counted(design, pipeline.clocked(design))
    index = next(i for i, r in enumerate(pot.network.reactions) if r.reactants == ("A3p", "O3"))
    needed = recorded(pot.network)[index]
    assert flush(short) < needed
    assert flush(lasting) == pytest.approx(3.0 * needed, rel=1e-6)
    # What is enlarged keeps its rate: less helper in return.
    assert max(abs(m.residual) for m in lasting.mapping.records if m.kind == "join") < 1e-6
    assert np.isfinite(lasting.system.total_strand_nM)
