"""A clocked pot without reactions of more than two inputs: cubic dynamics and gated bimolecular reactions in pairs.

In: a clocked pot and samples. Out: the same pot with complexes (:mod:`dsd.bimolecular`), sized for what a pilot run of
the clocked network meets.
"""

from __future__ import annotations

from dataclasses import replace

from compiler.ballast import ballasted
from compiler.design import Design
from compiler.joining import Clocked
from compiler.operating import Floats, operating
from dsd.bimolecular import bimolecular
from dsd.errors import InputError

SCARCE = 0.01
"""Of a species that the pilot met less of than this share of the commonest, so much is allowed for."""


def asked(design: Design, pot: Clocked) -> Clocked:
    """``pot`` in pairs, or with ballast, as ``[dna]`` asks for; its firings counted if there are limits to keep."""
    x, y, dna = design.data.train_x, design.data.train_y, design.dna
    if dna.molecularity == "bimolecular" and dna.ballast:
        raise InputError(
            f"[dna] ballast = {dna.ballast:g} adds an input where molecularity = 'bimolecular' keeps to two; "
            f"set ballast = 0, or molecularity = 'joins'"
        )
    if dna.molecularity == "bimolecular":
        pot = paired(pot, x, y, dna.complex_share)
    if dna.ballast:
        pot = ballasted(pot, dna.ballast)
    return replace(pot, firings=operating(pot, x, y).firings) if dna.limits.stated else pot


def paired(pot: Clocked, xs: Floats, ys: Floats, share: float) -> Clocked:
    """``pot`` made bimolecular; as it is if it has no reaction of more than two reactants.

    ``share`` is the most of a signal that may stand in a complex at the peaks of a pilot over the first samples
    ``xs`` (n, d), ``ys`` (n, m).
    """
    if all(r.order <= 2 for r in pot.network):
        return pot
    peaks = operating(pot, xs, ys).peaks
    least = SCARCE * max(peaks.values())
    made = bimolecular(pot.network, {n: max(p, least) for n, p in peaks.items()}, share)
    return replace(pot, network=made.network, complexes=made.interpretation)
