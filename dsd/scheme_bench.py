"""Translation schemes side by side: what each makes of one network, and whether it is right.

In: a network. Out: a :class:`Row` a scheme; counts, not concentrations, so rates play no part.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from dsd.domains import Domain
from dsd.errors import StrandgradError
from dsd.expand import expand
from dsd.kernel_system import KernelSystem, verify_kernel
from dsd.lowering import Lowering
from dsd.network import Network
from dsd.shape_report import ShapeReport
from dsd.size import size
from dsd.structural import structural
from dsd.system_report import verify_gates
from dsd.translate import is_folded, kernel_system, scheme_names


@dataclass(frozen=True, slots=True)
class Row:
    """One scheme: ``fuels`` are complexes and single strands supplied, ``strands`` all distinct strands, free or bound.

    ``nucleotides`` are summed over strands. ``species`` and ``reactions`` are those of the implementation network, a
    reversible step counted twice. ``verified`` of ``shapes`` gate shapes hold under ``notion``; ``fault`` says what is
    wrong with the first other one. ``seconds`` are the CPU seconds of building and verifying.
    """

    scheme: str
    fuels: int
    complexes: int
    strands: int
    toehold_domains: int
    long_domains: int
    nucleotides: int
    species: int
    reactions: int
    shapes: int
    verified: int
    notion: str
    fault: str
    seconds: float

    @property
    def ok(self) -> bool:
        """Every shape holds."""
        return self.verified == self.shapes and not self.fault

    def as_dict(self) -> dict[str, Any]:
        """Field names and values, in order."""
        return asdict(self)


def schemes(network: Network, toehold_nt: int = 5, long_nt: int = 15) -> tuple[Row, ...]:
    """A row for every scheme there is here: :func:`~dsd.translate.scheme_names`."""
    return tuple(row(name, network, toehold_nt, long_nt) for name in scheme_names())


def row(scheme: str, network: Network, toehold_nt: int = 5, long_nt: int = 15) -> Row:
    """What one scheme makes of a network. Nuskell's have domains of 5 and 15 nt, whatever is asked of ours."""
    if is_folded(scheme):
        return _kernel(scheme, partial(kernel_system, scheme, network, toehold_nt, long_nt))
    return _duplexes(network, Lowering(scheme=scheme, toehold_nt=toehold_nt, long_nt=long_nt))


def unfinished(scheme: str, reason: str, seconds: float) -> Row:
    """The row of a scheme that came to nothing."""
    return Row(scheme, *(0,) * 10, "", reason, seconds)


def _duplexes(network: Network, options: Lowering) -> Row:
    begin = time.process_time()
    system, _ = structural(network, options)
    measured, report = size(system, expand(system)), verify_gates(system, pairs=0)
    return Row(
        scheme=options.scheme,
        fuels=measured.gate_complexes + measured.fuel_strands,
        complexes=measured.gate_complexes,
        strands=measured.distinct_strands,
        toehold_domains=measured.toehold_domains,
        long_domains=measured.long_domains,
        nucleotides=measured.nucleotides,
        species=measured.species,
        reactions=measured.reactions,
        **_verdict(report.shapes, report.faults),
        seconds=time.process_time() - begin,
    )


def _kernel(name: str, build: Callable[[], KernelSystem]) -> Row:
    """A scheme whose gates are no nicked duplexes; one that cannot build the network says why."""
    begin = time.process_time()
    try:
        system = build()
    except StrandgradError as error:
        return unfinished(name, str(error), time.process_time() - begin)
    reports, condensed = verify_kernel(system)
    length = {d.name: d.length for d in system.domains}
    used = [d for d in system.domains if d.name in {x.rstrip("*") for s in system.strands for x in s}]
    return Row(
        scheme=name,
        fuels=len(system.fuels),
        complexes=sum(len(s.strands) > 1 for s in system.fuels),
        strands=len(system.strands),
        toehold_domains=_count(used, True),
        long_domains=_count(used, False),
        nucleotides=sum(length[d.rstrip("*")] for strand in system.strands for d in strand),
        species=len({s for c in condensed for s in (*c.reactants, *c.products)}),
        reactions=len(condensed),
        **_verdict(reports, [r.fault for r in reports if not r.ok]),
        seconds=time.process_time() - begin,
    )


def _count(domains: Iterable[Domain], toehold: bool) -> int:
    return sum(d.toehold is toehold for d in domains)


def _verdict(reports: Iterable[ShapeReport], faults: Iterable[str]) -> dict[str, Any]:
    listed = tuple(reports)
    notions = dict.fromkeys(r.verdict.notion for r in listed)
    weakest = max(notions, key=len, default="")  # the relaxed notion is the strict one with an exception
    return {
        "shapes": len(listed),
        "verified": sum(r.ok for r in listed),
        "notion": weakest,
        "fault": next(iter(faults), ""),
    }
