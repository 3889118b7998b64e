"""Pots in which something is missing: gate families of a DNA pot, and the same pot without one of them.

In: a DNA pot. Out: its families (name -> gates), and pots without some gates.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from compiler.gate_families import families_of, family
from compiler.training.pot import Pot
from dsd.errors import InputError

__all__ = ["families", "family", "without"]


def families(pot: Pot) -> Mapping[str, tuple[str, ...]]:
    """Gate families: name -> the gates (network species) that belong to it, in the order of the network's reactions.

    A family is what implements one kind of reaction: a stage of the circuit, the transfer or annihilation of one role,
    the clock, its seed flux. Raises :class:`InputError` for a pot that is not made of gates.
    """
    if pot.lowered is None:
        raise InputError("a clocked pot has no gates; take the DNA pot of the design")
    return families_of(pot.lowered)


def without(pot: Pot, gates: tuple[str, ...]) -> Pot:
    """The same pot with none of these gates, neither at the start nor in the stock."""
    network = pot.network.with_initial(**dict.fromkeys(gates, 0.0))
    return replace(pot, network=network, stock={n: v for n, v in pot.stock.items() if n not in gates})
