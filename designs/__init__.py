"""Designs that come with Strandgrad: one folder each, with ``design.toml``, its data and a README."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path


def shipped() -> tuple[str, ...]:
    """Names of the shipped designs, sorted."""
    root = Path(str(files(__name__)))
    return tuple(sorted(folder.name for folder in root.iterdir() if (folder / "design.toml").is_file()))


def locate(name: str) -> Path:
    """Folder of a shipped design; raises :class:`KeyError` for a name that is not shipped."""
    if name not in shipped():
        raise KeyError(name)
    return Path(str(files(__name__))) / name
