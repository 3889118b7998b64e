"""Sources: reactions without reactants, a fork that no toehold starts.

The initiator ``<r i>`` invades the covered end at the toeless rate (1.40 /M/s, Zhang & Winfree 2009, n = 0), so a
pair at nM concentrations gives a flux near 1e-8 nM/s. It displaces the bare ``<i>`` as well, so what it freed cannot
come back; from there on the source is an ordinary fork.
"""

from __future__ import annotations

from dsd.domains import Duplex, Sequence, tiled
from dsd.schemes.two_domain import Toehold, signal


def initiator(i: str, r: str) -> Sequence:
    """``<r i>``; a toehold of its own would find nothing to bind."""
    return (r, i)


def source(outputs: tuple[str, ...], i: str, r: str, end: str, toehold: Toehold) -> Duplex:
    """``e t.ym ... t.y1 t.r i``: no exposed toehold."""
    return tiled(
        [
            ((end,), True),
            *((signal(y, toehold), True) for y in reversed(outputs)),
            ((toehold(r), r), True),
            ((i,), True),
        ]
    )
