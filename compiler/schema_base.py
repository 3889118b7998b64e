"""What the sections of a design file have in common: their base and the types of their keys."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, FiniteFloat

Positive = Annotated[FiniteFloat, Field(gt=0)]
NonNegative = Annotated[FiniteFloat, Field(ge=0)]
Count = Annotated[int, Field(ge=1)]
Seed = Annotated[int, Field(ge=0)]
Names = Annotated[
    tuple[str, ...], Field(min_length=1), BeforeValidator(lambda given: (given,) if isinstance(given, str) else given)
]
"""One name, or a list of names."""
Vector = tuple[FiniteFloat, ...]
Matrix = tuple[Vector, ...]


class Section(BaseModel):
    """Base of every section: frozen, and no key but the ones it lists."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=False, allow_inf_nan=False)
