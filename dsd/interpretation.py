"""Interpretations: what an implementation species means in formal species.

A lowering returns the lower level and one of these, so results at any level can be read in formal variables.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Interpretation:
    """A table ``implementation species -> multiset of formal species`` (a tuple, with repetition).

    Species that are not listed, and fuels and waste listed with ``()``, mean nothing.
    """

    table: tuple[tuple[str, tuple[str, ...]], ...]

    @cached_property
    def mapping(self) -> Mapping[str, tuple[str, ...]]:
        """The table as a read-only mapping."""
        return MappingProxyType(dict(self.table))

    def __call__(self, name: str) -> tuple[str, ...]:
        """The formal multiset that ``name`` stands for."""
        return self.mapping.get(name, ())

    def then(self, upper: Interpretation) -> Interpretation:
        """Composition: lower -> middle by ``self``, middle -> formal by ``upper``."""
        return Interpretation(tuple((low, tuple(f for mid in mids for f in upper(mid))) for low, mids in self.table))

    def matrix(self, lower: Sequence[str], formal: Sequence[str]) -> NDArray[np.float64]:
        """Dense counts, shape ``(len(formal), len(lower))``: formal totals are ``matrix @ state``."""
        row = {name: i for i, name in enumerate(formal)}
        counts = np.zeros((len(formal), len(lower)))
        for j, name in enumerate(lower):
            for f in self(name):
                if f in row:
                    counts[row[f], j] += 1.0
        return counts


def identity(names: Sequence[str]) -> Interpretation:
    """Every species means itself."""
    return Interpretation(tuple((n, (n,)) for n in names))
