"""Two-domain gates whose join releases its translator irreversibly, before any output appears.

The join carries one extra long domain i under a bare strand ``<i>``, and its helper ``<t i r>`` has three domains: it
displaces ``<i>``, which has no toehold to come back by, and the long half of the translator. Spent joins therefore
do not push back, and outputs cannot run backwards into inputs. After Fig. 15 of Cardelli (2013); the fork is that of
:mod:`dsd.schemes.two_domain`.
"""

from __future__ import annotations

from dsd.domains import Duplex, Sequence, tiled
from dsd.schemes.two_domain import Toehold, reverse, translator


def helper(i: str, r: str, toehold: Toehold) -> Sequence:
    """``<t i r>``, which frees ``<i>`` and the translator for good."""
    return (toehold(i), i, r)


def join(inputs: tuple[str, ...], i: str, r: str, toehold: Toehold) -> Duplex:
    """``[t] x1.t x2.t ... i r.t``."""
    return tiled(
        [
            ((toehold(inputs[0]),), False),
            *((reverse(x, toehold), True) for x in inputs),
            ((i,), True),
            (translator(r, toehold), True),
        ]
    )
