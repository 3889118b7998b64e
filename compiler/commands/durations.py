"""Times on the command line: ``10h``, ``90 s``, ``5min``, or plain numbers in the network's own unit."""

from __future__ import annotations

import math
import re

from dsd.errors import InputError
from dsd.network import Units

_DURATION = re.compile(r"\s*((?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*([A-Za-z]*)\s*\Z")


def duration(text: str, units: Units, option: str) -> float:
    """``text`` in the time unit of a network; a unitless network takes plain numbers only.

    Raises :class:`InputError`, which names the option, for anything that is not a time above 0.
    """
    from dsd.quantities import time_scale

    example = "500" if units.time == "1" else "10h, 60s or 5min"
    match = _DURATION.match(text)
    if match is None:
        raise InputError(f"{option} = '{text}' is no time; write for example {example}")
    number, unit = float(match[1]), match[2]
    if unit and units.time == "1":
        raise InputError(f"{option} = '{text}': this network has no time unit; write a plain number, such as {example}")
    try:
        value = number * float(time_scale(unit, units)) if unit else number
    except InputError as error:
        raise InputError(f"{option} = '{text}': {error}") from None
    if not (math.isfinite(value) and value > 0):
        raise InputError(f"{option} = '{text}' is no time above 0; write for example {example}")
    return value
