"""The bring-up ladder: it orders every strand once, and its curves are those of the pot."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from compiler import cli, pipeline
from compiler.design import Design
from compiler.ladder import Rung, ladder
from compiler.training.driver import Driver
from compiler.training.pot import Pot
from dsd.orders.lines import ordered
from dsd.pil import parse_pil


@pytest.fixture(scope="module")
def rungs(linreg: Design) -> tuple[Rung, ...]:
    return tuple(ladder(linreg))


def test_the_steps_order_every_strand_once(rungs: tuple[Rung, ...], linreg: Design) -> None:
    assert [r.name for r in rungs] == ["1-gate", "2-ring", "3-forward", "4-training"]
    new = Counter(name for r in rungs for name in r.new)
    assert set(new.values()) == {1}
    assert set(new) == {s.name for s in ordered(pipeline.dsd(linreg).system)}
    assert len(rungs[0].system.complexes) == 2


def test_one_gate_goes_at_the_rate_of_its_reaction(rungs: tuple[Rung, ...], linreg: Design) -> None:
    """dZ/dt = k X P on free strands. In the pot other gates hold some of X and P, here this one holds P."""
    curve, (module,) = rungs[0].curve, rungs[0].system.modules
    free = dict(pipeline.dsd(linreg).mapping.free)
    early = slice(20, 60)
    slope = np.gradient(curve["Z1"], curve.t)[early]
    assert free["X1"] * free["P1"] < 0.7
    pool = next(s.initial for s in rungs[0].system.strands if s.name == "P1_r")
    held = 1 / (1 + module["gate_nM"] / pool)
    on_free = module["achieved"] / (free["X1"] * free["P1"]) * held
    assert slope == pytest.approx(on_free * (curve["X1"] * curve["P1"])[early], rel=0.1)


def test_the_ring_turns_and_the_forward_pass_shows_the_output(
    rungs: tuple[Rung, ...], dna_pot: Pot, linreg: Design
) -> None:
    ring = rungs[1].curve
    assert [int(np.argmax(np.diff(ring[n] > 0.9 * ring[n].max()))) > 0 for n in ("O2", "O3")] == [True, True]
    assert all(
        ring[n].max() > 0.9 * dna_pot.concentration(n, dna_pot.clocked.ring.amplitude) for n in ("O1", "O2", "O3")
    )
    driver = Driver(dna_pot)
    driver.settle()
    expected = dna_pot.concentration("A1p", float(driver.infer(linreg.data.train_x[0])[0]))
    shown = rungs[2].curve
    assert abs(shown["A1p"][-1] - shown["A1n"][-1]) == pytest.approx(abs(expected), rel=0.1)


def test_the_weights_move_at_the_top(rungs: tuple[Rung, ...]) -> None:
    weights = rungs[3].curve
    assert all(abs(weights[n][-1] / weights[n][0] - 1) > 0.2 for n in rungs[3].watched)


def test_the_command_writes_every_step(tmp_path: Path) -> None:
    out = tmp_path / "ladder"
    result = CliRunner().invoke(cli.cli, ["ladder", "linreg2d-minimal", "-o", str(out)])
    assert result.exit_code == 0, result.output
    assert len(list(out.iterdir())) == 16
    rows = list(csv.DictReader((out / "1-gate-strands.csv").open()))
    assert (rows[0]["Name"], rows[0]["Domains"], rows[0]["Sequence"]) == ("X1", "t X1", "")
    assert parse_pil((out / "2-ring.pil").read_text()).modules
    wrong = CliRunner().invoke(cli.cli, ["ladder", "linreg2d-minimal", "-o", str(out / "2-ring.pil")])
    assert wrong.exit_code == 2
    assert "is a file; name a folder to write to" in wrong.stderr
