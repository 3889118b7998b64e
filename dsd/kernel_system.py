"""DNA systems of any structure: signals and fuels as kernel structures, for schemes that no duplex of nicks can hold.

In: a :class:`KernelSystem`. Out: its condensed network by Peppercorn, module by module, and a verdict for each: is it a
bisimulation of its reaction under the interpretation that the scheme knows?
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from dsd.bisimulation import counterexample, without
from dsd.domains import Domain, Sequence
from dsd.errors import StrandgradError
from dsd.kernel import Structure, print_kernel
from dsd.network import Reaction, describe
from dsd.peppercorn import TRIES, Condensed, crnverifier_bisimulation, enumerate_structures, search_bisimulation
from dsd.rotation import canonical, order
from dsd.shape_report import ShapeReport
from dsd.verdict import STRICT, Verdict

SEARCHED = "CRN bisimulation, its interpretation searched for"

Meaning = Callable[[Structure], tuple[str, ...]]


@dataclass(frozen=True)
class KernelModule:
    """One reaction: ``fuels`` are what is supplied for it, by name; ``signals`` its species' strands.

    ``meaning`` interprets every complex that can arise, ``carries`` tells which of them are signals that other modules
    take; ``shape`` is the reaction whatever its species are called. A meaning that is not ``complete`` speaks of
    signals only, and the rest is searched for; one that is hangs on the ``latch``, the strand of
    :class:`dsd.system.Complex`. ``kind`` is module or buffer.
    """

    reaction: Reaction
    shape: str
    fuels: tuple[tuple[str, Structure], ...]
    signals: tuple[tuple[str, Structure], ...]
    meaning: Meaning
    carries: Callable[[Structure], bool]
    complete: bool = True
    latch: Sequence = ()
    kind: str = "module"


@dataclass(frozen=True)
class KernelSystem:
    """A whole system: every domain, and a module for every reaction."""

    scheme: str
    domains: tuple[Domain, ...]
    modules: tuple[KernelModule, ...]

    @property
    def fuels(self) -> tuple[Structure, ...]:
        """Every supplied complex or strand once."""
        return _once(s for m in self.modules for _, s in m.fuels)

    @property
    def strands(self) -> tuple[tuple[str, ...], ...]:
        """Every strand to synthesise, free or bound, sorted."""
        parts = [s for m in self.modules for _, s in (*m.fuels, *m.signals)]
        return tuple(sorted({strand for s in parts for strand in s.strands}))


def enumerate_module(system: KernelSystem, module: KernelModule) -> tuple[Condensed, ...]:
    """The condensed reactions of a module's fuels and signals."""
    structures = [s for _, s in (*module.fuels, *module.signals)]
    used = {d.rstrip("*") for s in structures for strand in s.strands for d in strand}
    return enumerate_structures(structures, [d for d in system.domains if d.name in used])


def verify_kernel(system: KernelSystem) -> tuple[tuple[ShapeReport, ...], tuple[Condensed, ...]]:
    """A report for every shape, and the condensed reactions of all modules together, each once."""
    reports: dict[str, ShapeReport] = {}
    found: dict[Condensed, None] = {}
    for m in system.modules:
        begin = time.perf_counter()
        try:
            condensed = enumerate_module(system, m)
        except StrandgradError as error:
            condensed, verdict = (), Verdict(False, STRICT, str(error), (), False)
        else:
            verdict = _verdict(m, condensed) if m.shape not in reports else reports[m.shape].verdict
        found.update(dict.fromkeys(condensed))
        if m.shape in reports:
            reports[m.shape] = replace(reports[m.shape], count=reports[m.shape].count + 1)
            continue
        gates = tuple(name for name, _ in m.fuels)
        reports[m.shape] = ShapeReport(
            m.shape, system.scheme, verdict, "", (), len(condensed), time.perf_counter() - begin,
            "module", gates, describe(m.reaction), 1,
        )  # fmt: skip
    return tuple(reports.values()), tuple(found)


def _verdict(module: KernelModule, condensed: Iterable[Condensed]) -> Verdict:
    """Bisimulation under the scheme's interpretation, fuels taken as constant."""
    condensed = tuple(condensed)
    name = {canonical(s): n for n, s in (*module.fuels, *module.signals)}
    for s in _once(s for c in condensed for s in (*c.reactants, *c.products)):
        name.setdefault(s, f"i{len(name)}")
    ours = [Reaction(tuple(name[s] for s in c.reactants), tuple(name[s] for s in c.products)) for c in condensed]
    kept = without(ours, [n for n, _ in module.fuels])
    meaning = {n: module.meaning(s) for s, n in name.items()}
    if not module.complete:
        given = {n: meaning[n] for s, n in name.items() if module.carries(s)}
        found = search_bisimulation((module.reaction,), kept, given)
        if found is None:
            return Verdict(False, SEARCHED, f"no interpretation was found in {TRIES} tries", (), False)
        meaning = {n: found.get(n, ()) for n in meaning}
    notion = STRICT if module.complete else SEARCHED
    # An interpretation that was found is one of several, so modularity, which hangs on the choice, is not asked of it.
    signals = [n for s, n in name.items() if module.carries(s)] if module.complete else []
    against = counterexample((module.reaction,), kept, meaning, signals)
    if against:
        against += "".join(f"; {n} is [{print_kernel(s)}]" for s, n in name.items() if n in against.split())
    return Verdict(not against, notion, against, (), crnverifier_bisimulation((module.reaction,), kept, meaning))


def _once(structures: Iterable[Structure]) -> tuple[Structure, ...]:
    return tuple(sorted({canonical(s) for s in structures}, key=order))
