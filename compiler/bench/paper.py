"""The table of ``strandgrad bench paper``: every design, ours beside the authors', over several seeds.

In: names of designs and seeds. Out: :class:`Row` per design, and the table as CSV and as Markdown. A seed draws samples
(or the split of a table), initial weights and order anew, so a range covers all that chance decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from statistics import median

from compiler.bench.authors import AUTHORS, Figures
from compiler.bench.runs import Job
from compiler.design import load_design
from compiler.tasks.task import Record

QUICK_EPOCHS = 2
QUICK_TESTS = 50


@dataclass(frozen=True)
class Spread:
    """Median and range of a number over the seeds."""

    median: float
    low: float
    high: float

    def text(self, digits: str = ".4g", percent: bool = False) -> str:
        """``0.912 [0.9, 0.93]``."""
        a, b, c = (f"{100 * v:.1f}" if percent else f"{v:{digits}}" for v in (self.median, self.low, self.high))
        return f"{a} [{b}, {c}]"


@dataclass(frozen=True)
class Row:
    """One design. Sizes are (species, reactions): ``paper`` as the paper counts (with two clock species, without
    annihilation), ``trained`` of the network that was trained, ``orders`` the numbers of reactants in it.

    ``losses`` at the end of training; ``scores`` (accuracy, or R²) by set. ``errors`` has a sentence per failed seed.
    """

    design: str
    measure: str
    paper: tuple[int, int]
    trained: tuple[int, int]
    orders: tuple[int, ...]
    seeds: int
    train_loss: Spread | None
    validation_loss: Spread | None
    authors_split: Spread | None
    test: Spread | None
    tests: int
    seconds: float
    authors: Figures
    errors: tuple[str, ...]

    @property
    def met(self) -> bool | None:
        """Whether the median on the fresh test set reaches the authors' figure; None without one of the two."""
        if self.test is None or self.authors.score is None:
            return None
        # Figures are given to a tenth of a percent.
        return self.test.median >= self.authors.score - 5e-4


def jobs(names: Sequence[str], seeds: Sequence[int], *, quick: bool = False) -> tuple[Job, ...]:
    """One formal run per design and seed; ``quick`` bounds epochs and tests, to try the machinery."""
    found = []
    for name in names:
        design = load_design(name)
        for seed in seeds:
            seeded = design.seeded(seed)
            epochs = min(QUICK_EPOCHS, seeded.training.epochs) if quick else None
            tests = QUICK_TESTS if quick else None
            found.append(Job(f"{design.name}-seed{seed}", seeded, "formal", epochs, tests))
    return tuple(found)


def rows(records: Sequence[Record]) -> tuple[Row, ...]:
    """One row per design of which at least one run came back, in the order of the records."""
    names = dict.fromkeys(r["design"] for r in records if "paper_count" in r)
    return tuple(_row(name, [r for r in records if r["design"] == name]) for name in names)


def _row(name: str, records: Sequence[Record]) -> Row:
    good = [r for r in records if not r["error"]]
    first = next(r for r in records if "paper_count" in r)
    authors = AUTHORS.get(name, Figures())
    split = "authors" if any("authors" in r["sets"] for r in good) else "validation"
    return Row(
        design=name,
        measure=good[0]["measure"] if good else "",
        paper=tuple(first["paper_count"]),
        trained=tuple(first["trained_count"]),
        orders=tuple(first["orders"]),
        seeds=len(good),
        train_loss=_spread([r["train_loss"][-1] for r in good]),
        validation_loss=_spread([r["validation_loss"][-1] for r in good]),
        authors_split=_spread([r["sets"].get(split, {}).get("score") for r in good]),
        test=_spread([r["sets"].get("test", {}).get("score") for r in good]),
        tests=good[0]["sets"].get("test", {}).get("n", 0) if good else 0,
        seconds=median(r["training_s"] for r in good) if good else 0.0,
        authors=authors,
        errors=tuple(f"seed {r['seed']}: {r['error']}" for r in records if r["error"]),
    )


def _spread(values: Sequence[float | None]) -> Spread | None:
    there = [v for v in values if v is not None]
    return Spread(median(there), min(there), max(there)) if there else None


def csv_table(table: Sequence[Row]) -> str:
    """The table with one number a cell; empty where there is none."""
    spreads = ("train_loss", "validation_loss", "authors_split", "test")
    header = ["design", "measure", "seeds", "failed", "species_paper", "reactions_paper", "species", "reactions"]
    header += ["max_order", "authors_species", "authors_reactions"]
    header += [f"{name}_{end}" for name in spreads for end in ("median", "low", "high")]
    header += ["authors_train_loss", "authors_validation_loss", "authors_score", "authors_tested"]
    header += ["test_samples", "met", "training_s"]
    lines = [",".join(header)]
    for r in table:
        a = r.authors
        cells: list[object] = [r.design, r.measure, r.seeds, len(r.errors), *r.paper, *r.trained]
        cells += [max(r.orders), a.species, a.reactions]
        for name in spreads:
            spread: Spread | None = getattr(r, name)
            cells += [getattr(spread, f.name) for f in fields(Spread)] if spread else [None] * 3
        cells += [a.train_loss, a.validation_loss, a.score, a.tested, r.tests, r.met, round(r.seconds, 2)]
        lines.append(",".join("" if c is None else str(c) for c in cells))
    return "\n".join(lines) + "\n"


def markdown(table: Sequence[Row], seeds: int) -> str:
    """The table for people: medians and ranges over the seeds, the authors' figures in parentheses."""
    head = [
        "design",
        "species",
        "reactions",
        "at most",
        "train loss",
        "validation loss",
        "authors' split",
        "fresh test",
    ]
    lines = [TITLE, "", INTRODUCTION.format(seeds=seeds), "", _line(head), _line(["---"] * len(head))]
    lines += [_line(_cells(row)) for row in table]
    missed = [row for row in table if row.met is False]
    lines += [
        "",
        f"Below the authors' figure by the median of the fresh test: {', '.join(r.design for r in missed) or 'none'}.",
    ]
    failed = [f"- {row.design}, {sentence}" for row in table for sentence in row.errors]
    if failed:
        lines += ["", "Runs that failed:", "", *failed]
    sources = dict.fromkeys(f"- {row.design}: {row.authors.source}" for row in table if row.authors.source)
    lines += ["", "The authors' sizes are from:", "", *sources] if sources else []
    return "\n".join(lines) + "\n"


TITLE = "# The designs of arXiv 2409.00034, trained at the formal level"
INTRODUCTION = (
    "Medians and [ranges] over {seeds} seeds, which draw samples, weights and order anew; in parentheses the figures "
    "of the paper or of its authors' code. Scores are accuracies in percent, or R². The authors' split is their test "
    "grid, or their validation set where they tested on it; the fresh test set has points that no choice was made on. "
    "Sizes are counted as the paper counts, with two clock species and without annihilation; the size of the trained "
    "network, which has annihilation and no clock, follows after a slash and is what to compare with code."
)


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _cells(r: Row) -> list[str]:
    a = r.authors
    percent = r.measure == "accuracy"
    theirs = "" if a.score is None else f" ({100 * a.score:.1f})" if percent else f" ({a.score:.3f})"
    test = r.test.text(".3f", percent) if r.test else "-"
    return [
        r.design,
        f"{r.paper[0]} / {r.trained[0]}{_theirs(a.species)}",
        f"{r.paper[1]} / {r.trained[1]}{_theirs(a.reactions)}",
        f"{max(r.orders)} reactants",
        (r.train_loss.text() if r.train_loss else "-") + _theirs(a.train_loss),
        (r.validation_loss.text() if r.validation_loss else "-") + _theirs(a.validation_loss),
        (r.authors_split.text(".3f", percent) if r.authors_split else "-") + theirs,
        test + ("" if r.met is None else " ✓" if r.met else " ✗"),
    ]


def _theirs(value: float | None) -> str:
    return "" if value is None else f" ({value:.4g})"
