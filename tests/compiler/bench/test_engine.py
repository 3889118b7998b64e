"""The comparison of integrators: its networks, its measure of error, its limits, its tables, and a small run."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from compiler.bench.contest import ERROR, Result, contest, deviation
from compiler.bench.engine_report import csv_text, markdown, scaling_markdown
from compiler.bench.klu import compile_program, network_text
from compiler.bench.networks import Problem, linear, problem, shipped, slowed_pot
from compiler.bench.scaling import Scale, exponent
from compiler.bench.worker import Failed, Worker
from compiler.cli import cli
from compiler.design import load_design
from dsd.kinetics import mass_action
from dsd.network import Reaction, Species, network
from dsd.syntax import parse_crn

RING = Problem(
    "ring",
    parse_crn("@species: O1 = 1, O2 = 1e-3, O3 = 1\nO1 + O2 -> 2 O2\nO2 + O3 -> 2 O3\nO3 + O1 -> 2 O1"),
    13.0,
    1.0,
)
PEERS = {
    "SciPy BDF": "scipy", "SciPy LSODA": "scipy", "libRoadRunner": "roadrunner", "pilsimulator": "crnsimulator",
}  # fmt: skip


@pytest.fixture(scope="module")
def minimal() -> Problem:
    return shipped("linreg2d-minimal")


def test_a_network_starts_at_a_dose_and_lasts_a_period(minimal: Problem) -> None:
    """Inputs are 4.22 and 4.80 formal units of 0.66 nM; the dosed strands are free at first."""
    start = {s.name: s.initial for s in minimal.network.species}
    x = load_design("linreg2d-minimal").data.train_x[0]
    assert [start["X1"], start["X2"]] == pytest.approx([0.66 * v for v in x])
    assert minimal.slowed == 1.19
    assert 19_000 < minimal.period / minimal.slowed < 23_000


def test_the_linear_circuit_grows_by_the_same_for_every_input() -> None:
    sizes = [len(problem(linear(n)).network.names) for n in (1, 2, 3)]
    assert sizes[2] - sizes[1] == sizes[1] - sizes[0] > 100


def test_a_design_that_no_gates_can_run_is_slowed() -> None:
    pot, times = slowed_pot(load_design("cubic-xor"))
    assert times > 1
    assert math.log2(times) == int(math.log2(times))
    assert len(pot.network.names) > 1000


def test_errors_are_relative_to_what_a_species_reaches() -> None:
    exact = np.array([[1.0, 1e-9], [4.0, 0.0]])
    assert deviation(exact + np.array([[0.0, 0.0], [0.02, 0.0]]), exact) == pytest.approx(0.005)
    assert deviation(exact + np.array([[0.0, 1e-6], [0.0, 0.0]]), exact) == pytest.approx(1e-3)


@pytest.mark.parametrize("solver", ["strandgrad ndf", "strandgrad krylov", "strandgrad dense", *PEERS])
def test_every_solver_gets_the_ring_right(solver: str) -> None:
    if solver in PEERS:
        pytest.importorskip(PEERS[solver])
    (found,) = contest(RING, [solver], limit_s=30.0, rounds=1, say=lambda _: None)
    assert found.failed == ""
    assert found.error <= ERROR
    assert found.cpu_s > 0


def test_sundials_with_klu(tmp_path: Path) -> None:
    try:
        compile_program(tmp_path / "program")
    except ImportError as error:
        pytest.skip(str(error))
    (found,) = contest(RING, ["C CVODE+KLU"], limit_s=30.0, rounds=1, say=lambda _: None)
    assert (found.failed, found.error <= ERROR) == ("", True)


def test_the_text_that_the_program_in_c_reads() -> None:
    net = network([Reaction(("A", "A"), ("B",), 0.5), Reaction((), ("A",), 2.0)], [Species("A", 1.0)])
    assert network_text(mass_action(net), [1.0, 0.0], 3.0) == (
        "2 2 3.0 2 3\n1.0 0.0\n0.5 2 0 0 2 0 -2.0 1 1.0\n2.0 0 1 0 1.0\n"
    )


def test_a_solver_over_its_limit_has_failed(minimal: Problem) -> None:
    worker = Worker("SciPy BDF", minimal.network, np.array([100 * minimal.period]), 1.0)
    with pytest.raises(Failed, match=r"^a run took over 1 s$"):
        worker.run(1e-10, 1e-15)
    assert not worker.alive
    with pytest.raises(Failed, match=r"^its process had ended$|^a run ended its process$"):
        worker.run(1e-6, 1e-11)
    worker.close()


RESULTS = (
    Result("small", 300, 200, "strandgrad ndf", 1e-6, 5e-5, 0.01, 0.2, 100.0),
    Result("small", 300, 200, "SciPy BDF", 1e-7, 9e-5, 0.2, 0.1, 90.0),
    Result("large", 3000, 2000, "strandgrad ndf", 1e-6, 5e-5, 0.1, 0.3, 150.0),
    Result("large", 3000, 2000, "SciPy BDF", failed="a run took over 30 s"),
)


def test_the_tables() -> None:
    lines = markdown(RESULTS, {"small": 1.0, "large": 8.0}, 30.0).splitlines()
    assert lines[2:9] == [
        "| solver | small: 300 species, 200 reactions | large: 3,000 species, 2,000 reactions |",
        "|---|---|---|",
        "| strandgrad ndf | 0.01 | 0.1 |",
        "| SciPy BDF | 0.2 | failed: a run took over 30 s |",
        "",
        "Slowed so that gates can meet its rates: large at 1/8 of its own clock's speed.",
        "",
    ]
    assert csv_text(RESULTS, Result).splitlines()[:2] == [
        "problem,species,reactions,solver,rtol,error,cpu_s,setup_s,memory_MB,failed",
        "small,300,200,strandgrad ndf,1e-06,5e-05,0.01,0.2,100.0,",
    ]


def test_the_exponent_of_a_power() -> None:
    scales = [Scale(f"linear-{n}", n, n, 0.0, 1e-4 * n**1.25, 100, 1.0) for n in (100, 300, 1000)]
    assert exponent(scales) == pytest.approx(1.25)
    assert "CPU seconds of a period grow as species^1.25." in scaling_markdown(scales).splitlines()
    assert math.isnan(exponent(scales[:1]))


def test_the_command(tmp_path: Path) -> None:
    out = tmp_path / "engine"
    arguments = ["bench", "engine", "-o", str(out), "--quick", "--scaling", "--solvers", "strandgrad ndf"]
    done = CliRunner().invoke(cli, arguments)
    assert done.exit_code == 0, done.output
    assert "| strandgrad ndf | 0." in done.output
    names = ["engine.csv", "engine.md", "engine.png", "scaling.csv", "scaling.md"]
    assert sorted(p.name for p in out.iterdir()) == names
    assert (out / "engine.png").read_bytes().startswith(b"\x89PNG")


def test_an_unknown_solver_is_named() -> None:
    done = CliRunner().invoke(cli, ["bench", "engine", "-o", "unused", "--solvers", "magic"])
    assert done.exit_code == 2
    assert "no solver is called magic...; the solvers are strandgrad ndf, strandgrad krylov," in done.output
