"""The verdict: did learning survive, and by how much, in sentences.

In: results. Out: :class:`Verdict`, which stands at the head of the page, and the table of levels below it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from compiler.report.blocks import Section, table
from compiler.report.folder import Level, Results
from compiler.report.text import LEVELS, LONG, duration, number, percent, sentence


@dataclass(frozen=True)
class Verdict:
    """``tone`` is good, bad or open; ``headline`` a few words, ``reasons`` what they rest on, ``warnings`` the rest."""

    tone: str
    headline: str
    reasons: tuple[str, ...]
    warnings: tuple[str, ...]


def verdict(r: Results) -> Verdict:
    """Judge the lowest level that was asked for; anything that failed or is not finished comes before it."""
    under_way = [level for level in r.levels if level.state == "unfinished"]
    faults = tuple((r.gates or {}).get("faults") or ())
    if r.failed:
        tone, headline = "bad", f"{_capital(LONG[next(reversed(r.failed))])} did not train to the end"
    elif under_way:
        tone, headline = "open", "Training is not finished"
    else:
        tone, headline = _judged(r)
    if faults and tone != "bad":
        tone, headline = "bad", "The gates do not verify"
    return Verdict(tone, headline, tuple(_reasons(r, under_way)), tuple(_warnings(r)))


def _judged(r: Results) -> tuple[str, str]:
    pots = [level for level in r.finished if level.name not in ("reference", "formal")]
    judged = [level for level in pots if level.entry.get("survival") is not None]
    if not pots:
        return "open", "No pot was trained, so there is nothing to survive yet"
    if not judged:
        return "open", "Whether learning survived cannot be said"
    least = float(r.provenance.get("survival_min", 0.0))
    fallen = [level for level in judged if not float(level.entry["survival"]) >= least]
    if fallen:
        return "bad", f"Learning did not survive in {_in(fallen[-1])}"
    return "good", f"Learning survived in {_in(judged[-1])}"


def _reasons(r: Results, under_way: list[Level]) -> Iterator[str]:
    total = r.run.get("iterations")
    for level in under_way:
        of = f" of {total}" if total else ""
        yield sentence(f"{LONG[level.name]} stands at iteration {level.entry['iterations']}{of}")
    for name, reason in r.failed.items():
        yield sentence(f"{LONG[name]} failed: {reason}")
    for level in reversed(r.finished):
        if level.name not in ("reference", "formal"):
            yield _survival(r, level)
    lowest = r.finished[-1] if r.finished else None
    if lowest is not None:
        yield from _facts(lowest)
    if r.gates and r.gates.get("ok") is not None:
        shapes = r.gates["shapes"]
        held = sum(s["fault"] is None for s in shapes)
        yield f"Verification: {held} of {len(shapes)} gate shapes do what their reactions say."


def _survival(r: Results, level: Level) -> str:
    value, least = level.entry.get("survival"), r.provenance.get("survival_min")
    if value is None:
        return sentence(f"{LONG[level.name]}: {level.entry.get('survival_reason') or 'survival was not measured'}")
    formal = "of what the formal circuit gains in validation loss"
    asked = f"; the design asks for {percent(least, 0)} at least" if least is not None else ""
    return sentence(f"{LONG[level.name]} keeps {percent(value)} {formal}{asked}")


def _facts(level: Level) -> Iterator[str]:
    entry, losses = level.entry, level.entry["validation_loss"]
    after = f"its validation loss went from {number(losses[0])} to {number(losses[-1])}"
    if right := entry.get("validation_accuracy"):
        after += f", its accuracy from {percent(right[0])} to {percent(right[-1])}"
    if (r2 := entry.get("test_r2")) is not None:
        after += f"; R² on the test samples is {number(r2, 3)}"
    yield sentence(f"In {entry['iterations']} iterations {after}")
    if "lab_hours" in entry:
        hours = 3600.0 * entry["lab_hours"]
        each = duration(hours / max(1, entry["iterations"]))
        yield (
            f"That is {duration(hours)} of laboratory time, {each} an iteration, with "
            f"{number(entry['total_strand_uM'], 3)} µM of strands in the pot at the end."
        )


def _warnings(r: Results) -> Iterator[str]:
    for level in r.levels:
        for warning in level.entry.get("warnings", ()):
            yield sentence(f"{LEVELS[level.name]}: {warning}")
    for fault in (r.gates or {}).get("faults") or ():
        yield sentence(f"Gates: {fault}")


def section(r: Results) -> Section:
    """Every level in a row."""
    shown = [level for level in r.levels if level.entry["validation_loss"]]
    tests = {key: label for key, label in _TESTS.items() if any(key in level.entry for level in shown)}
    heads = ["level", "training loss", "validation loss, before", "after", "survival", *tests.values(), "slopes ∂ŷ/∂x",
             "iterations", "computing", "laboratory"]  # fmt: skip
    rows = [_row(level, list(tests)) for level in shown]
    note = (
        "Loss is ½ Σ (ŷ − y)², the mean over samples. Survival is the share of the formal circuit's improvement on the "
        "validation samples that a level keeps. Slopes compare levels whose weights are on scales of their own."
    )
    return Section("levels", "Level by level", blocks=(table("Every level, after training", heads, rows, note=note),))


_TESTS = {"validation_accuracy": "accuracy, validation", "test_accuracy": "accuracy, test", "test_r2": "R², test"}


def _row(level: Level, tests: list[str]) -> list[str]:
    entry = level.entry
    found = [entry.get(key) for key in tests]
    last = [value[-1] if isinstance(value, list) and value else value for value in found]
    state = "" if level.state == "finished" else f" ({level.state})"
    train, validation = entry["train_loss"], entry["validation_loss"]
    return [
        LEVELS[level.name] + state,
        number(train[-1]) if train else "–", number(validation[0]), number(validation[-1]),
        percent(entry.get("survival")),
        *(number(v, 3) if key == "test_r2" else percent(v) for key, v in zip(tests, last, strict=True)),
        ", ".join(number(s, 4) for s in entry.get("slopes") or ()) or "–",
        str(entry["iterations"]), duration(entry["wall_s"]),
        duration(3600.0 * entry["lab_hours"]) if "lab_hours" in entry else "–",
    ]  # fmt: skip


def _in(level: Level) -> str:
    return {"clocked": "one clocked pot", "dsd": "DNA", "dsd-reduced": "DNA (reduced simulation)"}[level.name]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
