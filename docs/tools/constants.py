"""Every physical constant of the code with its source, read from where it is defined.

In: :data:`PHYSICAL`, the names. Out: a table for each module, with the values that the code runs with and the docstring
that stands beside them. A test looks for constants that are not listed.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from roles import markdown

PHYSICAL: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "dsd.rates": (
        "Rates of strand displacement",
        (
            "RT", "IDEAL_RATE", "TOELESS", "ZHANG_DISPLACEMENT", "ZHANG_EXCHANGE", "FIT_BIND, FIT_MIGRATE",
            "FIT_START, FIT_PER_NT", "PEPPERCORN_BIND", "PEPPERCORN_START, PEPPERCORN_PER_NT", "PEPPERCORN_MIGRATE",
            "CHEN_EXCHANGE", "CHEN_SEAL",
        ),
    ),
    "dsd.schemes.cooperative": ("Cooperative hybridization", ("ZHANG",)),
    "dsd.chen2013": ("The measured consensus module", ("RATES", "SUPPLY", "YY_FORK", "EXCESS", "LEAKS", "BAD")),
    "dsd.faults": ("Faults that were measured", ("LITERATURE",)),
    "dsd.stochastic": ("Molecules", ("AVOGADRO",)),
    "dsd.export.visual_dsd": ("Visual DSD", ("UNBIND_PER_S",)),
    "dsd.sequences.energy": ("Energies of nucleic acids", ("Conditions", "LOOP_NT")),
}  # fmt: skip
"""Heading and constants by module; constants that are defined in one line stand in one entry."""


def tables() -> str:
    """A heading and a table for each module."""
    blocks = []
    for module, (heading, names) in PHYSICAL.items():
        said = dict(documented(module))
        rows = [f"| `{name}` | {_values(module, name)} | {_cell(said[name])} |" for name in names]
        blocks.append(
            "\n".join(
                [
                    f"## {heading}",
                    "",
                    f"Module `{module}`.",
                    "",
                    "| name | value | what, and source |",
                    "|---|---|---|",
                    *rows,
                ]
            )
        )
    return "\n\n".join(blocks)


def documented(module: str) -> Iterator[tuple[str, str]]:
    """Names assigned at the top of a module (``"A, B"`` for a pair) or of its classes, and the docstring behind each.

    Comments inside the value count as part of it, since a table of constants has a source for every entry.
    """
    path = Path(str(import_module(module).__file__))
    text = path.read_text(encoding="utf-8")
    body = ast.parse(text).body
    for node, behind in zip(body, [*body[1:], None], strict=True):
        if isinstance(node, ast.ClassDef):
            yield node.name, ast.get_docstring(node) or ""
        target = (
            node.targets[0]
            if isinstance(node, ast.Assign)
            else node.target
            if isinstance(node, ast.AnnAssign)
            else None
        )
        if target is None:
            continue
        names = [e.id for e in (target.elts if isinstance(target, ast.Tuple) else [target]) if isinstance(e, ast.Name)]
        said = behind.value.value if isinstance(behind, ast.Expr) and isinstance(behind.value, ast.Constant) else ""
        lines = text.split("\n")[node.lineno - 1 : node.end_lineno]
        comments = [line.partition("#")[2].strip() for line in lines if "#" in line and "fmt:" not in line]
        yield ", ".join(names), " ".join([str(said), *comments]).strip()


def _values(module: str, names: str) -> str:
    """The values as the code has them."""
    found = import_module(module)
    return "; ".join(_shown(getattr(found, name)) for name in names.split(", "))


def _shown(value: Any) -> str:
    if isinstance(value, type):
        value = (
            {k: v for k, v in vars(value()).items() if v}
            if hasattr(value(), "__dict__")
            else {k: v for k in value.__slots__ if (v := getattr(value(), k))}
        )
    if isinstance(value, Mapping):
        return ", ".join(f"{_key(k)}: {_shown(v)}" for k, v in value.items())
    if isinstance(value, tuple):
        return f"({', '.join(map(_shown, value))})"
    if hasattr(value, "__dataclass_fields__"):
        return ", ".join(f"{k} {_shown(getattr(value, k))}" for k in value.__dataclass_fields__)
    return f"{value:.9g}" if isinstance(value, float) else str(value)


def _key(key: object) -> str:
    return f"({', '.join(map(str, key))})" if isinstance(key, tuple) else str(key)


def _cell(text: str) -> str:
    return markdown(" ".join(text.split())).replace("|", "\\|")
