"""What a lowering has put together so far: domains, strands and gates, shared by structure, named once."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, field, replace
from functools import cached_property

from dsd.domains import Domain, Duplex, Sequence, complement
from dsd.lowering import Lowering
from dsd.network import Network
from dsd.schemes import two_domain
from dsd.schemes.two_domain import Sided, Toehold, behind
from dsd.system import BOTTOM, Complex, Strand


@dataclass
class Pot:
    """The parts so far. Strands and complexes are shared by structure, so their keys are structures.

    ``recycled`` lists the species whose reverse strands are fuels; ``assign`` names the toehold in front of a long
    domain; ``long`` and ``signal`` give a species' long domain and strand, ``meaning`` a strand's formal species.
    """

    network: Network
    options: Lowering
    recycled: tuple[str, ...]
    assign: Toehold
    domains: dict[str, Domain] = field(default_factory=dict)
    strands: dict[Sequence, Strand] = field(default_factory=dict)
    complexes: dict[Duplex, Complex] = field(default_factory=dict)
    meaning: dict[str, tuple[str, ...]] = field(default_factory=dict)
    toeless: list[tuple[str, str]] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    palette: dict[str, str] = field(default_factory=dict)
    long: dict[str, str] = field(default_factory=dict)
    signal: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        o = self.options
        for s in self.network.species:
            plain = s.name.replace("'", "_prime")
            self.long[s.name] = fresh(plain, self.domains)
            self.domains[self.long[s.name]] = Domain(self.long[s.name], o.long_nt)
            self.signal[s.name] = fresh(plain, self.names)
            self.names.add(self.signal[s.name])
        self.ends: dict[str, str] = {}
        for s in self.network.species:
            domains = two_domain.signal(self.long[s.name], self.toehold)
            initial = s.initial * o.unit_nM
            self.strands[domains] = Strand(self.signal[s.name], domains, "signal", initial)
            self.meaning[self.signal[s.name]] = (s.name,)
        role = {s.name: s.role for s in self.network.species}
        for name in self.recycled:
            domains = two_domain.reverse(self.long[name], self.toehold)
            self.strand(domains, self.signal[name] + "_r", "reverse", o.pool(role[name]))

    @cached_property
    def toehold(self) -> Sided:
        """The toeholds in front of and behind long domains, by the assignment; made as domains on first use."""
        return Sided(lambda d: self._toehold(self.assign(d)), lambda d: self._toehold(behind(d, self.assign)))

    def _toehold(self, label: str) -> str:
        if label not in self.palette:
            name = self.palette[label] = fresh(label, self.domains)
            self.domains[name] = Domain(name, self.options.toehold_nt, True)
        return self.palette[label]

    def domain(self, name: str) -> str:
        """A new long domain."""
        name = fresh(name, self.domains)
        self.domains[name] = Domain(name, self.options.long_nt)
        return name

    def universal_end(self, toehold: str) -> tuple[str, str]:
        """The end domain and end strand ``<e t>`` that all forks share which end in that toehold; made on first use."""
        if toehold not in self.ends:
            number = f"_{len(self.ends)}" if self.ends else ""
            end = self.ends[toehold] = self.domain(f"e{number}")
            self.strand((end, toehold), f"End{number}", "end", self.options.end_nM)
            self.strand((end,), f"End{number}_b", "waste")
        end = self.ends[toehold]
        return end, self.strands[end, toehold].name

    def strand(
        self, domains: Sequence, name: str, role: str, initial: float = 0.0, reaction: int | None = None
    ) -> Strand:
        """The strand with these domains, made if it is new."""
        if domains not in self.strands:
            name = fresh(name, self.names)
            self.names.add(name)
            self.strands[domains] = Strand(name, domains, role, initial, reaction)
        return self.strands[domains]

    def gate(self, duplex: Duplex, name: str, role: str, initial: float, latch: Sequence, reaction: int) -> str:
        """Add a gate; one of the same structure takes the amount up. All its tops must have names by now."""
        if duplex in self.complexes:
            old = self.complexes[duplex]
            self.complexes[duplex] = replace(old, initial=old.initial + initial)
            return old.name
        name = fresh(name, self.names)
        self.names.add(name)
        self.strand(complement(duplex.bottom), name + "_bottom", BOTTOM, reaction=reaction)
        latch_name = self.strands[latch].name
        self.complexes[duplex] = Complex(name, duplex, role, initial, latch_name, reaction)
        return name

    def bare(self, domain: str, name: str) -> Sequence:
        """A strand of one long domain, displaced for good."""
        return self.strand((domain,), name, "waste").domains


def fresh(name: str, taken: Container[str]) -> str:
    """``name``, or with underscores behind it until it is new."""
    while name in taken:
        name += "_"
    return name
