"""Any reaction network to DNA: no stages, no clock, just reactions, as translation schemes take them.

In: a network without a level, in any units, and ``[dna]``. Out: a :class:`System`.

A file that states units keeps them. One that states none gives rates relative to each other: its concentration unit is
taken as 1 nM, and its time unit as 1 s or, where gates are not that fast, as the smallest power of two of seconds at
which concentrations meet all its rates. The system says which in its ``unit_s``.
"""

from __future__ import annotations

from dataclasses import replace

from compiler import pipeline
from compiler.schema import Dna
from dsd.errors import MappingError
from dsd.lowering import Lowering
from dsd.network import NANOMOLAR, UNITLESS, Network
from dsd.quantities import CONCENTRATIONS, TIMES
from dsd.system import System
from dsd.translate import check_rates, translate

DOUBLINGS = 100
"""Beyond 2^100 s, of all times, no gate is fast enough because its amounts do not settle at any speed."""


def to_dna(network: Network, dna: Dna) -> System:
    """The gates and fuels of ``network``. Raises :class:`MappingError` where rates in stated units cannot be met."""
    options = lowering(network, dna)
    return translate(_bare(network), options)


def lowering(network: Network, dna: Dna) -> Lowering:
    """The options with which :func:`to_dna` lowers it, the nM and s of its units among them."""
    units = network.units
    unit_nM = float(CONCENTRATIONS[units.concentration] / CONCENTRATIONS["nM"]) if units.concentration != "1" else 1.0
    unit_s = float(TIMES[units.time]) if units.time != "1" else 1.0
    options = pipeline.lowering(network, dna.model_copy(update={"unit_nM": unit_nM}), unit_s)
    return options if units.time != "1" else _slowed(_bare(network), options)


def _bare(network: Network) -> Network:
    """Without units, unless they are those of DNA already: the options say what the numbers are in."""
    return network if network.units == NANOMOLAR else replace(network, units=UNITLESS)


def _slowed(network: Network, options: Lowering) -> Lowering:
    for doubling in range(DOUBLINGS):
        chosen = replace(options, unit_s=2.0**doubling)
        try:
            check_rates(network, chosen)
        except MappingError:
            continue
        return chosen
    check_rates(network, chosen)
    return chosen
