"""Integrators side by side: ours by method, and what a user could pick instead.

In: a network, sample times and tolerances. Out: concentrations at the sample times, and CPU seconds. Every solver is
prepared once (:data:`SOLVERS`), and then run; a missing library makes ``prepare`` raise ImportError.
"""

from __future__ import annotations

import time
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from compiler.bench.klu import Klu
from dsd.export.sbml import print_sbml
from dsd.integrate import Engine, Method, Tolerance
from dsd.kinetics import MassAction, mass_action
from dsd.network import Network

Floats = NDArray[np.float64]
Run = Callable[[float, float], tuple[Floats, float]]
"""From rtol and atol to the samples (S, N) and the CPU seconds they took."""
Prepare = Callable[[Network, Floats], Run]

MAX_STEPS = 20_000
"""Steps that a solver may take from one sample to the next, where it can be told."""


def _timed(work: Callable[[], Any]) -> tuple[Floats, float]:
    before = time.process_time()
    samples = work()
    used = time.process_time() - before
    return np.asarray(samples, dtype=np.float64), used


def ours(method: Method) -> Prepare:
    """Strandgrad's engine, checks of conserved totals and of negative concentrations included."""

    def prepare(network: Network, times: Floats) -> Run:
        engine = Engine(network, method=method)

        def run(rtol: float, atol: float) -> tuple[Floats, float]:
            engine.tolerance = Tolerance(rtol, atol, floor=1e3 * atol, max_steps=MAX_STEPS)
            return _timed(lambda: engine.run(0.0, engine.initial, float(times[-1]), at=times).y[1:])

        return run

    return prepare


def scipy(method: Literal["BDF", "LSODA"]) -> Prepare:
    """SciPy's solve_ivp on our compiled right-hand side and Jacobian: sparse for BDF, dense for LSODA."""

    def prepare(network: Network, times: Floats) -> Run:
        from scipy.integrate import solve_ivp

        kinetics = mass_action(network)
        slopes, jacobian = _rhs(kinetics), _jacobian(kinetics, dense=method == "LSODA")
        start = np.array([s.initial for s in network.species])
        solve: Any = solve_ivp

        def run(rtol: float, atol: float) -> tuple[Floats, float]:
            def work() -> Floats:
                span = (0.0, times[-1])
                found = solve(slopes, span, start, method, times, rtol=rtol, atol=atol, jac=jacobian)
                if not found.success:
                    raise RuntimeError(found.message)
                rows: Floats = found.y.T
                return rows

            return _timed(work)

        return run

    return prepare


def _rhs(kinetics: MassAction) -> Callable[[float, Floats], Floats]:
    def slopes(t: float, y: Floats) -> Floats:
        out = np.empty_like(y)
        kinetics.rhs(y, out)
        return out

    return slopes


def _jacobian(kinetics: MassAction, *, dense: bool) -> Callable[[float, Floats], Any]:
    if dense:
        return lambda t, y: kinetics.jacobian_matrix(y).toarray()
    return lambda t, y: kinetics.jacobian_matrix(y).tocsc()


def roadrunner(network: Network, times: Floats) -> Run:
    """libRoadRunner's CVODE on our SBML."""
    import roadrunner as library

    model = library.RoadRunner(print_sbml(network))
    model.timeCourseSelections = [f"[{n}]" for n in network.names]  # names without primes are their own identifiers
    points = len(times) + 1

    def run(rtol: float, atol: float) -> tuple[Floats, float]:
        model.reset()
        integrator = model.getIntegrator()
        integrator.setValue("relative_tolerance", rtol)
        integrator.setValue("absolute_tolerance", atol)
        integrator.setValue("maximum_num_steps", MAX_STEPS)
        return _timed(lambda: np.array(model.simulate(0.0, float(times[-1]), points))[1:])

    return run


def pilsimulator(network: Network, times: Floats) -> Run:
    """Peppercorn's pilsimulator: the Python source that crnsimulator generates, by SciPy's odeint, without Jacobian."""
    import logging

    from crnsimulator import ReactionGraph, get_integrator

    short = {n: f"x{i}" for i, n in enumerate(network.names)}
    reactions = [[[short[n] for n in r.reactants], [short[n] for n in r.products], r.k] for r in network]
    start = [s.initial for s in network.species]
    logging.getLogger("my_loader").setLevel(logging.ERROR)  # the name that crnsimulator gives what it generates
    with TemporaryDirectory() as folder:
        path = str(Path(folder) / "odesystem.py")
        graph = ReactionGraph(reactions)
        left_out = [n for n in short.values() if n not in set(graph.species)]
        if left_out:
            raise RuntimeError(f"it takes no species without reactions, such as {left_out[0]}")
        graph.write_ODE_lib(sorted_vars=list(short.values()), concvect=start, jacobian=False, filename=path)
        integrate = get_integrator(path)

    def run(rtol: float, atol: float) -> tuple[Floats, float]:
        options = Namespace(
            p0=None, list_labels=False, labels=[], labels_strict=False, nxy=False, pyplot="", pyplot_labels=None,
            t0=0.0, t8=float(times[-1]), t_log=None, t_lin=len(times) + 1, atol=atol, rtol=rtol, mxstep=MAX_STEPS,
        )  # fmt: skip
        return _timed(lambda: [row[1:] for row in integrate(options)][1:])

    return run


def klu(network: Network, times: Floats) -> Run:
    """SUNDIALS CVODE with KLU, in C."""
    return Klu(mass_action(network), [s.initial for s in network.species], times).run


SOLVERS: dict[str, Prepare] = {
    "strandgrad ndf": ours("ndf"),
    "strandgrad krylov": ours("krylov"),
    "strandgrad dense": ours("dense"),
    "C CVODE+KLU": klu,
    "SciPy BDF": scipy("BDF"),
    "SciPy LSODA": scipy("LSODA"),
    "libRoadRunner": roadrunner,
    "pilsimulator": pilsimulator,
}
"""What can be compared, by name; ours first."""
