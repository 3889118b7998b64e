"""The conservation laws of a network, exactly: the rational null space of its stoichiometry.

In: reactions. Out: for every law a mapping ``species -> integer``; the sum of coefficient times concentration never
changes. The basis is in reduced echelon form: one law for every species that elimination leaves free, which is in no
other law.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from fractions import Fraction

from dsd.network import Reaction

Row = dict[str, Fraction]


def conservation_laws(reactions: Iterable[Reaction], species: Iterable[str]) -> tuple[Mapping[str, int], ...]:
    """A basis of the laws over ``species``, in the order of their free species; empty where nothing is conserved.

    Coefficients are whole numbers without a common divisor, the free species' positive.
    """
    changes = {tuple(sorted(change.items())) for r in reactions if (change := r.net())}
    pivots, holders = _eliminated(dict(change) for change in sorted(changes, key=lambda c: (len(c), c)))
    return tuple(_law(free, pivots, holders) for free in species if free not in pivots)


def conserves(law: Mapping[str, int], reactions: Iterable[Reaction]) -> bool:
    """Whether no reaction changes the sum ``law``."""
    return all(sum(law.get(name, 0) * n for name, n in r.net().items()) == 0 for r in reactions)


def spanned(laws: Iterable[Mapping[str, int]], basis: Iterable[Mapping[str, int]]) -> int:
    """The dimension that ``laws`` span in the space of a ``basis`` from :func:`conservation_laws`.

    A law is fixed by its coefficients of the free species, so only those are looked at.
    """
    free = {next(iter(law)) for law in basis}
    return len(_eliminated({name: n for name, n in law.items() if name in free} for law in laws)[0])


def spelled(law: Mapping[str, int]) -> str:
    """``A + 2 D - E``."""
    terms = [(n, f"{abs(n)} {name}" if abs(n) != 1 else name) for name, n in law.items() if n]
    words = "".join(f" {'-' if n < 0 else '+'} {term}" for n, term in terms)
    return words.removeprefix(" + ").removeprefix(" ")


def _eliminated(vectors: Iterable[Mapping[str, int]]) -> tuple[dict[str, Row], dict[str, set[str]]]:
    """Reduced echelon form: pivot rows by their pivot, and for every other name the pivots whose rows hold it.

    Names in few vectors become pivots first, so that little is filled in.
    """
    rows = [{name: Fraction(n) for name, n in v.items() if n} for v in vectors]
    busy = Counter(name for row in rows for name in row)
    pivots: dict[str, Row] = {}
    holders: dict[str, set[str]] = {}
    for row in rows:
        if _reduced(row, pivots):
            pivot = min(row, key=lambda name: (busy[name], name))
            _add(pivot, {name: v / row[pivot] for name, v in row.items()}, pivots, holders)
    return pivots, holders


def _reduced(row: Row, pivots: Mapping[str, Row]) -> Row:
    """The row with every pivot eliminated. Pivot rows hold no other pivot, so one pass is enough."""
    for name in [n for n in row if n in pivots]:
        _subtract(row, pivots[name], row[name])
    return row


def _subtract(row: Row, other: Row, factor: Fraction) -> None:
    for name, value in other.items():
        left = row.get(name, Fraction(0)) - factor * value
        if left:
            row[name] = left
        else:
            row.pop(name, None)


def _add(pivot: str, row: Row, pivots: dict[str, Row], holders: dict[str, set[str]]) -> None:
    """Take a pivot row up and eliminate its pivot from the rows there are."""
    for other in holders.pop(pivot, set()):
        before = set(pivots[other])
        _subtract(pivots[other], row, pivots[other][pivot])
        for name in before ^ set(pivots[other]):
            if name != pivot:
                (holders.setdefault(name, set()).add if name in pivots[other] else holders[name].discard)(other)
    pivots[pivot] = row
    for name in row:
        if name != pivot:
            holders.setdefault(name, set()).add(pivot)


def _law(free: str, pivots: Mapping[str, Row], holders: Mapping[str, set[str]]) -> dict[str, int]:
    """The law in which ``free`` has weight 1 and no other free species any."""
    law = {free: Fraction(1)} | {p: -pivots[p][free] for p in sorted(holders.get(free, ()))}
    scale = math.lcm(*(v.denominator for v in law.values()))
    whole = {name: int(v * scale) for name, v in law.items()}
    divisor = math.gcd(*whole.values())
    return {name: v // divisor for name, v in whole.items()}
