"""Size, cost, time of a design's DNA: what it takes to buy it, and to run it.

In: a design and a price table. Out: a :class:`Bill`; µL, nM, nmol, hours, and the currency of the table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from compiler import pipeline
from compiler.consumption import Consumption, consumption
from compiler.design import Design
from dsd.occlusion import Occlusion, occlusion
from dsd.orders.cost import Cost, cost
from dsd.orders.lines import needs
from dsd.orders.prices import Prices
from dsd.sequences.toeholds import words

YARDSTICKS = (
    (130, "square-root circuit, Qian & Winfree, Science 332:1196 (2011)"),
    (1000, "supervised learning in vitro, Cherry & Qian, Nature 645:639 (2025); 'more than 1,000', from news reports"),
)
"""Distinct strands of the largest one-pot systems published so far."""


@dataclass(frozen=True)
class Bill:
    """Costs of one filled pot (``pot``) and of a training run (``run``, with ``use``; None if it was not measured).

    ``toeholds`` has the occlusion by toehold; ``words`` says how many words of that length the rules leave to choose
    toeholds from.
    """

    design: str
    volume_uL: float
    pot: Cost
    run: Cost | None
    use: Consumption | None
    toeholds: tuple[Occlusion, ...]
    words: int

    def to_dict(self) -> dict[str, Any]:
        """As JSON-ready values."""
        return {
            "volume_uL": self.volume_uL,
            "pot": self.pot.to_dict(),
            "run": self.run.to_dict() if self.run else None,
            "use": self.use.to_dict(self.volume_uL) if self.use else None,
            "toeholds": [t.to_dict() for t in self.toeholds],
            "toehold_words": self.words,
            "yardsticks": [{"strands": n, "system": text} for n, text in YARDSTICKS],
        }


def bill(design: Design, prices: Prices, iterations: int = 0) -> Bill:
    """Price the design's DNA; ``iterations`` of its training are run to measure fuels and time (0: none).

    Raises :class:`MappingError` where no concentrations meet the rates.
    """
    lowered = pipeline.dsd(design)
    system, volume = lowered.system, design.dna.volume_uL
    use = consumption(design, lowered, iterations) if iterations else None
    return Bill(
        design.name,
        volume,
        cost(system, prices, needs(system, volume)),
        cost(system, prices, needs(system, volume, use.run_nM)) if use else None,
        use,
        occlusion(system),
        len(words(design.dna.toehold_nt, design.sequences.rules())),
    )
