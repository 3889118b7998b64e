"""The decision of a classifier of two features as a figure to save, beside those of :mod:`compiler.figures`.

In: results with their facts. Out: ``decision.png`` and ``decision.svg``: the validation samples, and where each level
decides at the end of its training.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from compiler.figures import STYLES, rendered
from compiler.report.folder import Results
from compiler.report.sections.decisions import answer, classes
from compiler.report.style import styles
from compiler.report.text import LEVELS

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def figures(r: Results) -> dict[str, bytes]:
    """Files by name; empty for other tasks, and where no level has answered yet."""
    from matplotlib.figure import Figure

    if not r.facts.get("boundaries") or not any(level.samples for level in r.levels):
        return {}
    figure = Figure(figsize=(5.6, 5.2), layout="constrained")
    decision(figure.subplots(), r)
    return {f"decision.{form}": rendered(figure, form) for form in ("png", "svg")}


def decision(ax: Axes, r: Results) -> None:
    """Draw the samples by class, and the last boundary of every level."""
    about, drawn = r.facts["about"], r.facts["boundaries"]
    samples = next(level.samples for level in reversed(r.levels) if level.samples)
    looks = {s.key: s for s in styles()}
    for k, name in enumerate(classes(about)):
        mine = [x for x, y in zip(samples.x, samples.y, strict=True) if answer(about, y) == k]
        look = looks.get(f"class{k}", looks["class5"])
        ax.plot([x[0] for x in mine], [x[1] for x in mine], look.shape, color=look.color, markersize=5,
                label=f"class {name}".replace("$", r"\$"))  # fmt: skip
    for level in r.levels:
        _boundary(ax, level.name, drawn["levels"].get(level.name))
    inputs = [name.replace("$", r"\$") for name in about["inputs"]]
    ax.set(xlabel=inputs[0], ylabel=inputs[1], xlim=drawn["range"][0], ylim=drawn["range"][1])
    ax.set_title("Decision after training")
    ax.legend()


def _boundary(ax: Axes, level: str, moments: list[Mapping[str, Any]] | None) -> None:
    style = {k: v for k, v in STYLES[level].items() if not k.startswith("marker")}
    for i, line in enumerate((moments or [{}])[-1].get("lines") or ()):
        ax.plot([p[0] for p in line], [p[1] for p in line], label=LEVELS[level] if i == 0 else None, **style)
