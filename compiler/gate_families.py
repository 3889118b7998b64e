"""The gate families of a DNA system: which gates implement which kind of reaction.

In: a lowered pot. Out: family -> gates. Knockouts leave a family out, faults can be restricted to one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from compiler.lowered import Lowered
from dsd.errors import InputError
from dsd.network import Reaction

STAGES = {"N1": "feedforward", "N2": "transfer", "N3": "feedback", "N4": "update"}


def families_of(lowered: Lowered) -> Mapping[str, tuple[str, ...]]:
    """Gate families: name -> the gates (complexes) that belong to it, in the order of the network's reactions.

    A family is what implements one kind of reaction: a stage of the circuit, the transfer or annihilation of one role,
    the clock, its seed flux.
    """
    network = lowered.clocked.network
    role = {s.name: s.role for s in network.species}
    found: dict[str, list[str]] = {}
    for reaction, module in zip(network.reactions, lowered.system.modules, strict=True):
        found.setdefault(family(reaction, role), []).extend(module.gates)
    return MappingProxyType({name: tuple(gates) for name, gates in found.items()})


def gates_of(lowered: Lowered, names: Sequence[str]) -> tuple[str, ...]:
    """The gates of the named families; raises :class:`InputError` for a family that the pot has not."""
    known = families_of(lowered)
    unknown = [n for n in names if n not in known]
    if unknown:
        raise InputError(f"[faults] only: no gate family '{unknown[0]}' in this pot; it has {', '.join(known)}")
    return tuple(dict.fromkeys(g for n in names for g in known[n]))


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
