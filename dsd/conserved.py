"""What no reaction changes: linear sums of concentrations, and the check that an integration left them alone.

In: compiled kinetics. Out: :class:`Laws`. Strand totals are such sums, and whoever knows them passes them in; for
any other network :func:`found_laws` finds some, so that the check can always run.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.linalg import lsqr

from dsd.errors import InputError, SimulationError
from dsd.kinetics import MassAction
from dsd.tolerance import Tolerance

Floats = NDArray[np.float64]

DRIFT, ROUNDING = 10.0, 1e-7
"""Relative drift that is allowed: over rtol, and at least.

Newton's method adds none, and a pot's strand totals stay within 1e-12; but where rates are so far apart that the
identity is nearly lost in ``I - gamma J``, rounding lets a total drift as far as the error tolerance goes.
"""

FOUND, NOTHING, CLEAN = 2, 1e-9, 1e-10
"""How many laws are looked for, the weight that counts as none, and the change per reaction that does."""


@dataclass(frozen=True, eq=False)
class Laws:
    """Sums that are conserved: ``matrix`` (C, N), and the magnitude of its entries."""

    matrix: csr_array
    size: csr_array

    def drift(self, before: Floats, after: Floats, least: float = 0.0) -> float:
        """Largest change of a sum from state ``before`` to ``after`` (N,), relative to the sum of its parts' sizes.

        A part smaller than ``least`` counts as that.
        """
        if not self.matrix.shape[0]:
            return 0.0
        change = np.abs(self.matrix @ (after - before))
        scale = self.size @ np.maximum(np.maximum(np.abs(before), np.abs(after)), least)
        return float(np.max(change / np.maximum(scale, np.finfo(np.float64).tiny)))

    def check(self, before: Floats, after: Floats, time: float, tolerance: Tolerance) -> None:
        """Raise :class:`SimulationError` if a sum drifted by more than an integration to ``tolerance`` may let it.

        A sum of parts below ``atol`` is one that error control does not see: its drift counts as an error of that size.
        """
        drift = self.drift(before, after, DRIFT * tolerance.atol / ROUNDING)
        if not drift <= max(DRIFT * tolerance.rtol, ROUNDING):
            raise SimulationError(
                f"a conserved total drifted by {drift:.2g} of itself by t = {time:.6g}: the integration went wrong; "
                f"tighten rtol, or use another method",
                time,
            )


def given_laws(kinetics: MassAction, matrix: csr_array) -> Laws:
    """``matrix`` (C, N) as laws. Raises :class:`InputError` if a reaction changes one of its sums."""
    if matrix.shape[1] != kinetics.size:
        raise InputError(f"the conserved totals are of {matrix.shape[1]} species, the network has {kinetics.size}")
    changes: csr_array = csr_array(matrix) @ csr_array(kinetics.stoichiometry())
    changed = float(np.abs(changes.data).max(initial=0.0))
    if changed > 0.0:
        raise InputError(f"a reaction changes a conserved total by {changed:g}; leave that total out")
    return Laws(csr_array(matrix), abs(csr_array(matrix)))


def found_laws(kinetics: MassAction) -> Laws:
    """Random combinations of all laws of the network: none if it has none.

    Each is a random vector less the part of it that the reactions can change, by least squares (C. C. Paige and
    M. A. Saunders, LSQR, ACM Trans. Math. Softw. 8:43, 1982). A drift of any law shows in almost every combination.
    """
    changes = csr_array(kinetics.stoichiometry())
    rng = np.random.default_rng(0)
    laws = list[Floats]()
    for _ in range(FOUND if changes.nnz else 0):
        start = rng.uniform(0.5, 1.5, kinetics.size)
        amounts: Floats = lsqr(changes, start, atol=1e-14, btol=1e-14, iter_lim=4 * kinetics.size)[0]
        law: Floats = start - changes.dot(amounts)
        law[np.abs(law) < NOTHING] = 0.0
        left = float(np.abs(np.asarray(changes.T.dot(law))).max())
        if law.any() and left <= CLEAN * np.abs(law).max():
            laws.append(law)
    matrix = csr_array(np.array(laws).reshape(len(laws), kinetics.size))
    return Laws(matrix, abs(matrix))
