"""Events per second of exact stochastic simulation, ours and that of peers that are installed.

In: a network and a volume. Out: a :class:`Rate` for each simulator, and the table of them. All simulate the same
network over the same time, so the same number of events on average; CPU time is that of this process and its children,
without compilation. Peers are not part of Strandgrad: install ``gillespy2`` and ``libroadrunner`` beside it.
"""

from __future__ import annotations

import os
import resource
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from dsd.network import Network
from dsd.stochastic import stochastic

Run = Callable[[int], object]
"""Simulate once at a seed."""


@dataclass(frozen=True)
class Rate:
    """``events`` simulated (for peers: expected) in ``cpu_s`` seconds of processor time."""

    simulator: str
    events: float
    cpu_s: float

    @property
    def per_second(self) -> float:
        """Events per second on one core."""
        return self.events / self.cpu_s


def rates(network: Network, omega: float, until: float, *, repeats: int = 3, share: float = 1.0) -> Iterator[Rate]:
    """Rates at ``omega`` molecules per concentration unit up to ``until``, best of ``repeats``, interleaved.

    Slow peers simulate only ``share`` of the time. The quasi-equilibrium method is credited with the exact method's
    events, since that is what it saves its user.
    """
    events = stochastic(network, until, omega=omega, seed=0).events
    runs: dict[str, tuple[Run, float]] = {
        "strandgrad exact": (lambda seed: stochastic(network, until, omega=omega, seed=seed), 1.0),
        "strandgrad quasi": (lambda seed: stochastic(network, until, omega=omega, seed=seed, method="quasi"), 1.0),
    }
    if find_spec("gillespy2"):
        runs["GillesPy2 SSACSolver"] = _gillespy(network, omega, until * share), share
    if find_spec("roadrunner"):
        runs["libRoadRunner gillespie"] = _roadrunner(network, omega, until * share), share
    for run, _ in runs.values():
        run(0)
    rounds = [{name: _timed(run, seed) for name, (run, _) in runs.items()} for seed in range(1, repeats + 1)]
    for name, (_, part) in runs.items():
        yield Rate(name, events * part, min(r[name] for r in rounds))


def csv_table(found: Sequence[Rate]) -> str:
    """One line for each simulator."""
    lines = [f"{r.simulator},{r.events:.0f},{r.cpu_s!r},{r.per_second!r}" for r in found]
    return "\n".join(["simulator,events,cpu_s,events_per_s", *lines]) + "\n"


def markdown(found: Sequence[Rate], title: str) -> str:
    """The same to read, each beside how many times as fast the exact method here is."""
    ours = found[0].per_second
    lines = [f"# {title}", "", "| simulator | million events / CPU s | exact, times as fast |", "|---|---|---|"]
    lines += [f"| {r.simulator} | {r.per_second / 1e6:.3g} | {ours / r.per_second:.3g} |" for r in found]
    return "\n".join(lines) + "\n"


def _timed(run: Run, seed: int) -> float:
    before = _cpu()
    run(seed)
    return _cpu() - before


def _cpu() -> float:
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(u.ru_utime + u.ru_stime for u in used)


def _gillespy(network: Network, omega: float, until: float) -> Run:
    """GillesPy2 in C++; its own mass action halves ``2 S`` propensities, so that constant is doubled."""
    import gillespy2 as g

    model = g.Model(name="network")
    species = {s.name: g.Species(name=s.name, initial_value=round(s.initial * omega)) for s in network.species}
    model.add_species(list(species.values()))
    for i, r in enumerate(network.reactions):
        ways = 2 if len(set(r.reactants)) < r.order else 1
        k = g.Parameter(name=f"k{i}", expression=ways * r.k * omega ** (1 - r.order))
        model.add_parameter(k)
        sides = [{species[n]: side.count(n) for n in dict.fromkeys(side)} for side in (r.reactants, r.products)]
        model.add_reaction(g.Reaction(name=f"r{i}", reactants=sides[0], products=sides[1], rate=k))
    model.timespan(g.TimeSpan.linspace(t=until, num_points=2))
    with _own_packages():
        solver = g.SSACSolver(model=model)
    return lambda seed: solver.run(seed=seed + 1)


@contextmanager
def _own_packages() -> Iterator[None]:
    """Child processes find the packages of this environment: GillesPy2 builds with the interpreter it links to."""
    found, before = find_spec("SCons"), os.environ.get("PYTHONPATH")
    if found and found.origin:
        os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (str(Path(found.origin).parents[1]), before)))
    try:
        yield
    finally:
        os.environ.pop("PYTHONPATH", None)
        if before is not None:
            os.environ["PYTHONPATH"] = before


def _roadrunner(network: Network, omega: float, until: float) -> Run:
    """libRoadRunner's Gillespie integrator on counts as amounts, propensities written out."""
    import roadrunner

    model = roadrunner.RoadRunner(_sbml(network, omega))
    model.setIntegrator("gillespie")
    integrator = model.getIntegrator()
    integrator.setValue("variable_step_size", False)

    def run(seed: int) -> object:
        model.reset()
        integrator.setValue("seed", seed + 1)
        return model.simulate(0, until, 2)

    return run


def _sbml(network: Network, omega: float) -> str:
    """Level 3 version 1, one unit compartment, amounts, kinetic laws with falling factorials."""
    species = "".join(
        f'<species id="{s.name}" compartment="c" initialAmount="{round(s.initial * omega)}" '
        'hasOnlySubstanceUnits="true" boundaryCondition="false" constant="false"/>'
        for s in network.species
    )
    reactions = []
    for i, r in enumerate(network.reactions):
        sides = [
            "".join(
                f'<speciesReference species="{n}" stoichiometry="{side.count(n)}" constant="true"/>'
                for n in dict.fromkeys(side)
            )
            for side in (r.reactants, r.products)
        ]
        factors = [_number(r.k * omega ** (1 - r.order))]
        for n in dict.fromkeys(r.reactants):
            for less in range(r.reactants.count(n)):
                factors.append(f"<apply><minus/><ci>{n}</ci><cn>{less}</cn></apply>" if less else f"<ci>{n}</ci>")
        law = f'<math xmlns="http://www.w3.org/1998/Math/MathML"><apply><times/>{"".join(factors)}</apply></math>'
        reactions.append(
            f'<reaction id="r{i}" reversible="false" fast="false"><listOfReactants>{sides[0]}</listOfReactants>'
            f"<listOfProducts>{sides[1]}</listOfProducts><kineticLaw>{law}</kineticLaw></reaction>"
        )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><sbml xmlns="http://www.sbml.org/sbml/level3/version1/core" level="3" '
        'version="1"><model id="m"><listOfCompartments><compartment id="c" spatialDimensions="3" size="1" '
        f'constant="true"/></listOfCompartments><listOfSpecies>{species}</listOfSpecies>'
        f"<listOfReactions>{''.join(reactions)}</listOfReactions></model></sbml>"
    )


def _number(x: float) -> str:
    mantissa, exponent = f"{x:.17e}".split("e")
    return f'<cn type="e-notation">{mantissa}<sep/>{int(exponent)}</cn>'
