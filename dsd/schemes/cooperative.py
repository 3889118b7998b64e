"""Annihilation by cooperative hybridization: both signals are taken up together, and neither is lost alone.

In: two signals ``<t x>`` and ``<t y>``. Out: the gate, what it becomes, and its four reactions at measured rates.

Zhang, "Cooperative hybridization of oligonucleotides", J. Am. Chem. Soc. 133:1077 (2011): two strands land on the
toeholds at *opposite* ends of one duplex, and only both together take it apart::

    x + D <-> I     y + D <-> J     y + I -> P + Q     x + J -> P + Q

Which geometry can do that with two-domain signals? Zhang's targets bind one bottom strand, from its two ends, so one
carries its toehold 5' and the other 3' of its long domain. Every signal ``<t y>`` has it 5'; the mirror form ``<y t>``
that would fit the far end is the reverse strand of y, a fuel that is always there in excess and would take the gate up
without any y. So the two signals must not share a bottom. They attack the two strands of a heteroduplex, of which each
has an overhanging toehold at its 3' end. In kernel notation the gate is ::

    D = x( y*( t* + ) ) t*            <x y* t*> on <y x* t*>

                          3'-t*                      (here lands <t y>)
             5'-   x   - y* -/
             3'-   x*  - y  -5'
        3'-t*-/                                      (here lands <t x>)

``<t x>`` opens at the lower overhang and displaces the x half of the upper strand; the y half holds, and x goes back if
nothing else happens (I). ``<t y>`` does the same to the other strand (J). After both the strands have nothing to hold
each other by and part as two closed duplexes with a bare 5' tail, which no toehold starts ::

    I = t( x( + x y*( t* + ) ) )      J = t( y( + y x*( t* + ) ) )
    P = t( x( + y ) )                 Q = t( y( + x ) )

Reverse strands ``<x t>`` find the overhangs but not the domain behind them: next to ``t*`` lies ``x*`` on the other
side. They occlude the gate, as every free toehold does, and do not use it up. A gate for a signal with itself would
pair ``x`` with ``x``, so the two must differ.

The price is the same as Zhang's: a rail is held back by I or J even where it has no partner, ``f = D / (Kd + D)`` of it
with ``Kd = kr / kf`` near 270 nM, and the rate constant on totals is about ``2 kf f (1 - f)``.
"""

from __future__ import annotations

from dataclasses import dataclass

from dsd.errors import InputError
from dsd.kernel import Structure, parse_kernel
from dsd.network import Reaction
from dsd.rates import per_nM
from dsd.schemes.two_domain import Toehold


@dataclass(frozen=True, slots=True)
class Rates:
    """Landing (/M/s) and leaving (/s) of the first (x) and second (y) strand."""

    kf1: float = 2.1e6
    kf2: float = 1.4e6
    kr1: float = 0.54
    kr2: float = 0.39


ZHANG = Rates()
"""Zhang 2011, Table 3, at 25 C with 8-nt toeholds: kf1 2.1(7)e6, kf2 1.4(2)e6 /M/s, kr1 0.54(42), kr2 0.39(27) /s.
The last step's reverse, some 10 /M/s by the note to that table, is left out."""


@dataclass(frozen=True, slots=True)
class Cooperative:
    """The gate D and its states: with x (I), with y (J), and the two products."""

    gate: Structure
    with_x: Structure
    with_y: Structure
    x_gone: Structure
    y_gone: Structure


def cooperative(x: str, y: str, toehold: Toehold) -> Cooperative:
    """The structures for signals with long domains ``x`` and ``y``; raises :class:`InputError` where they are one."""
    if x == y:
        raise InputError(f"a cooperative gate needs two different signals, got {x} twice; use the two-domain gate")
    tx, ty = toehold(x), toehold(y)
    return Cooperative(
        gate=parse_kernel(f"{x}( {y}*( {ty}* + ) ) {tx}*"),
        with_x=parse_kernel(f"{tx}( {x}( + {x} {y}*( {ty}* + ) ) )"),
        with_y=parse_kernel(f"{ty}( {y}( + {y} {x}*( {tx}* + ) ) )"),
        x_gone=parse_kernel(f"{tx}( {x}( + {y} ) )"),
        y_gone=parse_kernel(f"{ty}( {y}( + {x} ) )"),
    )


def four_reactions(x: str, y: str, gate: str, rates: Rates = ZHANG) -> tuple[Reaction, ...]:
    """The six one-way reactions (/nM/s, /s) of signals ``x``, ``y`` and a gate, whose states are named after it."""
    i, j, ends = f"{gate}_x", f"{gate}_y", (f"{gate}_wx", f"{gate}_wy")
    kf1, kf2 = per_nM(rates.kf1), per_nM(rates.kf2)
    return (
        Reaction((x, gate), (i,), kf1, note=f"{x} opens one end"),
        Reaction((i,), (x, gate), rates.kr1, note="and goes back"),
        Reaction((y, gate), (j,), kf2, note=f"{y} opens the other end"),
        Reaction((j,), (y, gate), rates.kr2, note="and goes back"),
        Reaction((y, i), ends, kf2, note="both take the gate apart"),
        Reaction((x, j), ends, kf1, note="both take the gate apart"),
    )


def held(free_gate: float, kf: float, kr: float) -> float:
    """Part of a lone rail that ``free_gate`` nM of gate holds: ``D / (Kd + D)``."""
    kd = kr / per_nM(kf)
    return free_gate / (kd + free_gate)
