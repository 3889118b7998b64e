"""The keys of ``[dna.limits]``: what a mapping has to keep to, and what it is to make small."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, FiniteFloat

from compiler.schema_base import Positive, Section

Objective = Literal["hours", "strands"]


class Limits(Section):
    """``[dna.limits]``: with any key of it given, units, pace and pools are chosen (:mod:`compiler.optimise`).

    ``objective``: the least lab time an iteration (``hours``), or the least strands in all. ``free`` gives species, or
    all of a role, another least free fraction than ``min_free``. ``strand_uM`` is the most of any one strand, bound and
    free, ``total_uM`` of all together (default: ``made_uM``). ``iteration_hours`` is the nominal lab time of an
    iteration (default for ``strands``: that of the pot without limits). ``depletion`` is the most an iteration may use
    of any gate or fuel, as a share, the clock's own apart (default: what the pot without limits uses). ``toehold_nt``
    lists lengths to choose from.
    """

    objective: Objective = "hours"
    free: dict[str, Annotated[FiniteFloat, Field(gt=0, lt=1)]] = Field(default_factory=dict)
    strand_uM: Positive | None = None
    total_uM: Positive | None = None
    iteration_hours: Positive | None = None
    depletion: Annotated[FiniteFloat, Field(gt=0, lt=1)] | None = None
    toehold_nt: tuple[Annotated[int, Field(ge=3, le=12)], ...] = ()

    @property
    def stated(self) -> bool:
        """Whether the section is there."""
        return bool(self.model_fields_set)
