"""What all tests need: Ctrl-C that arrives."""

from __future__ import annotations

import signal


def pytest_configure() -> None:
    """Take SIGINT, which a shell lets its background jobs ignore: tests that press Ctrl-C would wait for ever."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
