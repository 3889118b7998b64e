"""The formats there are, and what each needs: a new one is a new short file and a line here.

In: a :class:`Subject`, that is a network, or a DNA system with or without sequences. Out: files by name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from typing import Any

from dsd.errors import InputError
from dsd.network import Network
from dsd.sequences.record import Sequences
from dsd.system import System


@dataclass(frozen=True)
class Subject:
    """What is exported under ``name``: a ``system``, or else the ``network`` of a ``.crn``.

    ``sequences`` is None where none were designed. ``volume_uL`` of the pot, ``stock_uM`` of its strand stocks, and the
    largest ``doses`` in nM (None for the system's own) are for orders and protocols. Raises :class:`InputError` for
    sequences that do not fit the system.
    """

    name: str
    system: System | None = None
    plain: Network | None = None
    sequences: Sequences | None = None
    volume_uL: float = 50.0
    stock_uM: float = 1000.0
    doses: Mapping[str, float] | None = None

    def __post_init__(self) -> None:
        if self.system is not None and self.sequences is not None:
            _check(self.system, self.sequences)

    @cached_property
    def network(self) -> Network:
        """The network of a file, or the one that the system implements."""
        from dsd.expand import expand

        if self.system is not None:
            return expand(self.system).network
        assert self.plain is not None, "a subject has a system or a network"
        return self.plain


def _check(system: System, sequences: Sequences) -> None:
    """Raise unless every domain has a sequence as long as it is."""
    for d in system.domains:
        if len(bases := sequences.spell((d.name,))) != d.length:
            fact = f"domain {d.name} is {d.length} nt long, its sequence {bases} {len(bases)}"
            raise InputError(f"{fact}; design sequences for this very system")


@dataclass(frozen=True, slots=True)
class Format:
    """A format and its files, each a suffix and the ``module.function`` of :mod:`dsd.export` that writes it.

    ``needs`` is what the functions take: ``network``, ``system`` (and sequences where there are any), ``sequences`` (a
    system with them), or ``order`` (the whole subject, sequences included). ``library`` is the optional module that
    writes it.
    """

    name: str
    needs: str
    about: str
    files: tuple[tuple[str, str], ...]
    library: str = ""


FORMATS = {
    f.name: f
    for f in (
        Format("pil", "system", "kernel notation: Peppercorn, Nuskell", ((".pil", "texts.pil"),)),
        Format("crn", "network", "reactions, as strandgrad simulate reads them", ((".crn", "texts.crn"),)),
        Format("sbml", "network", "SBML L3V2", ((".xml", "sbml.print_sbml"),), "libsbml"),
        Format("antimony", "network", "Antimony: Tellurium", ((".ant", "antimony.antimony"),)),
        Format("catalyst", "network", "Julia: Catalyst.jl", ((".jl", "catalyst.catalyst"),)),
        Format("visual-dsd", "system", "Visual DSD program", ((".dsd", "visual_dsd.visual_dsd"),)),
        Format("graphml", "system", "who takes and frees what", ((".graphml", "graphml.graphml"),), "networkx"),
        Format("scadnano", "system", "strands to look at: scadnano", ((".sc", "scadnano.scadnano"),), "scadnano"),
        Format("sequences", "sequences", "a sequence a domain: strandgrad sequences", ((".csv", "texts.sequences"),)),
        Format("fasta", "order", "the strands to order, FASTA", ((".fasta", "orders.fasta"),)),
        Format("order", "order", "order sheet, CSV", (("-order.csv", "orders.bulk"),)),
        Format("plates", "order", "order sheet, xlsx plates", (("-plates.xlsx", "orders.plates"),), "openpyxl"),
        Format(
            "protocol", "order", "what to anneal and to pipette",
            (("-protocol.md", "orders.page"), ("-protocol.csv", "orders.table")),
        ),
        Format("genbank", "sequences", "a record a strand: GenBank", ((".gb", "genbank.genbank"),), "Bio"),
        Format("sbol", "sequences", "SBOL3, N-triples", ((".nt", "sbol.sbol"),), "sbol3"),
        Format(
            "oxdna", "sequences", "oxDNA topology and configuration",
            ((".top", "oxdna.topology"), (".dat", "oxdna.configuration")), "scadnano",
        ),
    )
}  # fmt: skip
"""Every format by name."""

SPELLED = ("sequences", "order")
"""Needs that include nucleotides."""

PACKAGES = {"libsbml": "python-libsbml", "Bio": "biopython"}
"""What pip calls a library whose module has another name."""


def named(name: str) -> Format:
    """The format of that name; raises :class:`InputError` for an unknown one."""
    from dsd.lexer import did_you_mean

    if name not in FORMATS:
        remedy = did_you_mean(name, tuple(FORMATS), f"there are {', '.join(FORMATS)}")
        raise InputError(f"--format: no format '{name}'; {remedy}")
    return FORMATS[name]


def lacks(format: Format, subject: Subject) -> str:
    """Why the subject cannot be written so, a clause with its remedy; empty if it can."""
    if format.needs != "network" and subject.system is None:
        return f"{format.name} needs strands, and {subject.name} is a network; compile it to dsd first"
    if format.needs in SPELLED and subject.system is not None and subject.system.tuned:
        return (
            f"{format.name} needs nucleotides, and {subject.name} has toeholds of strengths that no sequences are for"
        )
    if format.needs in SPELLED and subject.sequences is None:
        return f"{format.name} needs nucleotides, and {subject.name} has none; design sequences first"
    return ""


def export(format: Format, subject: Subject) -> dict[str, str | bytes]:
    """The files of a format, by name. Raises :class:`InputError` for what the subject lacks, or a missing library."""
    if reason := lacks(format, subject):
        raise InputError(reason)
    return {subject.name + suffix: _write(format, path, subject) for suffix, path in format.files}


def _write(format: Format, path: str, subject: Subject) -> str | bytes:
    module, function = path.split(".")
    write: Callable[..., Any] = getattr(import_module(f"dsd.export.{module}"), function)
    if format.needs == "network":
        content = write(subject.network, subject.name)
    elif format.needs == "order":
        content = write(subject)
    else:
        content = write(subject.system, subject.name, subject.sequences)
    return content if isinstance(content, bytes) else str(content)
