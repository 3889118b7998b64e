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

    ``pools`` gives the reverse strands of species with a role another concentration than ``reverse_nM``: a larger
    pool lets the same rate stand on more gates, which run down less between replenishments. ``clock_fork_nM`` and
    ``clock_helper_nM`` and ``clock_gate_nM`` replace ``fork_nM``, ``helper_nM`` and ``min_gate_nM`` in reactions of
    stage ``clock``. A join is filled with its largest pool first (that input is sequestered) and a clock species last.
    ``slow_load`` is the load up to which a slow join is enlarged, with less helper in return, so that it does not run
    down. ``helper_ratio`` is the least helper of a full-speed join, relative to the pool of its last input. ``least``
    has pairs of a reaction's index and the gate it needs to last (nM); its join is enlarged to that.

    ``cmax_nM`` is what every gate and fuel of a four-domain scheme is supplied at: 10 uM, the C_max of Soloveichik,
    Seelig & Winfree, PNAS 107:5393 (2010).
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
    clock_fork_nM: float | None = None
    clock_helper_nM: float | None = None
    clock_gate_nM: float | None = None
    end_nM: float = 1000.0
    min_gate_nM: float = 20.0
    slow_load: float = 0.0
    helper_ratio: float = 0.0
    max_gate_nM: float = 5000.0
    annihilator_gate_nM: float | None = None
    initiator_nM: float = 10.0
    cmax_nM: float = 10_000.0
    dosed: tuple[str, ...] = ()
    pools: tuple[tuple[str, float], ...] = ()
    least: tuple[tuple[int, float], ...] = ()

    def pool(self, role: str) -> float:
        """Reverse strand concentration (nM) of a species with that role."""
        return dict(self.pools).get(role, self.reverse_nM)

    def helper(self, stage: str) -> float:
        """Helper concentration (nM) of a full-speed join of a reaction with that stage tag."""
        return self.clock_helper_nM if stage == "clock" and self.clock_helper_nM is not None else self.helper_nM

    def least_gate(self, stage: str) -> float:
        """Least concentration (nM) of a join of a reaction with that stage tag."""
        return self.clock_gate_nM if stage == "clock" and self.clock_gate_nM is not None else self.min_gate_nM

    def fork(self, stage: str) -> float:
        """Fork concentration (nM) of a reaction with that stage tag."""
        return self.clock_fork_nM if stage == "clock" and self.clock_fork_nM is not None else self.fork_nM

    def __post_init__(self) -> None:
        for name in (
            "unit_nM", "unit_s", "reverse_nM", "max_gate_nM", "initiator_nM", "cmax_nM", "toehold_nt", "long_nt",
        ):  # fmt: skip
            if not (math.isfinite(getattr(self, name)) and getattr(self, name) > 0):
                raise InputError(f"{name} is {getattr(self, name)}; give a number > 0")
        for name in ("helper_nM", "fork_nM", "end_nM", "min_gate_nM"):
            if not (math.isfinite(getattr(self, name)) and getattr(self, name) >= 0):
                raise InputError(f"{name} is {getattr(self, name)}; give a number >= 0")
