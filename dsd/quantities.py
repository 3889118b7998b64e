"""Concentrations, times and rate constants with units, converted to a network's own units where text is read.

Inside a network numbers are plain; only text formats call these functions. Every factor is an exact fraction, so that
``1e6 /M/s`` is exactly ``0.001 /nM/s``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache

from dsd.errors import InputError
from dsd.network import Units

CONCENTRATIONS: Mapping[str, Fraction] = {
    "M": Fraction(1),
    "mM": Fraction(1, 10**3),
    "uM": Fraction(1, 10**6),
    "nM": Fraction(1, 10**9),
    "pM": Fraction(1, 10**12),
}
"""Concentration units in mol/l."""

TIMES: Mapping[str, Fraction] = {
    "ms": Fraction(1, 1000),
    "s": Fraction(1),
    "min": Fraction(60),
    "h": Fraction(3600),
    "d": Fraction(86400),
}
"""Time units in seconds."""

_FACTOR = re.compile(r"(/?)\s*([A-Za-z]+)(?:\^([0-9]))?\s*")


def spelled(unit: str) -> str:
    """The unit with either Unicode micro sign written as ``u``."""
    return unit.replace("\u00b5", "u").replace("\u03bc", "u")


@lru_cache(maxsize=1024)
def concentration_scale(unit: str, units: Units) -> Fraction:
    """How many concentration units of the network make one ``unit``; raises InputError for a unit that cannot be."""
    return _scale(spelled(unit), units.concentration, CONCENTRATIONS, "concentration")


@lru_cache(maxsize=1024)
def time_scale(unit: str, units: Units) -> Fraction:
    """How many time units of the network make one ``unit``; raises InputError for a unit that cannot be."""
    return _scale(unit, units.time, TIMES, "time")


@lru_cache(maxsize=1024)
def rate_scale(expression: str, order: int, units: Units) -> Fraction:
    """The factor from a rate constant in ``expression`` (``/M/s``, ``/M^2/s``, ``nM/s``) to the network's units.

    A reaction with ``order`` reactants has a constant in concentration^(1 - order)/time; raises InputError for any
    other dimension, for an unknown unit, and for a unit in a unitless network.
    """
    factors = _factors(spelled(expression))
    scales = [time_scale(unit, units) if unit in TIMES else concentration_scale(unit, units) for unit, _ in factors]
    time = sum(power for unit, power in factors if unit in TIMES)
    concentration = sum(power for unit, power in factors if unit not in TIMES)
    if (concentration, time) != (1 - order, -1):
        right = rate_unit(order, units)
        raise InputError(f"{expression} is no unit for a rate of order {order}; write it in {right}")
    return math.prod((scale**power for scale, (_, power) in zip(scales, factors, strict=True)), start=Fraction(1))


def rate_unit(order: int, units: Units) -> str:
    """How the rate constant of a reaction with ``order`` reactants is written: ``nM/s``, ``/s``, ``/nM/s``, ..."""
    power = 1 - order
    if units.concentration == "1" or power == 0:
        concentration = ""
    elif power == 1:
        concentration = units.concentration
    else:
        concentration = f"/{units.concentration}" + (f"^{-power}" if power < -1 else "")
    return concentration + f"/{units.time}"


def _factors(expression: str) -> list[tuple[str, int]]:
    """Unit and power of each factor; only the first can stand without a slash."""
    factors: list[tuple[str, int]] = []
    at = 0
    while at < len(expression):
        match = _FACTOR.match(expression, at)
        if match is None or (factors and not match[1]):
            raise InputError(f"{expression} is no unit; write units such as /M/s, /M^2/s, nM/s or /s")
        factors.append((match[2], (-1 if match[1] else 1) * int(match[3] or 1)))
        at = match.end()
    return factors


def _scale(unit: str, own: str, table: Mapping[str, Fraction], kind: str) -> Fraction:
    if unit not in table:
        raise InputError(f"'{unit}' is no {kind} unit; use {', '.join(table)}")
    if own not in table:
        raise InputError(f"'{unit}' is given, but this network has no {kind} unit; drop it or start with '@units nM s'")
    return table[unit] / table[own]
