"""Our network against Peppercorn's, reaction by reaction, with species matched by structure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from dsd.domains import Duplex, Sequence, Top, complement
from dsd.errors import StrandgradError
from dsd.expand import Expansion
from dsd.kernel import Structure, from_duplex, print_kernel, strand_structure
from dsd.network import Network, Reaction
from dsd.peppercorn import Condensed
from dsd.rotation import canonical
from dsd.system import System

PER_MOLAR = 1e9
"""/nM as /M."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Two sides of a reaction on which the networks disagree: ``ours`` and ``theirs`` are arrows or rates."""

    left: str
    right: str
    ours: str
    theirs: str

    def __str__(self) -> str:
        return f"{self.left} | {self.right}: {self.ours} here, {self.theirs} in Peppercorn"


def compare_networks(
    ours: Network,
    structure: Mapping[str, Structure],
    theirs: Iterable[Condensed],
    toeless: Iterable[Reaction] = (),
    rtol: float = 1e-3,
) -> tuple[Difference, ...]:
    """Every pair of sides that one network connects in other directions, or at other rates, than the other.

    ``structure`` gives our species' complexes. ``toeless`` steps are left out: Peppercorn has no reaction without a
    toehold. Rate constants (``ours`` in nM and s) agree within ``rtol``. Raises :class:`StrandgradError` where two
    of our species are one complex.
    """
    skipped = set(toeless)
    name = {canonical(s): x for x, s in structure.items()}
    if len(name) < len(structure):
        same = sorted(x for x, s in structure.items() if name[canonical(s)] != x)
        raise StrandgradError(f"species {', '.join(same)} have the structure of another species; name each one once")
    here = {(key(r.reactants), key(r.products)): r.k * PER_MOLAR ** (r.order - 1) for r in ours if r not in skipped}
    there = {(_named(c.reactants, name), _named(c.products, name)): c.rate for c in theirs}
    pairs = dict.fromkeys(min(p, p[::-1]) for p in sorted([*here, *there]))
    return tuple(d for left, right in pairs for d in _differences(left, right, here, there, rtol))


def structures(system: System, expansion: Expansion) -> dict[str, Structure]:
    """The structure of every species, rebuilt from the strands that it holds: tops from left to right, then bottom."""
    domains = {s.name: s.domains for s in system.strands}
    found: dict[str, Structure] = {}
    for species, held in expansion.composition.table:
        *tops, last = (domains[s] for s in held)
        if not tops:
            found[species] = strand_structure(last)
            continue
        duplexes = list(_tilings(complement(last), tops))
        if len(duplexes) != 1:
            raise StrandgradError(f"the strands of {species} fit together in {len(duplexes)} ways; they should in one")
        found[species] = from_duplex(duplexes[0])
    return found


def toeless_steps(system: System, ours: Network) -> tuple[Reaction, ...]:
    """The steps of the network that start without a toehold."""
    pairs = {(gate, strand) for strand, gate in system.toeless}
    return tuple(r for r in ours if r.reactants in pairs)


def key(names: Iterable[str]) -> tuple[str, ...]:
    """One side of a reaction, order apart."""
    return tuple(sorted(names))


def _tilings(bottom: Sequence, tops: list[Sequence], start: int = 0) -> Iterator[Duplex]:
    """Every way to place the tops on the bottom in their order without overlap."""
    if not tops:
        yield Duplex(bottom, ())
        return
    for offset in range(start, len(bottom) - len(tops[0]) + 1):
        if bottom[offset : offset + len(tops[0])] == tops[0]:
            for rest in _tilings(bottom, tops[1:], offset + len(tops[0])):
                yield Duplex(bottom, (Top(offset, tops[0]), *rest.tops))


Side = tuple[str, ...]
Rates = Mapping[tuple[Side, Side], float]


def _named(side: Iterable[Structure], name: Mapping[Structure, str]) -> Side:
    return key(name.get(s) or f"[{print_kernel(s)}]" for s in side)


def _differences(left: Side, right: Side, here: Rates, there: Rates, rtol: float) -> Iterator[Difference]:
    arrows = [_arrow(left, right, rates) for rates in (here, there)]
    if arrows[0] != arrows[1]:
        yield Difference(" + ".join(left), " + ".join(right), *arrows)
        return
    for before, after in ((left, right), (right, left)):
        if (before, after) not in here:
            continue
        ours, theirs = here[before, after], there[before, after]
        if not math.isclose(ours, theirs, rel_tol=rtol):
            unit = "/M" * (len(before) - 1) + "/s"
            yield Difference(" + ".join(before), " + ".join(after), f"{ours:.4g} {unit}", f"{theirs:.4g} {unit}")


def _arrow(left: Side, right: Side, rates: Rates) -> str:
    forward, back = (left, right) in rates, (right, left) in rates
    return {(True, True): "<=>", (True, False): "->", (False, True): "<-", (False, False): "nothing"}[forward, back]
