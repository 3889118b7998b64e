"""Price tables: which scale and purification suit a strand, and what it costs.

In: TOML text as in ``prices.toml``, which is shipped and meant to be edited. Out: :class:`Prices`. Lengths in nt,
amounts in nmol, prices in the table's currency.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from importlib.resources import files
from typing import Any, TypeVar

from dsd.errors import InputError
from dsd.toml_text import toml_keys

MAX_PRICE = 1e9
"""No number of a table is larger, whatever its currency."""

T = TypeVar("T", "Scale", "Purification")


@dataclass(frozen=True, slots=True)
class Scale:
    """A scale of synthesis: up to ``max_nt``, ``per_base``, ``yield_nmol`` after desalting."""

    name: str
    max_nt: int
    per_base: float
    yield_nmol: float


@dataclass(frozen=True, slots=True)
class Purification:
    """A purification: for strands up to ``max_nt``, ``per_strand``, with ``recovery`` of the yield."""

    name: str
    max_nt: int
    per_strand: float
    recovery: float


@dataclass(frozen=True, slots=True)
class Choice:
    """How a strand is ordered: ``syntheses`` times at one scale; ``too_long`` is beyond what the vendor makes."""

    scale: str
    purification: str
    syntheses: int
    price: float
    too_long: bool


@dataclass(frozen=True)
class Prices:
    """A price table, its date and what it is worth."""

    date: str
    currency: str
    note: str
    scales: tuple[Scale, ...]
    purifications: tuple[Purification, ...]

    @property
    def longest(self) -> int:
        """The longest strand (nt) that can be ordered."""
        return min(max(s.max_nt for s in self.scales), max(p.max_nt for p in self.purifications))

    def choose(self, length: int, need_nmol: float) -> Choice:
        """The simplest purification for a length, and the scale that meets the need at the least price.

        A strand beyond :attr:`longest` is priced like the longest, and marked.
        """
        usable = min(length, self.longest)
        purification = min((p for p in self.purifications if p.max_nt >= usable), key=lambda p: p.max_nt)
        choices = []
        for scale in (s for s in self.scales if s.max_nt >= usable):
            syntheses = max(1, math.ceil(need_nmol / (scale.yield_nmol * purification.recovery) - 1e-9))
            price = syntheses * (length * scale.per_base + purification.per_strand)
            choices.append(Choice(scale.name, purification.name, syntheses, price, length > self.longest))
        return min(choices, key=lambda c: (c.price, c.syntheses))


def default_prices() -> Prices:
    """The table that is shipped."""
    path = files("dsd.orders").joinpath("prices.toml")
    return parse_prices(path.read_text(encoding="utf-8"), str(path))


def parse_prices(text: str, source: str = "<text>") -> Prices:
    """Read a price table; raises :class:`InputError` that names the key and what to write."""
    keys = toml_keys(text, source)
    unknown = sorted(set(keys) - {"date", "currency", "note", "scale", "purification"})
    if unknown:
        raise InputError(f"{source}: unknown key {unknown[0]}; known are date, currency, note, scale, purification")
    head = [str(keys.get(key, "")) for key in ("date", "currency", "note")]
    scales = tuple(_entry(Scale, row, source, "scale") for row in _rows(keys, "scale", source))
    purifications = tuple(
        _entry(Purification, row, source, "purification") for row in _rows(keys, "purification", source)
    )
    return Prices(head[0], head[1], head[2], scales, purifications)


def _rows(keys: Mapping[str, Any], name: str, source: str) -> list[Mapping[str, Any]]:
    rows = keys.get(name)
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        raise InputError(f"{source}: no [[{name}]]; list at least one, as in the table that is shipped")
    return rows


def _entry(kind: type[T], row: Mapping[str, Any], source: str, section: str) -> T:
    names = [f.name for f in fields(kind)]
    if sorted(row) != sorted(names):
        raise InputError(f"{source}: [[{section}]] has the keys {', '.join(row)}; give each {', '.join(names)}")
    for name in names[1:]:
        value, least = row[name], 0 if name.startswith("per_") else 1e-9
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not least <= value <= MAX_PRICE:
            wanted = "a number >= 0" if least == 0 else "a number above 0"
            raise InputError(f"{source}: [[{section}]] {row['name']}: {name} = {value!r}; write {wanted}")
    return kind(**row)
