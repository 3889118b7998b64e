"""The displacement rule: what one free strand does to one duplex.

A free strand binds a duplex where all its domains match, starting with an exposed toehold at either end of the
strand; it displaces the strands it overlaps. A displaced strand leaves if nothing of it stays bound, or only a
toehold, which opens. Where a strand would stay bound by a long domain nothing happens.
"""

from __future__ import annotations

from typing import NamedTuple

from dsd.domains import Duplex, Sequence, Top


class Step(NamedTuple):
    """``strand + before -> after + freed``; ``n`` and ``m`` toehold lengths in nt as in :mod:`dsd.rates`."""

    before: Duplex
    strand: Sequence
    after: Duplex
    freed: tuple[Sequence, ...]
    n: int
    m: int
    long_nt: int


def displace(duplex: Duplex, strand: Sequence, offset: int, toeholds: frozenset[str]) -> Step | None:
    """The step in which ``strand`` takes its place at ``offset``; None where a displaced strand would stay bound.

    Checks neither the match nor the toehold, and leaves ``n``, ``m`` and ``long_nt`` at 0.
    """
    end = offset + len(strand)
    kept, freed = [], []
    for top in duplex.tops:
        if top.end <= offset or top.offset >= end:
            kept.append(top)
            continue
        outside = top.domains[: max(0, offset - top.offset)] + top.domains[max(0, end - top.offset) :]
        if any(domain not in toeholds for domain in outside):
            return None
        freed.append(top.domains)
    tops = sorted([*kept, Top(offset, strand)], key=lambda top: top.offset)
    return Step(duplex, strand, Duplex(duplex.bottom, tuple(tops)), tuple(freed), 0, 0, 0)


def landing(duplex: Duplex, strand: Sequence, offset: int, lengths: dict[str, int]) -> int:
    """Length in nt of the exposed toeholds that the ends of ``strand`` land on, 0 if none."""
    exposed = duplex.exposed
    ends = dict.fromkeys((offset, offset + len(strand) - 1))
    return sum(lengths[duplex.bottom[p]] for p in ends if p in exposed)


def matches(duplex: Duplex, strand: Sequence, offset: int) -> bool:
    """Whether the bottom has the strand's domains at ``offset``."""
    return offset >= 0 and duplex.bottom[offset : offset + len(strand)] == strand
