"""Final loss over the control parameters of a design: T, the learning rate, the damping alpha, the dimension d.

In: a design, and values for one parameter at a time, the others as the design has them. Out: a job per value for
:mod:`compiler.bench.runs`, and a figure of its records.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from compiler.bench.runs import Job, runs_table
from compiler.design import Design
from compiler.symbols import MAX_SYMBOLS
from compiler.tasks.task import Record
from dsd.errors import InputError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LABELS: Mapping[str, str] = {
    "T": "duration T of a phase",
    "eta": "learning rate η",
    "alpha": "damping α, the coefficient of −z^q",
    "d": "dimension d of x, by padding",
}
POINTS = 7
MOST = 100

_DAMPING = re.compile(
    r"-\s*(?:(?P<factor>[0-9.]+(?:[eE][-+]?\d+)?)\s*\*\s*)?(?P<power>z\s*\*\*\s*\d+|z(?:\s*\*\s*z)+)"
    r"(?:\s*/\s*(?P<over>[0-9.]+))?\s*$"
)
"""A last term that is a power of z alone: ``- 0.5*z**2``, ``- z**3 / 6``, ``- z*z``."""


@dataclass(frozen=True)
class Variation:
    """One parameter (``T``, ``eta``, ``alpha`` or ``d``) and its values, in increasing order."""

    name: str
    values: tuple[float, ...]


def variation(text: str) -> Variation:
    """``"T=0.2,0.5,0.9"`` as it stands, ``"T=0.2..0.8"`` as seven even steps, ``"d=3..6"`` as whole numbers.

    Raises :class:`InputError` for an unknown parameter or what is not a list of numbers above 0.
    """
    name, _, given = text.partition("=")
    name = name.strip()
    if name not in LABELS:
        raise InputError(f"--vary {text}: no parameter '{name}'; vary {', '.join(LABELS)}")
    try:
        values = _range(name, given) if ".." in given else [float(v) for v in given.split(",")]
    except ValueError:
        raise InputError(
            f"--vary {text}: no numbers after '='; write for example {name}=0.2,0.5 or {name}=1..4"
        ) from None
    # A damping of zero is a circuit of its own; nothing else may vanish.
    if not all(0 < v < float("inf") or (name == "alpha" and v == 0) for v in values) or len(values) > MOST:
        raise InputError(f"--vary {text}: give at most {MOST} finite numbers above 0")
    if name == "d" and any(v != int(v) or v > MAX_SYMBOLS for v in values):
        raise InputError(f"--vary {text}: a dimension is a whole number up to {MAX_SYMBOLS}; write for example d=3,4,6")
    return Variation(name, tuple(sorted(dict.fromkeys(values))))


def _range(name: str, given: str) -> list[float]:
    low, high = (float(v) for v in given.split(".."))
    if name == "d":
        # One more than is allowed is enough to be refused; inf would be no range at all.
        last = min(high, low + MOST) if abs(low) <= MAX_SYMBOLS else low
        return [float(v) for v in range(int(low), int(last) + 1)]
    # Twelve digits hide what binary fractions leave of 0.3.
    return [float(f"{low + (high - low) * i / (POINTS - 1):.12g}") for i in range(POINTS)]


def changed(design: Design, name: str, value: float) -> Design:
    """The design with another value of one parameter; raises :class:`InputError` where it has no such parameter."""
    model = design.model
    if name == "T":
        return design.amended({"model.T": value})
    if name == "eta":
        return design.amended({"model.learning_rate": value})
    if name == "alpha":
        return design.amended({"model.dynamics": _damped(model.dynamics, value)})
    return design.amended(_lengthened(design, int(value)))


def _damped(text: str | Mapping[str, str], alpha: float) -> str | dict[str, str]:
    """Dynamics whose last term ``- c z^q`` has another coefficient; of several blocks, that of z."""
    if not isinstance(text, str):
        return {**text, "z": str(_damped(text["z"], alpha))} if "z" in text else _no_damping(str(dict(text)))
    match = _DAMPING.search(text)
    return f"{text[: match.start()]}- {alpha!r}*{match['power']}" if match else _no_damping(text)


def _no_damping(text: str) -> str:
    raise InputError(f"alpha: dynamics = '{text}' do not end in a damping term; end them in one such as - 0.5*z**2")


def _lengthened(design: Design, d: int) -> dict[str, Any]:
    """Changes that pad x to another dimension; weights that are all the same are given for the new one too."""
    model, inputs = design.model, len(design.data.inputs)
    if model.input_layer or model.hidden is not None or not model.padding:
        raise InputError("d: only a design that pads x (and has no input layer or hidden length) can be lengthened")
    if d <= inputs:
        raise InputError(f"d = {d}: the data have {inputs} inputs and one is padding; give at least {inputs + 1}")
    changes: dict[str, Any] = {"model.padding": (model.padding[-1],) * (d - inputs)}
    for letter in ("theta", "beta"):
        values = getattr(model.parameters, letter)
        if values is None or len(values) == d:
            continue
        if len(set(values)) > 1:
            raise InputError(
                f"d = {d}: {letter} = {list(values)} is given for {len(values)}; draw it, or give equal values"
            )
        changes[f"model.parameters.{letter}"] = (values[0],) * d
    return changes


def jobs(
    design: Design, variations: Sequence[Variation], seeds: Sequence[int], *, level: str, epochs: int | None = None
) -> tuple[Job, ...]:
    """A run for every value and seed, variation by variation."""
    return tuple(
        Job(
            f"{design.name}-{v.name}{value:g}-seed{seed}",
            changed(design, v.name, value).seeded(seed),
            level,
            epochs,
            200,
        )
        for v in variations
        for value in v.values
        for seed in seeds
    )


@dataclass(frozen=True)
class Point:
    """One run: the parameter, its value, the seed, and its final losses, None if it failed (``error`` says why)."""

    name: str
    value: float
    seed: int
    train_loss: float | None
    validation_loss: float | None
    score: float | None
    error: str


def points(variations: Sequence[Variation], seeds: Sequence[int], records: Sequence[Record]) -> tuple[Point, ...]:
    """What the records of :func:`jobs` say, in their order."""
    order = [(v.name, value, seed) for v in variations for value in v.values for seed in seeds]
    found = []
    for (name, value, seed), record in zip(order, records, strict=True):
        if record.get("error"):
            found.append(Point(name, value, seed, None, None, None, str(record["error"])))
            continue
        score = record["sets"]["validation"]["score"]
        found.append(Point(name, value, seed, record["train_loss"][-1], record["validation_loss"][-1], score, ""))
    return tuple(found)


def rows(table: Sequence[Point], jobs: Sequence[Job], records: Sequence[Record]) -> list[Record]:
    """A row a run for :func:`compiler.tasks.tidy.tidy`: the parameter, its value, and what the run came to."""
    runs = zip(table, runs_table(jobs, records), strict=True)
    return [{"parameter": point.name, "value": point.value, **row} for point, row in runs]


def draw(ax: Axes, name: str, table: Sequence[Point], chosen: float | None) -> None:
    """Final losses over one parameter: medians over the seeds as lines, runs as dots, failed runs as crosses on top.

    ``chosen`` is the design's own value, marked by a dotted line.
    """
    from statistics import median

    mine = [p for p in table if p.name == name]
    for key, color, label in (("train_loss", "#E69F00", "training"), ("validation_loss", "#0072B2", "validation")):
        values: dict[float, list[float]] = {}
        for p in mine:
            if (loss := getattr(p, key)) is not None:
                values.setdefault(p.value, []).append(loss)
        ax.plot(list(values), [median(v) for v in values.values()], color=color, label=label)
        for at, losses in values.items():
            ax.plot([at] * len(losses), losses, "o", color=color, markersize=3, fillstyle="none")
    failed = sorted({p.value for p in mine if p.error})
    if failed:
        ax.plot(failed, [0.97] * len(failed), "x", color="#D55E00", transform=ax.get_xaxis_transform(), label="failed")
    if chosen is not None:
        ax.axvline(chosen, color="0.6", linestyle=":", linewidth=1)
    if any(p.train_loss for p in mine):
        ax.set_yscale("log")
    ax.set(xlabel=LABELS[name], ylabel="final loss ½ Σ(ŷ − y)²")
    ax.legend()
