"""A clocked network as gates of any structure: by the four-domain scheme, or one of Nuskell's.

In: a clocked network and ``[dna]``. Out: a :class:`System`, to be looked at, not trained: there are no pools of fuel to
refill. The clock runs at the slowdown that ``[dna]`` states, or the least power of two at which gates meet the rates.
"""

from __future__ import annotations

from compiler.joining import Clocked
from compiler.lowered import lowering, seconds, seeded_ring
from compiler.schema import Dna
from compiler.tempo import DOUBLINGS, slowed
from dsd.errors import InputError, MappingError
from dsd.system import System
from dsd.translate import check_rates, translate


def to_folded(pot: Clocked, dna: Dna) -> System:
    """The gates of a clocked network.

    Raises :class:`InputError` for a clock that is no network, :class:`MappingError` where no slowdown helps.
    """
    if pot.ring.doses(1):
        raise InputError("an external clock is a device, not strands; set [clock] family = 'ring' for level dsd")
    if dna.slowdown != "auto":
        chosen = slowed(dna, dna.slowdown)
        return translate(seeded_ring(pot, chosen), lowering(seeded_ring(pot, chosen), chosen, seconds(pot, chosen)))
    reason: MappingError | None = None
    for octave in range(DOUBLINGS + 1):
        chosen = slowed(dna, 2.0**octave)
        network = seeded_ring(pot, chosen)
        options = lowering(network, chosen, seconds(pot, chosen))
        try:
            check_rates(network, options)
        except MappingError as error:
            reason = error
            continue
        return translate(network, options)
    raise MappingError(f"no slowdown of the clock up to {2**DOUBLINGS} helps: {reason}")
