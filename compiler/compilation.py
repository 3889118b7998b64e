"""A design, or a network, at every level: the object behind ``strandgrad compile``, ``size`` and ``verify``.

In: a design, a network, a system, or the name or path of one. Out: a :class:`Compilation`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from compiler.design import Design, load_design
from compiler.texts import LEVELS, Given, Source, circuit, pot, read_source, system_of
from compiler.verification import Verification, verify_source
from dsd.errors import InputError
from dsd.expand import Expansion, expand
from dsd.network import Network
from dsd.pil import print_pil
from dsd.size import Size, size
from dsd.syntax import print_crn
from dsd.system import System
from dsd.system_report import PAIRS


@dataclass(frozen=True)
class Compilation:
    """What a source becomes; each level is made when it is first asked for, and kept.

    Levels before the one at which the source stands raise :class:`InputError`; so does a clock for a network that
    states no level. Where no concentrations meet the rates, ``system`` raises :class:`MappingError`.
    """

    source: Source

    @cached_property
    def formal(self) -> Network:
        """The Neural CRN, unitless, its reactions tagged by stage."""
        self._check("formal")
        return circuit(self.source).network

    @cached_property
    def clocked(self) -> Network:
        """One pot: the reactions joined to the oscillator, with one training sample dosed each period."""
        self._check("clocked")
        return pot(self.source).network

    @cached_property
    def system(self) -> System:
        """Strands, gates and fuels, in nM."""
        self._check("dsd")
        return system_of(self.source)

    @cached_property
    def expansion(self) -> Expansion:
        """The implementation network (nM, s), what its species mean, and what they are made of."""
        return expand(self.system)

    @property
    def network(self) -> Network:
        """The implementation network, or the one of a file at that level."""
        if self.source.level == "network" and self.source.network is not None:
            return self.source.network
        return self.expansion.network

    @cached_property
    def size(self) -> Size:
        """Strands, domains, nucleotides, species, reactions of the DNA."""
        return size(self.system, self.expansion)

    def verify(self, *, pairs: int = PAIRS, seed: int = 0) -> Verification:
        """Every gate shape, and the gates together, as :func:`~compiler.verification.verify`."""
        return verify_source(self.source, pairs=pairs, seed=seed)

    def text(self, level: str) -> str:
        """The text of a level (formal, clocked, dsd, network), which reads back."""
        if level == "dsd":
            return print_pil(self.system)
        self._check(level)
        networks = {"formal": lambda: self.formal, "clocked": lambda: self.clocked, "network": lambda: self.network}
        return print_crn(networks[level]())

    def _check(self, level: str) -> None:
        """Refuse a level before the source's own."""
        if level not in LEVELS[1:]:
            raise InputError(f"no level '{level}'; the levels are {', '.join(LEVELS[1:])}")
        plain = self.source.level == "plain"
        if LEVELS.index(level) < LEVELS.index("dsd" if plain else self.source.level):
            fact = "states no level" if plain else f"is at level {self.source.level}"
            raise InputError(
                f"{self.source.name} {fact}; it cannot be compiled to {level}; give a design or a file of an earlier "
                "level"
            )


def compile_design(
    source: Given,
    *,
    scheme: str | None = None,
    gating: str | None = None,
    sample: int = 1,
    settings: Design | str | None = None,
) -> Compilation:
    """Read a source, to be compiled to whatever level is asked for.

    ``scheme`` and ``gating`` replace the gate scheme and the gating strategy of the design. A design's pot is dosed
    with training row ``sample``, from 1. ``settings`` is a design, or the name or path of one, whose ``[clock]`` and
    ``[dna]`` a network is compiled with. Raises :class:`InputError` for what cannot be read.
    """
    chosen = load_design(settings) if isinstance(settings, str) else settings
    return Compilation(replace(read_source(source, chosen, scheme), gating=gating, sample=sample))


def compiled(
    source: Given, level: str, *, gating: str | None = None, sample: int = 1, design: str | None = None,
    scheme: str | None = None,
) -> str:  # fmt: skip
    """The text of ``source`` at ``level``; as :func:`compile_design`, whose ``settings`` are ``design``."""
    return compile_design(source, scheme=scheme, gating=gating, sample=sample, settings=design).text(level)
