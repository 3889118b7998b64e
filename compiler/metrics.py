"""What a comparison says about its runs: survival of learning, slopes, provenance; and the check against the design.

In: a design and histories by level. Out: JSON-ready metrics, the same for one level as for four.

Survival of a level is ``(L_untrained - L_level) / (L_untrained - L_formal)`` on the validation samples: 1 if it learns
as well as the formal circuit, 0 if it does not learn at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from compiler.design import Design
from compiler.training.history import History

DRAWN = ("trace",)
"""Entries of ``History.extra`` that serve figures only and would bloat the metrics."""

IMPROVED = 1e-9
"""Part of its untrained loss by which formal training must improve before survival means anything."""


@dataclass(frozen=True)
class Survival:
    """Survival of one level: ``value`` is None where it has no meaning, and ``reason`` says why."""

    value: float | None
    reason: str = ""


def survival(history: History, formal: History | None) -> Survival:
    """How much of formal's improvement on the validation samples a level keeps; formal is None if it has no run."""
    if formal is None:
        return Survival(None, "survival is measured against formal, which was not trained")
    untrained, trained = formal.validation_loss[0], formal.validation_loss[-1]
    if not untrained - trained > IMPROVED * untrained:
        return Survival(None, f"formal did not improve: validation loss {untrained:.4g} before, {trained:.4g} after")
    return Survival((untrained - history.validation_loss[-1]) / (untrained - trained))


def slopes(design: Design, predictions: Sequence[Sequence[float]]) -> list[float]:
    """Least-squares slopes d yhat / d x_i, shape (d,), of predictions (V, m) of the first output.

    Effective weights scale with the length of a phase; slopes do not, so they compare levels.
    """
    x = design.data.validation_x
    table = np.column_stack([np.ones(len(x)), x])
    fit: list[float] = np.linalg.lstsq(table, np.asarray(predictions)[:, 0], rcond=None)[0].tolist()
    return fit[1:]


def late_loss(history: History) -> float:
    """Mean validation loss over the last epoch, at the points where the level measured it, its end included."""
    trace = history.extra.get("validation_trace") or ()
    epochs = max(1, len(history.validation_loss) - 1)
    begin = history.iterations * (epochs - 1) / epochs
    late = [loss for iteration, loss in trace if iteration > begin]
    return float(np.mean(late)) if late else history.validation_loss[-1]


def metrics(
    design: Design,
    histories: Mapping[str, History],
    *,
    seed: int | None = None,
    failed: Mapping[str, str] | None = None,
    partial: Mapping[str, History] | None = None,
) -> dict[str, Any]:
    """All metrics: ``provenance``, and under ``levels`` one entry per level, in the order of ``histories``.

    ``failed`` maps levels that did not finish to the reason, which goes under ``failed``, and ``partial``
    to what there is of them; that is not compared with anything.
    """
    formal = histories.get("formal")
    return {
        "provenance": provenance(design, seed),
        "levels": {level: _level(design, history, formal) for level, history in histories.items()},
        "failed": dict(failed or {}),
        "partial": {level: _stated(history) for level, history in (partial or {}).items()},
    }


def provenance(design: Design, seed: int | None) -> dict[str, Any]:
    """Version, design, content hash and seed: what it takes to run it again."""
    from compiler import __version__

    return {
        "version": __version__,
        "design": design.name,
        "digest": design.digest,
        "seed": design.training.seed if seed is None else seed,
        "order": design.training.order,
        "survival_min": design.check.survival_min,
    }


def below(result: Mapping[str, Any], minimum: float) -> tuple[str, ...]:
    """One sentence for each level whose survival is below ``minimum``; null survival cannot fail."""
    kept = {level: entry["survival"] for level, entry in result["levels"].items()}
    return tuple(
        f"{level} survives at {value:.4f}, below survival_min = {minimum:g}"
        for level, value in kept.items()
        if value is not None and not value >= minimum
    )


def _level(design: Design, history: History, formal: History | None) -> dict[str, Any]:
    kept = survival(history, formal)
    entry = _stated(history)
    entry |= {"survival": kept.value, "survival_reason": kept.reason or None}
    entry["slopes"] = slopes(design, history.predictions_after)
    late = late_loss(history)
    entry["validation_loss_last_epoch"] = late
    entry["validation_loss_to_formal"] = late / late_loss(formal) if formal else None
    return entry


def _stated(history: History) -> dict[str, Any]:
    return {key: value for key, value in history.to_dict().items() if key not in DRAWN}
