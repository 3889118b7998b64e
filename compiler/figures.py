"""Figures of a comparison: each is a function that draws histories into an ``Axes``; :func:`sheet` puts four together.

Colours are Okabe and Ito's, which read for the common kinds of colour blindness; levels also differ in dash and marker.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any

import matplotlib
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike

from compiler.training.history import History

if TYPE_CHECKING:
    from matplotlib.axes import Axes

STYLES: Mapping[str, Mapping[str, Any]] = {
    "reference": {"color": "#999999", "linestyle": "-", "linewidth": 5.0, "marker": "s", "markersize": 8, "alpha": 0.6},
    "formal": {"color": "#000000", "linestyle": "-", "linewidth": 1.2, "marker": "o", "markersize": 4},
    "clocked": {"color": "#0072B2", "linestyle": "--", "linewidth": 1.6, "marker": "^", "markersize": 5},
    "dsd-reduced": {"color": "#CC79A7", "linestyle": "-", "linewidth": 3.0, "marker": "v", "markersize": 6},
    "dsd": {"color": "#D55E00", "linestyle": "-", "linewidth": 1.6, "marker": "D", "markersize": 4},
}
COLORS = ("#000000", "#E69F00", "#56B4E9", "#009E73", "#0072B2", "#D55E00", "#CC79A7")
CYCLE: Mapping[str, Any] = {
    "color": [color for _ in ("-", "--", ":") for color in COLORS],
    "linestyle": [dash for dash in ("-", "--", ":") for _ in COLORS],
}
"""Twenty-one lines that can be told apart."""
PHASES = (("#0072B2", "-"), ("#E69F00", "--"), ("#009E73", ":"))
TIMES = ((3 * 86400.0, 86400.0, "d"), (3 * 3600.0, 3600.0, "h"), (180.0, 60.0, "min"), (0.0, 1.0, "s"))
"""From this many seconds on, an axis uses a unit of so many seconds."""


def loss_curves(ax: Axes, histories: Mapping[str, History]) -> None:
    """Validation loss after each epoch (lines) and mean training loss within each (hollow marks), by level."""
    for level, history in histories.items():
        style = STYLES[level]
        validation = history.validation_loss
        ax.plot(range(len(validation)), validation, label=level, **style)
        middle = np.arange(len(history.train_loss)) + 0.5
        hollow = {"color": style["color"], "marker": style["marker"], "markersize": style["markersize"]}
        ax.plot(middle, history.train_loss, linestyle="none", fillstyle="none", **hollow)
    ax.plot([], [], color="0.4", marker="o", fillstyle="none", linestyle="none", label="training, mean of epoch")
    ax.set_yscale("log")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set(xlabel="epoch", ylabel="validation loss ½(ŷ − y)²", title="Loss")
    ax.legend()


def weights(ax: Axes, histories: Mapping[str, History], names: Sequence[str]) -> None:
    """Every weight (``names``, P) over iterations, by level; of the pots, the effective weight in formal units."""
    end = 0
    for level, history in histories.items():
        table = np.asarray(history.weights)
        style = {k: v for k, v in STYLES[level].items() if not k.startswith("marker")}
        for i in range(table.shape[1]):
            label = "" if i else f"{level} (effective)" if level not in ("reference", "formal") else level
            ax.plot(table[:, i], label=label, **style)
        end = max(end, len(table) - 1)
    last = np.asarray(list(histories.values())[-1].weights)[-1]
    for name, value in zip(names, last, strict=True):
        ax.annotate(name, (end, value), (5, 0), textcoords="offset points", va="center", annotation_clip=False)
    ax.set(xlabel="iteration (one sample each)", ylabel="weight (formal units)", title="Weights while training")
    ax.legend()


def clock_period(ax: Axes, trace: Mapping[str, ArrayLike], *, time: str = "1", concentration: str = "1") -> None:
    """One period of the clock: ``trace`` has ``t`` (M,) and ``o`` (M, 3), in units ``time`` and ``concentration``.

    A time in seconds is drawn in the unit that suits its length. The overlap of neighbours is shaded.
    """
    t, o = np.asarray(trace["t"], dtype=np.float64), np.asarray(trace["o"], dtype=np.float64)
    t = t - t[0]
    if time == "s":
        _, per, time = next(row for row in TIMES if t[-1] >= row[0])
        t = t / per
    for i, (color, dash) in enumerate(PHASES):
        ax.plot(t, o[:, i], color=color, linestyle=dash, linewidth=1.8, label=f"O{i + 1}")
        ax.fill_between(t, np.minimum(o[:, i], o[:, (i + 1) % 3]), color="0.85", linewidth=0)
    ax.fill_between([], [], color="0.85", label="overlap")
    ax.set(xlabel=_with_unit("time", time), ylabel=_with_unit("concentration", concentration))
    ax.set_title("One period of the clock")
    ax.set_ylim(0, 1.05 * float(o.max()))
    ax.margins(x=0)
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.17), ncols=4, frameon=False)


def predictions(ax: Axes, history: History, target: ArrayLike) -> None:
    """Predicted against target (V, m) for the validation samples, before and after training."""
    y = np.ravel(np.asarray(target))
    before, after = np.ravel(history.predictions_before), np.ravel(history.predictions_after)
    low, high = min(y.min(), before.min(), after.min()), max(y.max(), before.max(), after.max())
    ax.plot([low, high], [low, high], color="0.6", linewidth=1, label="ŷ = y")
    ax.plot(y, before, "x", color="#56B4E9", markersize=5, label="before training")
    ax.plot(y, after, "o", color="#D55E00", markersize=4, fillstyle="none", label="after training")
    ax.set(xlabel="target y", ylabel="prediction ŷ", title=f"Validation samples, {history.level}")
    ax.legend()


def sheet(histories: Mapping[str, History], target: ArrayLike, names: Sequence[str], title: str) -> Figure:
    """Four figures on one page: losses, weights, a period of the lowest level's clock, its predictions."""
    figure = Figure(figsize=(11, 8.2), layout="constrained")
    FigureCanvasAgg(figure)
    ((a, b), (c, d)) = figure.subplots(2, 2)
    figure.suptitle(title)
    loss_curves(a, histories)
    weights(b, histories, [n.replace("theta", "θ").replace("beta", "β").replace("Theta", "Θ") for n in names])
    lowest = list(histories.values())[-1]
    traced = [h for h in histories.values() if "trace" in h.extra]
    if traced:
        units = ("s", "nM") if traced[-1].level.startswith("dsd") else ("1", "1")
        clock_period(c, traced[-1].extra["trace"], time=units[0], concentration=units[1])
        c.set_title(f"One period of the clock, {traced[-1].level}")
    else:
        c.text(0.5, 0.5, "no level with a clock was trained", ha="center", va="center", color="0.4")
        c.set_axis_off()
    predictions(d, lowest, target)
    for ax in (a, b, c, d):
        ax.spines[["top", "right"]].set_visible(False)
    return figure


def rendered(figure: Figure, form: str) -> bytes:
    """The figure as a file of that form, ``"png"`` or ``"svg"``; the same figure gives the same bytes."""
    out = BytesIO()
    with matplotlib.rc_context({"svg.hashsalt": "strandgrad", "svg.fonttype": "none"}):
        figure.savefig(out, format=form, dpi=150, metadata={"Date": None} if form == "svg" else None)
    return out.getvalue()


def _with_unit(quantity: str, unit: str) -> str:
    return f"{quantity} (formal units)" if unit == "1" else f"{quantity} ({unit})"
