"""Files are written in one place, whole or not at all: no module but ``dsd/files.py`` opens one to write."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).parents[1]
WRITERS = {"write_text", "write_bytes", "to_excel", "savez", "savetxt", "savefig"}
TEMPORARY = {"compiler/bench/networks.py", "compiler/bench/klu.py"}
"""They write into temporary folders, for a design loader and a C program that are timed."""
IN_MEMORY = {("compiler/figures.py", "savefig"), ("compiler/training/checkpoint.py", "savez")}
"""They write into a BytesIO."""


def writes(path: Path) -> list[str]:
    """Calls that write a file, as ``name:line``."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        modes = [a.value for a in [*node.args, *(k.value for k in node.keywords)] if isinstance(a, ast.Constant)]
        opened = name == "open" and any(isinstance(m, str) and set(m) & set("wax+") and len(m) < 4 for m in modes)
        if opened or name in WRITERS:
            found.append(f"{name}:{node.lineno}")
    return found


def test_only_the_atomic_writer_writes() -> None:
    files = [path for package in ("dsd", "clock", "compiler") for path in sorted((ROOT / package).rglob("*.py"))]
    assert len(files) > 200
    found = {path.relative_to(ROOT).as_posix(): writes(path) for path in files}
    assert {w.split(":")[0] for w in found.pop("dsd/files.py")} == {"open", "write_bytes"}
    for name in TEMPORARY:
        assert found.pop(name)
    wrong = [f"{n}:{w}" for n, calls in found.items() for w in calls if (n, w.split(":")[0]) not in IN_MEMORY]
    assert wrong == []
