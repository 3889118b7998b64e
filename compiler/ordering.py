"""From a design, or a file, to everything a laboratory orders: sequences, order sheets, protocol, quality report.

In: a design's name or path, or a ``.pil`` or ``.crn`` file, and a seed. Out: the texts and workbooks by file name.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from compiler import pipeline
from compiler.compilation import compiled
from compiler.design import Design, load_design
from compiler.schema import Dna
from compiler.schema_sequences import SequencesSection
from dsd.errors import InputError
from dsd.orders.lines import Line, lint, needs, order
from dsd.orders.prices import Prices, default_prices, parse_prices
from dsd.orders.protocol import protocol
from dsd.orders.protocol_text import markdown as protocol_page
from dsd.orders.protocol_text import table as protocol_table
from dsd.orders.sheets import bulk, fasta, plates
from dsd.pil import parse_pil
from dsd.sequences.design import Candidate, design_sequences
from dsd.sequences.quality_text import markdown as quality_page
from dsd.sequences.record import print_sequences
from dsd.sequences.rules import Rules
from dsd.system import System

Progress = Callable[[str], Callable[[float, float], None]]


@dataclass(frozen=True)
class Source:
    """What is ordered: a system, the rules of its sequences, its settings, and the largest doses (nM) if known."""

    title: str
    system: System
    rules: Rules
    dna: Dna
    doses: Mapping[str, float] | None


@dataclass(frozen=True)
class Order:
    """A finished order: candidates (best first), the lines of the best, warnings, and files by name."""

    candidates: tuple[Candidate, ...]
    lines: tuple[Line, ...]
    warnings: tuple[str, ...]
    files: Mapping[str, str | bytes]


def source(where: str, settings: str | None = None, candidates: int | None = None) -> Source:
    """Read a design or a file; ``settings`` names the design whose ``[dna]`` and ``[sequences]`` a file goes by."""
    design = load_design(settings) if settings else None
    if Path(where).suffix in (".pil", ".crn"):
        system, title, doses = parse_pil(compiled(where, "dsd", design=settings)), Path(where).stem, None
    else:
        given = load_design(where)
        design = design or given
        lowered = pipeline.dsd(given)
        system, title, doses = lowered.system, given.name, largest_doses(given, lowered)
    rules = (design.sequences if design else SequencesSection()).model_copy(
        update={} if candidates is None else {"candidates": candidates}
    )
    return Source(title, system, rules.rules(), design.dna if design else Dna(), doses)


def largest_doses(design: Design, lowered: pipeline.Lowered) -> dict[str, float]:
    """The largest dose (nM) of every strand over the training samples."""
    pot, largest = lowered.clocked, dict[str, float]()
    strand = {m[0]: name for name, m in reversed(lowered.interpretation.table) if len(m) == 1}
    for x, y in zip(design.data.train_x.tolist(), design.data.train_y.tolist(), strict=True):
        for species, value in pot.circuit.dose(x, y).items():
            nM = value * design.dna.unit_nM * pot.scale.get(species, 1.0)
            largest[strand[species]] = max(largest.get(strand[species], 0.0), nM)
    return largest


def place(
    wanted: Source,
    seed: int,
    *,
    volume_uL: float | None = None,
    stock_uM: float | None = None,
    prices: Prices | None = None,
    progress: Progress = lambda label: lambda done, total: None,
) -> Order:
    """Design sequences and write the order; volumes and stocks default to the design's.

    Raises :class:`InputError` where the search stalls, stocks are too thin, or a library is missing.
    """
    prices = prices or default_prices()
    volume = wanted.dna.volume_uL if volume_uL is None else volume_uL
    mixed = protocol(wanted.system, volume, wanted.dna.stock_uM if stock_uM is None else stock_uM, wanted.doses)
    candidates = design_sequences(wanted.system, wanted.rules, seed, progress)
    best = candidates[0].sequences
    lines = order(wanted.system, best, prices, needs(wanted.system, volume))
    files: dict[str, str | bytes] = {
        "sequences.csv": print_sequences(best),
        "order.csv": bulk(lines),
        "plates.xlsx": plates(lines),
        "strands.fasta": fasta(lines),
        "protocol.md": protocol_page(mixed, wanted.title),
        "protocol.csv": protocol_table(mixed),
        "quality.md": quality_page(candidates, wanted.title),
    }
    return Order(candidates, lines, lint(lines, prices), files)


def price_table(path: str | None) -> Prices:
    """A price table from a file, or the one that is shipped."""
    if path is None:
        return default_prices()
    from dsd.files import read_text

    return parse_prices(read_text(path), path)


def writable(folder: str) -> None:
    """Raise :class:`InputError` before the work begins if files cannot be written to a folder."""
    path = Path(folder)
    if path.exists() and not path.is_dir():
        raise InputError(f"{folder} is a file; name a folder to write to")
    nearest = next(p for p in (path, *path.absolute().parents) if p.exists())
    if not nearest.is_dir() or not os.access(nearest, os.W_OK):
        raise InputError(f"{folder} cannot be written: no permission in {nearest}; choose a folder you can write to")
