"""How fast reactions use species up.

In: reactions and amounts. Out: a rate per molecule for each species.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from dsd.network import Reaction


def turnover(reactions: Iterable[Reaction], amount: Mapping[str, float]) -> dict[str, float]:
    """The rate (1/time) at which a molecule of each species of ``amount`` is used up, with these amounts of the others.

    A molecule that meets another of its kind meets them all.
    """
    rate = dict.fromkeys(amount, 0.0)
    for r in reactions:
        for name, change in r.net().items():
            if change < 0:
                others = list(r.reactants)
                others.remove(name)
                rate[name] -= change * r.k * math.prod(amount[n] for n in others)
    return rate
