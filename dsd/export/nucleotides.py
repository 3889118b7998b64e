"""Strands as nucleotides: what sequence-bearing formats need to know of a sequence design."""

from __future__ import annotations

from collections.abc import Mapping

from dsd.domains import Sequence
from dsd.errors import InputError
from dsd.system import System

_COMPLEMENT = str.maketrans("ACGT", "TGCA")


def reverse_complement(bases: str) -> str:
    """The strand that pairs with ``bases``, both 5' to 3'."""
    return bases.translate(_COMPLEMENT)[::-1]


def spelled(domains: Sequence, sequences: Mapping[str, str]) -> str:
    """Nucleotides of a strand, 5' to 3'; ``sequences`` holds those of each unstarred domain."""
    return "".join(reverse_complement(sequences[d[:-1]]) if d.endswith("*") else sequences[d] for d in domains)


def check(system: System, sequences: Mapping[str, str]) -> None:
    """Raise :class:`InputError` unless every domain has as many of the bases A, C, G and T as it is long."""
    for d in system.domains:
        bases = sequences.get(d.name)
        if bases is None:
            raise InputError(f"domain {d.name} has no sequence; design sequences for the whole system")
        if len(bases) != d.length or set(bases) - set("ACGT"):
            fact = f"the sequence {bases} of domain {d.name} is not {d.length} bases of A, C, G and T"
            raise InputError(f"{fact}; correct it, or change the length of the domain")
