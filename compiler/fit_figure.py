"""Traces of a plate reader and the fit through them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dsd.fit import Fit, Traces, displaced

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def figure(traces: Traces, fit: Fit, gate_nM: float) -> Figure:
    """Y in nM over time, one colour a well: points as measured, less background and brightness, and lines as fitted."""
    from matplotlib.figure import Figure

    made = Figure(figsize=(6, 4), layout="constrained")
    ax = made.subplots()
    fine = np.linspace(0.0, float(traces.t[-1]), 400)
    for i, x in enumerate(traces.inputs_nM.tolist()):
        points = (traces.signal[:, i] - fit.background[i]) / fit.brightness
        (line,) = ax.plot(fine, displaced(fine, x, gate_nM, fit.rate), label=f"{x:g} nM")
        ax.plot(traces.t, points, ".", color=line.get_color(), markersize=4)
    ax.set_xlabel("time [s]")
    ax.set_ylabel("displaced [nM]")
    ax.set_title(f"{fit.rate:.3g} /M/s")
    ax.legend(title="input")
    return made
