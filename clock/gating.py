"""Clock gating: a formal network with stage tags becomes a clocked network for one pot.

Four strategies with one signature, ``(formal, ring, rates) -> (clocked, interpretation)``: :func:`operand` clocks the
transfers only, :func:`per_reaction` clocks everything, :func:`two_phase` clocks transfers on the paper's schedule of
two phases, :func:`pipelined` runs the feedback of a sample beside the feedforward of the next. ``STRATEGIES`` names
them for design files.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from clock.gating_operand import operand
from clock.gating_parts import Gating
from clock.gating_pipelined import pipelined
from clock.gating_reaction import per_reaction
from clock.gating_two_phase import two_phase
from clock.oscillator import Oscillator
from dsd.interpretation import Interpretation
from dsd.network import Network

Strategy = Callable[[Network, Oscillator, Gating], tuple[Network, Interpretation]]

STRATEGIES: Mapping[str, Strategy] = MappingProxyType(
    {"operand": operand, "per_reaction": per_reaction, "two_phase": two_phase, "pipelined": pipelined}
)

__all__ = ["STRATEGIES", "Gating", "Strategy", "operand", "per_reaction", "pipelined", "two_phase"]
