"""TOML text into keys, within limits: a parser that recurses must not meet nesting without end.

In: text. Out: the keys as dicts and lists. Beyond what TOML itself forbids, brackets may nest ``MAX_DEPTH`` deep and
a dotted key have ``MAX_DEPTH`` parts: the time that the standard library takes grows with the square of those.
"""

from __future__ import annotations

import re
import tomllib
from typing import Any

from dsd.errors import InputError

MAX_TOML = 2**20
"""Bytes of a TOML file; tables of samples belong into CSV files."""

MAX_DEPTH = 20

_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?(?:"""|\Z)'
    r"|'''(?:.)*?(?:'''|\Z)"
    r'|"(?:\\.|[^"\\\n])*"?'
    r"|'[^'\n]*'?"
    r"|#[^\n]*"
    r"|[\[\]{}.=,\n]"
    r"|[^\[\]{}.=,\n#\"']+",
    re.DOTALL,
)


def toml_keys(text: str, source: str) -> dict[str, Any]:
    """The keys of a TOML text; raises :class:`InputError` naming ``source`` and what is wrong in which line."""
    if len(text) > MAX_TOML:
        raise InputError(f"{source}: {len(text)} characters are too many; write at most {MAX_TOML}, samples as CSV")
    _check_depth(text, source)
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # a whole number of thousands of digits is a plain ValueError
        raise InputError(f"{source}: not valid TOML: {error}; correct that line") from None


def _check_depth(text: str, source: str) -> None:
    """Raise for brackets or dotted keys that nest too deep; strings and comments do not count."""
    depth = parts = 0
    for match in _TOKEN.finditer(text):
        token = match[0]
        if token in "[{":
            depth += 1
        elif token in "]}":
            depth -= 1
        if token == ".":
            parts += 1
        elif token in "[]{}=,\n":
            parts = 0
        if depth > MAX_DEPTH or parts > MAX_DEPTH:
            line = text.count("\n", 0, match.start()) + 1
            raise InputError(f"{source}:{line}: this nests more than {MAX_DEPTH} deep; no key here does")
