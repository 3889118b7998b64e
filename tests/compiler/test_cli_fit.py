"""``strandgrad fit``: traces in, a profile for a design out."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from compiler import cli, pipeline
from compiler.design import load_design
from dsd.fit import displaced
from dsd.rates import profile, zhang_displacement

Write = Callable[..., Path]


def run(*args: object) -> Result:
    """Run ``strandgrad args``."""
    return CliRunner().invoke(cli.cli, [str(a) for a in args], prog_name="strandgrad")


@pytest.fixture
def wells(tmp_path: Path) -> Path:
    """Two wells at 4e5 /M/s."""
    t = np.linspace(0, 600, 31)
    columns = [t, *(50 + 7 * displaced(t, x, 100.0, 4e5) for x in (10.0, 20.0))]
    rows = "\n".join(",".join(f"{v:.9g}" for v in row) for row in zip(*columns, strict=True))
    path = tmp_path / "wells.csv"
    path.write_text(f"t [s],10 nM,20 nM\n{rows}\n")
    return path


def test_a_fit_is_a_profile_that_a_design_can_use(wells: Path, tmp_path: Path, write: Write) -> None:
    result = run("fit", wells, "--gate", 100, "--toehold", 5, "-o", tmp_path / "fit.svg")
    assert result.exit_code == 0, result.output
    assert "rate constant     4e+05 /M/s" in result.stdout
    name = result.stdout.split('"')[1]
    assert profile(name).displacement(5, 20) == pytest.approx(4e5, rel=5e-3)
    assert (tmp_path / "fit.svg").read_text().lstrip().startswith("<?xml")
    values = json.loads(run("fit", wells, "--gate", 100, "--toehold", 5, "--json").stdout)
    assert values["rate"] == pytest.approx(4e5, rel=1e-4)
    assert values["literature_rate"] == zhang_displacement(5)
    section = f'[model.rails]\ntheta = "single"\n\n[dna]\nprofile = "{name}"\nmax_gate_nM = 1e6\n'
    design = load_design(write(('[model.rails]\ntheta = "single"\n', section)))
    assert pipeline.lowering(pipeline.clocked(design).network, design.dna, 1.0).profile == name


def test_profiles_that_are_none_are_refused(wells: Path, write: Write) -> None:
    for value, message in (
        ("fast", "use ideal, literature, chen2013, or one of them times a factor as 'strandgrad fit' prints it"),
        ("ideal*0", "multiply by a number above 0"),
    ):
        section = f'[model.rails]\ntheta = "single"\n\n[dna]\nprofile = "{value}"\n'
        result = run("compile", write(('[model.rails]\ntheta = "single"\n', section)), "--to", "dsd")
        assert result.exit_code == 2
        assert message in " ".join(result.stderr.split())
    result = run("fit", wells, "--gate", -1, "--toehold", 5)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "a gate of -1 nM displaces nothing" in result.stderr
