"""Control experiments: is it the chemistry that learns?

In: a design. Out: the validation loss after training pots in which something is missing or wrong, beside an intact
one. A pot without its clock must stop; one without a gate family, with shuffled targets or without targets must learn
worse; other initial weights must reach the same slopes; and when the target changes half-way, the pot must follow.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from compiler import pipeline
from compiler.datasets import Dataset
from compiler.design import Design
from compiler.training.driver import Driver
from compiler.training.pot import Pot, dsd_pot
from dsd.errors import SimulationError
from dsd.network import Reaction

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Control:
    """What came of one experiment.

    ``loss`` is the validation loss at its end (None if the pot stopped, and ``note`` says why); ``untrained`` the loss
    before; ``slopes`` (d,) are the outputs' slopes over the inputs, by inference in the pot.
    """

    name: str
    loss: float | None
    untrained: float
    slopes: tuple[float, ...] = ()
    note: str = ""


def families(pot: Pot) -> Mapping[str, tuple[str, ...]]:
    """Gate families of a DNA pot: name -> the gates (network species) that belong to it.

    A family is what implements one kind of reaction: a stage of the circuit, the clock, the annihilation of one role.
    """
    lowered = pot.lowered
    if lowered is None:
        return MappingProxyType({})
    role = {s.name: s.role for s in pot.clocked.network.species}
    found: dict[str, list[str]] = {}
    for reaction, module in zip(pot.clocked.network.reactions, lowered.system.modules, strict=True):
        found.setdefault(_family(reaction, role), []).extend(module.gates)
    return MappingProxyType({name: tuple(gates) for name, gates in found.items()})


def _family(r: Reaction, role: Mapping[str, str]) -> str:
    if r.stage == "clock":
        return "clock" if r.reactants else "seed flux"
    used = [n for n in r.reactants if r.net().get(n, 0) < 0]
    if r.stage == "fast":
        return f"{role[used[-1]]} annihilators"
    names = {"N1": "feedforward", "N2": "transfer", "N3": "feedback", "N4": "update"}
    if r.stage == "N4" and role[used[0]] != "gradient":
        return "flush"
    return f"{names[r.stage]} of {role[used[0]]}s" if r.stage == "N2" else names[r.stage]


def without(pot: Pot, gates: tuple[str, ...]) -> Pot:
    """The same pot with none of these gates, neither at the start nor in the stock."""
    network = pot.network.with_initial(**dict.fromkeys(gates, 0.0))
    return replace(pot, network=network, stock={n: v for n, v in pot.stock.items() if n not in gates})


def experiment(
    name: str,
    pot: Pot,
    design: Design,
    *,
    iterations: int,
    validation: int,
    data: Dataset | None = None,
    weights: tuple[float, ...] | None = None,
    targets: bool = True,
) -> Control:
    """Train a pot on ``iterations`` samples (in order, over and over) and validate it on ``validation`` samples."""
    data = data or design.data
    x, y = design.data.validation_x[:validation], data.validation_y[:validation]
    driver = Driver(pot, replenish_every=design.dna.replenish_every)
    if weights is not None:
        driver.set_weights(weights)
    untrained = float("nan")
    try:
        driver.settle()
        untrained = _loss(driver.predict(x), y)
        for i in range(iterations):
            row = i % len(data.train_x)
            driver.iterate(data.train_x[row], data.train_y[row] if targets else np.zeros_like(data.train_y[row]))
    except SimulationError as error:
        return Control(name, None, untrained, note=str(error))
    predicted = driver.predict(x)
    return Control(name, _loss(predicted, y), untrained, _slopes(x, predicted))


def _loss(predicted: Floats, y: Floats) -> float:
    return float(np.mean(np.sum((predicted - y) ** 2, axis=1)) / 2)


def _slopes(x: Floats, predicted: Floats) -> tuple[float, ...]:
    table = np.column_stack([x, np.ones(len(x))])
    return tuple(float(v) for v in np.linalg.lstsq(table, predicted[:, 0], rcond=None)[0][:-1])


def shuffled(data: Dataset, seed: int) -> Dataset:
    """The same inputs with the training targets in another order: nothing left to learn but their mean."""
    order = np.random.default_rng(seed).permutation(len(data.train_y))
    return replace(data, train_y=data.train_y[order])


def remapped(data: Dataset, slopes: tuple[float, ...], intercept: float) -> Dataset:
    """The same inputs with targets of another linear map, free of noise."""
    k = np.array(slopes)[:, None]
    return replace(
        data, train_y=data.train_x @ k + intercept, validation_y=data.validation_x @ k + intercept
    )


def dna_pot(design: Design) -> Pot:
    """The design's DNA pot."""
    return dsd_pot(pipeline.dsd(design), design.dna)


Progress = Callable[[str], None]
