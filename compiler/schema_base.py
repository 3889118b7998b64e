"""What the sections of a design file have in common: their base and the types of their keys."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, FiniteFloat

LARGEST = 1e12
"""No quantity of a design is larger, in whatever unit its key has."""

Real = Annotated[FiniteFloat, Field(ge=-LARGEST, le=LARGEST)]
Positive = Annotated[FiniteFloat, Field(gt=0, le=LARGEST)]
NonNegative = Annotated[FiniteFloat, Field(ge=0, le=LARGEST)]
Duration = Annotated[FiniteFloat, Field(gt=0, le=1e4)]
"""A time of the neural ODE, unitless; the paper's are below 5."""

Count = Annotated[int, Field(ge=1, le=100_000)]
Length = Annotated[int, Field(ge=1, le=1000)]
"""The length of a vector, or of a text's list."""

Seed = Annotated[int, Field(ge=0, lt=2**63)]
Names = Annotated[
    tuple[str, ...], Field(min_length=1), BeforeValidator(lambda given: (given,) if isinstance(given, str) else given)
]
"""One name, or a list of names."""
Vector = tuple[Real, ...]
Matrix = tuple[Vector, ...]


class Section(BaseModel):
    """Base of every section: frozen, and no key but the ones it lists."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=False, allow_inf_nan=False)
