"""Rates of stochastic simulators, and their table."""

from __future__ import annotations

import os

from click.testing import CliRunner

from compiler.bench.ssa import Rate, _own_packages, csv_table, markdown, rates
from compiler.cli import cli
from dsd.syntax import parse_crn


def test_rates_are_of_the_same_events() -> None:
    """Decay of 2,000 molecules over a long time: 2,000 events."""
    found = {r.simulator: r for r in rates(parse_crn("A @i 2\nA -> B"), 1000.0, 50.0, repeats=1, share=1.0)}
    assert found["strandgrad exact"].events == found["strandgrad quasi"].events == 2000
    assert all(r.per_second > 0 for r in found.values())


def test_the_tables() -> None:
    found = [Rate("strandgrad exact", 3e6, 1.0), Rate("peer", 1e5, 0.5)]
    assert csv_table(found).splitlines()[1:] == ["strandgrad exact,3000000,1.0,3000000.0", "peer,100000,0.5,200000.0"]
    assert markdown(found, "title").splitlines()[-2:] == ["| strandgrad exact | 3 | 1 |", "| peer | 0.2 | 15 |"]


def test_the_environment_is_left_as_it_was() -> None:
    before = dict(os.environ)
    with _own_packages():
        pass
    assert dict(os.environ) == before


def test_the_commands_are_there() -> None:
    listed = CliRunner().invoke(cli, ["bench", "--help"]).output
    assert "reduced" in listed
    assert "ssa" in listed
