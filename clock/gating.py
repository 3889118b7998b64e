"""Clock gating: a formal network with stage tags becomes a clocked network for one pot.

Two strategies with one signature, ``(formal, ring, rates) -> (clocked, interpretation)``: :func:`operand` clocks the
transfers only, :func:`per_reaction` clocks everything. ``STRATEGIES`` names them for design files.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from clock.gating_operand import operand
from clock.gating_parts import Gating
from clock.gating_reaction import per_reaction
from clock.oscillator import Oscillator
from dsd.interpretation import Interpretation
from dsd.network import Network

Strategy = Callable[[Network, Oscillator, Gating], tuple[Network, Interpretation]]

STRATEGIES: Mapping[str, Strategy] = MappingProxyType({"operand": operand, "per_reaction": per_reaction})

__all__ = ["STRATEGIES", "Gating", "Strategy", "operand", "per_reaction"]
