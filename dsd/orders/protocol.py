"""The mixing protocol: which strands anneal into which complex, and what is pipetted into the pot, fuels last.

In: a system, the volume of the pot, the concentration of the strand stocks. Out: a :class:`Protocol`; volumes in µL,
stocks in µM, amounts in the pot in nM. Volumes of the pot add up to the volume asked for.

What would be too little to pipette is diluted first, where the pot has room for that. Assumptions, which the text
states: strands come dissolved at one concentration; a complex is annealed from equal amounts of its strands (95 °C for
5 min, then 1 °C a minute down to 25 °C); the buffer is 1x TE with 12.5 mM Mg2+, from a 10x stock.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from dsd.errors import InputError
from dsd.network import Threshold
from dsd.system import FUELS, System

BUFFER_X = 10.0
"""How many times stronger the buffer stock is than the buffer."""

SPARE = 1.1
"""How much more of an annealed complex is made than is pipetted."""

LEAST_UL = 0.5
"""Volumes below this are not pipetted well by hand."""

DOSE_SHARE = 1e-3
"""The share of the pot that the largest dose takes: small, for every dose dilutes what is there."""


@dataclass(frozen=True, slots=True)
class Anneal:
    """One tube: ``strand_uL`` of each strand's stock and some buffer stock make ``complex_uM`` of a complex."""

    complex: str
    strands: tuple[str, ...]
    complex_uM: float
    strand_uL: float
    buffer_uL: float

    @property
    def total_uL(self) -> float:
        """What is in the tube."""
        return self.strand_uL * len(self.strands) + self.buffer_uL


@dataclass(frozen=True, slots=True)
class Addition:
    """One addition to the pot: ``volume_uL`` of ``name`` at ``stock_uM``, which makes ``final_nM`` of it in the pot."""

    step: str
    name: str
    stock_uM: float
    volume_uL: float
    final_nM: float


@dataclass(frozen=True, slots=True)
class DoseVolume:
    """A dose that comes back every period: ``amount_nM`` in the pot is ``volume_uL`` of a solution of ``stock_uM``."""

    name: str
    when: str
    amount_nM: float
    stock_uM: float
    volume_uL: float


@dataclass(frozen=True)
class Protocol:
    """What is annealed, what is mixed in which order, what is dosed."""

    volume_uL: float
    stock_uM: float
    anneals: tuple[Anneal, ...]
    additions: tuple[Addition, ...]
    doses: tuple[DoseVolume, ...]

    @property
    def total_uL(self) -> float:
        """The sum of all additions to the pot."""
        return math.fsum(a.volume_uL for a in self.additions)

    @property
    def small(self) -> int:
        """How many additions of DNA are below :data:`LEAST_UL`."""
        return sum(a.final_nM > 0 and a.volume_uL < LEAST_UL * (1 - 1e-9) for a in self.additions)


def protocol(system: System, volume_uL: float, stock_uM: float, doses: Mapping[str, float] | None = None) -> Protocol:
    """The protocol for a pot of ``volume_uL`` from strands dissolved at ``stock_uM``.

    ``doses`` are the largest amounts (nM) that strands are dosed with each period; default: those of the system.
    Raises :class:`InputError` if the stocks are too thin for the concentrations asked for.
    """
    for name, value in (("volume", volume_uL), ("stock", stock_uM)):
        if not (math.isfinite(value) and value > 0):
            unit = "µL" if name == "volume" else "µM"
            raise InputError(f"a {name} of {value:g} {unit} makes no protocol; give a number above 0")
    anneals = tuple(_anneal(system, i, volume_uL, stock_uM) for i in range(len(system.complexes)))
    parts = _parts(system, anneals, volume_uL, stock_uM)
    if _spent([_diluted(a) for a in parts], volume_uL) <= volume_uL:
        parts = [_diluted(a) for a in parts]
    buffer = (volume_uL - _annealed(parts)) / BUFFER_X
    water = volume_uL - _spent(parts, volume_uL)
    if water < 0:
        # Volumes are proportional to 1/stock, so this stock fills the pot to the last drop.
        room = volume_uL * (1 - 1 / BUFFER_X)
        needed = stock_uM * (_spent(parts, volume_uL) - volume_uL / BUFFER_X) / room
        raise InputError(
            f"strand stocks of {stock_uM:g} µM are too thin: gates, strands and buffer come to "
            f"{volume_uL - water:.4g} µL in a pot of {volume_uL:g} µL; dissolve strands at {needed:.4g} µM or more "
            "([dna] stock_uM)"
        )
    first = [Addition("water", "water", 0.0, water, 0.0), Addition("buffer", "10x buffer", 0.0, buffer, 0.0)]
    return Protocol(volume_uL, stock_uM, anneals, (*first, *parts), _doses(system, volume_uL, doses))


def enough_uL(p: Protocol) -> float:
    """The smallest pot (to a tenth) in which the same contents leave nothing below :data:`LEAST_UL`; p's own if so."""
    volume, made = p.volume_uL, {a.complex: a.complex_uM for a in p.anneals}
    while True:
        parts = []
        for a in p.additions:
            if a.final_nM > 0:
                stock = made.get(a.name, p.stock_uM)
                parts.append(_diluted(replace(a, stock_uM=stock, volume_uL=_volume(a.final_nM, stock, volume))))
        if _spent(parts, volume) <= volume * (1 + 1e-9):
            return volume
        volume *= 1.1


def _parts(system: System, anneals: tuple[Anneal, ...], volume_uL: float, stock_uM: float) -> list[Addition]:
    """Gates, then strands, fuels last, all from their own stocks."""
    gates = [
        Addition("gate", a.complex, a.complex_uM, _volume(c.initial, a.complex_uM, volume_uL), c.initial)
        for a, c in zip(anneals, system.complexes, strict=True)
        if c.initial > 0
    ]
    strands = []
    for s in system.strands:
        if s.initial > 0:
            step = "fuel" if s.role in FUELS else s.role
            strands.append(Addition(step, s.name, stock_uM, _volume(s.initial, stock_uM, volume_uL), s.initial))
    return gates + sorted(strands, key=lambda a: a.step == "fuel")


def _diluted(a: Addition) -> Addition:
    """:data:`LEAST_UL` of a dilution in the place of less of the stock; gates are diluted in buffer."""
    if a.volume_uL >= LEAST_UL:
        return a
    return replace(a, stock_uM=a.stock_uM * a.volume_uL / LEAST_UL, volume_uL=LEAST_UL)


def _annealed(parts: list[Addition]) -> float:
    return math.fsum(a.volume_uL for a in parts if a.step == "gate")


def _spent(parts: list[Addition], volume_uL: float) -> float:
    """What additions and the buffer stock take of the pot; gates bring their own buffer."""
    return math.fsum(a.volume_uL for a in parts) + (volume_uL - _annealed(parts)) / BUFFER_X


def _anneal(system: System, number: int, volume_uL: float, stock_uM: float) -> Anneal:
    """As concentrated as the buffer allows: strand stocks and a tenth of buffer stock, no water."""
    c = system.complexes[number]
    strands = tuple(system.strand_of[sequence].name for sequence in c.strands)
    made = stock_uM * (1 - 1 / BUFFER_X) / len(strands)
    total = SPARE * max(_volume(c.initial, made, volume_uL), LEAST_UL)
    return Anneal(c.name, strands, made, total * made / stock_uM, total / BUFFER_X)


def _volume(nM: float, stock_uM: float, volume_uL: float) -> float:
    return nM / (1000.0 * stock_uM) * volume_uL


def _doses(system: System, volume_uL: float, largest: Mapping[str, float] | None) -> tuple[DoseVolume, ...]:
    when = {d.species: _when(d.at) for d in system.doses}
    amounts = dict(largest) if largest is not None else {d.species: d.amount for d in system.doses}
    default = next(iter(when.values()), "once a period, when the clock asks for it")
    return tuple(
        DoseVolume(name, when.get(name, default), nM, nM / DOSE_SHARE / 1000.0, volume_uL * DOSE_SHARE)
        for name, nM in amounts.items()
        if nM > 0
    )


def _when(at: float | Threshold) -> str:
    if isinstance(at, Threshold):
        way = "rises" if at.direction > 0 else "falls"
        return f"when {' + '.join(at.species)} {way} through {at.level:.4g} nM"
    return f"at {at:.6g} s"
