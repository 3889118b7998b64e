"""``[faults]``: what goes wrong in the tube of level ``dsd``, all off by default."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, FiniteFloat

from compiler.schema_base import NonNegative, Section
from dsd.faults import LITERATURE
from dsd.faults import Faults as Strengths

Strength = bool | NonNegative
Fraction = bool | Annotated[FiniteFloat, Field(ge=0, lt=1)]


class Faults(Section):
    """``[faults]``: each key is ``false`` (off), ``true`` (the literature's value), or a number; see
    :class:`dsd.faults.Faults` for what it means. ``only`` restricts all of them to families of gates, such as
    ``["clock", "update"]``; ``seed`` is for the random ones.
    """

    leak: Strength = False
    initial_leak: Fraction = False
    inactive: Fraction = False
    truncation: Fraction = False
    occlusion: Strength = False
    scatter: Strength = False
    concentration: Strength = False
    seed: Annotated[int, Field(ge=0)] = 0
    only: tuple[str, ...] = ()

    def strengths(self, gates: tuple[str, ...] = ()) -> Strengths:
        """The numbers, restricted to ``gates`` (names of complexes) if there are any."""
        values = {name: getattr(self, name) for name in LITERATURE}
        numbers = {n: LITERATURE[n] if v is True else float(v) for n, v in values.items()}
        return Strengths(**numbers, seed=self.seed, only=gates)
