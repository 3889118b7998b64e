"""How far apart designed domains are, and how long that takes: the table of ``strandgrad bench sequences``.

In: numbers of long domains. Out: a :class:`Row` for each. The system is made for the purpose: one toehold t, and for
every long domain d the strands ``<t d>`` and ``<d t>``, as the signals and reverse strands of a compiled circuit are.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from dsd.domains import Domain
from dsd.sequences.design import design_sequences
from dsd.sequences.rules import Rules
from dsd.system import Strand, System


@dataclass(frozen=True)
class Row:
    """``domains`` designed in ``cpu_s``; energies in kcal/mol of the weakest intended and worst unintended duplex."""

    domains: int
    cpu_s: float
    on_weakest: float
    off_worst: float
    gap: float


def measured(numbers: Sequence[int], *, seed: int = 1, candidates: int = 1) -> tuple[Row, ...]:
    """Design so many domains of 20 nt over A, C and T, ``candidates`` sets of which the best counts.

    Raises :class:`InputError` as :func:`dsd.sequences.design.design_sequences` does.
    """
    design_sequences(signals(3), Rules(candidates=1), seed)  # compiles
    found = []
    for number in numbers:
        started = time.process_time()
        best = design_sequences(signals(number), Rules(candidates=candidates), seed)[0].quality
        took = time.process_time() - started
        found.append(Row(number, took, best.on_weakest, best.off_worst, best.gap))
    return tuple(found)


def signals(number: int, long_nt: int = 20, toehold_nt: int = 5) -> System:
    """A system of ``number`` long domains, each in front of and behind the one toehold."""
    long = [Domain(f"d{i}", long_nt) for i in range(number)]
    pairs = [(("t", d.name), (d.name, "t")) for d in long]
    strands = tuple(
        Strand(f"{kind}{i}", domains, "signal", 1.0)
        for i, pair in enumerate(pairs)
        for kind, domains in zip("xr", pair, strict=True)
    )
    return System((Domain("t", toehold_nt, toehold=True), *long), strands, ())


def table(rows: Sequence[Row]) -> str:
    """The rows as Markdown."""
    head = ["| domains | CPU s | weakest intended | worst unintended | gap, kcal/mol |", "|---|---|---|---|---|"]
    lines = [f"| {r.domains} | {r.cpu_s:.1f} | {r.on_weakest:.2f} | {r.off_worst:.2f} | {r.gap:.2f} |" for r in rows]
    return "\n".join(head + lines) + "\n"
