"""What ``strandgrad bench engine`` leaves behind: a table as CSV and Markdown, and a figure.

In: results of :mod:`compiler.bench.contest` and :mod:`compiler.bench.scaling`. Out: text, and axes drawn into.
"""

from __future__ import annotations

import csv
import io
import platform
from collections.abc import Sequence
from dataclasses import asdict, fields
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from compiler.bench.contest import ERROR, Result
from compiler.bench.scaling import Scale, exponent

if TYPE_CHECKING:
    from matplotlib.axes import Axes

OURS = "strandgrad"
LIBRARIES = ("numpy", "scipy", "numba", "scikit-sundae", "libroadrunner", "crnsimulator")
MARKERS = {"strandgrad ndf": ("#D55E00", "o"), "C CVODE+KLU": ("#000000", "s"), "SciPy BDF": ("#0072B2", "^"),
           "SciPy LSODA": ("#56B4E9", "v"), "libRoadRunner": ("#009E73", "D"), "pilsimulator": ("#CC79A7", "P"),
           "strandgrad krylov": ("#E69F00", "x"), "strandgrad dense": ("#E69F00", "+")}  # fmt: skip


def csv_text(rows: Sequence[Result] | Sequence[Scale], kind: type[Result] | type[Scale]) -> str:
    """One line a result, its fields as columns."""
    out = io.StringIO()
    writer = csv.DictWriter(out, [f.name for f in fields(kind)], lineterminator="\n")
    writer.writeheader()
    writer.writerows(asdict(row) for row in rows)
    return out.getvalue()


def markdown(results: Sequence[Result], slowed: dict[str, float], limit_s: float) -> str:
    """The table for readers: a line a solver, a column a network."""
    problems = list(dict.fromkeys(r.problem for r in results))
    by = {(r.problem, r.solver): r for r in results}
    sizes = {r.problem: f"{r.species:,} species, {r.reactions:,} reactions" for r in results}
    lines = [
        f"CPU seconds of one clock period, at a measured error of at most {ERROR:g}; failed: over {limit_s:g} CPU "
        f"seconds, or for the reason given.",
        "",
        "| solver | " + " | ".join(f"{p}: {sizes[p]}" for p in problems) + " |",
        "|---|" + "---|" * len(problems),
    ]
    for solver in dict.fromkeys(r.solver for r in results):
        cells = (_cell(by.get((p, solver))) for p in problems)
        lines.append(f"| {solver} | " + " | ".join(cells) + " |")
    notes = [f"{p} at 1/{times:g} of its own clock's speed" for p, times in slowed.items() if times > 1]
    if notes:
        lines += ["", "Slowed so that gates can meet its rates: " + "; ".join(notes) + "."]
    return "\n".join([*lines, "", machine()]) + "\n"


def scaling_markdown(scales: Sequence[Scale]) -> str:
    """Sizes, set-up and CPU seconds of a period, and the fitted exponents."""
    lines = ["| network | species | reactions | set-up s | period s | ms per step | memory MB |", "|---|" + "---:|" * 6]
    for s in scales:
        lines.append(
            f"| {s.problem} | {s.species:,} | {s.reactions:,} | {s.setup_s:.2f} | {s.cpu_s:.4f} | "
            f"{1000 * s.cpu_s / s.steps:.3f} | {s.memory_MB:.0f} |"
        )
    lines += ["", f"CPU seconds of a period grow as species^{exponent(scales):.2f}."]
    return "\n".join([*lines, "", machine()]) + "\n"


def _cell(r: Result | None) -> str:
    if r is None:
        return ""
    return f"failed: {r.failed}" if r.failed else f"{r.cpu_s:.3g}"


def machine() -> str:
    """Processor, Python and versions of the libraries that were compared."""
    found = []
    for name in ("strandgrad", *LIBRARIES):
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    return f"{processor()}, Python {platform.python_version()}, {', '.join(found)}."


def processor() -> str:
    """The processor's name, as far as the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return f"{len(names)} x {names[0]}" if names else platform.processor() or platform.machine()


def draw_contest(ax: Axes, results: Sequence[Result]) -> None:
    """CPU seconds over species, a line a solver; solvers that failed have no mark there."""
    for solver in dict.fromkeys(r.solver for r in results):
        done = sorted((r.species, r.cpu_s) for r in results if r.solver == solver and not r.failed)
        if done:
            color, marker = MARKERS[solver]
            dash = "-" if solver.startswith(OURS) else "--"
            ax.plot(*zip(*done, strict=True), color=color, marker=marker, linestyle=dash, label=solver)
    ax.set(xscale="log", yscale="log", xlabel="species", ylabel="CPU seconds per clock period")
    ax.set_title(f"Compiled networks, error at most {ERROR:g}")
    ax.legend(fontsize="small")


def draw_scaling(ax: Axes, scales: Sequence[Scale]) -> None:
    """CPU seconds of a period and of the set-up over species, with the fitted power."""
    power = exponent(scales)
    for (label, marker), chosen in (
        (("linear, N inputs", "o"), [s for s in scales if s.problem.startswith("linear-")]),
        (("other designs", "D"), [s for s in scales if not s.problem.startswith("linear-")]),
    ):
        if chosen:
            ax.plot([s.species for s in chosen], [s.cpu_s for s in chosen], marker, color="#D55E00", label=label,
                    fillstyle="full" if marker == "o" else "none")  # fmt: skip
    sizes = sorted(s.species for s in scales)
    middle = scales[len(scales) // 2]
    line = [middle.cpu_s * (n / middle.species) ** power for n in sizes]
    ax.plot(sizes, line, color="0.5", linestyle=":", label=f"species^{power:.2f}")
    ax.set(xscale="log", yscale="log", xlabel="species", ylabel="CPU seconds per clock period")
    ax.set_title("Cost of a period, rtol 1e-6")
    ax.legend(fontsize="small")
