"""Do updates of a pot follow the gradient of its own loss? The table of ``strandgrad bench gradients``.

In: names of designs and a level. Out: tasks that compare, sample by sample while a pot trains, its update with finite
differences of its own map from weights to loss; and a row per design.

Both come from the same pot at the same moment. The map is what inference reads: before a sample is dosed, a weight is
moved by ``+-STEP`` in a fork of the tube, and the fork's output read. The update is the change of the weights over the
period, less the dilution by what was pipetted, over the learning rate.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from compiler.bench.cells import line
from compiler.bench.samples import stratified
from compiler.design import Design, load_design
from compiler.tasks.task import Progress, Record, Task
from compiler.training.driver import Driver
from compiler.training.pot import Pot, clocked_pot, design_pot
from dsd.errors import StrandgradError

Floats = NDArray[np.float64]

STEP = 0.02
"""Change of a weight, in formal units; weights are of the order of one."""

COSINE, WITHIN = 0.99, 0.05
"""What is asked for: median cosine, and median error relative to the length of the gradient."""


@dataclass(frozen=True, eq=False)
class Run:
    """A design, the level of its pot, and how many samples are looked at."""

    design: Design
    level: str
    samples: int


def tasks(names: Sequence[str], level: str, samples: int) -> tuple[Task, ...]:
    """A task per design."""
    found = []
    for name in names:
        design = load_design(name)
        about = {"design": design.name, "digest": design.digest, "level": level, "seed": design.training.seed}
        content = (design.digest, level, samples, "gradients")
        found.append(Task(f"{design.name}-{level}", gradient_run, Run(design, level, samples), content, about))
    return tuple(found)


def gradient_run(run: Run, progress: Progress | None = None) -> Record:
    """The record of one design: an entry per sample, or ``error``."""
    started = time.perf_counter()
    try:
        found = _compared(run, progress)
    except StrandgradError as refused:
        return {"error": str(refused), "wall_s": time.perf_counter() - started}
    return {"samples": found, "error": None, "wall_s": time.perf_counter() - started}


def _compared(run: Run, progress: Progress | None) -> list[dict[str, float]]:
    from compiler import pipeline

    design = run.design
    pot = clocked_pot(pipeline.clocked(design)) if run.level == "clocked" else design_pot(design)
    driver = Driver(pot, replenish_every=design.dna.replenish_every)
    driver.settle()
    rows = stratified(design.data.train_y, run.samples)
    found = []
    for done, row in enumerate(rows, 1):
        x, y = design.data.train_x[row], design.data.train_y[row]
        found.append(agreement(finite_differences(driver, x, y), update(driver, x, y) / design.neural.eta))
        if progress:
            progress(done, len(rows))
    return found


def agreement(gradient: Floats, chemical: Floats) -> dict[str, float]:
    """Cosine of the two (P,), ratio of their lengths (chemical over gradient), and relative error of the chemical."""
    size = float(np.linalg.norm(gradient))
    return {
        "cosine": float(chemical @ gradient) / (size * float(np.linalg.norm(chemical))),
        "ratio": float(np.linalg.norm(chemical)) / size,
        "error": float(np.linalg.norm(chemical - gradient)) / size,
        "gradient": size,
    }


def finite_differences(driver: Driver, x: Floats, y: Floats) -> Floats:
    """Gradient (P,) of the loss of sample x (d,), y (m,) in the weights of the pot now, by its own inference."""
    error = driver.infer(x) - y
    slopes = []
    for index in range(len(driver.pot.circuit.parameters)):
        above, below = (moved(driver, index, change, x) for change in (STEP, -STEP))
        slopes.append((above - below) / (2 * STEP))
    gradient: Floats = np.array(slopes) @ error
    return gradient


def moved(driver: Driver, index: int, change: float, x: Floats) -> Floats:
    """Outputs (m,) for x (d,) with weight ``index`` changed by ``change`` (formal units); the pot stays as it is."""
    at, amount = _strand(driver.pot, driver.tube.state, index, change)
    before = float(driver.tube.state[at])
    driver.tube.state[at] = before + amount
    try:
        return driver.infer(x)
    finally:
        driver.tube.state[at] = before


def update(driver: Driver, x: Floats, y: Floats) -> Floats:
    """How much less (P,) the weights are after one sample, dilution apart."""
    before, volume = np.array(driver.weights()), driver.tube.volume
    driver.iterate(x, y)
    driver.finish()
    less: Floats = before * volume / driver.tube.volume - np.array(driver.weights())
    return less


def _strand(pot: Pot, state: Floats, index: int, change: float) -> tuple[int, float]:
    """Which free strand moves a weight, and by how much (network units): its own, or if that is too scarce, the other
    rail's."""
    rail, place = pot.circuit.parameters[index], pot.network.index
    at, amount = place[pot.strand[rail.pos]], pot.concentration(rail.pos, change)
    if amount > 0 or state[at] > -2 * amount:
        return at, amount
    other = rail.neg if rail.dual else rail.name + "n"
    return place[pot.strand[other]], pot.concentration(other, -change)


def rows(tasks: Sequence[Task], records: Sequence[Record]) -> list[dict[str, Any]]:
    """A row per design: medians over its samples."""
    return [dict(task.about) | _row(record) for task, record in zip(tasks, records, strict=True)]


def _row(record: Record) -> dict[str, Any]:
    if record.get("error"):
        return {"cosine": None, "ratio": None, "relative_error": None, "samples": 0, "agrees": False} | {
            "error": record["error"]
        }
    cosine, ratio, error = (
        float(np.median([sample[key] for sample in record["samples"]])) for key in ("cosine", "ratio", "error")
    )
    row = {"cosine": cosine, "ratio": ratio, "relative_error": error, "samples": len(record["samples"])}
    return row | {"agrees": cosine >= COSINE and error <= WITHIN, "error": None}


HEAD = ("design", "level", "samples", "median cosine", "length over gradient's", "median error", "agrees")


def markdown(table: Sequence[dict[str, Any]]) -> str:
    """The table, with what went wrong below."""
    title = "# Updates of a pot against finite differences of its own loss"
    lines = [title, "", line(HEAD), line(["---"] * len(HEAD))]
    for row in table:
        cells = ["", "", "", ""]
        if row["cosine"] is not None:
            cells = [f"{row['cosine']:.4f}", f"{row['ratio']:.3f}", f"{row['relative_error']:.3f}"]
            cells.append("yes" if row["agrees"] else "no")
        lines.append(line([row["design"], row["level"], str(row["samples"]), *cells]))
    lines += [f"\n- {row['design']}: {row['error']}" for row in table if row["error"]]
    return "\n".join(lines) + "\n"
