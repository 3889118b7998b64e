"""The pipelined schedule without a clock: learners whose updates come a sample late.

In: a model or a formal circuit. Out: learners of the levels ``reference`` and ``formal``, peers of a pipelined pot.

While N3 and N4 of sample i run, N1 and N2 of sample i + 1 do (:mod:`clock.gating_pipelined`). With w(i) the weights
after the updates of samples 1 to i, the states and the error of sample i + 1 are those of w(i - 1), its feedback runs
at w(i), and makes the gradient that turns w(i) into w(i + 1). A step takes one sample through N1 and N2, lets the
update of the one before it land, and runs its feedback; predictions are at the weights that this leaves. The update of
the last sample of a training never lands.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from compiler.training.formal import Formal
from compiler.training.reference import Reference

Floats = NDArray[np.float64]


class PipelinedReference(Reference):
    """Gradient descent on the neural ODE, each gradient applied one sample late."""

    def step(self, x: Floats, y: Floats) -> float:
        """One sample forward, the update of the one before, its own gradient; returns the loss before all updates."""
        self.iteration += 1
        z, error = self.judged(x, y)
        self.theta = self.theta - self.model.eta * self.pending
        self.pending = self.backward(x, z, error)
        return 0.5 * float(error @ error)


OVERSHOT = 0.1
"""Share of the largest weight that may be left of a gradient: late updates overshoot zero at times, and turn back."""


class PipelinedFormal(Formal):
    """A Neural CRN in which N4 of a sample follows N2 of the next.

    What is left of a gradient because its single-rail weight ran out stays, and meets the next gradient, as the
    negative rail of a pot does.
    """

    allowed = OVERSHOT

    def step(self, x: Floats, y: Floats) -> float:
        """N1 and N2 of a sample, N4 of the one before, N3; returns the loss, read after N2."""
        loss, state = self.forward(x, y)
        landed = self.stage("N4", self._held)
        self._check_rails(self._named(landed))
        self._hold(self.stage("N3", np.where(self._kept, np.maximum(landed, 0.0), state)))
        return loss
