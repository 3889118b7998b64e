"""Nucleic-acid energies, from ViennaRNA: the one place where its process-global parameters are set.

In: sequences 5' to 3' over A, C, G, T. Out: kcal/mol at the conditions of :class:`Conditions`. Lorenz et al.,
"ViennaRNA Package 2.0", Algorithms Mol. Biol. 6:26 (2011); DNA parameters after Mathews et al. (2004), as shipped with
ViennaRNA (``params_load_DNA_Mathews2004``), without G-T pairs.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import product
from types import ModuleType
from typing import TYPE_CHECKING

import numpy as np

from dsd.optional import optional

if TYPE_CHECKING:
    from numpy.typing import NDArray

LETTERS = "ACGT"
"""The letters, in the order of their codes 0 to 3; a letter and its complement add up to 3."""

LOOP_NT = 30
"""Longest interior loop or bulge, unpaired nt on both strands together, as in ViennaRNA (MAXLOOP)."""

_SMALL_NT = 6
"""Up to here loops have energies of their own; longer ones are the sum of a length and what either pair adds."""

_TYPES = (5, 1, 2, 6)  # ViennaRNA's pair types of A-T, C-G, G-C, T-A, by the code of the first letter


@dataclass(frozen=True, slots=True)
class Conditions:
    """What energies hold for. ``salt_M`` is the salt the parameters were measured in: 1.021 M NaCl, no Mg."""

    parameters: str = "DNA Mathews 2004, no G-T pairs"
    temperature_C: float = 25.0
    salt_M: float = 1.021
    software: str = ""

    def __str__(self) -> str:
        return f"{self.parameters}, {self.temperature_C:g} °C, {self.salt_M:g} M NaCl, {self.software}"


@dataclass(frozen=True)
class Tables:
    """Loop energies in 0.01 kcal/mol, taken from ViennaRNA one by one.

    ``loop[shape, first, last, inside]``: the loop between two pairs that enclose ``n1`` and ``n2`` unpaired nt, with
    ``shape = index[n1, n2]``, the code of the first letter of each pair, and the four letters next to them as a
    number in base 4. ``low[n1]`` is the least of all loops with ``n1`` unpaired nt on the first strand, stacks aside.
    ``end[first, before, after]`` is the end of a helix with its neighbours; code 4 stands for none.
    """

    index: NDArray[np.int32]
    loop: NDArray[np.int32]
    low: NDArray[np.int32]
    end: NDArray[np.int32]
    init: int

    @property
    def arrays(
        self,
    ) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32], NDArray[np.int32], int]:
        """The tables in the order in which the kernels take them."""
        return self.index, self.loop, self.low, self.end, self.init


def conditions() -> Conditions:
    """The conditions of every energy of this module."""
    return Conditions(software=f"ViennaRNA {_vienna().__version__}")


def fold(sequence: str) -> tuple[str, float]:
    """Minimum free energy structure (dots and brackets) of one strand, and its energy in kcal/mol."""
    structure, energy = _vienna().fold(sequence)
    return structure, float(energy)


def duplex(a: str, b: str) -> float:
    """Energy (kcal/mol) of the best duplex between two strands, without structure within either."""
    return float(_vienna().duplexfold(a, b).energy)


@cache
def _vienna() -> ModuleType:
    """ViennaRNA with its parameters loaded; raises :class:`InputError` if it is not installed."""
    rna: ModuleType = optional("RNA", "seq")
    rna.params_load_DNA_Mathews2004()
    rna.cvar.noGU = 1
    rna.cvar.temperature = Conditions().temperature_C
    rna.cvar.salt = Conditions().salt_M
    return rna


@cache
def tables() -> Tables:
    """The loop energies that ViennaRNA computes duplexes from, for a compiled kernel."""
    rna = _vienna()
    parameters = rna.param()
    shapes = [(n1, n2) for n1 in range(LOOP_NT + 1) for n2 in range(LOOP_NT + 1 - n1)]
    index = np.full((LOOP_NT + 1, LOOP_NT + 1), -1, dtype=np.int32)
    index[tuple(np.array(shapes).T)] = np.arange(len(shapes))
    loop = np.array([_loops(n1, n2, parameters) for n1, n2 in shapes], dtype=np.int32)
    least = loop.reshape(len(shapes), -1).min(axis=1)
    low = [min(least[j] for j, (n1, n2) in enumerate(shapes) if n1 == n and n1 + n2) for n in range(LOOP_NT + 1)]
    codes = (1, 2, 3, 4, -1)
    end = [[[rna.E_ExtLoop(t, a, b, parameters) for b in codes] for a in codes] for t in _TYPES]
    return Tables(index, loop, np.array(low, dtype=np.int32), np.array(end, dtype=np.int32), int(parameters.DuplexInit))


def _loops(n1: int, n2: int, parameters: object) -> NDArray[np.int32]:
    """Energies of all loops with n1 and n2 unpaired nt, shape (4, 4, 256) as in :class:`Tables`."""
    rna = _vienna()

    def one(first: int, last: int, a: int, b: int, c: int, d: int) -> int:
        # ViennaRNA reads the closing pair from the other side, and letters from 1.
        types = _TYPES[first], _TYPES[3 - last]
        return int(rna.E_IntLoop(n1, n2, *types, a + 1, b + 1, c + 1, d + 1, parameters))

    four = range(4)
    if n1 + n2 <= _SMALL_NT:
        every = [one(*at) for at in product(four, four, four, four, four, four)]
        return np.array(every, dtype=np.int32).reshape(4, 4, 256)
    opening = np.array([one(first, 0, a, b, 0, 0) for first, a, b in product(four, four, four)]).reshape(4, 1, 16, 1)
    closing = np.array([one(0, last, 0, 0, c, d) for last, c, d in product(four, four, four)]).reshape(1, 4, 1, 16)
    total: NDArray[np.int32] = (opening + closing - one(0, 0, 0, 0, 0, 0)).reshape(4, 4, 256).astype(np.int32)
    return total
