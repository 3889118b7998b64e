"""Reduction: reactions that say the same are joined, and those that can never run are dropped.

In: reactions as the translation leaves them, and the species that can be there at all. Out: fewer reactions with the
same meaning, and :class:`Reduction`, which counts what went.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from dsd.network import Reaction

Reactions = tuple[Reaction, ...]


@dataclass(frozen=True)
class Reduction:
    """Reactions that a term-by-term translation has and the circuit has not.

    ``duplicates`` are sign patterns of a monomial, or monomials, that give the same reaction; ``inert`` reactions need
    a rail that stays empty, or that the signs of f and of the data spare; ``gradients`` are those of the ``fixed``
    weights that f does not use: entries of a vector's full matrix off the diagonal, or masked ones.
    """

    duplicates: int = 0
    inert: int = 0
    gradients: int = 0
    fixed: int = 0

    @property
    def text(self) -> str:
        """One sentence, or nothing if there was nothing to reduce."""
        parts = [
            (self.duplicates, "duplicates joined"),
            (self.inert, "on rails that stay empty or are spared by the signs"),
        ]
        if not (self.duplicates or self.inert):
            return ""
        unused = [(self.gradients, f"gradients of {self.fixed} weights that f does not use")]
        return "Left out: " + ", ".join(f"{n} {what}" for n, what in parts + unused if n) + "."


def joined(found: Sequence[Reaction]) -> Reactions:
    """Equal reactions of one stage as one, their rates added; the first keeps its place and its note."""
    equal: dict[tuple[str, tuple[str, ...], tuple[str, ...]], Reaction] = {}
    for r in found:
        key = (r.stage, tuple(sorted(r.reactants)), tuple(sorted(r.products)))
        equal[key] = replace(equal[key], k=equal[key].k + r.k) if key in equal else r
    return tuple(equal.values())


def fanned(found: Sequence[Reaction]) -> Reactions:
    """Let one unimolecular catalyst feed all its products at once, behind the other reactions of its stage."""
    fans: dict[tuple[str, float, str], Reaction] = {}
    others: list[Reaction] = []
    for r in found:
        if r.order != 1 or r.products.count(r.reactants[0]) != 1 or len(r.products) != 2:
            others.append(r)
            continue
        source = r.reactants[0]
        (made,) = (n for n in r.products if n != source)
        fan = (source, r.k, r.stage)
        if fan in fans:
            first = fans[fan]
            fans[fan] = replace(first, products=(*first.products, made), note=f"{first.note}; {r.note}")
        else:
            fans[fan] = replace(r, products=(source, made))
    return (*others, *fans.values())


def reachable(found: Iterable[Reaction], present: Iterable[str]) -> frozenset[str]:
    """Every species that can ever be there, given those that are dosed or there from the start."""
    pending, there = list(found), set(present)
    while True:
        ready, pending = (
            [r for r in pending if there.issuperset(r.reactants)],
            [r for r in pending if not there.issuperset(r.reactants)],
        )
        if not ready:
            return frozenset(there)
        there.update(n for r in ready for n in r.products)
