"""What to say when an integration fails: where, which species or reaction, and what to change.

In: a network and the rows reached. Out: a :class:`SimulationError` to raise, or None if there is nothing to say.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from dsd.errors import SimulationError
from dsd.network import Network, describe

Floats = NDArray[np.float64]

BLOW_UP = 1e6
"""Growth over the largest concentration at the start that turns a failure into a blow-up."""

SLOWER = "loosen rtol, or look for a rate constant in the wrong units"


def gave_up(network: Network, start: Floats, time: float, y: Floats, reason: str) -> SimulationError:
    """The integrator stopped at ``time`` in state ``y`` (N,) for ``reason``, having begun at ``start`` (N,)."""
    return blown_up(network, start, time, y) or SimulationError(
        f"the integrator gave up at t = {time:.6g} ({reason.rstrip('.')}); {_fastest(network, start, y)}; {SLOWER}",
        time,
    )


def out_of_steps(network: Network, start: Floats, time: float, y: Floats, end: float, limit: int) -> SimulationError:
    """``limit`` steps led only to ``time``."""
    return blown_up(network, start, time, y) or SimulationError(
        f"{limit} steps led only to t = {time:.6g} of {end:.6g}; {_fastest(network, start, y)}; raise max_steps, "
        f"{SLOWER}",
        time,
    )


def blown_up(network: Network, start: Floats, time: float, y: Floats) -> SimulationError | None:
    """A species that is not finite, or has grown beyond ``BLOW_UP`` times the start, is the cause of a failure."""
    size = np.where(np.isfinite(y), np.abs(y), math.inf)
    worst = int(np.argmax(size))
    if size[worst] <= BLOW_UP * max(float(np.abs(start).max()), np.finfo(np.float64).tiny):
        return None
    name, value = network.names[worst], float(y[worst])
    if value < 0:
        return SimulationError(
            f"{name} ran away to {value:.3g} at t = {time:.6g}, from an undershoot of zero; tighten atol", time
        )
    became = f"grew from {start[worst]:.3g} to {value:.3g} by" if math.isfinite(value) else "became infinite at"
    return SimulationError(
        f"{name} {became} t = {time:.6g}: an autocatalytic blow-up; lower its rates or doses, or add a reaction that "
        f"consumes it",
        time,
    )


def below_floor(network: Network, t: Floats, y: Floats, floor: float, atol: float) -> SimulationError | None:
    """The lowest concentration in rows ``y`` (M, N), if it is below ``-floor``."""
    row, column = np.unravel_index(int(np.argmin(y)), y.shape)
    low, time = float(y[row, column]), float(t[row])
    if low >= -floor:
        return None
    return SimulationError(
        f"{network.names[column]} fell to {low:.3g} at t = {time:.6g}, below the floor -{floor:g}; tighten atol (now "
        f"{atol:g})",
        time,
    )


def _fastest(network: Network, *states: Floats) -> str:
    """The reaction with the highest rate in any of the states (N,)."""
    rates = [
        max(abs(r.k * math.prod(float(y[network.index[n]]) for n in r.reactants)) for y in states)
        for r in network.reactions
    ]
    if not rates:
        return "there are no reactions"
    worst = max(range(len(rates)), key=rates.__getitem__)
    return f"fastest reaction: {describe(network.reactions[worst])} at {rates[worst]:.3g}"
