"""``[faults]``: what goes wrong in the tube of level ``dsd``, all off by default."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, FiniteFloat, ValidationInfo

from compiler.schema_base import NonNegative, Section, Seed
from dsd.faults import LITERATURE
from dsd.faults import Faults as Strengths


def _number(given: Any, info: ValidationInfo) -> Any:
    """``true`` as the literature's value of the key, ``false`` as 0."""
    if isinstance(given, bool):
        return LITERATURE[str(info.field_name)] if given else 0.0
    return given


Strength = Annotated[NonNegative, BeforeValidator(_number)]
Fraction = Annotated[FiniteFloat, Field(ge=0, lt=1), BeforeValidator(_number)]


class Faults(Section):
    """``[faults]``: each key is ``false`` (off), ``true`` (the literature's value), or a number; see
    :class:`dsd.faults.Faults` for what it means. ``only`` restricts all of them to families of gates, such as
    ``["clock", "update"]``; ``seed`` is for the random ones.
    """

    leak: Strength = 0.0
    initial_leak: Fraction = 0.0
    inactive: Fraction = 0.0
    truncation: Fraction = 0.0
    occlusion: Strength = 0.0
    scatter: Strength = 0.0
    concentration: Strength = 0.0
    seed: Seed = 0
    only: tuple[str, ...] = ()

    def strengths(self, gates: tuple[str, ...] = ()) -> Strengths:
        """The numbers, restricted to ``gates`` (names of complexes) if there are any."""
        return Strengths(**{name: getattr(self, name) for name in LITERATURE}, seed=self.seed, only=gates)
