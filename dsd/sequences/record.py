"""The strands level: a nucleotide sequence for every domain, and so for every strand.

The text is a CSV table of domains, with what the set was made from in comments; :func:`parse_sequences` reads back
what :func:`print_sequences` prints::

    # seed = 1
    # candidate = 2
    domain,sequence
    t,CTTCA
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from dsd.domains import Sequence as Domains
from dsd.errors import InputError, TextError
from dsd.sequences.energy import LETTERS
from dsd.sequences.letters import reverse_complement
from dsd.system import Strand, System

_COUNT = re.compile(r"[0-9]{1,18}")


@dataclass(frozen=True)
class Sequences:
    """``table`` holds (domain, sequence 5' to 3'), in the system's order; ``candidate`` counts the sets of a seed."""

    table: tuple[tuple[str, str], ...]
    seed: int = 0
    candidate: int = 0

    @cached_property
    def domain(self) -> dict[str, str]:
        """The sequence of every domain by name."""
        return dict(self.table)

    def spell(self, domains: Domains) -> str:
        """The sequence of a strand, 5' to 3'; raises :class:`InputError` for a domain without one."""
        words = []
        for name in domains:
            plain = name.rstrip("*")
            if plain not in self.domain:
                raise InputError(f"domain {plain} has no sequence; design sequences for this very system")
            words.append(reverse_complement(self.domain[plain]) if name.endswith("*") else self.domain[plain])
        return "".join(words)

    def strands(self, system: System) -> tuple[tuple[Strand, str], ...]:
        """Every distinct strand of a system with its sequence, in the system's order."""
        return tuple((s, self.spell(s.domains)) for s in system.strands)


def print_sequences(sequences: Sequences) -> str:
    """The text of a set, ending in a newline."""
    head = [f"# seed = {sequences.seed}", f"# candidate = {sequences.candidate}", "domain,sequence"]
    return "\n".join([*head, *(f"{name},{word}" for name, word in sequences.table)]) + "\n"


def parse_sequences(text: str, source: str = "<text>") -> Sequences:
    """Read a set; raises :class:`TextError` with the place."""
    numbers = {"seed": 0, "candidate": 0}
    table: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith("#"):
            key, _, value = line[1:].partition("=")
            if key.strip() in numbers and _COUNT.fullmatch(value.strip()):
                numbers[key.strip()] = int(value)
        elif line.strip() and line != "domain,sequence":
            name, _, word = line.partition(",")
            if not word or set(word) - set(LETTERS) or name in table:
                fact = f"domain {name} stands here twice" if name in table else "this is no domain and its sequence"
                raise TextError(source, number, 1, line, fact, "write each domain once, as NAME,CTTCA")
            table[name] = word
    return Sequences(tuple(table.items()), **numbers)
