"""What the reduced simulation of a DNA network costs and saves: the table of ``strandgrad bench reduced``.

In: designs. Out: a :class:`Row` for each, and the table as CSV and as Markdown. Formal, reduced and full DNA level are
trained in this process one after the other; CPU time is that of training with all its predictions, compilation aside.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np

from compiler import pipeline
from compiler.design import Design
from compiler.metrics import slopes, survival
from compiler.training import trainer
from compiler.training.history import History
from dsd.reduction import reduction

FORMAL, REDUCED, FULL = "formal", "dsd-reduced", "dsd"


@dataclass(frozen=True)
class Run:
    """One level trained: CPU seconds, and what came of it.

    ``period_s`` is the mean over all cycles, ``last_period_s`` over the last ten; ``hours`` is laboratory time.
    """

    cpu_s: float
    survival: float | None
    validation_loss: float
    slopes: tuple[float, ...]
    weights: tuple[float, ...]
    period_s: float
    last_period_s: float
    hours: float


@dataclass(frozen=True)
class Row:
    """A design: ``species`` of its DNA network, ``quantities`` that rates depend on in the reduced one, ``lag_s`` of
    its slowest intermediate, and both runs over ``iterations`` samples.
    """

    design: str
    iterations: int
    species: int
    quantities: int
    lag_s: float
    full: Run
    reduced: Run

    @property
    def speed(self) -> float:
        """How many times less CPU time the reduced run takes."""
        return self.full.cpu_s / self.reduced.cpu_s

    def error(self, name: str) -> float:
        """The largest relative difference of a field of the runs, reduced to full."""
        found, wanted = (np.atleast_1d(getattr(r, name)) for r in (self.reduced, self.full))
        return float(np.max(np.abs(found / wanted - 1)))


def row(design: Design, epochs: int | None = None) -> Row:
    """Train a design at the formal, the reduced and the full DNA level. Raises what training raises."""
    network = pipeline.implementation(design).network
    found = reduction(network)
    data = design.data
    # So that neither run pays for compilation.
    small = design.with_data(data.with_parts(validation=(data.validation_x[:1], data.validation_y[:1])))
    for level in (REDUCED, FULL):
        trainer(level)(small, epochs=0)
    formal = trainer(FORMAL)(design, epochs=epochs)
    runs = {level: _run(design, level, formal, epochs) for level in (REDUCED, FULL)}
    live = found.size - len(found.plain)
    return Row(
        design.name, formal.iterations, len(network.names), live, found.lag(), runs[FULL], runs[REDUCED]
    )  # fmt: skip


def _run(design: Design, level: str, formal: History, epochs: int | None) -> Run:
    begin = time.process_time()
    history = trainer(level)(design, epochs=epochs)
    used = time.process_time() - begin
    periods = history.extra["period_s"]
    return Run(
        used, survival(history, formal).value, history.validation_loss[-1],
        tuple(slopes(design, history.predictions_after)), tuple(history.weights[-1]),
        float(np.mean(periods)), float(np.mean(periods[-10:])), history.extra["lab_hours"],
    )  # fmt: skip


ERRORS = ("slopes", "weights", "period_s", "last_period_s", "validation_loss")


def csv_table(rows: Sequence[Row]) -> str:
    """One line for each design and level."""
    names = [n for n in Run.__dataclass_fields__ if n not in ("slopes", "weights")]
    lines = [",".join(["design", "level", "iterations", "species", "quantities", "lag_s", *names, "slopes", "weights"])]
    for r in rows:
        for level, run in ((FULL, r.full), (REDUCED, r.reduced)):
            values = asdict(run)
            several = [" ".join(repr(float(v)) for v in values[n]) for n in ("slopes", "weights")]
            fields = [r.design, level, r.iterations, r.species, r.quantities, r.lag_s, *(values[n] for n in names)]
            lines.append(",".join(["" if v is None else str(v) for v in fields] + several))
    return "\n".join(lines) + "\n"


def markdown(rows: Sequence[Row]) -> str:
    """The same to read: sizes, CPU time, survival of both, and the relative errors of the reduced run."""
    heads = ["design", "species", "quantities", "full CPU s", "reduced CPU s", "times as fast", "survival, full"]
    heads += ["survival, reduced", *(f"error of {n.removesuffix('_s').replace('_', ' ')}" for n in ERRORS)]
    lines = ["| " + " | ".join(heads) + " |", "|---" * len(heads) + "|"]
    for r in rows:
        cells = [r.design, str(r.species), str(r.quantities), f"{r.full.cpu_s:.1f}", f"{r.reduced.cpu_s:.1f}"]
        cells += [f"{r.speed:.1f}", *("-" if s is None else f"{s:.4f}" for s in (r.full.survival, r.reduced.survival))]
        lines.append("| " + " | ".join(cells + [f"{100 * r.error(n):.2g} %" for n in ERRORS]) + " |")
    return "\n".join(lines) + "\n"
