"""The two small benchmarks: phase by tolerance, and compile time by size."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from compiler.bench.compile_speed import Compiled, formal_network, speeds, table
from compiler.bench.convergence import dna_ring, phases, supplied
from compiler.cli import cli
from dsd.network import Reaction, Species, network


def test_the_phase_converges_with_the_tolerance() -> None:
    loose, tight = phases([1e-5, 1e-8], ["ndf"], 5)
    assert (loose.failed, tight.failed) == ("", "")
    assert tight.error < 1e-4
    assert tight.error < loose.error < 0.05


def test_supplies_stay_and_the_rest_reacts_as_before() -> None:
    steps = [Reaction(("A", "F"), ("B",), 2.0), Reaction(("B",), ("A", "F"))]
    net = network(steps, [Species("F", 5.0, "helper"), Species("A", 1.0)])
    assert [(r.reactants, r.products) for r in supplied(net)] == [(("A", "F"), ("B", "F")), (("B",), ("A",))]
    ring = dna_ring()
    constant = {s.name for s in ring.species if s.role in ("reverse", "join", "fork", "helper")}
    assert constant
    assert not any(constant & set(r.net()) for r in ring)


def test_a_formal_network_compiles_at_any_size() -> None:
    small, large = speeds([20, 60])
    assert (small.reactions, large.reactions) == (20, 60)
    assert large.species - small.species == pytest.approx(14 * 40, rel=0.2)
    assert formal_network(7) == formal_network(7)


def test_the_table_of_compilations() -> None:
    rows = [Compiled(10, 100, 90, 0.5, 80.0), Compiled(1000, 10_000, 9000, 50.0, 200.0)]
    assert table(rows).splitlines() == [
        "| formal reactions | species | implementation reactions | CPU s | memory MB |",
        "|---:|---:|---:|---:|---:|",
        "| 10 | 100 | 90 | 0.50 | 80 |",
        "| 1,000 | 10,000 | 9,000 | 50.00 | 200 |",
        "",
        "CPU seconds grow as reactions^1.00.",
    ]


def test_the_commands(tmp_path: Path) -> None:
    done = CliRunner().invoke(cli, ["bench", "convergence", "-o", str(tmp_path), "--cycles", "2"])
    assert done.exit_code == 0, done.output
    assert (tmp_path / "convergence.md").read_text().count("| ndf |") == 4
    done = CliRunner().invoke(cli, ["bench", "compile", "-o", str(tmp_path), "--reactions", "10,20"])
    assert done.exit_code == 0, done.output
    assert "| 20 |" in (tmp_path / "compile.md").read_text()
    done = CliRunner().invoke(cli, ["bench", "compile", "-o", str(tmp_path), "--reactions", "many"])
    assert (done.exit_code, "--reactions many: give whole numbers" in done.output) == (2, True)


def test_designed_domains_are_tabulated(tmp_path: Path) -> None:
    """Four domains of 20 nt are easily 14 kcal/mol apart."""
    found = CliRunner().invoke(cli, ["bench", "sequences", "-o", str(tmp_path), "--domains", "4"])
    assert found.exit_code == 0, found.output
    row = (tmp_path / "sequences.md").read_text().splitlines()[-1].strip("| ").split(" | ")
    assert row[0] == "4"
    weakest, worst, gap = (float(n) for n in row[2:])
    assert gap == pytest.approx(worst - weakest, abs=0.01)
    assert gap > 14


@pytest.mark.parametrize(("given", "fact"), [("many", "whole numbers"), ("1", "at least 2 domains")])
def test_numbers_of_domains_are_checked(given: str, fact: str, tmp_path: Path) -> None:
    found = CliRunner().invoke(cli, ["bench", "sequences", "-o", str(tmp_path), "--domains", given])
    assert found.exit_code == 2
    assert fact in found.output
