"""The consensus module of Chen et al. with its fitted rates: a bimolecular gate as it was measured.

In: inputs and outputs, or the share of X in a vote. Out: reactions and supplies, in nM and s.

Chen, Dalchau, Srinivas, Phillips, Cardelli, Soloveichik, Seelig, "Programmable chemical controllers made from DNA",
Nat. Nanotechnol. 8:755 (2013). Steps of ``A + B -> C + D``: two inputs open the join, a helper frees its translator,
the translator opens the fork, and reverse strands free the first output, a separator, the second output; an end strand
seals it. Rates belong to the *kind* of step and were fitted one by one, so they are no function of toehold lengths
like the profiles of :mod:`dsd.rates`: with one exchange rate for all steps neither the slow module nor the half of its
signal that hangs in gates would come out. The fitted numbers are those of the "2013" consensus model among the test
data of Microsoft's crn-engine (assumed to be the published fit). The values of 1.0e3 /M/s look pinned at a bound.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from dsd.network import NANOMOLAR, Network, Reaction, Species, network
from dsd.rates import per_nM

RATES: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        "J1": (7.92e3, 8.30e4),
        "J2": (1.21e5, 1.02e3),
        "J3": (5.02e5, 1.01e3),
        "F1": (1.27e4, 2.33e5),
        "F2": (5.65e4, 1.26e5),
        "F3": (7.44e4, 1.03e3),
        "F4": (1.34e3, 1.26e5),
        "F5": (9.77e5, 0.0),
    }
)
"""Forward and backward rate constants by step, /M/s: join 1 to 3, fork 1 to 5."""

SUPPLY: Mapping[str, float] = MappingProxyType({"gate": 160.0, "helper": 160.0, "end": 640.0})
"""nM of join and fork, of helper and each reverse strand of the fork, and of the end strand, at 80 nM of signal."""


YY_FORK = 4.31e3
"""Forward rate of the first fork step, /M/s, which the fit gives the module B + Y -> 2 Y of its own."""

EXCESS = 1.2
"""Supplies of that module over those of the other two."""

LEAKS = ((0.0172, 0.009), (0.0114, 2.27e-6), (0.0105, 0.0154))
"""Parts of join (as a free translator) and fork (gone) that had leaked, by module."""

BAD = {"X": 3.57e-5, "Y": 7.68e-5}
"""Parts of the inputs that never react."""


def module(
    number: int, inputs: tuple[str, str], outputs: tuple[str, str], rates: Mapping[str, tuple[float, float]] = RATES
) -> tuple[Reaction, ...]:
    """``a + b -> c + d`` as one measured module, 15 one-way reactions; the parts' names end with its number.

    The join gives its inputs back by the reverse strands it freed, which are not supplied. End strands are shared.
    """
    a, b = inputs
    c, d = outputs
    steps = (
        ("J1", (a, "J"), ("Ja", f"{a}_r_")),
        ("J2", (b, "Ja"), ("Jb", f"{b}_r_")),
        ("J3", ("H", "Jb"), ("Jh", "T")),
        ("F1", ("T", "F"), ("Ft", "H")),
        ("F2", ("R1", "Ft"), ("Fc", c)),
        ("F3", ("R2", "Fc"), ("Fs", "S")),
        ("F4", ("R3", "Fs"), ("Fd", d)),
        ("F5", ("End_", "Fd"), ("W", "E")),
    )
    shared = {a, b, c, d, f"{a}_r_", f"{b}_r_", "End_"}

    def named(part: str) -> str:
        return part.rstrip("_") if part in shared else f"{part}{number}"

    reactions = []
    for step, left, right in steps:
        forward, back = (per_nM(k) for k in rates[step])
        before, after = tuple(map(named, left)), tuple(map(named, right))
        reactions.append(Reaction(before, after, forward, step))
        if back:
            reactions.append(Reaction(after, before, back, step))
    return tuple(reactions)


def consensus(x_share: float, total: float = 80.0) -> Network:
    """Approximate majority of ``total`` nM, of which ``x_share`` is X: X + Y -> 2 B, B + X -> 2 X, B + Y -> 2 Y.

    With the leaks and inactive strands of the fit. 45 one-way reactions, X and Y and B the signals.
    """
    slow = {**RATES, "F1": (YY_FORK, RATES["F1"][1])}
    reactions = (
        *module(1, ("X", "Y"), ("B", "B")),
        *module(2, ("B", "X"), ("X", "X")),
        *module(3, ("B", "Y"), ("Y", "Y"), slow),
    )
    given = {"X": x_share * total * (1 - BAD["X"]), "Y": (1 - x_share) * total * (1 - BAD["Y"]), "B": 0.0}
    supplies = {"End": SUPPLY["end"]}
    for number, ((join, fork), much) in enumerate(zip(LEAKS, (1.0, 1.0, EXCESS), strict=True), 1):
        gate, helper = SUPPLY["gate"] * much, SUPPLY["helper"] * much
        supplies |= {f"J{number}": gate * (1 - join), f"T{number}": gate * join, f"F{number}": gate * (1 - fork)}
        supplies |= {f"{n}{number}": helper for n in ("H", "R1", "R2", "R3")}
    species = (*(Species(n, v, "signal") for n, v in given.items()), *(Species(n, v) for n, v in supplies.items()))
    return network(reactions, species, units=NANOMOLAR, level="network")
