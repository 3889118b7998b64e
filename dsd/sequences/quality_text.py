"""The quality of sequences as a page (Markdown), candidate by candidate."""

from __future__ import annotations

from collections.abc import Sequence

from dsd.sequences.design import Candidate
from dsd.sequences.quality import Quality


def rows(q: Quality) -> tuple[tuple[str, str], ...]:
    """What is reported of a set, as (quantity, value); energies in kcal/mol."""
    low, mean, high = q.gc
    strand, mfe = q.mfe_worst
    return (
        ("long domains", str(q.long_domains)),
        ("GC, least / mean / most", f"{low:.0%} / {mean:.0%} / {high:.0%}"),
        ("intended duplexes, weakest / strongest", f"{q.on_weakest:.2f} / {q.on_strongest:.2f}"),
        ("spread of intended duplexes", f"{q.spread:.2f}"),
        ("unintended duplexes, worst", f"{q.off_worst:.2f} ({' with '.join(q.off_worst_pair)})"),
        ("unintended duplexes, 1 % / mean", f"{q.off_one_percent:.2f} / {q.off_mean:.2f}"),
        ("either sense on its like, worst", f"{q.same_sense_worst:.2f}"),
        ("gap", f"{q.gap:.2f}"),
        ("least Hamming distance", "-" if q.hamming is None else str(q.hamming)),
        ("longest common word", f"{len(q.common)} nt ({q.common or 'none'})"),
        ("most structure on its own, of full strands", f"{mfe:.2f} ({strand})"),
        ("toeholds, weakest / strongest / worst unintended", _toeholds(q)),
        ("difference to ViennaRNA, at most", f"{q.recursion_error:.2f} over {q.recursion_checked} pairs"),
    )


def headings(candidates: Sequence[Candidate]) -> tuple[str, ...]:
    """``set 3 (chosen)``, ``set 1``, ...: the number of each candidate, the best first."""
    return tuple(f"set {c.sequences.candidate}" + (" (chosen)" if i == 0 else "") for i, c in enumerate(candidates))


def _toeholds(q: Quality) -> str:
    return f"{q.toehold_on[0]:.2f} / {q.toehold_on[1]:.2f} / {q.toehold_off_worst:.2f}"


def markdown(candidates: Sequence[Candidate], title: str) -> str:
    """A page on ranked candidates, the best first, with the conditions and the structure of every strand."""
    best = candidates[0].quality
    columns = [dict(rows(c.quality)) for c in candidates]
    lines = [
        f"# Sequences: {title}",
        "",
        f"Seed {candidates[0].sequences.seed}. Energies in kcal/mol: {best.conditions}.",
        "",
        f"| | {' | '.join(headings(candidates))} |",
        f"|---|{'---|' * len(candidates)}",
        *(f"| {key} | {' | '.join(column[key] for column in columns)} |" for key in columns[0]),
        "",
        "## Structure of every strand on its own",
        "",
        "| strand | least free energy |",
        "|---|---|",
        *(f"| {name} | {energy:.2f} |" for name, energy in best.mfe),
    ]
    return "\n".join(lines) + "\n"
