"""What is shipped and what is depended on: the wheel's files, the lowest versions, the table in CONTRIBUTING.md."""

from __future__ import annotations

import re
import runpy
import shutil
import subprocess
import sys
import tomllib
import zipfile
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PACKAGES = SETTINGS["tool"]["setuptools"]["packages"]
DEPENDENCIES = runpy.run_path(str(ROOT / "tests" / "dependencies.py"))
NOT_SHIPPED = re.compile(r"designs/[^/]+/dna/|designs/.*\.png")
"""Outputs that are kept to be looked at; whoever wants them compiles or trains the design."""


def files() -> set[str]:
    """Every file of the packages, but for what Python and editors leave."""
    tops = [name for name in PACKAGES if "." not in name]
    found = (path for top in tops for path in (ROOT / top).rglob("*") if path.is_file())
    names = {path.relative_to(ROOT).as_posix() for path in found}
    return {n for n in names if not re.search(r"__pycache__|/\.|\.nb[ic]$|~$", n) and not NOT_SHIPPED.match(n)}


def test_every_package_is_listed() -> None:
    """Packages are listed by hand, since discovery refuses several at the top."""
    there = {str(Path(n).parent).replace("/", ".") for n in files() if n.endswith(".py")}
    assert there == set(PACKAGES)


def test_the_wheel_holds_every_file(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    for name in files() | {"pyproject.toml", "README.md", "LICENSE"}:
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, source / name)
    build = f"from setuptools.build_meta import build_wheel; build_wheel({str(tmp_path)!r})"
    done = subprocess.run([sys.executable, "-c", build], cwd=source, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert {n for n in names if ".dist-info/" not in n} == files()
    for name in (
        "dsd/py.typed",
        "dsd/orders/prices.toml",
        "compiler/bench/cvode_klu.c",
        "designs/linreg2d/design.toml",
    ):
        assert name in names


def test_the_lowest_versions_are_those_of_pyproject() -> None:
    """``make lowest`` tests what the bounds promise."""
    lines = (ROOT / "tests" / "lowest.txt").read_text().splitlines()
    lowest = dict(line.split("==") for line in lines if "==" in line)
    tested = {"", "seq", "cluster", "export", "test", "bench"}
    for group, name, bound in DEPENDENCIES["requirements"]():
        if group in tested:
            assert bound.startswith(">="), f"{name} has no lower bound"
            assert _numbers(lowest[name])[: len(_numbers(bound))] == _numbers(bound), name


def _numbers(version: str) -> list[int]:
    return [int(n) for n in re.findall(r"\d+", version)]


def test_the_table_of_dependencies_is_up_to_date() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert DEPENDENCIES["renewed"](text) == text, "run: make deps"


WORDS = {"BSD": "BSD", "MIT": "MIT", "LGPL": "LGPL", "Artistic": "Artistic", "MPL": "MPL", "Biopython": "Biopython"}


@pytest.mark.parametrize("name", sorted(DEPENDENCIES["ABOUT"]))
def test_licences_are_those_that_the_packages_state(name: str) -> None:
    """As far as they state one where a program can read it."""
    try:
        head = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        pytest.skip(f"{name} is not installed")
    said = [head.get("License-Expression") or head.get("License") or ""]
    said += [c for c in head.get_all("Classifier") or [] if c.startswith("License ::")]
    stated = {word for word in WORDS if any(word in each[:200] for each in said)}
    ours = {word for word in WORDS if word in DEPENDENCIES["ABOUT"][name][1]}
    assert not stated or stated & ours, f"{name} says {said}"
