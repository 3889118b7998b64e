"""What all tests need: Ctrl-C that arrives, laws that do not depend on a busy machine, the usual recursion limit."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings


def pytest_configure() -> None:
    """Set both for every process that runs tests.

    A shell lets its background jobs ignore SIGINT: tests that press Ctrl-C would wait for ever. Hypothesis times its
    examples and the drawing of them by the clock on the wall, and fails where others use the machine too.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
    settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("untimed")


@pytest.fixture(autouse=True)
def usual_recursion_limit() -> Iterator[None]:
    """Libraries that a test imports by itself may raise the limit for all that come after it; Peppercorn does."""
    before = sys.getrecursionlimit()
    yield
    sys.setrecursionlimit(before)
