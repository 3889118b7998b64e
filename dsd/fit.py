"""A rate constant from a plate reader: one gate, several inputs, fluorescence over time.

In: traces of a strand displacement X + G -> Y + W, whose Y (or reporter) is measured in arbitrary units. Out: the rate
constant, its error, the brightness of Y and the background of every trace.

The reaction is bimolecular and irreversible, so ``Y(t)`` has a closed form (:func:`displaced`). Brightness and
backgrounds enter linearly and are solved for at every k; only ``log k`` is searched for (variable projection, Golub &
Pereyra, SIAM J. Numer. Anal. 10:413, 1973). Times in s, concentrations in nM, rates in /M/s.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dsd.errors import InputError, TextError
from dsd.network import NANOMOLAR
from dsd.quantities import time_scale

Floats = NDArray[np.float64]

_TIME = re.compile(r"t \[(\w+)\]\Z")
_TRACE = re.compile(r"([0-9.eE+-]+) nM(?: .*)?\Z")


@dataclass(frozen=True)
class Traces:
    """Fluorescence of several wells: ``t`` (n,) s, ``inputs_nM`` (m,) of X, ``signal`` (n, m) in arbitrary units."""

    t: Floats
    inputs_nM: Floats
    signal: Floats


@dataclass(frozen=True)
class Fit:
    """``rate`` (/M/s) between ``low`` and ``high`` (95 %); ``brightness`` units a nM, ``background`` (m,) units.

    ``rms`` is the root mean square of the residuals, in nM of Y.
    """

    rate: float
    low: float
    high: float
    brightness: float
    background: tuple[float, ...]
    rms: float


def displaced(t: Floats, x_nM: float, gate_nM: float, rate: float) -> Floats:
    """Y(t) in nM, from X(0) and G(0) in nM and a rate constant in /M/s.

    ``Y = b (1 - e) / (1 - (b/a) e)`` with ``e = exp(-(a - b) k t)``, a the larger and b the smaller of the two;
    ``a^2 k t / (1 + a k t)`` where they are equal.
    """
    a, b, kt = max(x_nM, gate_nM), min(x_nM, gate_nM), rate * 1e-9 * t
    if a - b < 1e-9 * a or not b:
        return a * b * kt / (1 + a * kt)
    missing = -np.expm1(-(a - b) * kt)
    return b * missing / ((a - b) / a + (b / a) * missing)


def read_traces(text: str, source: str = "<text>") -> Traces:
    """Read a CSV with the header ``t [s],5 nM,10 nM,...``: time, then a column for each input concentration.

    Behind ``nM`` a column may have a label; times may be in min or h. Raises :class:`TextError` with the place.
    """
    lines = [(i, line) for i, line in enumerate(text.splitlines(), start=1) if line.strip()]
    if not lines:
        raise TextError(source, 1, 1, "", "there is no header", "begin with t [s],5 nM,10 nM")
    number, head = lines[0]
    first, *others = (cell.strip() for cell in head.split(","))
    time, traces = _TIME.match(first), [_TRACE.match(cell) for cell in others]
    if time is None or not traces or not all(traces):
        raise TextError(source, number, 1, head, "this is no header of traces", "begin with t [s],5 nM,10 nM")
    rows = [_numbers(source, number, line, 1 + len(others)) for number, line in lines[1:]]
    if len(rows) < 3:
        raise TextError(source, number, 1, head, f"there are {len(rows)} rows of data", "give at least three times")
    table = np.array(rows)
    inputs = np.array([float(m[1]) for m in traces if m])
    if np.any(inputs <= 0) or np.any(np.diff(table[:, 0]) <= 0):
        raise TextError(source, number, 1, head, "inputs must be above 0 nM, times must grow", "correct the table")
    return Traces(table[:, 0] * float(time_scale(time[1], NANOMOLAR)), inputs, table[:, 1:])


def _numbers(source: str, number: int, line: str, width: int) -> list[float]:
    cells = line.split(",")
    try:
        values = [float(cell) for cell in cells]
    except ValueError:
        values = []
    if len(values) != width or not all(map(math.isfinite, values)):
        raise TextError(source, number, 1, line, f"this row is not {width} finite numbers", "complete or drop the row")
    return values


def fit_displacement(traces: Traces, gate_nM: float) -> Fit:
    """Fit all traces together; raises :class:`InputError` where they do not determine a rate constant."""
    from scipy.optimize import least_squares

    if not (math.isfinite(gate_nM) and gate_nM > 0):
        raise InputError(f"a gate of {gate_nM:g} nM displaces nothing; give its concentration, above 0")

    def residual(log_rate: Floats) -> Floats:
        shape = _shape(traces, gate_nM, math.exp(float(log_rate[0])))
        return _linear(shape, traces.signal)[2].ravel()

    grid = np.log(np.logspace(2, 9, 57))
    start = min(grid, key=lambda value: float(np.sum(residual(np.array([value])) ** 2)))
    found = least_squares(residual, [start], x_scale=0.1, xtol=1e-12, ftol=1e-12, gtol=1e-12)
    log_rate = float(found.x[0])
    shape = _shape(traces, gate_nM, math.exp(log_rate))
    brightness, background, left = _linear(shape, traces.signal)
    error = _error(np.asarray(found.jac), left)
    if not brightness > 0 or not error < 1.0 or not grid[0] < log_rate < grid[-1]:
        raise InputError(
            "these traces do not determine a rate constant: it is uncertain by more than a factor e, or nothing rises; "
            "measure from the first seconds until the traces level off, with less input than gate"
        )
    rms = float(np.sqrt(np.mean(left**2))) / brightness
    low, high = (math.exp(log_rate + sign * 1.96 * error) for sign in (-1, 1))
    return Fit(math.exp(log_rate), low, high, brightness, tuple(background.tolist()), rms)


def _shape(traces: Traces, gate_nM: float, rate: float) -> Floats:
    """Y (n, m) in nM."""
    return np.column_stack([displaced(traces.t, x, gate_nM, rate) for x in traces.inputs_nM.tolist()])


def _linear(shape: Floats, signal: Floats) -> tuple[float, Floats, Floats]:
    """Brightness, backgrounds (m,) and residuals (n, m) of the best ``brightness * shape + background``."""
    centred = shape - shape.mean(axis=0)
    power = float(np.sum(centred**2))
    brightness = float(np.sum(centred * signal)) / power if power > 0 else 0.0
    background = signal.mean(axis=0) - brightness * shape.mean(axis=0)
    return brightness, background, signal - brightness * shape - background


def _error(slopes: Floats, left: Floats) -> float:
    """Standard error of ``log k``; the slopes of projected residuals leave out what brightness can make up for."""
    freedom = left.size - 2 - left.shape[1]
    slope = float(np.sum(slopes**2))
    if freedom <= 0 or slope <= 0:
        return math.inf
    return math.sqrt(float(np.sum(left**2)) / freedom / slope)
