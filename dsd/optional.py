"""Optional libraries: imported where they are used, with one clear message where one is missing."""

from __future__ import annotations

import importlib
from typing import Any


def optional(module: str, group: str) -> Any:
    """The module of that name; raises :class:`InputError` with the install command where it is missing."""
    from dsd.errors import InputError

    try:
        return importlib.import_module(module)
    except ImportError as error:
        name = module.partition(".")[0]
        raise InputError(f"{name} is not installed; run: pip install 'strandgrad[{group}]'") from error
