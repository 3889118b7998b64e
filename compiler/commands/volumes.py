"""Volumes on the command line (``1e-15L``, ``5 pL``), and the molecules that a concentration unit comes to."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from dsd.errors import InputError

if TYPE_CHECKING:
    from dsd.network import Units

LITRES: Mapping[str, int] = {"L": 0, "mL": -3, "uL": -6, "nL": -9, "pL": -12, "fL": -15, "aL": -18}
"""Units of volume, as powers of ten of a litre."""

_VOLUME = re.compile(r"\s*((?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*([A-Za-zµμ]+)\s*\Z")


def omega(units: Units, volume: str | None, molecules: float | None) -> float:
    """Molecules in one concentration unit, from ``--volume`` or ``--molecules``, of which there must be one.

    Raises :class:`InputError` for neither or both, a volume that is none, and a volume for a unitless network.
    """
    from dsd.stochastic import molecules_per_unit

    if (volume is None) == (molecules is None):
        way = "--molecules 1000" if units.concentration == "1" else "--volume 1e-12L"
        raise InputError(f"--stochastic needs one size, --volume or --molecules; here for example {way}")
    if molecules is not None:
        if not (math.isfinite(molecules) and molecules > 0):
            raise InputError(f"--molecules = {molecules}: give a number above 0")
        return molecules
    if units.concentration == "1":
        raise InputError(f"--volume = '{volume}': this network has no concentration unit; give --molecules instead")
    return molecules_per_unit(units, litres(str(volume)))


def litres(text: str) -> float:
    """``text`` in litres. Raises :class:`InputError` for anything that is not a volume above 0."""
    from dsd.quantities import spelled

    match = _VOLUME.match(text)
    unit = spelled(match[2]) if match else ""
    unit = unit[:-1] + "L" if unit.endswith("l") else unit
    value = float(Decimal(match[1]).scaleb(LITRES[unit])) if match and unit in LITRES else math.nan
    if not (math.isfinite(value) and value > 0):
        raise InputError(f"--volume = '{text}' is no volume; write for example 1e-15L, 1fL or 5pL")
    return value
