"""Level ``formal``: the Neural CRN trains, each stage an integration of its own reactions.

In: a design. Out: a :class:`History`. As in the authors' simulations, a stage runs on its own for its duration (N1 and
N3 for T, N2 and N4 for ``eps``) and hands its end concentrations to the next; between iterations everything but weights
and bias is emptied. Unlike theirs, the update is a reaction too, and predictions are read from the network: N1 and N2
run without a target, and the adjoint then *is* the output.

What limits the accuracy: a discrete stage of duration eps at rate k leaves a fraction exp(-k eps) of a transfer
undone, and ``G + P ->`` on a single rail leaves about G exp(-k eps p) of a gradient, where p is the weight that
remains. With the defaults k = 1000 and eps = 1 the first is below the smallest double. On LinReg2D the smallest
weight is 0.02, so the second is 1e-9: the result then equals the reference to the integrator's tolerance
(k = 100 shifts theta by 1e-3, k = 10 by 0.2). What a single rail leaves is measured and reported.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Protocol, Unpack

import numpy as np
from numpy.typing import NDArray

from compiler.circuit import Circuit
from compiler.design import Design
from compiler.training.checkpoint import State
from compiler.training.history import History
from compiler.training.loop import reseeded, run
from compiler.training.options import Options
from dsd.automatic import Automatic
from dsd.errors import SimulationError
from dsd.integrate import Tolerance
from dsd.network import Network

Floats = NDArray[np.float64]

LEFTOVER = 0.01
"""Share of the largest weight that may be left of a gradient before a single rail counts as broken."""


class Integrator(Protocol):
    """What runs one stage."""

    @property
    def network(self) -> Network:
        """The reactions of the stage."""

    def run(self, y0: Floats, span: float) -> Floats:
        """The state (N,) after ``span`` from ``y0`` (N,)."""


class Formal:
    """A Neural CRN with its weights. ``leftover`` is the largest gradient that found no weight to annihilate.

    ``allowed`` is the share of the largest weight that it may be.
    """

    allowed = LEFTOVER

    def __init__(self, circuit: Circuit, *, eps: float = 1.0, rtol: float = 1e-8) -> None:
        self.circuit = circuit
        self.leftover = 0.0
        network = circuit.network
        forward, feedback = circuit.durations
        durations = {"N1": forward, "N2": eps, "N3": feedback, "N4": eps}
        tolerance = Tolerance(rtol=rtol, atol=rtol * 1e-3, floor=max(1e-8, rtol))
        self.stages: dict[str, tuple[Integrator, float]] = {
            stage: (
                Automatic(replace(network, reactions=network.stage(stage) + network.stage("fast")), tolerance),
                time,
            )
            for stage, time in durations.items()
        }
        self._start = np.array([s.initial for s in network.species], dtype=np.float64)
        roles = np.array([s.role for s in network.species])
        # Weights stay, and gradients that a batch has not spent yet; the rest is emptied between samples.
        self._kept = (roles == "parameter") | (roles == "gradient")
        self._spent = roles == "gradient"
        self._held = np.where(roles == "parameter", self._start, 0.0)
        self._iteration = 0

    def weights(self) -> Sequence[float]:
        """Weights in parameter order, a dual rail as its difference."""
        named = self._named(self._held)
        return [rail.read(named) for rail in self.circuit.parameters]

    def stage(self, stage: str, state: Floats) -> Floats:
        """Concentrations (N,) at the end of a stage that starts at ``state`` (N,)."""
        engine, duration = self.stages[stage]
        try:
            return engine.run(state, duration)
        except SimulationError as error:
            where = f"iteration {self._iteration}, stage {stage}: {error}"
            raise SimulationError(where, error.time) from None

    def infer(self, x: Floats) -> Floats:
        """Outputs (m,) for one input (d,): N1 and N2 without a target, then the adjoints are read."""
        return self._read(self.stage("N2", self.stage("N1", self._state(self.circuit.dose(list(x))))))

    def predict(self, x: Floats) -> Floats:
        """Outputs, shape (n, m), for inputs (n, d)."""
        return np.array([self.infer(row) for row in x]).reshape(len(x), len(self.circuit.outputs))

    def step(self, x: Floats, y: Floats) -> float:
        """All four stages for one sample; returns the loss, read from the adjoints before the update."""
        loss, state = self.forward(x, y)
        end = self.stage("N4", self.stage("N3", state))
        self._hold(np.where(self._spent, 0.0, end))
        self._check_rails(self._named(end))
        return loss

    def accumulate(self, x: Floats, y: Floats) -> float:
        """The first three stages for one sample: its gradient adds to what is there; returns the loss."""
        loss, state = self.forward(x, y)
        self._hold(self.stage("N3", state))
        return loss

    def snapshot(self) -> State:
        """What is held between samples, and how long each stage still integrates as a stiff one."""
        waits = {name: engine.wait for name, (engine, _) in self.stages.items() if isinstance(engine, Automatic)}
        return {"held": self._held, "leftover": self.leftover, "iteration": self._iteration, "waits": waits}

    def restore(self, state: State) -> None:
        """Go on from a snapshot."""
        self._held, self.leftover, self._iteration = state["held"], state["leftover"], state["iteration"]
        for name, (engine, _) in self.stages.items():
            if isinstance(engine, Automatic):
                engine.wait = state["waits"][name]

    def forward(self, x: Floats, y: Floats) -> tuple[float, Floats]:
        """N1 and N2 of one sample, a new iteration: its loss, and the concentrations (N,) after them."""
        self._iteration += 1
        state = self.stage("N2", self.stage("N1", self._state(self.circuit.dose(list(x), list(y)))))
        errors = self._read(state)
        return 0.5 * float(errors @ errors), state

    def _hold(self, state: Floats) -> None:
        # The integrator may undershoot zero by its own error (it fails beyond 1e-8); a concentration starts at >= 0.
        self._held = np.where(self._kept, np.maximum(state, 0.0), 0.0)

    def _state(self, amounts: Mapping[str, float]) -> Floats:
        state, index = self._held.copy(), self.circuit.network.index
        for name, amount in amounts.items():
            state[index[name]] = amount
        return state

    def _read(self, state: Floats) -> Floats:
        named = self._named(state)
        return np.array([sign * rail.read(named) for rail, sign in self.circuit.outputs])

    def _named(self, state: Floats) -> dict[str, float]:
        return dict(zip(self.circuit.network.names, state.tolist(), strict=True))

    def _check_rails(self, end: Mapping[str, float]) -> None:
        """A single rail cannot go below zero: the rest of the gradient stays behind, and learning is wrong."""
        single = [(p, g) for p, g in zip(self.circuit.parameters, self.circuit.gradients, strict=True) if not p.dual]
        scale = max([end[p.pos] for p, _ in single] + [1.0])
        for p, g in single:
            rest = max(0.0, end[g.pos])
            self.leftover = max(self.leftover, rest)
            if rest > self.allowed * scale:
                raise SimulationError(
                    f"iteration {self._iteration}: {rest:.3g} of {g.pos} is left because {p.name} has run out, or N4 "
                    f'is too short; set [model.rails] theta = "dual", lower learning_rate, or raise [formal] k_fast',
                    float(self._iteration),
                )


def train_formal(design: Design, **options: Unpack[Options]) -> History:
    """Train the formal Neural CRN of ``design``, stage by stage; ``extra`` has the largest gradient left over.

    Where two rails feed back on themselves (a moving adjoint, retraced states, weights on two rails) annihilation is
    added: it leaves every difference as it is, but without it both rails grow without bound, and the authors subtract
    them in software instead.

    Raises :class:`SimulationError` with the iteration if a stage blows up or a single-rail weight would go negative.
    """
    from compiler.training.pipelined import PipelinedFormal

    design = reseeded(design, options.get("seed"))
    f = design.dynamics
    growing = f.needs_states_back or not f.static_adjoint or design.neural.signed_weights
    circuit = design.circuit(annihilation=growing)
    learner = (PipelinedFormal if design.pipelined else Formal)(circuit, eps=design.formal.eps, rtol=design.formal.rtol)
    history = run("formal", design, learner, **options)
    return history.with_extra(largest_leftover_gradient=learner.leftover)
