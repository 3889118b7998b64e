"""Names that a file may have, whatever system it is unpacked on.

In: a name from a design, a file or an archive's table. Out: why it cannot be used, or nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from dsd.errors import InputError, clipped

MAX_CHARACTERS = 150
"""File systems take 255 bytes; suffixes and the names of temporary files need room."""

_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
"""Devices of Windows, with any suffix: learn.microsoft.com/windows/win32/fileio/naming-a-file."""

_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
"""Signs that no file name may hold there; two of them separate folders."""


def unsafe(name: str) -> str:
    """What keeps ``name`` from being a file's name everywhere, to stand behind the name; empty if nothing does."""
    if not name or len(name) > MAX_CHARACTERS:
        return f"has {len(name)} characters, not 1 to {MAX_CHARACTERS}"
    if sign := _FORBIDDEN.search(name):
        return f"holds {sign[0]}"
    if not name.isprintable():
        return "holds signs that cannot be printed"
    if name.startswith((" ", "-", "~")) or name.endswith((" ", ".")) or name == "..":
        return "begins or ends in a sign that file names lose"
    return "is the name of a device on Windows" if _RESERVED.fullmatch(name) else ""


def check_file_name(name: str) -> str:
    """``name`` itself; raises :class:`InputError` if it could be no file's name, or lead out of its folder."""
    if why := unsafe(name):
        raise InputError(f"'{clipped(name, 60)}' cannot name a file: it {why}; rename it")
    return name


def check_file_names(names: Iterable[str]) -> None:
    """Raise :class:`InputError` for names of one folder that a file system without letter case would confuse."""
    seen: dict[str, str] = {}
    for name in names:
        other = seen.setdefault(check_file_name(name).casefold(), name)
        if other != name:
            raise InputError(f"the files {other} and {name} differ in letter case only; rename one of them")
