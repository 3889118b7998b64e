"""Loops compiled by numba, kept on disk where there is room for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

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
    return kept
