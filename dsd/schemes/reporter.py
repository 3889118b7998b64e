"""Fluorescent reporters: gates that show how much of a signal there is.

A fluorophore sits at the 5' end of the bottom strand, a quencher beside it on the strand above; the signal displaces
that strand, and the bottom strand lights up. There are two kinds:

- *live*: the quencher strand ends in a toehold of its own, and is supplied in excess, so that it comes back when the
  signal goes. What is lit follows the signal, x R / (x + Q) for equal toeholds (R reporter, Q free quencher strand),
  and is all that is held back. No other gate has that toehold, so the quencher strand meets no other gate.
- *endpoint*: the quencher strand is bare and does not come back. It counts every molecule that was ever there, and
  uses them up: for outputs at the end of an experiment. After the reporter of Zhang & Winfree, J. Am. Chem. Soc.
  131:17303 (2009).
"""

from __future__ import annotations

from dsd.domains import Duplex, Sequence, tiled
from dsd.schemes.two_domain import Toehold


def live(x: str, tail: str, toehold: Toehold) -> Duplex:
    """``[t] x.s``: the quencher strand lies on x and on its own toehold s."""
    return tiled([((toehold(x),), False), (quencher(x, tail), True)])


def quencher(x: str, tail: str) -> Sequence:
    """``<x s>``; the bare ``<x>`` of an endpoint reporter where ``tail`` is empty."""
    return (x, tail) if tail else (x,)


def endpoint(x: str, toehold: Toehold) -> Duplex:
    """``[t] x``: nothing brings the quencher strand back."""
    return tiled([((toehold(x),), False), ((x,), True)])
