"""Control experiments: is it the chemistry that learns?

In: a design. Out: one :class:`Control` per experiment, all on the DNA pot with the same samples. A pot without its
clock must stop. Without any other gate family or without targets it must learn worse, or burn more strands for the
same. With shuffled targets it may learn no more than the formal circuit learns from the same shuffled table. Other
initial weights must reach the same outputs, and when the target changes half-way, the pot must follow.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from compiler import pipeline
from compiler.datasets import Dataset
from compiler.design import Design
from compiler.knockouts import families, without
from compiler.metrics import slopes
from compiler.training.driver import Driver
from compiler.training.history import losses
from compiler.training.pot import Pot, dsd_pot
from compiler.training.reference import Reference
from compiler.training.tube import total
from dsd.errors import SimulationError

Floats = NDArray[np.float64]

WORSE = 1.25
"""Validation loss over the intact pot's from which a control counts as learning worse."""

COSTLIER = 1.02
"""Strands used over the intact pot's from which a control counts as wasteful; runs repeat to six digits."""

SHUFFLED = 0.25
"""Survival beyond the exact model's that shuffled targets may leave. Over five shuffles it was -1.2 to 0.21: neither
has anything to settle on, so both end where their last samples left them."""

SEED = 20240831
"""Seed of the shuffled targets."""


@dataclass(frozen=True)
class Control:
    """What came of one experiment.

    ``loss`` is the validation loss at its end, None if the pot stopped (``note`` says why); ``untrained`` the one
    before, None if it never began. ``slopes`` (d,) are d yhat / d x by inference in the pot. ``formal_loss`` and
    ``formal_slopes`` are what the exact model reaches on the same samples from the same weights. ``used_uM`` is the
    strands pipetted in on the way.
    """

    name: str
    loss: float | None
    untrained: float | None
    slopes: tuple[float, ...]
    formal_loss: float
    formal_slopes: tuple[float, ...]
    used_uM: float
    note: str = ""


@dataclass(frozen=True)
class Plan:
    """One experiment: which gates are left out, which samples are presented, from which weights.

    ``parts`` are tables presented one after the other, each for an equal share of the iterations; the last one's
    validation samples judge. ``targets`` False doses none.
    """

    name: str
    parts: tuple[Dataset, ...]
    leave_out: str = ""
    weights: tuple[float, ...] | None = None
    targets: bool = True


def plans(design: Design) -> tuple[Plan, ...]:
    """All experiments for a design, the intact pot first."""
    data = (design.data,)
    pot = dna_pot(design)
    start = np.array(design.neural.initial)
    spread = np.linspace(2.0, 0.5, start.size)
    return (
        Plan("intact", data),
        *(Plan(f"without {name}", data, leave_out=name) for name in families(pot)),
        Plan("targets not dosed", data, targets=False),
        Plan("targets shuffled", (shuffled(design.data, SEED),)),
        Plan("other weights", data, weights=tuple(spread.tolist())),
        Plan("other weights, reversed", data, weights=tuple(spread[::-1].tolist())),
        Plan("target changes half-way", (design.data, remapped(design.data, design))),
    )


def dna_pot(design: Design) -> Pot:
    """The design's DNA pot."""
    return dsd_pot(pipeline.dsd(design))


def shuffled(data: Dataset, seed: int) -> Dataset:
    """The same inputs with the training targets in another order: nothing is left to learn but their mean."""
    order = np.random.default_rng(seed).permutation(len(data.train_y))
    return replace(data, train_y=data.train_y[order])


def remapped(data: Dataset, design: Design) -> Dataset:
    """The same inputs with the targets of another linear map, free of noise: 2, 1, 2, ... times the inputs, plus 1.

    For regression with positive weights; the map lies within what ``x (1 + T theta)`` can reach.
    """
    k = np.resize([2.0, 1.0], data.train_x.shape[1])[:, None]
    return replace(data, train_y=data.train_x @ k + 1.0, validation_y=data.validation_x @ k + 1.0)


def run(design: Design, plan: Plan, *, iterations: int, validation: int, pot: Pot | None = None) -> Control:
    """Carry out one experiment: ``iterations`` samples in order, over and over; ``validation`` samples judge."""
    pot = pot or dna_pot(design)
    if plan.leave_out:
        pot = without(pot, families(pot)[plan.leave_out])
    judge = replace(
        plan.parts[-1],
        validation_x=plan.parts[-1].validation_x[:validation],
        validation_y=plan.parts[-1].validation_y[:validation],
    )
    samples = tuple(_samples(plan, iterations))
    formal = _formal(design, plan, samples, judge)
    driver = Driver(pot, replenish_every=design.dna.replenish_every)
    if plan.weights is not None:
        driver.set_weights(plan.weights)
    untrained, note, predicted = None, "", None
    try:
        driver.settle()
        untrained = _loss(driver.predict(judge.validation_x), judge)
        for x, y in samples:
            driver.iterate(x, y if plan.targets else np.zeros_like(y))
        predicted = driver.predict(judge.validation_x)
    except SimulationError as error:
        note = str(error)
    return Control(
        plan.name,
        None if predicted is None else _loss(predicted, judge),
        untrained,
        () if predicted is None else _slopes(design, judge, predicted),
        _loss(formal, judge),
        _slopes(design, judge, formal),
        _used(driver),
        note,
    )


def _samples(plan: Plan, iterations: int) -> Sequence[tuple[Floats, Floats]]:
    out = []
    for i in range(iterations):
        part = plan.parts[i * len(plan.parts) // iterations]
        row = i % len(part.train_x)
        out.append((part.train_x[row], part.train_y[row]))
    return out


def _formal(design: Design, plan: Plan, samples: Sequence[tuple[Floats, Floats]], judge: Dataset) -> Floats:
    exact = Reference(design.neural)
    if plan.weights is not None:
        exact.theta = np.array(plan.weights)
    for x, y in samples:
        exact.step(x, y)
    return exact.predict(judge.validation_x)


def _loss(predicted: Floats, judge: Dataset) -> float:
    return float(np.mean(losses(predicted, judge.validation_y)))


def _slopes(design: Design, judge: Dataset, predicted: Floats) -> tuple[float, ...]:
    return tuple(slopes(design.with_data(judge), [list(row) for row in predicted]))


def _used(driver: Driver) -> float:
    return total(driver.pot.counts, driver.tube.added - driver.engine.initial) / 1000.0


def judged(control: Control, intact: Control) -> tuple[bool, str]:
    """Whether an experiment came out as it must if the chemistry learns, and in a few words how it came out."""
    if control.loss is None:
        return control.name.startswith(("without", "targets")), f"stops: {control.note.split(';')[0]}"
    if control.name == "intact":
        good = control.loss <= WORSE * control.formal_loss
        return good, f"learns: {control.loss:.4f} (exact model {control.formal_loss:.4f})"
    if intact.loss is None:
        return False, "the intact pot stops, so there is nothing to compare with"
    if control.name.startswith("without") or control.name == "targets not dosed":
        ratio, cost = control.loss / intact.loss, control.used_uM / intact.used_uM
        if ratio >= WORSE:
            return True, f"learns worse: loss {ratio:.3g} times the intact pot's"
        return cost >= COSTLIER, f"learns alike (loss {ratio:.2f}x), but uses {cost:.2f} times the strands"
    if control.name == "targets shuffled":
        kept = (control.formal_loss - control.loss) / (control.formal_loss - intact.loss)
        good = kept <= SHUFFLED and control.loss >= WORSE * intact.loss
        return good, f"survival {kept:.3f} beyond what the same table teaches the exact model"
    off = max(abs(a / b - 1) for a, b in zip(control.slopes, control.formal_slopes, strict=True))
    return off <= 0.05, f"slopes within {off:.1%} of the exact model's"


def table(controls: Sequence[Control]) -> list[Mapping[str, object]]:
    """JSON-ready rows, each with ``passed`` and ``outcome``; the first must be the intact pot."""
    rows: list[Mapping[str, object]] = []
    for control in controls:
        passed, outcome = judged(control, controls[0])
        rows.append({**control.__dict__, "passed": passed, "outcome": outcome})
    return rows
