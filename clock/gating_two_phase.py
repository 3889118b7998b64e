"""The paper's two-phase schedule: feedforward and feedback; a sample's update falls in the next one's feedforward.

In: a formal network with stage tags, a clock, rate constants. Out: one clocked network for one pot, and what its
species mean in formal ones.

N4 overlaps the next N1 (Nagipogu and Reif, arXiv 2409.00034: two phases a sample). Flushing the input in N4 would eat
the next one; under operand gating nothing does, since N4 flushes feedback copies and adjoints, and the next sample
comes as forward copies. So this is operand gating with its third phase moved onto the first. A sample is dosed when
phase 1 begins, weights change while the next sample is already being weighed, and the third phase of a clock of three
only lengthens the feedback.

Now the phase that flushes copies hands over to the phase that makes them. On a ring of three, whose neighbours cross at
half height, a quarter of every copy is flushed while it is made (27 % on LinReg2D at a trough of 1e-6), and learning
fails. The phases must not overlap: the ring of CRN++ and an external clock will do.
"""

from __future__ import annotations

from clock.gating_operand import operand
from clock.gating_parts import Gating
from clock.oscillator import Oscillator
from dsd.interpretation import Interpretation
from dsd.network import Network


def two_phase(formal: Network, ring: Oscillator, rates: Gating) -> tuple[Network, Interpretation]:
    """Gate ``formal`` by its operands, N4 in phase 1; interpretation, ``meta`` and errors as for operand gating."""
    return operand(formal, ring, rates, update=1, strategy="two_phase")
