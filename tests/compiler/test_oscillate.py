"""Clocks on their own: as reactions and as strands, and what the command says of them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from clock.families import clock_for_period
from clock.measure import measure
from compiler.cli import cli
from compiler.commands.clock import FAMILIES as CHOICES
from compiler.oscillate import held, oscillate
from compiler.schema import Dna
from dsd.errors import InputError


def test_the_command_knows_every_family() -> None:
    from clock.families import FAMILIES

    assert tuple(FAMILIES) == CHOICES


def test_a_limit_cycle_of_strands_holds() -> None:
    """It goes on at one period and trough on few gates and plenty of forks, where a plain ring loses its trough: its
    gates run down between refills, so a species grows from its trough faster than it fell."""
    dna = Dna(clock_fork_nM=1980.0, clock_gate_nM=0.0, seed_flux_nM_s=5.2e-10)
    runs = {f: oscillate(clock_for_period(f, 1.5, 20.0, 1e-6), 8, dna) for f in ("limit-cycle", "ring")}
    reports = {f: measure(r.t, r.o, r.amplitude) for f, r in runs.items()}
    good, why = held(runs["limit-cycle"], reports["limit-cycle"])
    assert good, why
    trough = np.array(reports["limit-cycle"].trough)
    assert trough[1:] == pytest.approx(trough[1], rel=0.02)
    assert reports["limit-cycle"].peak[-1] == pytest.approx(20 * 0.66, rel=0.01)
    ring = reports["ring"].trough
    assert ring[-1] > 2 * ring[1]


def test_a_clock_that_runs_out_of_gates_stops_and_says_when() -> None:
    """Half a nanomolar of fork cannot carry 13 nM of clock."""
    clock = clock_for_period("ring", 1.5, 20.0, 1e-6)
    run = oscillate(clock, 4, Dna(clock_fork_nM=0.5))
    assert run.stopped.startswith("stopped in cycle 1: phase 1 did not begin again within 3 periods")


def test_a_run_that_strays_does_not_hold() -> None:
    clock = clock_for_period("ring", 1.5, 20.0, 1e-6)
    run = oscillate(clock, 5)
    report = measure(run.t, run.o, run.amplitude)
    assert held(run, report)[0]
    slower = replace(report, periods=(1.5, 1.5, 1.5, 1.5, 1.6))
    assert held(run, slower) == (False, "period within 6.67%, trough within 0.00 decades over 5 cycles")
    assert held(replace(run, stopped="stopped"), report)[0] is False


def test_the_external_clock_is_no_chemistry() -> None:
    with pytest.raises(InputError, match="an external clock is a device, not strands; measure it with --level formal"):
        oscillate(clock_for_period("external", 1.5, 20.0, 1e-6), 3, Dna())


def test_the_command(tmp_path: Path) -> None:
    result = CliRunner().invoke(cli, ["clock", "crnpp", "--cycles", "4", "-o", str(tmp_path)])
    assert result.exit_code == 0, result.output
    assert "The clock holds: period within" in result.output
    record = json.loads((tmp_path / "clock.json").read_text())
    assert record["periods"] == pytest.approx([1.5] * 4, rel=1e-4)
    assert record["duty"] == pytest.approx([1 / 9] * 3, rel=0.02)
    assert (tmp_path / "clock.png").stat().st_size > 10_000
