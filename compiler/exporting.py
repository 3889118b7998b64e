"""What is exported of a design or a file: its DNA system or its network, and the facts a manifest states.

In: the name of a design, or the path of a ``.toml``, ``.pil`` or ``.crn`` file. Out: :class:`Exported`.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from compiler.texts import read_source, system_of
from dsd.errors import InputError
from dsd.export.formats import Subject
from dsd.files import read_text


@dataclass(frozen=True)
class Exported:
    """A subject, the facts that its files depend on, and the files it was made from, by name."""

    subject: Subject
    facts: Mapping[str, Any]
    given: Mapping[str, str]


def exported(source: str, sequences: str | None = None) -> Exported:
    """The DNA system of a design or ``.pil``, or the network of a ``.crn`` as it is.

    ``sequences`` is a CSV file with the columns domain and sequence. Raises :class:`InputError` for what cannot be read
    or lowered, or for sequences without strands.
    """
    from compiler import __version__

    begun = read_source(source)
    path = begun.design.path if begun.design else Path(source)
    text = read_text(path)
    name = begun.design.name if begun.design else path.stem
    digest = begun.design.digest if begun.design else _digest(text)
    facts: dict[str, Any] = {"strandgrad": __version__, "source": path.name, "digest": digest}
    bases = None
    if sequences is not None:
        if begun.network is not None:
            raise InputError(f"{source} has no domains that --sequences could spell; compile it to dsd first")
        rows = read_text(sequences)
        bases, facts["sequences"] = read_sequences(rows, sequences), _digest(rows)
    given = {path.name: text} if begun.design else {}
    if begun.network is not None:
        return Exported(Subject(name, plain=begun.network), facts, given)
    return Exported(Subject(name, system=system_of(begun), sequences=bases), facts, given)


def read_sequences(text: str, source: str) -> dict[str, str]:
    """Nucleotides by domain from CSV text with the columns domain and sequence; further columns are left alone."""
    rows = csv.DictReader(text.splitlines())
    if not {"domain", "sequence"} <= set(rows.fieldnames or ()):
        raise InputError(f"{source} lacks the columns domain and sequence; its first line must name them")
    return {row["domain"]: (row["sequence"] or "").upper() for row in rows}


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
