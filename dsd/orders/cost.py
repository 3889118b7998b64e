"""What the strands of a system cost, from lengths alone.

In: a system, a price table, how much of each strand is needed. Out: a :class:`Cost` in the table's currency.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dsd.orders.lines import priced
from dsd.orders.prices import Prices
from dsd.system import System


@dataclass(frozen=True)
class Cost:
    """``strands`` ordered in ``syntheses``, the price of all, by purification the number of strands, and the table.

    ``need_nmol`` is the amount of all strands together, ``too_long`` names strands beyond the table.
    """

    strands: int
    syntheses: int
    nucleotides: int
    need_nmol: float
    price: float
    by_purification: tuple[tuple[str, int], ...]
    too_long: tuple[str, ...]
    currency: str
    date: str
    note: str

    def to_dict(self) -> dict[str, Any]:
        """As JSON-ready values."""
        return {**vars(self), "by_purification": dict(self.by_purification), "too_long": list(self.too_long)}


def cost(system: System, prices: Prices, need_nmol: Mapping[str, float]) -> Cost:
    """Price an order; ``need_nmol`` as from :func:`dsd.orders.lines.needs`."""
    lines = priced(system, prices, need_nmol)
    purifications = Counter(choice.purification for _, choice in lines)
    return Cost(
        strands=len(lines),
        syntheses=sum(choice.syntheses for _, choice in lines),
        nucleotides=sum(system.lengths[d.rstrip("*")] for s, _ in lines for d in s.domains),
        need_nmol=sum(need_nmol.get(s.name, 0.0) for s, _ in lines),
        price=sum(choice.price for _, choice in lines),
        by_purification=tuple((p.name, purifications[p.name]) for p in prices.purifications),
        too_long=tuple(s.name for s, choice in lines if choice.too_long),
        currency=prices.currency,
        date=prices.date,
        note=prices.note,
    )
