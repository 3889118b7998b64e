"""What a system conserves: every strand's total, and whether there is anything else.

In: a :class:`System`. Out: a :class:`Conservation`, exact. An integration checks the same totals while it runs
(:mod:`dsd.conserved`).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from dsd.expand import Composition, expand
from dsd.network import Network, describe
from dsd.null_space import conservation_laws, spanned
from dsd.shape_report import named
from dsd.system import System


@dataclass(frozen=True, slots=True)
class Conservation:
    """The dimension of the space of conservation ``laws``, of the part that the totals of ``strands`` span.

    ``faults`` are sentences about totals that a reaction changes.
    """

    laws: int
    strands: int
    spanned: int
    faults: tuple[str, ...]

    def __str__(self) -> str:
        rest = self.laws - self.spanned
        more = f", and {rest} sums that strands do not explain" if rest else ", and they are all there are"
        return f"{self.spanned} independent totals of {self.strands} strands are conserved{more}"

    def to_dict(self) -> dict[str, Any]:
        """As JSON-ready values."""
        return {"laws": self.laws, "strands": self.strands, "spanned_by_strands": self.spanned}


def conservation(system: System) -> Conservation:
    """Every strand's total is to be a law of the network that the system spans."""
    expansion = expand(system)
    network, totals = expansion.network, strand_totals(expansion.composition)
    basis = conservation_laws(network.reactions, network.names)
    wrong = tuple(_changed(network, expansion.composition, tuple(c.name for c in system.complexes)))
    return Conservation(len(basis), len(totals), spanned(totals.values(), basis), wrong)


def strand_totals(composition: Composition) -> dict[str, dict[str, int]]:
    """For every strand that some species holds, ``species -> copies``."""
    totals: dict[str, dict[str, int]] = {}
    for species, held in composition.table:
        for strand, copies in Counter(held).items():
            totals.setdefault(strand, {})[species] = copies
    return totals


def _changed(network: Network, composition: Composition, gates: tuple[str, ...]) -> list[str]:
    """One sentence for each reaction that changes the total of a strand."""
    held = {species: Counter(strands) for species, strands in composition.table}
    faults = []
    for r in network:
        change: Counter[str] = Counter()
        for name, n in r.net().items():
            for strand, copies in held[name].items():
                change[strand] += n * copies
        lost = sorted(strand for strand, n in change.items() if n)
        if lost:
            where = ", ".join(named(describe(r), gates))
            faults.append(f"{where}: {describe(r)} changes the total of {', '.join(lost)}")
    return faults
