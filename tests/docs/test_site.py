"""The site: built without a warning, and made of what the code says."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
EXAMPLES = sorted((DOCS / "examples").glob("*.py"))
UNIT = re.compile(r"/M/s|kcal/mol|(?:^|[ ,])/s\b|[Mm]olecules per mole")
NOT_PHYSICAL = {("dsd.crosscheck", "PER_MOLAR"), ("dsd.structural", "NOMINAL, PER_INPUT")}
"""Constants with a unit in their docstring that state no fact of nature: a conversion, a choice."""


@pytest.fixture(scope="module")
def tools() -> Any:
    """The hooks of the site."""
    sys.path.insert(0, str(DOCS / "tools"))
    try:
        yield import_module("hooks")
    finally:
        sys.path.remove(str(DOCS / "tools"))


def test_the_site_builds_without_a_warning(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path)]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert built.returncode == 0, built.stderr
    api = (tmp_path / "api.html").read_text()
    assert 'id="compiler.design.load_design"' in api
    assert ":class:" not in api
    assert "964000" in (tmp_path / "constants.html").read_text()
    assert "strandgrad new" in (tmp_path / "commands.html").read_text()
    assert not re.search(r"&lt;!-- \w+", "".join(p.read_text() for p in tmp_path.glob("*.html")))
    loaded = re.findall(r'(?:src|href)="(https?://[^"]+\.(?:js|css|woff2?))"', (tmp_path / "index.html").read_text())
    assert not loaded, "the site works without a network"


def test_constants_are_those_of_the_code_with_their_sources(tools: Any) -> None:
    page = tools.filled((DOCS / "constants.md").read_text())
    from dsd import rates

    row = next(line for line in page.splitlines() if line.startswith("| `TOELESS`"))
    assert f"| {rates.TOELESS:g} |" in row
    assert "Zhang & Winfree, J. Am. Chem. Soc. 131:17303 (2009)" in row
    for line in page.splitlines():
        if line.startswith("| `"):
            assert line.count(" | ") >= 2
            assert len(line.split(" | ")[2].strip(" |")) > 10, f"no source: {line}"


def test_no_physical_constant_is_left_out(tools: Any) -> None:
    """Constants whose docstring has a unit of rates, energies or amounts are on the page."""
    documented, physical = tools.constants.__globals__["documented"], tools.constants.__globals__["PHYSICAL"]
    listed = {(module, name) for module, (_, names) in physical.items() for name in names}
    missing = []
    for path in sorted([*(ROOT / "dsd").rglob("*.py"), *(ROOT / "clock").rglob("*.py")]):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        if not any(isinstance(node, ast.Assign | ast.AnnAssign) for node in ast.parse(path.read_text()).body):
            continue
        for name, said in documented(module):
            if name.replace(", ", "").isupper() and UNIT.search(said) and (module, name) not in listed | NOT_PHYSICAL:
                missing.append(f"{module}.{name}: {said[:60]}")
    assert not missing


def test_a_mark_that_does_not_exist_is_an_error(tools: Any) -> None:
    with pytest.raises(KeyError, match="nothing"):
        tools.filled("<!-- nothing at-all -->")


def test_sections_list_every_key_of_the_design(tools: Any) -> None:
    page = tools.filled((DOCS / "design.md").read_text())
    from compiler.schema import DesignFile

    for name, field in DesignFile.model_fields.items():
        assert f"## `[{name}]`" in page
        for key in field.annotation.model_fields:  # type: ignore[union-attr]
            assert f"| `{key}` |" in page


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.stem)
def test_an_example_runs_and_does_what_it_says(path: Path) -> None:
    done = subprocess.run([sys.executable, str(path)], capture_output=True, text=True, check=True)
    said = done.stdout
    if path.stem == "gate_scheme":
        assert "verified: True" in said
        made, formally = map(float, re.findall(r"([\d.]+) nM", said))
        assert made == pytest.approx(formally, rel=0.15)
    elif path.stem == "oscillator":
        measured, expected = map(float, re.findall(r"(?:period|expected) ([\d.]+)", said))
        assert measured == pytest.approx(expected, rel=1e-3)
    else:
        assert said.startswith('digraph "join" {')
        assert said.count('r1 -> "C"') == 2
    assert path.stem in (DOCS / "extending.md").read_text()
