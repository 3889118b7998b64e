"""The options of a lowering to DNA, shared by the mapping and the construction of gates."""

from __future__ import annotations

import math
from dataclasses import dataclass

from dsd.errors import InputError


@dataclass(frozen=True, slots=True)
class Lowering:
    """Options of a lowering to DNA.

    ``unit_nM`` and ``unit_s`` are the nM and s of one formal unit (1 for networks in nM and s); ``*_nM`` are
    initial concentrations. ``end_nM`` is the one universal end strand's. ``min_gate_nM`` keeps slow gates from
    being too few to last: joins get less helper instead, down to as much helper as join, and annihilators and sinks
    become such joins. ``annihilator_gate_nM``, if given, replaces the mapped amount of every annihilator (n >= 2).
    ``dosed`` lists species dosed from outside: a reaction that consumes one gives its reverse strand back through
    the fork's end, so the pool does not grow with every dose.
    """

    unit_nM: float = 1.0
    unit_s: float = 1.0
    scheme: str = "two-domain-irreversible"
    profile: str = "ideal"
    toehold_nt: int = 5
    long_nt: int = 20
    reverse_nM: float = 1000.0
    helper_nM: float = 1000.0
    fork_nM: float = 500.0
    end_nM: float = 1000.0
    min_gate_nM: float = 20.0
    max_gate_nM: float = 5000.0
    annihilator_gate_nM: float | None = None
    initiator_nM: float = 10.0
    dosed: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in ("unit_nM", "unit_s", "reverse_nM", "max_gate_nM", "initiator_nM", "toehold_nt", "long_nt"):
            if not (math.isfinite(getattr(self, name)) and getattr(self, name) > 0):
                raise InputError(f"{name} is {getattr(self, name)}; give a number > 0")
        for name in ("helper_nM", "fork_nM", "end_nM", "min_gate_nM"):
            if not (math.isfinite(getattr(self, name)) and getattr(self, name) >= 0):
                raise InputError(f"{name} is {getattr(self, name)}; give a number >= 0")
