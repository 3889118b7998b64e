"""Domains, strands as domain sequences, and top-nicked duplexes.

A *sequence* is a tuple of domain names read 5' to 3'; a trailing ``*`` marks a complement. A *duplex* is one bottom
strand with top strands tiled on it. It is written by the domains its top side has or would have, left to right (the
top sense), so a gate reads like the circuit it computes: ``t x1 t x2 t i r t``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

Sequence = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Domain:
    """A domain and its length in nt; ``toehold`` says whether it binds reversibly on its own."""

    name: str
    length: int
    toehold: bool = False


@dataclass(frozen=True, slots=True)
class Top:
    """A strand bound along its whole length, its first domain at position ``offset`` of the duplex."""

    offset: int
    domains: Sequence

    @property
    def end(self) -> int:
        """The position just right of the strand."""
        return self.offset + len(self.domains)


@dataclass(frozen=True, slots=True)
class Duplex:
    """A bottom strand, written in the top sense, and the strands on it from left to right without overlap."""

    bottom: Sequence
    tops: tuple[Top, ...]

    @property
    def exposed(self) -> tuple[int, ...]:
        """Positions of the bottom that no strand covers, from left to right."""
        covered = {p for top in self.tops for p in range(top.offset, top.end)}
        return tuple(p for p in range(len(self.bottom)) if p not in covered)

    @property
    def strands(self) -> tuple[Sequence, ...]:
        """Every strand 5' to 3': the tops from left to right, then the bottom strand."""
        return (*(top.domains for top in self.tops), complement(self.bottom))

    def __str__(self) -> str:
        """``[t] x1.t i r.t``: strands as dotted words, exposed domains in brackets."""
        starts = {top.offset: top for top in self.tops}
        words, p = [], 0
        while p < len(self.bottom):
            if p in starts:
                words.append(".".join(starts[p].domains))
                p = starts[p].end
            else:
                words.append(f"[{self.bottom[p]}]")
                p += 1
        return " ".join(words)


def complement(sequence: Sequence) -> Sequence:
    """The complementary strand, 5' to 3': reversed, with every ``*`` added or taken away. Its own inverse."""
    return tuple(name[:-1] if name.endswith("*") else name + "*" for name in reversed(sequence))


def tiled(pieces: Iterable[tuple[Sequence, bool]]) -> Duplex:
    """The duplex whose top side is the given pieces side by side; a piece is ``(domains, bound)``.

    >>> str(tiled([(("t",), False), (("x", "t"), True)]))
    '[t] x.t'
    """
    bottom: list[str] = []
    tops = []
    for domains, bound in pieces:
        if bound:
            tops.append(Top(len(bottom), domains))
        bottom.extend(domains)
    return Duplex(tuple(bottom), tuple(tops))
