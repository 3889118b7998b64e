"""Reactions -> DNA system by a scheme whose gates may have any structure: the four-domain one, or Nuskell's.

In: a network and a :class:`~dsd.lowering.Lowering` that names the scheme. Out: a :class:`System`. The four-domain
scheme meets the network's rates (:mod:`dsd.buffering`). Nuskell's schemes know no rates: every gate and fuel is
supplied at :data:`SUPPLY_NM`, and what comes of it is what Peppercorn's rate model says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import chain, count

from dsd.buffering import Buffering, buffering
from dsd.domains import Sequence
from dsd.errors import InputError
from dsd.interpretation import Interpretation
from dsd.kernel import Structure, strand_structure, to_duplex
from dsd.kernel_system import KernelModule, KernelSystem
from dsd.lowering import Lowering
from dsd.mapping import check_units, ordered
from dsd.network import Dose, Network, Reaction, Threshold, describe
from dsd.pot import fresh
from dsd.rotation import canonical
from dsd.schemes import four_domain, nuskell
from dsd.system import BOTTOM, Complex, Module, Strand, System

SUPPLY_NM = 100.0
"""nM of every fuel, as Nuskell's own compiler gives them."""

Values = tuple[tuple[str, float], ...]


def lower_folded(network: Network, options: Lowering) -> System:
    """Gates and fuels by the scheme of ``options``.

    Raises :class:`MappingError` where the four-domain scheme cannot meet the rates, :class:`InputError` for units that
    do not fit and where Nuskell is not installed, :class:`StrandgradError` where it cannot translate the network.
    """
    check_units(network, options)
    further = count(len(network.reactions))
    meta: tuple[tuple[str, str], ...]
    network, index = _merged(ordered(network, options))
    if options.scheme == four_domain.NAME:
        found = buffering(network, options)
        kernel = four_domain.build(network, options.toehold_nt, options.long_nt, [x for x, _ in found.buffers])
        pot = _Pot(network, options, found.gamma * options.unit_nM)
        amounts, values = _amounts(kernel, found, options.cmax_nM)
        rates = (("qmax_per_M_s", repr(found.qmax * 1e9)), ("gamma", repr(found.gamma)))
        meta = (("profile", options.profile), *rates)
    else:
        kernel = nuskell.build(network, options.scheme)
        pot = _Pot(network, options, options.unit_nM)
        amounts = {name: SUPPLY_NM for m in kernel.modules for name, _ in m.fuels}
        values, meta = [()] * len(kernel.modules), (("profile", "peppercorn"),)
    for m, number, value in zip(kernel.modules, chain(index, further), values, strict=False):
        pot.add(m, number, amounts, value)
    return pot.system(kernel, meta)


def _merged(network: Network) -> tuple[Network, tuple[int, ...]]:
    """Equal reactions as one of the sum of their rates, and each one's index: the same gates cannot stand twice."""
    found: dict[tuple[Sequence, Sequence], Reaction] = {}
    index: dict[tuple[Sequence, Sequence], int] = {}
    for i, r in enumerate(network):
        key = (r.reactants, r.products)
        found[key] = replace(r, k=r.k + found[key].k) if key in found else r
        index.setdefault(key, i)
    return replace(network, reactions=tuple(found.values())), tuple(index.values())


def _amounts(kernel: KernelSystem, found: Buffering, cmax_nM: float) -> tuple[dict[str, float], list[Values]]:
    """Amount (nM) of every fuel by name, and what each module states of its rates."""
    amounts = {name: cmax_nM for m in kernel.modules for name, _ in m.fuels}
    values: list[Values] = []
    for m, r in zip(kernel.modules, found.records, strict=False):
        amounts[m.fuels[0][0]] = r.gate_nM
        if not m.reaction.reactants:
            amounts[m.fuels[-1][0]] = r.gate_nM
        values.append((("target", r.target), ("gate_nM", r.gate_nM), ("q_per_M_s", r.q * 1e9)))
    values += [(("gate_nM", cmax_nM), ("q_per_M_s", q * 1e9)) for _, q in found.buffers]
    return amounts, values


class _Pot:
    """The parts so far, each structure once; ``unit_nM`` is the total of one formal unit."""

    def __init__(self, network: Network, options: Lowering, unit_nM: float) -> None:
        self.network, self.options, self.unit_nM = network, options, unit_nM
        self.initial = {s.name: s.initial * unit_nM for s in network.species}
        self.signal: dict[str, str] = {}
        self.strands: dict[Sequence, Strand] = {}
        self.complexes: dict[Structure, Complex] = {}
        self.meaning: dict[str, tuple[str, ...]] = {}
        self.modules: list[Module] = []
        self.names: set[str] = {s.name.replace("'", "_prime") for s in network.species}

    def add(self, m: KernelModule, index: int, amounts: Mapping[str, float], values: Values) -> None:
        """The parts of one module."""
        for x, s in m.signals:
            self._signal(x, s)
        free = [(name, s) for name, s in m.fuels if _single(s)]
        fuels = [self._fuel(m, name, s.strands[0], amounts[name], index) for name, s in free]
        gates = [self._gate(m, name, s, amounts[name], index) for name, s in m.fuels if not _single(s)]
        self.modules.append(Module(index, describe(m.reaction), m.kind, tuple(gates), tuple(fuels), values))

    def _signal(self, x: str, s: Structure) -> None:
        if not _single(s):
            raise InputError(f"the signals of {self.options.scheme} are no single strands; choose another scheme")
        if x not in self.signal:
            name = self.signal[x] = x.replace("'", "_prime")
            self.strands[s.strands[0]] = Strand(name, s.strands[0], "signal", self.initial[x])
            self.meaning[name] = (x,)

    def _fuel(self, m: KernelModule, name: str, domains: Sequence, nM: float, index: int) -> str:
        """A single strand that is supplied; one that is of several modules belongs to none."""
        role = "fuel" if not m.complete else "reverse" if m.reaction.reactants else "initiator"
        old = self.strands.get(domains)
        if old is None:
            return self._strand(domains, name, role, nM, index)
        if old.role != "signal":
            self.strands[domains] = replace(old, role=role, initial=nM, reaction=None)
        return old.name

    def _strand(self, domains: Sequence, name: str, role: str, initial: float, index: int) -> str:
        if domains not in self.strands:
            name = fresh(name, self.names)
            self.names.add(name)
            self.strands[domains] = Strand(name, domains, role, initial, index)
        return self.strands[domains].name

    def _gate(self, m: KernelModule, name: str, s: Structure, initial: float, index: int) -> str:
        if (key := canonical(s)) in self.complexes:
            return self.complexes[key].name
        name = fresh(name, self.names)
        self.names.add(name)
        for number, strand in enumerate(s.strands):
            self._bound(m, name, strand, number, strand == s.strands[-1], index)
        latch = self.strands[m.latch].name if m.complete else ""
        role = "fuel" if not m.complete else "buffer" if m.kind == "buffer" else "gate"
        self.complexes[key] = Complex(name, to_duplex(s) or s, role, initial, latch, index)
        return name

    def _bound(self, m: KernelModule, gate: str, strand: Sequence, number: int, last: bool, index: int) -> None:
        """Name a strand of a gate: a form of a signal, the latch, or what only this gate has."""
        if strand in self.strands:
            return
        alone = strand_structure(strand)
        if m.carries(alone):
            (x,) = m.meaning(alone)
            name = self._strand(strand, f"{self.signal[x]}_{index}", "form", 0.0, index)
            self.meaning[name] = (x,)
        elif strand == m.latch and not last:
            name = self._strand(strand, f"O{index}", "translator", 0.0, index)
            self.meaning[name] = m.meaning(alone)
        elif last and m.complete:
            self._strand(strand, f"{gate}_bottom", BOTTOM, 0.0, index)
        else:
            self._strand(strand, f"{gate}_{number}", "waste", 0.0, index)

    def system(self, kernel: KernelSystem, meta: tuple[tuple[str, str], ...]) -> System:
        """The whole; ``meta`` is what there is to say of its rates."""
        o, used = self.options, {d.rstrip("*") for s in self.strands for d in s}
        units = (("unit_nM", repr(self.unit_nM)), ("unit_s", repr(o.unit_s)))
        return System(
            domains=tuple(d for d in kernel.domains if d.name in used),
            strands=tuple(self.strands.values()),
            complexes=tuple(self.complexes.values()),
            doses=tuple(self._doses(self.network.doses)),
            interpretation=Interpretation(tuple(self.meaning.items())),
            modules=tuple(self.modules),
            meta=(*self.network.meta, ("scheme", o.scheme), *meta, *units),
        )

    def _doses(self, doses: Iterable[Dose]) -> Iterable[Dose]:
        """Doses in nM of the total; thresholds watch what is free, one formal unit of which is ``options.unit_nM``."""
        for d in doses:
            at, watched = d.at, d.at.species if isinstance(d.at, Threshold) else ()
            idle = [x for x in (d.species, *watched) if x not in self.signal]
            if idle:
                raise InputError(f"a dose names {idle[0]}, which is in no reaction; leave the dose out")
            if isinstance(at, Threshold):
                at = Threshold(tuple(self.signal[x] for x in at.species), at.level * self.options.unit_nM, at.direction)
            else:
                at *= self.options.unit_s
            yield Dose(self.signal[d.species], d.amount * self.unit_nM, at)


def _single(s: Structure) -> bool:
    """A strand by itself, nothing of it paired."""
    return len(s.strands) == 1 and set(s.pairs) == {-1}
