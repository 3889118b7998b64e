"""The notebooks run from top to bottom, and are stored without output."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = sorted((Path(__file__).parents[2] / "docs" / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
@pytest.mark.filterwarnings("default")
def test_a_notebook_runs(path: Path, tmp_path: Path) -> None:
    book = nbformat.read(path, as_version=4)
    assert not any(cell.get("outputs") or cell.get("execution_count") for cell in book.cells)
    NotebookClient(book, timeout=600, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}).execute()
    assert any(output.get("text") for cell in book.cells for output in cell.get("outputs", ()))


def test_the_page_of_notebooks_lists_them_all() -> None:
    page = (Path(__file__).parents[2] / "docs" / "notebooks.md").read_text()
    assert len(NOTEBOOKS) == 2
    assert all(f"notebooks/{path.name}" in page for path in NOTEBOOKS)
