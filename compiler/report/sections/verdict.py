"""The verdict: did learning survive, and by how much, in sentences.

In: results. Out: :class:`Verdict`, which stands at the head of the page.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from compiler.report.folder import Level, Results
from compiler.report.sections.decisions import answer
from compiler.report.text import LEVELS, LONG, duration, number, percent, sentence


@dataclass(frozen=True)
class Verdict:
    """``tone`` is good, bad or open; ``headline`` a few words, ``reasons`` what they rest on, ``warnings`` the rest.

    ``figures`` are a name, a value and a remark each.
    """

    tone: str
    headline: str
    reasons: tuple[str, ...]
    figures: tuple[tuple[str, str, str], ...]
    warnings: tuple[str, ...]


def verdict(r: Results) -> Verdict:
    """Judge the lowest level that was asked for; anything that failed or is not finished comes before it."""
    under_way = [level for level in r.levels if level.state == "unfinished"]
    faults = tuple((r.gates or {}).get("faults") or ())
    if r.failed:
        tone, headline = "bad", f"{_capital(LONG[next(reversed(list(r.failed)))])} did not train to the end"
    elif under_way:
        tone, headline = "open", "Training is not finished"
    else:
        tone, headline = _judged(r)
    if faults and tone != "bad":
        tone, headline = "bad", "The gates do not verify"
    return Verdict(tone, headline, tuple(_reasons(r, under_way)), tuple(_figures(r)), tuple(_warnings(r)))


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
    yield from _chance(r)


def _chance(r: Results) -> Iterator[str]:
    """A classifier that answers no better than one that always gives the commonest answer says so."""
    about, lowest = r.facts.get("about"), r.finished[-1] if r.finished else None
    if not about or about["kind"] == "regression" or lowest is None or not lowest.samples:
        return
    right = lowest.entry.get("validation_accuracy") or [1.0]
    truth = [answer(about, y) for y in lowest.samples.y]
    most = max(map(truth.count, truth)) / len(truth)
    if right[-1] <= most:
        yield (
            f"So far {LONG[lowest.name]} answers {percent(right[-1])} of the validation samples rightly, no more than "
            f"always giving the commonest answer would ({percent(most)})."
        )


def _survival(r: Results, level: Level) -> str:
    value, least = level.entry.get("survival"), r.provenance.get("survival_min")
    if value is None:
        return sentence(f"{LONG[level.name]}: {level.entry.get('survival_reason') or 'survival was not measured'}")
    formal = "of what the formal circuit gains in validation loss"
    asked = f"; the design asks for {percent(least, 0)} at least" if least is not None else ""
    return sentence(f"{LONG[level.name]} keeps {percent(value)} {formal}{asked}")


def _figures(r: Results) -> Iterator[tuple[str, str, str]]:
    """The few numbers that say most, of the lowest level that has finished."""
    if r.finished:
        level = r.finished[-1]
        entry, losses, n = level.entry, level.entry["validation_loss"], level.entry["iterations"]
        yield (
            "Validation loss",
            f"{number(losses[0], 3)} → {number(losses[-1], 3)}",
            f"{LEVELS[level.name]}, {n} iterations",
        )
        if right := entry.get("validation_accuracy"):
            yield "Accuracy", f"{percent(right[0], 0)} → {percent(right[-1], 0)}", "of the validation samples"
        if (r2 := entry.get("test_r2")) is not None:
            yield "R²", number(r2, 3), "on the test samples"
        if "lab_hours" in entry:
            seconds = 3600.0 * entry["lab_hours"]
            yield "Laboratory time", duration(seconds), f"{duration(seconds / max(1, n))} an iteration"
            yield "Strands", f"{number(entry['total_strand_uM'], 3)} µM", "in the pot at the end"
    if r.gates and r.gates.get("ok") is not None:
        shapes = r.gates["shapes"]
        held = sum(s["fault"] is None for s in shapes)
        yield "Verification", f"{held} of {len(shapes)}", "shapes of gates do what they say"


def _warnings(r: Results) -> Iterator[str]:
    for level in r.levels:
        for warning in level.entry.get("warnings", ()):
            yield sentence(f"{LEVELS[level.name]}: {warning}")
    for fault in (r.gates or {}).get("faults") or ():
        yield sentence(f"Gates: {fault}")


def _in(level: Level) -> str:
    return {"clocked": "one clocked pot", "dsd": "DNA", "dsd-reduced": "DNA (reduced simulation)"}[level.name]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
