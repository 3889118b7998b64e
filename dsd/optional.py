"""Optional libraries: imported where they are used, with one clear message where one is missing."""

from __future__ import annotations

import importlib
import sys
from typing import Any

DEEPEST = 10_000
"""Peppercorn sets a recursion limit of a million for the whole process when imported, with which a text of too many
brackets ends the process rather than being refused. This many calls are enough for its enumerations."""


def optional(module: str, group: str, package: str = "") -> Any:
    """The module of that name; raises :class:`InputError` with the install command where it is missing.

    ``package`` is what it is called where it is installed from, if not by its own name.
    """
    from dsd.errors import InputError

    before = sys.getrecursionlimit()
    try:
        return importlib.import_module(module)
    except ImportError as error:
        name = package or module.partition(".")[0]
        raise InputError(f"{name} is not installed; run: pip install 'strandgrad[{group}]'") from error
    finally:
        if sys.getrecursionlimit() > max(before, DEEPEST):
            sys.setrecursionlimit(max(before, DEEPEST))
