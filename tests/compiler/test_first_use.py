"""``strandgrad designs``, ``doctor`` and ``completion``: what a newcomer asks first."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from importlib.metadata import PackageNotFoundError

import pytest
from click.testing import CliRunner, Result

import designs
from compiler import cli, doctor
from compiler.design import load_design


def run(*args: str, env: dict[str, str] | None = None) -> Result:
    """Run ``strandgrad args``."""
    return CliRunner().invoke(cli.cli, list(args), prog_name="strandgrad", env=env)


def test_every_shipped_design_is_listed_with_its_size() -> None:
    rows = {row["name"]: row for row in json.loads(run("designs", "--json").stdout)}
    assert tuple(rows) == designs.shipped()
    minimal = load_design("linreg2d-minimal").circuit().network
    assert rows["linreg2d-minimal"] == {
        "name": "linreg2d-minimal",
        "task": "regression",
        "dynamics": "theta*x",
        "species": len(minimal.species),
        "reactions": 13,
        "description": "The paper's minimal circuit (15 species, 13 reactions) on the LinReg2D data, without a bias",
    }
    assert all(row["description"] for row in rows.values())
    table = run("designs").stdout
    assert all(f" {name} " in table for name in designs.shipped())


def test_a_working_installation_is_found_so() -> None:
    result = run("doctor", "--json")
    assert result.exit_code == 0, result.output
    found = {f["part"]: f for f in json.loads(result.stdout)}
    assert found["engine"]["fact"] == "A -> B leaves 0.36788 of A after 1/k"
    assert {"[cluster]", "[verify]", "[seq]", "[export]", "[bench]", "Nuskell", "Chromium", "cores"} < set(found)
    assert found["numpy"]["required"]
    assert not found["[seq]"]["required"]
    assert "viennarna 2." in found["[seq]"]["fact"]
    assert run("doctor").stdout.splitlines()[-1] == "Everything required works."


def test_what_is_missing_is_named_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    def version(name: str) -> str:
        if name in ("viennarna", "numba"):
            raise PackageNotFoundError(name)
        return {"scipy": "1.2.0"}.get(name, "99.0")

    monkeypatch.setattr(doctor, "version", version)
    result = run("doctor")
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert "-       [seq]          viennarna missing; run: pip install 'strandgrad[seq]'" in lines
    assert "BROKEN  numba          missing; run: pip install 'numba>=0.59'" in lines
    assert "BROKEN  scipy          1.2.0, not >= 1.12; run: pip install 'scipy>=1.12'" in lines
    assert lines[-1] == "Something required is broken."


def test_an_engine_that_does_not_run_is_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "dsd.simulate", None)
    result = run("doctor")
    assert result.exit_code == 1
    assert "BROKEN  engine         does not run: " in result.stdout


def test_a_cache_that_cannot_be_written_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    result = run("doctor")
    assert result.exit_code == 0
    assert ", not writable; set NUMBA_CACHE_DIR to a folder you can write to" in result.stdout


@pytest.mark.parametrize(
    ("older", "newer"), [("1.9", "1.10"), ("2.7", "2.7.1"), ("0.59", "1"), ("3.0rc1", "3.1"), ("2024.8.0", "2025.1")]
)
def test_versions_are_compared_by_number(older: str, newer: str) -> None:
    assert doctor.numbers(older) < doctor.numbers(newer)
    assert doctor.numbers(older + ".0") == doctor.numbers(older) or "rc" in older


def test_every_requirement_is_understood() -> None:
    """What pip wants and what doctor reads are the same libraries."""
    from importlib.metadata import requires

    found = {name for wanted in doctor.needs().values() for name, _, bound in wanted if bound}
    wanted = {
        line.partition(">")[0].partition("=")[0].partition("[python]")[0] for line in requires("strandgrad") or ()
    }
    assert found == {name for name in wanted if not name.startswith("strandgrad[")}


@pytest.mark.parametrize(
    ("shell", "says"), [("bash", "complete -o nosort"), ("zsh", "compdef"), ("fish", "complete --no-files")]
)
def test_the_completion_script_asks_strandgrad(shell: str, says: str) -> None:
    script = run("completion", shell).stdout
    assert says in script
    assert f"_STRANDGRAD_COMPLETE={shell}_complete" in script


@pytest.mark.parametrize(
    ("words", "at", "offers"),
    [
        ("strandgrad comp", 1, {"compile", "compare", "completion"}),
        ("strandgrad train --level ", 3, {"reference", "formal", "clocked", "dsd"}),
        ("strandgrad new --ki", 2, {"--kind"}),
    ],
)
def test_words_are_completed(words: str, at: int, offers: set[str]) -> None:
    """As the script asks; click answers a line per word, its type in front."""
    asked = {"COMP_WORDS": words, "COMP_CWORD": str(at), "_STRANDGRAD_COMPLETE": "bash_complete"}
    answer = run(env=asked).stdout
    assert {line.partition(",")[2] for line in answer.splitlines()} == offers


@pytest.mark.skipif(not shutil.which("bash"), reason="bash is not installed")
def test_bash_takes_the_script() -> None:
    checked = subprocess.run(["bash", "-n"], input=run("completion", "bash").stdout, capture_output=True, text=True)
    assert (checked.returncode, checked.stderr) == (0, "")
