"""What is exported of a design or a file: its DNA system or its network, and the facts a manifest states.

In: a design, a network, a system, or the name or path of one. Out: :class:`Exported`, and files in a folder.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import metadata
from pathlib import Path
from typing import Any

from compiler.ordering import Progress, largest_doses
from compiler.texts import Given, lowered_of, read_source, system_of
from dsd.errors import InputError
from dsd.export.bundle import libraries, standing, write
from dsd.export.formats import FORMATS, SPELLED, Subject, lacks, named
from dsd.files import read_text
from dsd.network import Network
from dsd.optional import optional
from dsd.pil import print_pil
from dsd.sequences.record import parse_sequences
from dsd.sequences.rules import Rules
from dsd.syntax import print_crn
from dsd.system import System
from dsd.translate import is_folded


@dataclass(frozen=True)
class Exported:
    """A subject, the facts that its files depend on, the files it was made from, and the design's sequence rules."""

    subject: Subject
    facts: Mapping[str, Any]
    given: Mapping[str, str]
    rules: Rules | None = None


def export_design(
    source: Given,
    folder: str | Path,
    formats: Sequence[str] = (),
    *,
    scheme: str | None = None,
    sequences: str | None = None,
    seed: int = 0,
    candidates: int | None = None,
    progress: Progress = lambda label: lambda done, total: None,
) -> dict[str, Any]:
    """Write a source in the formats named, or in all that it can be written in, and return the manifest.

    A design or system is written as DNA and the network it implements, a network as it is, or with a ``scheme`` as DNA.
    Nucleotides are those of the file ``sequences``, or designed from ``seed`` where a format needs them; ``candidates``
    is how many sets are designed and ranked. What is left out is in the manifest under ``left_out``, with the reason;
    under ``unspelled`` is said why there are no nucleotides.
    ``progress(label)`` returns ``update(done, total)``.

    Raises :class:`InputError` for an unknown format, one that needs what the source lacks, and a missing library.
    """
    chosen = tuple(dict.fromkeys(named(n) for n in formats)) or tuple(FORMATS.values())
    libraries(chosen)
    found, unspelled = exported(source, sequences, scheme), ""
    if sequences is None and found.subject.system is not None and any(f.needs in SPELLED for f in chosen):
        try:
            found = with_sequences(found, str(folder), seed, candidates, progress)
        except InputError as error:
            if formats:
                raise
            unspelled = str(error)
    if formats and (reason := next(filter(None, (lacks(f, found.subject) for f in chosen)), "")):
        raise InputError(reason)
    manifest = write(folder, found.subject, chosen, found.facts, progress("exporting"), found.given, bool(formats))
    return manifest | {"unspelled": unspelled} if unspelled else manifest


def exported(source: Given, sequences: str | None = None, scheme: str | None = None) -> Exported:
    """The DNA system of a design or ``.pil``, or the network of a ``.crn`` as it is.

    With a ``scheme`` a ``.crn`` becomes DNA too. ``sequences`` is a file as ``strandgrad sequences`` writes it. Raises
    :class:`InputError` for what cannot be read or lowered, or for sequences without strands.
    """
    from compiler import __version__

    begun = read_source(source, scheme=scheme)
    if begun.design:
        path, text = begun.design.path, read_text(begun.design.path)
    elif isinstance(source, Network):
        path, text = Path("network"), print_crn(source)
    elif isinstance(source, System):
        path, text = Path("system"), print_pil(source)
    else:
        path, text = Path(begun.name), read_text(begun.name)
    name = begun.design.name if begun.design else path.stem
    digest = begun.design.digest if begun.design else _digest(text)
    facts: dict[str, Any] = {"strandgrad": __version__, "source": path.name, "digest": digest}
    facts |= {"scheme": scheme} if scheme else {}
    given = {f"{name}.toml": text} if begun.design else {}
    if begun.network is not None and scheme is None:
        if sequences is not None:
            raise InputError(f"{source} has no domains that --sequences could spell; compile it to dsd first")
        return Exported(Subject(name, plain=begun.network), facts, given)
    bases = None
    if sequences is not None:
        table = read_text(sequences)
        bases, facts["sequences"] = parse_sequences(table, sequences), _digest(table)
    lowered = lowered_of(begun) if begun.design and not is_folded(begun.dna.scheme) else None
    subject = Subject(
        name,
        system=lowered.system if lowered else system_of(begun),
        sequences=bases,
        volume_uL=begun.dna.volume_uL,
        stock_uM=begun.dna.stock_uM,
        doses=largest_doses(begun.design, lowered) if begun.design and lowered else None,
    )
    return Exported(subject, facts, given, begun.settings.sequences.rules() if begun.settings else None)


def with_sequences(found: Exported, folder: str, seed: int, candidates: int | None, progress: Progress) -> Exported:
    """The same with the best set of sequences of that seed: those in the folder, where the same facts led to them.

    ``candidates`` is how many sets to design and rank, None for the design's number. Raises :class:`InputError` as
    :func:`dsd.sequences.design.design_sequences` does, or for a network.
    """
    from dsd.sequences.design import design_sequences

    subject = found.subject
    if subject.system is None:
        raise InputError(f"{subject.name} is a network, which has no sequences; compile it to dsd first")
    optional("RNA", "seq")
    rules = found.rules or Rules()
    rules = rules if candidates is None else replace(rules, candidates=candidates)
    facts = {**found.facts, "seed": seed, "candidates": rules.candidates, "viennarna": metadata.version("viennarna")}
    if (text := standing(folder, f"{subject.name}.csv", {"name": subject.name, **facts})) is not None:
        best = parse_sequences(text, f"{folder}/{subject.name}.csv")
    else:
        best = design_sequences(subject.system, rules, seed, progress)[0].sequences
    return replace(found, subject=replace(subject, sequences=best), facts=facts)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
