"""Two-domain gates: signals ``<t x>``, reverse strands ``<x t>``, joins and forks as top-nicked duplexes.

Cardelli, "Two-domain DNA strand displacement", Math. Struct. Comput. Sci. 23:247 (2013); Chen et al., Nature
Nanotechnology 8:755 (2013). Every step of this scheme is reversible until the fork's end strand seals it.

All gates take ``toehold``, which gives the toehold in front of a long domain and, where it is a :class:`Sided`, the one
behind it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dsd.domains import Duplex, Sequence, tiled

Toehold = Callable[[str], str]


@dataclass(frozen=True)
class Sided:
    """Toeholds that differ between the two sides of a long domain: called, it gives the one in ``front``."""

    front: Toehold
    back: Toehold

    def __call__(self, domain: str) -> str:
        return self.front(domain)


def behind(domain: str, toehold: Toehold) -> str:
    """The toehold behind a long domain; the one in front of it where there is no difference."""
    return toehold.back(domain) if isinstance(toehold, Sided) else toehold(domain)


def universal_toehold(domain: str) -> str:
    """One toehold for every domain: any circuit fits, and every strand may sit on every gate."""
    return "t"


def signal(x: str, toehold: Toehold) -> Sequence:
    """``<t x>``, the free form of species x."""
    return (toehold(x), x)


def reverse(x: str, toehold: Toehold) -> Sequence:
    """``<x t>``, which x displaces from a join and which displaces x from a fork."""
    return (x, behind(x, toehold))


def translator(r: str, toehold: Toehold) -> Sequence:
    """``<r t>``, released by a join, taken up by its fork."""
    return (r, behind(r, toehold))


def helper(i: str, r: str, toehold: Toehold) -> Sequence:
    """``<t r>``, which releases the translator; the fork gives it back."""
    return (toehold(r), r)


def join(inputs: tuple[str, ...], i: str, r: str, toehold: Toehold) -> Duplex:
    """``[t] x1.t x2.t ... r.t``: each input opens the toehold of the next, the last one that of the helper."""
    return tiled(
        [
            ((toehold(inputs[0]),), False),
            *((reverse(x, toehold), True) for x in inputs),
            (translator(r, toehold), True),
        ]
    )


def fork(outputs: tuple[str, ...], r: str, end: str, toehold: Toehold) -> Duplex:
    """``e t.ym ... t.y1 t.r [t]``: the translator starts it, reverse strands free the outputs, ``<e t>`` seals it."""
    return tiled(
        [
            ((end,), True),
            *((signal(y, toehold), True) for y in reversed(outputs)),
            ((toehold(r), r), True),
            ((behind(r, toehold),), False),
        ]
    )
