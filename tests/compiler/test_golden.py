"""Golden texts of the clocked level, and what LinReg2D costs at every level."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from compiler.compilation import compiled
from compiler.design import Design
from compiler.sizes import sizes
from dsd.syntax import parse_crn

GOLDEN = Path(__file__).parents[1] / "golden"
NUMBER = re.compile(r"(?<!\w)\d+(?:\.\d+)?(?:e[-+]?\d+)?")


@pytest.mark.parametrize(
    ("name", "gating", "file"),
    [
        ("linreg2d", "operand", "linreg2d.clocked.crn"),
        ("linreg2d-minimal", "operand", "linreg2d-minimal.clocked.crn"),
        ("linreg2d-minimal", "pipelined", "linreg2d-minimal.pipelined.crn"),
    ],
)
def test_clocked_text(name: str, gating: str, file: str) -> None:
    """Calibration measures two rates by simulation, so that numbers agree to its accuracy and all else exactly."""
    text, golden = compiled(name, "clocked", gating=gating), (GOLDEN / file).read_text()
    assert NUMBER.sub("#", text) == NUMBER.sub("#", golden)
    numbers = [[float(n) for n in NUMBER.findall(t)] for t in (text, golden)]
    assert numbers[0] == pytest.approx(numbers[1], rel=1e-4)


@pytest.mark.parametrize("name", ["linreg2d", "linreg2d-minimal"])
def test_no_clocked_reaction_has_more_than_two_reactants(name: str) -> None:
    network = parse_crn((GOLDEN / f"{name}.clocked.crn").read_text())
    assert max(r.order for r in network) == 2


def test_both_gating_strategies_side_by_side(linreg: Design) -> None:
    """Per-reaction gating needs fewer parts, but its joins of three are so slow that the clock must wait for them."""
    found = sizes(linreg).to_dict()
    rows = {
        name: {
            "clocked": tuple(s["clocked"].values()),
            "network": tuple(s["network"].values()),
            "strands": s["dsd"]["distinct_strands"],
            "gates": s["dsd"]["gate_complexes"],
            "fuels": s["dsd"]["fuel_strands"],
            "uM": round(s["dsd"]["total_strand_nM"] / 1000),
            "slowdown": s["slowdown"],
        }
        for name, s in found["strategies"].items()
    }
    assert tuple(found["formal"].values()) == (16, 14, {"1": 6, "2": 8})
    assert rows == {
        "operand": {
            "clocked": (23, 32, {"1": 1, "2": 31}),
            "network": (455, 358, {"2": 358}),
            "strands": 242, "gates": 65, "fuels": 53, "uM": 260, "slowdown": 1,
        },
        "per-reaction": {
            "clocked": (19, 28, {"2": 20, "3": 8}),
            "network": (439, 364, {"2": 364}),
            "strands": 226, "gates": 59, "fuels": 51, "uM": 300, "slowdown": 90.51,
        },
    }  # fmt: skip
