"""``strandgrad verify``: designs, networks and DNA files, what is printed and written, and what is refused."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import designs
from compiler import cli
from compiler.texts import opened
from compiler.verification import proof, summary, verify, verify_source
from dsd.lowering import Lowering
from dsd.network import Reaction, network
from dsd.pil import parse_pil, print_pil
from dsd.syntax import parse_crn
from dsd.structural import structural
from dsd.verify import Cache, verify_modules

CRNS = (Path(__file__).parents[1] / "data" / "test_crns.txt").read_text().splitlines()
SINGLE = [line for line in CRNS if "->" in line and not line.startswith("#")]

SHAPES: Cache = {}
"""Shapes verified so far."""


def run(*args: object) -> Result:
    """Run ``strandgrad args``."""
    return CliRunner().invoke(cli.cli, [str(a) for a in args], prog_name="strandgrad")


def test_the_test_set_has_17_basic_and_open_and_14_binary_networks() -> None:
    assert len(SINGLE) == 31


@pytest.mark.parametrize("text", SINGLE)
@pytest.mark.parametrize("scheme", ["two-domain-irreversible", "two-domain"])
def test_every_network_of_the_test_set_is_verified(text: str, scheme: str) -> None:
    """The irreversible scheme strictly; the other without the reverse of the step that commits, and only that."""
    net = parse_crn(text)
    for joined in (False, True):
        for report in verify_modules(structural(net, Lowering(scheme=scheme), joined)[0], cache=SHAPES):
            assert report.fault == ""
            strict = scheme == "two-domain-irreversible" or report.kind != "join"
            assert len(report.verdict.dropped) == (0 if strict else 1)


@pytest.mark.parametrize("gating", ["operand", "per-reaction"])
def test_every_shape_of_every_shipped_design_is_verified(gating: str) -> None:
    """Whether or not concentrations meet its rates; joins of three and four inputs are among them."""
    orders = set()
    for name in sorted(designs.shipped()):
        if name == "iris":
            continue  # the same shapes as the others', over a thousand reactions
        start = opened(name)
        found = verify_shapes_only(start, gating)
        assert found == (), name
        orders |= {r.shape.partition("->")[0].count("+") + 1 for r in SHAPES.values()}
    assert orders >= {1, 2, 3, 4} if gating == "per-reaction" else {1, 2, 3}
