"""How fast the formal level trains, beside general-purpose integrators on the same stages.

In: a design. Out: milliseconds per iteration (four stages) by integrator, single core, and a table of them.
``python -m compiler.bench_formal cubic-rings`` prints it.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

from compiler.design import Design, load_design
from compiler.training.formal import Formal
from dsd.integrate import Engine, Tolerance
from dsd.network import Network

Floats = NDArray[np.float64]
Solver = Callable[[Floats, float], Floats]


@dataclass(frozen=True)
class Timing:
    """``ms`` per iteration, over ``iterations`` of them; ``error`` is the largest deviation of a weight after these.

    The deviation is from our own run at a hundredth of the tolerance.
    """

    integrator: str
    ms: float
    iterations: int
    error: float


def bench(design: Design, *, iterations: int = 300, others: int = 5) -> tuple[Timing, ...]:
    """Time ``iterations`` of our own training, and ``others`` of it by CVODE, LSODA and BDF."""
    exact = [_weights(design, n, 0.01 * design.formal.rtol) for n in (iterations, others)]
    found = [_timed("Strandgrad", _learner(design), design, iterations, exact[0])]
    for name, make in (("CVODE BDF", _cvode), ("SciPy LSODA", _scipy("LSODA")), ("SciPy BDF", _scipy("BDF"))):
        learner = _learner(design)
        for stage, (_, duration) in list(learner.stages.items()):
            network = learner.stages[stage][0].network
            learner.stages[stage] = (_Fixed(network, make(network, design.formal.rtol)), duration)
        found.append(_timed(name, learner, design, others, exact[1]))
    return tuple(found)


def table(timings: tuple[Timing, ...], total: int) -> str:
    """The timings as text; ``total`` iterations are what a whole training takes."""
    lines = [f"{'integrator':<12}{'ms/iteration':>14}{f'{total} iterations, s':>24}{'weight error':>14}"]
    for t in timings:
        lines.append(f"{t.integrator:<12}{t.ms:>14.2f}{t.ms * total / 1000:>24.1f}{t.error:>14.1e}")
    return "\n".join(lines)


@dataclass(frozen=True)
class _Fixed:
    network: Network
    solver: Solver

    def run(self, state: Floats, span: float) -> Floats:
        return self.solver(state, span)


def _learner(design: Design, rtol: float | None = None) -> Formal:
    return Formal(design.circuit(annihilation=True), eps=design.formal.eps, rtol=rtol or design.formal.rtol)


def _weights(design: Design, iterations: int, rtol: float) -> Floats:
    learner = _learner(design, rtol)
    _train(learner, design, iterations)
    return np.array(learner.weights())


def _train(learner: Formal, design: Design, iterations: int) -> None:
    x, y = design.data.train_x, design.data.train_y
    for i in range(iterations):
        learner.step(x[i % len(x)], y[i % len(x)])


def _timed(name: str, learner: Formal, design: Design, iterations: int, exact: Floats) -> Timing:
    begin = time.perf_counter()
    _train(learner, design, iterations)
    ms = 1000 * (time.perf_counter() - begin) / iterations
    return Timing(name, ms, iterations, float(np.abs(np.array(learner.weights()) - exact).max()))


def _cvode(network: Network, rtol: float) -> Solver:
    engine = Engine(network, Tolerance(rtol=rtol, atol=1e-3 * rtol, floor=1e-6))
    return lambda state, span: engine.run(0.0, state, span, at=np.array([span])).state


def _scipy(method: Literal["LSODA", "BDF"]) -> Callable[[Network, float], Solver]:
    def make(network: Network, rtol: float) -> Solver:
        kinetics = Engine(network, Tolerance(rtol=rtol)).kinetics

        def rhs(t: float, y: Floats) -> Floats:
            out = np.empty_like(y)
            kinetics.rhs(y, out)
            return out

        def jacobian(t: float, y: Floats) -> Floats:
            dense: Floats = kinetics.jacobian_matrix(y).toarray()
            return dense

        def solve(state: Floats, span: float) -> Floats:
            solver: Any = solve_ivp  # its stubs do not know a Jacobian of plain floats
            found = solver(rhs, (0.0, span), state, method=method, rtol=rtol, atol=1e-3 * rtol, jac=jacobian)
            end: Floats = found.y[:, -1]
            return end

        return solve

    return make


def main() -> None:
    """Print the table for the design named on the command line."""
    design = load_design(sys.argv[1] if len(sys.argv) > 1 else "cubic-rings")
    print(table(bench(design), design.training.epochs * len(design.data.train_x)))


if __name__ == "__main__":
    main()
