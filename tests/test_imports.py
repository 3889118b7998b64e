"""Imports: one way only (compiler, clock, dsd), and nothing heavy before it is needed."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MAY_IMPORT = {"dsd": {"dsd"}, "clock": {"clock", "dsd"}, "compiler": {"compiler", "clock", "dsd", "designs"}}
OURS = {"dsd", "clock", "compiler", "designs", "tests"}
HEAVY = ("numpy", "scipy", "numba", "sympy", "matplotlib", "sksundae", "pydantic", "rich", "distributed")


def imported(path: Path) -> Iterator[str]:
    """Top-level package of every import of a file, those inside functions and TYPE_CHECKING too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path} has a relative import; name the package"
            yield str(node.module).partition(".")[0]


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_packages_import_one_way_only(package: str) -> None:
    files = sorted((ROOT / package).rglob("*.py"))
    assert files
    for path in files:
        wrong = set(imported(path)) & OURS - MAY_IMPORT[package]
        assert not wrong, f"{path.relative_to(ROOT)} imports {', '.join(sorted(wrong))}"


@pytest.mark.parametrize(
    "code",
    [
        "import compiler.cli; compiler.cli.cli(['--help'], standalone_mode=False)",
        "import compiler.cli; compiler.cli.cli(['compare', '--help'], standalone_mode=False)",
        "import compiler, clock, dsd, designs, compiler.training",
    ],
)
def test_help_and_packages_load_nothing_heavy(code: str) -> None:
    check = f"import sys; print('\\n' + ' '.join(m for m in {HEAVY} if m in sys.modules), end='')"
    found = subprocess.run([sys.executable, "-c", f"{code}; {check}"], cwd=ROOT, capture_output=True, text=True)
    assert found.returncode == 0, found.stderr
    assert found.stdout.splitlines()[-1:] in ([], [""]), found.stdout


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_public_names_resolve_and_their_three_lists_agree(package: str) -> None:
    """``__all__``, the table of modules and the imports for type checkers name the same things."""
    tree = ast.parse((ROOT / package / "__init__.py").read_text())
    typed = {
        alias.name: str(node.module)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith(f"{package}.")
        for alias in node.names
    }
    module = import_module(package)
    assert sorted(module.__all__) == sorted(typed)
    for name, home in typed.items():
        assert getattr(module, name) is getattr(import_module(home), name)
        assert name in dir(module)
    with pytest.raises(AttributeError, match=f"module '{package}' has no attribute 'nothing'"):
        _ = module.nothing


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_no_public_name_is_also_a_module(package: str) -> None:
    """Which of the two an attribute meant would depend on what had been imported before."""
    modules = {path.stem for path in (ROOT / package).glob("*.py")}
    assert not modules & set(import_module(package).__all__)
