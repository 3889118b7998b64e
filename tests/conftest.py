"""What all tests need: Ctrl-C that arrives, and laws that do not depend on how busy the machine is."""

from __future__ import annotations

import signal

from hypothesis import HealthCheck, settings


def pytest_configure() -> None:
    """Set both for every process that runs tests.

    A shell lets its background jobs ignore SIGINT: tests that press Ctrl-C would wait for ever. Hypothesis times its
    examples and the drawing of them by the clock on the wall, and fails where others use the machine too.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
    settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("untimed")
