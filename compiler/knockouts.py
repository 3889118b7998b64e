"""Pots in which something is missing: gate families of a DNA pot, and the same pot without one of them.

In: a DNA pot. Out: its families (name -> gates), and pots without some gates.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from compiler.training.pot import Pot
from dsd.errors import InputError
from dsd.network import Reaction

STAGES = {"N1": "feedforward", "N2": "transfer", "N3": "feedback", "N4": "update"}


def families(pot: Pot) -> Mapping[str, tuple[str, ...]]:
    """Gate families: name -> the gates (network species) that belong to it, in the order of the network's reactions.

    A family is what implements one kind of reaction: a stage of the circuit, the transfer or annihilation of one role,
    the clock, its seed flux. Raises :class:`InputError` for a pot that is not made of gates.
    """
    if pot.lowered is None:
        raise InputError("a clocked pot has no gates; take the DNA pot of the design")
    role = {s.name: s.role for s in pot.clocked.network.species}
    found: dict[str, list[str]] = {}
    for reaction, module in zip(pot.clocked.network.reactions, pot.lowered.system.modules, strict=True):
        found.setdefault(family(reaction, role), []).extend(module.gates)
    return MappingProxyType({name: tuple(gates) for name, gates in found.items()})


def family(r: Reaction, role: Mapping[str, str]) -> str:
    """The family of a clocked reaction, by its stage tag and the role of what it uses up."""
    if r.stage == "clock":
        return "clock" if r.reactants else "seed flux"
    used = [n for n in r.reactants if r.net().get(n, 0) < 0]
    if r.stage == "fast":
        return f"{role[used[-1]]} annihilators"
    if r.stage == "N2":
        return f"{role[used[0]]} transfer"
    if r.stage == "N4" and role[used[0]] != "gradient":
        return "flush"
    return STAGES[r.stage]


def without(pot: Pot, gates: tuple[str, ...]) -> Pot:
    """The same pot with none of these gates, neither at the start nor in the stock."""
    network = pot.network.with_initial(**dict.fromkeys(gates, 0.0))
    return replace(pot, network=network, stock={n: v for n, v in pot.stock.items() if n not in gates})
