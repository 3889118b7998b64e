"""Two-domain gates: signals ``<t x>``, reverse strands ``<x t>``, joins and forks as top-nicked duplexes.

Cardelli, "Two-domain DNA strand displacement", Math. Struct. Comput. Sci. 23:247 (2013); Chen et al., Nature
Nanotechnology 8:755 (2013). Every step of this scheme is reversible until the fork's end strand seals it.

All gates take ``toehold``, which gives the toehold in front of a long domain.
"""

from __future__ import annotations

from collections.abc import Callable

from dsd.domains import Duplex, Sequence, tiled

Toehold = Callable[[str], str]


def universal_toehold(domain: str) -> str:
    """One toehold for every domain: any circuit fits, and every strand may sit on every gate."""
    return "t"


def signal(x: str, toehold: Toehold) -> Sequence:
    """``<t x>``, the free form of species x."""
    return (toehold(x), x)


def reverse(x: str, toehold: Toehold) -> Sequence:
    """``<x t>``, which x displaces from a join and which displaces x from a fork."""
    return (x, toehold(x))


def translator(r: str, toehold: Toehold) -> Sequence:
    """``<r t>``, released by a join, taken up by its fork."""
    return (r, toehold(r))


def helper(i: str, r: str, toehold: Toehold) -> Sequence:
    """``<t r>``, which releases the translator; the fork gives it back."""
    return (toehold(r), r)


def join(inputs: tuple[str, ...], i: str, r: str, toehold: Toehold) -> Duplex:
    """``[t] x1.t x2.t ... r.t``: each input opens the toehold of the next, the last one that of the helper."""
    return tiled(
        [
            ((toehold(inputs[0]),), False),
            *(((x, toehold(x)), True) for x in inputs),
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
            ((toehold(r),), False),
        ]
    )
