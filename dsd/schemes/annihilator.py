"""Annihilators: reactions without products, as one duplex.

All inputs but the last bind reversibly; the last displaces a bare strand, which seals the gate with every input in
it. With two inputs this is cooperative: neither is lost alone. With one input it is a sink.
"""

from __future__ import annotations

from dsd.domains import Duplex, tiled
from dsd.schemes.two_domain import Toehold, reverse


def annihilator(inputs: tuple[str, ...], toehold: Toehold) -> Duplex:
    """``[t] x1.t x2.t ... xn``."""
    *first, last = inputs
    return tiled(
        [
            ((toehold(inputs[0]),), False),
            *((reverse(x, toehold), True) for x in first),
            ((last,), True),
        ]
    )
