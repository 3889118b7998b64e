"""Optional libraries: imported where they are used, with one clear message where one is missing."""

from __future__ import annotations

import importlib
from typing import Any


def optional(module: str, group: str, package: str = "") -> Any:
    """The module of that name; raises :class:`InputError` with the install command where it is missing.

    ``package`` is what it is called where it is installed from, if not by its own name.
    """
    from dsd.errors import InputError

    try:
        return importlib.import_module(module)
    except ImportError as error:
        name = package or module.partition(".")[0]
        raise InputError(f"{name} is not installed; run: pip install 'strandgrad[{group}]'") from error
