"""Operand gating against per-reaction gating, design by design: the table of ``strandgrad bench gating``.

In: names of designs. Out: tasks, one a design and strategy, and a row for each: what the pot costs, how much slower its
clock has to be, and whether it learns.

Written as a catalyst of every reaction, the clock makes three- and four-input joins of two- and three-input reactions.
Where no concentrations meet their rates the row says why.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from compiler.bench.cells import line, number
from compiler.bench.survival import Run, rows, survival_run, tasks
from compiler.tasks.task import Progress, Record, Task

STRATEGIES = ("operand", "per-reaction")


def gating_tasks(names: Sequence[str], *, iterations: int, tests: int) -> tuple[Task, ...]:
    """The formal run of each design, and its DNA under each strategy."""
    found = list(tasks(names, ("formal",), iterations=iterations, tests=tests))
    for strategy in STRATEGIES:
        changed = tasks(names, ("dsd",), iterations=iterations, tests=tests, changes={"clock.gating": strategy})
        found += [
            replace(task, name=f"{task.name}-{strategy}", function=gating_run, about={**task.about, "gating": strategy})
            for task in changed
        ]
    return tuple(found)


def gating_run(run: Run, progress: Progress | None = None) -> Record:
    """The record of one pot: what it is made of, and its training."""
    from compiler import pipeline
    from dsd.errors import StrandgradError

    started = time.perf_counter()
    try:
        lowered = pipeline.dsd(run.design)
    except StrandgradError as refused:
        return {"error": str(refused), "wall_s": time.perf_counter() - started}
    cost = {
        "slowdown": lowered.dna.slowdown,
        "clocked_reactions": len(lowered.clocked.network.reactions),
        "most_inputs": max(r.order for r in lowered.clocked.network),
        "gates": len(lowered.system.complexes),
        "strands": len(lowered.system.strands),
    }
    return survival_run(run, progress) | cost


COST = ("slowdown", "clocked_reactions", "most_inputs", "gates", "strands")


def gating_rows(tasks: Sequence[Task], records: Sequence[Record]) -> list[dict[str, Any]]:
    """A row per design and strategy, with survival against the formal run."""
    compared = rows(tasks, records)
    return [
        {**row, **{key: record.get(key) for key in COST}}
        for row, record in zip(compared, records, strict=True)
        if "gating" in row
    ]


HEAD = (
    "design", "gating", "inputs at most", "gates", "strands", "species", "reactions", "slowdown", "lab h / iteration",
    "survival",
)  # fmt: skip


def markdown(table: Sequence[dict[str, Any]]) -> str:
    """The table, and below it why a pot does not exist or stopped."""
    lines = ["# Operand gating against per-reaction gating", "", line(HEAD), line(["---"] * len(HEAD))]
    lines += [line(_cells(row)) for row in sorted(table, key=lambda row: (row["design"], row["gating"]))]
    failed = [row for row in table if row["error"]]
    if failed:
        lines += ["", *(f"- {row['design']}, {row['gating']}: {row['error'].splitlines()[0]}" for row in failed)]
    return "\n".join(lines) + "\n"


def _cells(row: dict[str, Any]) -> list[str]:
    hours = row["lab_hours"] / row["iterations"] if row["lab_hours"] and row["iterations"] else None
    numbers = [row[key] for key in ("most_inputs", "gates", "strands", "species", "reactions")]
    ends = [number(row["slowdown"], ".4g"), number(hours, ".1f"), number(row["survival"], ".3f")]
    return [row["design"], row["gating"], *("" if n is None else str(n) for n in numbers), *ends]
