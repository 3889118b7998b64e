"""The last few percent of a clocked pot: its outputs and its updates against those of the exact model.

In: a design and its clocked network. Out: the same network with two factors measured on the pot itself, one on the
rates of N1, one on the reactions that make gradients.

:mod:`compiler.calibrate` makes N1 and N3 act for their durations. What is left is of second order: states still move
while they are handed over, so that an adjoint is first too low and then too high, and a flow that is not linear does
not forget it. Both show on the pot's own samples. Outputs are brought as close as one factor on N1 can, by a parabola
through the squared errors at ``TRIED``; then updates are compared with the exact gradient at the pot's own weights and
divided by the median of their ratios along it.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from compiler.design import Design
from compiler.joining import Clocked
from compiler.training.driver import Driver
from compiler.training.pilot import settled, spread
from compiler.training.reference import Reference
from dsd.errors import InputError
from dsd.network import Reaction

Floats = NDArray[np.float64]

TRIED = (0.9, 1.0, 1.1)
"""Factors on N1 at which outputs are compared; the best is sought between the first and the last."""

HALF, TWICE = 0.5, 2.0
"""Bounds of a believable ratio of updates: beyond them something else is wrong."""


def tuned(design: Design, pot: Clocked, samples: int) -> Clocked:
    """``pot`` with N1 and the making of gradients adjusted on ``samples`` training samples, spread over the table.

    Raises :class:`InputError` if the pot's updates are not even near the gradient, with their ratio.
    """
    x, y = spread(design.data, samples)
    return _stepped(design, _timed(design, pot, x), x, y)


def _timed(design: Design, pot: Clocked, x: Floats) -> Clocked:
    """The pot with the factor on N1 whose outputs are nearest to the model's."""
    wanted = Reference(design.neural).predict(x)
    errors = [float(np.sum((settled(scaled(pot, forward=f)).predict(x) - wanted) ** 2)) for f in TRIED]
    bend, slope, _ = np.polyfit(TRIED, errors, 2)
    best = -slope / (2 * bend) if bend > 0 else TRIED[int(np.argmin(errors))]
    return scaled(pot, forward=float(np.clip(best, TRIED[0], TRIED[-1])))


def _stepped(design: Design, pot: Clocked, x: Floats, y: Floats) -> Clocked:
    """The pot whose updates have the length of the model's."""
    driver = settled(pot)
    found = [ratio(design, driver, *sample) for sample in zip(x, y, strict=True)]
    known = [r for r in found if r is not None]
    if not known:
        return pot
    middle = float(np.median(known))
    if not HALF <= middle <= TWICE:
        raise InputError(
            f"the clocked pot of {design.name} changes its weights by {middle:.2f} of what the gradient asks for, "
            f"which tuning is not meant to mend; set [clock] tune = 0 and look at transfer, update and trough"
        )
    return scaled(pot, step=1.0 / middle)


def ratio(design: Design, driver: Driver, x: Floats, y: Floats) -> float | None:
    """One iteration of a pot: its update along the exact gradient over that gradient; None where that is zero."""
    model = Reference(design.neural)
    before = np.array(driver.weights())
    model.theta = before.copy()
    _, gradient = model.gradient(x, y)
    driver.iterate(x, y)
    driver.finish()
    change = before - np.array(driver.weights())
    size = float(gradient @ gradient) * design.neural.eta
    return float(change @ gradient) / size if size > 0 else None


def scaled(pot: Clocked, *, forward: float = 1.0, step: float = 1.0) -> Clocked:
    """The pot with the rates of N1 times ``forward``, and of the reactions that make gradients times ``step``."""
    gradients = {s.name for s in pot.network.species if s.role == "gradient"}

    def factor(r: Reaction) -> float:
        if r.stage == "N3":
            return step if any(change > 0 for n, change in r.net().items() if n in gradients) else 1.0
        return forward if r.stage == "N1" else 1.0

    reactions = tuple(replace(r, k=r.k * factor(r)) for r in pot.network.reactions)
    return replace(pot, network=replace(pot.network, reactions=reactions))
