"""The table of dependencies in CONTRIBUTING.md, made from pyproject.toml: ``python tests/dependencies.py FILE``.

In: the requirements of pyproject.toml, and what is said of each below. Out: a Markdown table between two marks of the
file. A requirement that is not described below, or a description of none, is an error; a test compares the table.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
BEGIN, END = "<!-- dependencies: made by make deps -->", "<!-- end of dependencies -->"

ABOUT = {
    "numpy": ("arrays", "BSD-3-Clause"),
    "scipy": ("sparse matrices, special functions, fits", "BSD-3-Clause"),
    "numba": ("compiled integrators, stochastic simulation, duplex energies", "BSD-2-Clause"),
    "scikit-sundae": ("CVODE", "BSD-3-Clause"),
    "sympy": ("polynomials and their derivatives", "BSD-3-Clause"),
    "pydantic": ("checking of designs", "MIT"),
    "click": ("command line", "BSD-3-Clause"),
    "rich": ("tables and bars on the terminal", "MIT"),
    "matplotlib": ("figures", "PSF-based"),
    "jinja2": ("the report's page", "BSD-3-Clause"),
    "markupsafe": ("escaping in it", "BSD-3-Clause"),
    "contourpy": ("decision boundaries", "BSD-3-Clause"),
    "distributed": ("runs on a Dask cluster", "BSD-3-Clause"),
    "peppercornenumerator": ("enumeration of strand displacement", "MIT"),
    "crnverifier": ("a second opinion on bisimulation", "MIT"),
    "dsdobjects": ("what Peppercorn is built on; its versions must match", "MIT"),
    "pyparsing": ("what Peppercorn reads with", "MIT"),
    "viennarna": ("energies of nucleic acids", "ViennaRNA (free to use and modify; not sold, authors credited)"),
    "openpyxl": ("plates as XLSX", "MIT"),
    "mkdocs": ("the documentation site", "BSD-2-Clause"),
    "mkdocs-material": ("its looks", "MIT"),
    "mkdocstrings": ("its API reference", "ISC"),
    "mkdocstrings-python": ("docstrings of Python in it", "ISC"),
    "nbclient": ("notebooks run as tests", "BSD-3-Clause"),
    "nbformat": ("reading of notebooks", "BSD-3-Clause"),
    "ipykernel": ("the kernel they run in", "BSD-3-Clause"),
    "python-libsbml": ("SBML", "LGPL-2.1"),
    "networkx": ("GraphML", "BSD-3-Clause"),
    "drawsvg": ("pictures of strands and gates", "MIT"),
    "scadnano": ("scadnano files", "MIT"),
    "sbol3": ("SBOL", "MIT"),
    "biopython": ("GenBank files", "Biopython licence or BSD-3-Clause"),
    "libroadrunner": ("an independent simulator", "Apache-2.0"),
    "crnsimulator": ("Peppercorn's simulator, to compare with", "MIT"),
    "copasi-basico": ("COPASI, to read SBML with", "Artistic-2.0"),
    "antimony": ("Antimony, to read its files with", "BSD or MIT, by version"),
    "pytest": ("tests", "MIT"),
    "pytest-xdist": ("tests on several cores", "MIT"),
    "hypothesis": ("laws as tests, fuzzing", "MPL-2.0"),
    "setuptools": ("the wheel's list of files", "MIT"),
    "selenium": ("the report in a browser", "Apache-2.0"),
    "atheris": ("fuzzing by coverage", "Apache-2.0"),
    "ruff": ("style", "MIT"),
    "mypy": ("types", "MIT"),
    "scipy-stubs": ("types of SciPy", "BSD-3-Clause"),
    "build": ("sdist and wheel", "MIT"),
}
"""What each is for, and its licence (SPDX where there is an identifier)."""

_REQUIREMENT = re.compile(r"([A-Za-z0-9._-]+)(?:\[[^]]*\])?\s*([<>=!~]=?[^;]*)?(?:;.*)?")


def requirements() -> Iterator[tuple[str, str, str]]:
    """Group (empty for what is always installed), name and bound of every requirement but the project's own groups."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for group, wanted in {"": project["dependencies"], **project["optional-dependencies"]}.items():
        for line in wanted:
            match = _REQUIREMENT.fullmatch(line)
            if match is None:
                raise SystemExit(f"pyproject.toml: '{line}' is no requirement that this reads; correct it")
            if match[1] != project["name"]:
                yield group, match[1], (match[2] or "").strip()


def table() -> str:
    """The Markdown table, a row a package in the order of pyproject.toml."""
    groups: dict[str, list[str]] = {}
    bounds: dict[str, str] = {}
    for group, name, bound in requirements():
        groups.setdefault(name, []).append(group or "always")
        if bounds.setdefault(name, bound) != bound:
            raise SystemExit(f"{name} is wanted as {bounds[name]} and as {bound}; give it one bound")
    if groups.keys() != ABOUT.keys():
        different = ", ".join(sorted(groups.keys() ^ ABOUT.keys()))
        raise SystemExit(f"{different}: not in both pyproject.toml and tests/dependencies.py; describe it, or drop it")
    rows = [f"| {n} | {bounds[n]} | {', '.join(groups[n])} | {ABOUT[n][0]} | {ABOUT[n][1]} |" for n in groups]
    return "\n".join(["| package | version | group | for | licence |", "|---|---|---|---|---|", *rows])


def renewed(text: str) -> str:
    """The text with the table as it should be between the two marks."""
    before, _, rest = text.partition(BEGIN)
    _, mark, after = rest.partition(END)
    if not mark:
        raise SystemExit(f"there are no marks {BEGIN} and {END}; put them where the table belongs")
    return f"{before}{BEGIN}\n\n{table()}\n\n{END}{after}"


if __name__ == "__main__":
    file = Path(sys.argv[1])
    file.write_text(renewed(file.read_text(encoding="utf-8")), encoding="utf-8")
