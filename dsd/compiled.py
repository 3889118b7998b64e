"""Loops compiled by numba, kept on disk where there is room for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from numba import njit

F = TypeVar("F", bound=Callable[..., object])


def compiled(function: F) -> F:
    """``function`` compiled at its first call, once per machine: numba keeps the result beside the source file.

    Where that folder cannot be written numba takes the user's cache folder; where neither can (a read-only install
    without a home) it would refuse, so the function is then compiled anew in each process, a few seconds in
    all. ``NUMBA_CACHE_DIR`` names a folder of your own.
    """
    try:
        kept: F = njit(cache=True, nogil=True)(function)
    except RuntimeError:
        kept = njit(nogil=True)(function)
    else:
        _stamp(kept, function)
    return kept


def _stamp(kept: Any, function: Any) -> None:
    """Tie what is kept to the source files of all compiled functions called; numba looks at the own file only."""
    others = sorted(set(_sources(function)) - {function.__code__.co_filename})
    if others:
        index = kept._cache._cache_file
        stats = [Path(name).stat() for name in others]
        index._source_stamp = (index._source_stamp, *((s.st_mtime, s.st_size) for s in stats))


def _sources(function: Any) -> Iterator[str]:
    """Source files of ``function`` and of the compiled functions it names, at any depth."""
    yield function.__code__.co_filename
    for name in function.__code__.co_names:
        called = getattr(function.__globals__.get(name), "py_func", None)
        if called is not None and called is not function:
            yield from _sources(called)
