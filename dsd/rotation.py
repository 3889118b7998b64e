"""One way to write a complex: its strands can be listed from any of them on."""

from __future__ import annotations

from dsd.kernel import Structure


def rotated(structure: Structure, first: int) -> Structure:
    """The same complex written from strand ``first`` on."""
    cut = sum(len(s) for s in structure.strands[:first])
    total = len(structure.pairs)
    turned = structure.pairs[cut:] + structure.pairs[:cut]
    pairs = tuple((p - cut) % total if p >= 0 else -1 for p in turned)
    return Structure(structure.strands[first:] + structure.strands[:first], pairs)


def canonical(structure: Structure) -> Structure:
    """The least of the rotations of a complex: equal exactly for equal complexes."""
    return min((rotated(structure, k) for k in range(len(structure.strands))), key=order)


def order(structure: Structure) -> tuple[tuple[tuple[str, ...], ...], tuple[int, ...]]:
    """A sorting key."""
    return structure.strands, structure.pairs
