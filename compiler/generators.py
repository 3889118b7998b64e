"""Seeded generators of the samples of arXiv 2409.00034, a short function for each, and the authors' grids of tests.

In: numbers of samples, ranges, noise, and a NumPy generator. Out: inputs (n, 2) and targets (n,): the class 0 or 1,
or the value of a regression. The distributions are those of the authors' code (rajiv256/NeuralCRNGen, MIT licence,
``julia/datasets.jl`` of the branches named below); its random numbers are Julia's and cannot be reproduced here.

Their two classes are drawn by rejection, one after the other, until each has its number, and shuffled once. Because
their loops run ``while length <= n``, 100 wanted samples are 101: 51 of the first class and 50 of the second.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import ceil

import numpy as np
from numpy.typing import NDArray

from compiler.schema_data import Data
from dsd.errors import InputError

Floats = NDArray[np.float64]
Sample = tuple[Floats, Floats]
Rule = Callable[[Floats, Data], Floats]
"""Class of each point (n, 2): 0 or 1, or -1 for a point that belongs to neither."""

TRAIN, VALIDATION, TEST = range(3)
"""Streams of one seed, so that no set changes when another grows."""


def rings(x: Floats, data: Data) -> Floats:
    """A disc of class 0 in a ring of class 1, nothing between them.

    Branch ``nonlinear_z3``: U(-1, 1), r <= 0.45 and 0.5 <= r <= 1. Branch ``nonlinear_z3_linapprox``: U(0, 2) about
    (1, 1), r <= 0.4 and 0.6 <= r <= 1; ``relu_nofinallayer`` the same radii about the origin.
    """
    r = np.hypot(x[:, 0] - data.centre, x[:, 1] - data.centre)
    inner, begin, end = data.radii
    found: Floats = np.where(r <= inner, 0.0, np.where((begin <= r) & (r <= end), 1.0, -1.0))
    return found


def xor(x: Floats, data: Data) -> Floats:
    """Both coordinates rounded to a bit, exclusive or; U(0, 1) (``create_xor_dataset``)."""
    on = _bits(x, data)
    found: Floats = (on[:, 0] != on[:, 1]).astype(float)
    return found


def both(x: Floats, data: Data) -> Floats:
    """Both coordinates rounded to a bit, and; U(0, 1) (``create_and_dataset``)."""
    return _bits(x, data).all(axis=1).astype(float)


def either(x: Floats, data: Data) -> Floats:
    """Both coordinates rounded to a bit, or; U(0, 1) (``create_or_dataset``)."""
    return _bits(x, data).any(axis=1).astype(float)


def linear(x: Floats, data: Data) -> Floats:
    """x1 + 2 x2 > 2; U(0, 2) (branch ``linear``, ``create_linearly_separable_dataset_reduced``)."""
    found: Floats = (x[:, 0] + 2 * x[:, 1] > 2).astype(float)
    return found


def product_square(x: Floats) -> Floats:
    """x1 x2 + x2²; U(0.5, 2), noise 0.1 (branch ``nonlinear_regression_z2_dotprod_sinxx2``, ``bilinear``)."""
    return x[:, 0] * x[:, 1] + x[:, 1] ** 2


def sine_square(x: Floats) -> Floats:
    """sin x1 + x2²; U(0.5, 2), noise 0.1 (the same branch, ``sinxx2``)."""
    return np.sin(x[:, 0]) + x[:, 1] ** 2


def linreg(x: Floats) -> Floats:
    """x1 + 2 x2 + 1; U(1, 5), noise 0.4 (branch ``linear_regression``)."""
    return x[:, 0] + 2 * x[:, 1] + 1


RULES: Mapping[str, Rule] = {"rings": rings, "xor": xor, "and": both, "or": either, "linear": linear}
FUNCTIONS: Mapping[str, Callable[[Floats], Floats]] = {
    "product_square": product_square,
    "sine_square": sine_square,
    "linreg": linreg,
}
RANGES: Mapping[str, tuple[float, float]] = {
    "rings": (-1, 1), "linear": (0, 2), "product_square": (0.5, 2), "sine_square": (0.5, 2), "linreg": (1, 5),
}  # fmt: skip
"""Ranges of both inputs unless a design gives one; (0, 1) for the others."""
NOISE: Mapping[str, float] = {"product_square": 0.1, "sine_square": 0.1, "linreg": 0.4}
GRIDS: Mapping[str, int] = {"xor": 40, "and": 40, "or": 40, "linear": 60}
"""Points to a side of the grid, ends included, on which the authors tested; they tested rings on the validation set."""


def span(data: Data) -> tuple[float, float]:
    """The range of both inputs."""
    return data.range or RANGES.get(data.generator or "", (0.0, 1.0))


def sample(data: Data, stream: int, n: int) -> Sample:
    """``n`` samples from one of the streams of the design's seed; a larger ``n`` draws others, not more.

    Training and validation sets have the authors' numbers of both classes. The points of a test set fall as the
    authors' grids do, evenly over the range, so its classes have the shares of their areas; those of rings are even.
    """
    random = np.random.default_rng([data.seed, stream])
    name = data.generator or ""
    if name in FUNCTIONS:
        x = random.uniform(*span(data), (n, 2))
        noise = NOISE[name] if data.noise is None else data.noise
        return x, FUNCTIONS[name](x) + random.normal(0.0, 1.0, n) * noise
    if stream == TEST and name != "rings":
        x = random.uniform(*span(data), (n, 2))
        return x, RULES[name](x, data)
    return _balanced(data, n, random)


def grid(data: Data) -> Sample | None:
    """The authors' test grid: inputs (n, 2) and classes (n,); None for generators for which they had none."""
    side = GRIDS.get(data.generator or "")
    if side is None:
        return None
    ticks = np.linspace(*span(data), side)
    x = np.array([[a, b] for a in ticks for b in ticks])
    return x, RULES[data.generator or ""](x, data)


def counts(data: Data, n: int) -> tuple[int, int]:
    """Samples of class 0 and of class 1 among ``n``; a share that is not whole favours the class drawn first."""
    if data.generator == "linear":  # the authors draw this one's class 1 first
        on = ceil(n * (1 - data.off_share))
        return n - on, on
    off = ceil(n * data.off_share)
    return off, n - off


def _balanced(data: Data, n: int, random: np.random.Generator) -> Sample:
    x, y = np.empty((0, 2)), np.empty(0)
    for label, wanted in enumerate(counts(data, n)):
        found = _accepted(data, label, wanted, random)
        x, y = np.concatenate([x, found]), np.concatenate([y, np.full(wanted, float(label))])
    order = random.permutation(n)
    return x[order], y[order]


def _accepted(data: Data, label: int, wanted: int, random: np.random.Generator) -> Floats:
    """Points of one class; a class that no point of the range falls into is an error, not an endless loop."""
    kept = np.empty((0, 2))
    for _ in range(1000):
        if len(kept) >= wanted:
            return kept[:wanted]
        x = random.uniform(*span(data), (64, 2))
        kept = np.concatenate([kept, x[RULES[data.generator or ""](x, data) == label]])
    raise InputError(
        f"[data] range = {list(span(data))}: generator {data.generator} finds next to no samples of class {label} "
        f"there; widen the range"
    )


def _bits(x: Floats, data: Data) -> NDArray[np.bool_]:
    low, high = span(data)
    return x >= (low + high) / 2
