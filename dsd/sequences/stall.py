"""A search that found nothing more: what stood in the way, and which rule to relax."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from dsd.errors import InputError
from dsd.sequences.rules import Rules


@dataclass(frozen=True, slots=True)
class Stall:
    """How far a search came: ``found`` of ``total`` long domains, and what draws have ``failed`` by since."""

    found: int
    total: int
    length: int
    rules: Rules
    failed: Counter[str]
    unique_nt: int

    def error(self, reason: str = "") -> InputError:
        """The error that says what to relax: the rule ``reason``, or the one that most sequences failed by at last."""
        drawn = ("gc", "run")  # most random letters fail by these, which says nothing unless all do
        counts = Counter({key: n for key, n in self.failed.items() if reason in drawn or key not in drawn})
        reason = reason or counts.most_common(1)[0][0]
        why = ", ".join(f"{n} by {self._rule(key)[0]}" for key, n in counts.most_common(3))
        return InputError(
            f"sequences: the search stalled at {self.found} of {self.total} long domains of {self.length} nt; since "
            f"the last that was found, {why} failed; {self._rule(reason)[1]}"
        )

    def _rule(self, key: str) -> tuple[str, str]:
        r = self.rules
        longer = "make the domains longer ([dna] long_nt)"
        return {
            "gc": (f"the GC window {r.gc_min:g} to {r.gc_max:g}", "widen [sequences] gc_min and gc_max"),
            "run": (f"the longest run, {r.max_run}", "raise [sequences] max_run"),
            "word": ("forbidden words", "forbid fewer words in [sequences] forbidden"),
            "toehold": ("toehold words inside domains", "lengthen the toeholds ([dna] toehold_nt)"),
            "unique": (
                f"words of {self.unique_nt} nt in common",
                f"raise [sequences] unique_nt above {self.unique_nt}, or {longer}",
            ),
            "band": ("the band of intended energies", "narrow [sequences] gc_min and gc_max"),
            "mfe": (f"structure below {r.min_mfe_kcal:g} kcal/mol", "lower [sequences] min_mfe_kcal"),
            "gap": (
                f"the gap of {r.min_gap_kcal:g} kcal/mol",
                f"lower [sequences] min_gap_kcal, {longer}, or add a letter to [sequences] alphabet",
            ),
        }[key]
