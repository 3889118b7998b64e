"""The keys of ``[sequences]``: letters, words and energies that nucleotide sequences have to keep."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, FiniteFloat

from compiler.schema_base import LARGEST, Count, NonNegative, Section
from dsd.sequences.rules import Rules

Word = Annotated[str, Field(max_length=100)]
Fraction = Annotated[FiniteFloat, Field(ge=0, le=1)]


class SequencesSection(Section):
    """``[sequences]``: how sequences are chosen; every key as in :class:`dsd.sequences.rules.Rules`.

    Lengths stand in ``[dna]`` (``long_nt``, ``toehold_nt``). ``[sequences.fixed]`` gives sequences of domains by name.
    """

    alphabet: Word = "ACT"
    toehold_alphabet: Word = "ACT"
    gc_min: Fraction = 0.4
    gc_max: Fraction = 0.55
    toehold_gc_min: Fraction = 0.2
    toehold_gc_max: Fraction = 0.6
    max_run: Count = 3
    forbidden: Annotated[tuple[Word, ...], Field(max_length=1000)] = ()
    unique_nt: Annotated[int, Field(ge=0, le=12)] = 0
    min_gap_kcal: NonNegative = 10.0
    min_mfe_kcal: Annotated[FiniteFloat, Field(ge=-LARGEST, le=0)] = -2.0
    candidates: Count = 3
    tries: Annotated[int, Field(ge=1, le=10_000_000)] = 200_000
    fixed: dict[str, str] = Field(default_factory=dict)

    def rules(self) -> Rules:
        """As rules; raises :class:`InputError` for windows and letters that cannot be used."""
        keys = self.model_dump()
        fixed = tuple((name, word.upper()) for name, word in keys.pop("fixed").items())
        forbidden = tuple(word.upper() for word in keys.pop("forbidden"))
        return Rules(**keys, forbidden=forbidden, fixed=fixed)
