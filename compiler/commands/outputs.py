"""What ``train`` and ``compare`` leave behind: a folder of files, and a table on the terminal."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

    from compiler.design import Design
    from compiler.training.history import History


def console() -> Console:
    """Standard output; wide enough for every table when it is not a terminal."""
    from rich.console import Console

    out = Console(highlight=False)
    return out if out.is_terminal else Console(highlight=False, width=140)


def save(
    folder: str,
    design: Design,
    histories: Mapping[str, History],
    result: Mapping[str, Any],
    partial: Mapping[str, History] | None = None,
) -> None:
    """Write ``metrics.json``, two CSV tables per level, one for the clock of each pot, and ``result.png``, ``.svg``.

    ``partial`` are the levels that failed: they leave the tables too, but are in no figure.
    """
    from dsd.files import write_atomic, write_json_atomic

    out = Path(folder)
    write_json_atomic(out / "metrics.json", result)
    names = weight_names(design)
    for level, history in (*histories.items(), *(partial or {}).items()):
        write_atomic(out / f"{level}-weights.csv", _csv(["iteration", *names], enumerate(history.weights)))
        if history.predictions_after:
            write_atomic(out / f"{level}-validation.csv", _validation(design, history))
        if "trace" in history.extra:
            trace, unit = history.extra["trace"], ("s", "nM") if level.startswith("dsd") else ("1", "1")
            header = [f"t [{unit[0]}]", *(f"O{i} [{unit[1]}]" for i in (1, 2, 3))]
            write_atomic(out / f"{level}-clock.csv", _csv(header, zip(trace["t"], trace["o"], strict=True)))
    if histories:
        from compiler.figures import rendered, sheet

        title = f"{design.name}: {', '.join(histories)}"
        figure = sheet(histories, design.data.validation_y, names, title)
        for form in ("png", "svg"):
            write_atomic(out / f"result.{form}", rendered(figure, form))


def weight_names(design: Design) -> list[str]:
    """Names of the weights, in parameter order."""
    return [str(p) for p in design.neural.dynamics.parameters]


def show(result: Mapping[str, Any], names: list[str]) -> None:
    """Print one row per level, then warnings, slopes' reasons and failures."""
    from rich.table import Table

    table = Table(title=f"{result['provenance']['design']}: training at every level")
    table.add_column("level")
    for heading in ("train loss", "validation loss", *names, "slopes", "survival", "iterations", "wall s", "lab h"):
        table.add_column(heading, justify="right")
    for level, entry in result["levels"].items():
        table.add_row(level, *_cells(entry))
    out = console()
    out.print(table)
    for level, entry in result["levels"].items():
        for warning in entry.get("warnings", ()):
            out.print(f"{level}: {warning}", markup=False)
        if entry["survival"] is None:
            out.print(f"{level}: no survival; {entry['survival_reason']}", markup=False)
    for level, reason in result["failed"].items():
        out.print(f"{level} failed: {reason}", markup=False)


def _cells(entry: Mapping[str, Any]) -> list[str]:
    train, validation = entry["train_loss"], entry["validation_loss"]
    survival = "-" if entry["survival"] is None else f"{entry['survival']:.4f}"
    lab = f"{entry['lab_hours']:.1f}" if "lab_hours" in entry else ""
    slopes = " ".join(f"{s:.3f}" for s in entry["slopes"])
    return [
        f"{train[-1]:.5f}" if train else "-",
        f"{validation[0]:.4f} -> {validation[-1]:.5f}",
        *(f"{w:.4f}" for w in entry["parameters"][-1]),
        slopes, survival, str(entry["iterations"]), f"{entry['wall_s']:.1f}", lab,
    ]  # fmt: skip


def _validation(design: Design, history: History) -> str:
    header = [*design.data.inputs, *design.data.targets, "before", "after"]
    columns = (
        design.data.validation_x,
        design.data.validation_y,
        history.predictions_before,
        history.predictions_after,
    )
    rows = ([float(v) for part in row for v in part] for row in zip(*columns, strict=True))
    return _csv(header, ((row[0], row[1:]) for row in rows))


def _csv(header: list[str], rows: Any) -> str:
    out = StringIO()
    csv.writer(out, lineterminator="\n").writerow(header)  # a column of the user's may hold a comma
    out.writelines(",".join([str(first), *(repr(float(v)) for v in rest)]) + "\n" for first, rest in rows)
    return out.getvalue()
