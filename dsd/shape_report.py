"""What verification found for a gate shape: whole, and as one sentence that names the gate and the reaction."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from dsd.crosscheck import Difference
from dsd.verdict import Verdict

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_']*")


COMMON = "gates and fuels last and remote toeholds do not react"
"""What every verdict assumes."""


@dataclass(frozen=True, slots=True)
class ShapeReport:
    """What verification found for one shape; ``premise`` says what it assumes beyond :data:`COMMON`.

    ``kind`` is join, annihilator, sink or source. ``gates`` and ``reaction`` are those of the first module of this
    shape, ``count`` says how many modules have it. ``reactions`` counts Peppercorn's condensed one-way reactions.
    """

    shape: str
    scheme: str
    verdict: Verdict
    premise: str
    differences: tuple[Difference, ...]
    reactions: int
    seconds: float
    kind: str = ""
    gates: tuple[str, ...] = ()
    reaction: str = ""
    count: int = 1

    @property
    def ok(self) -> bool:
        """The networks are equal, the verdict holds, and crnverifier agrees."""
        return self.verdict.holds and self.verdict.second and not self.differences

    @property
    def fault(self) -> str:
        """What is wrong, with the gate and its reaction; ``""`` if all is well."""
        if self.ok:
            return ""
        found = [self.verdict.counterexample] if not self.verdict.holds else []
        if self.verdict.holds and not self.verdict.second:
            found.append("crnverifier finds no bisimulation, but no counterexample was found")
        found += map(str, self.differences)
        told = "; ".join(found)
        return f"{where(named(told, self.gates) or self.gates, self.reaction or self.shape)}: {told}"

    @property
    def assumption(self) -> str:
        """Under which conditions the verdict speaks."""
        return f"assuming that {COMMON}" + (f", {self.premise}" if self.premise else "")

    def __str__(self) -> str:
        verdict = self.verdict
        found = "holds" if verdict.holds else f"fails: {verdict.counterexample}"
        if verdict.holds != verdict.second:
            found += f" (crnverifier says {verdict.second})"
        graph = f"{len(self.differences)} differences" if self.differences else "network equals Peppercorn's"
        return f"{self.shape}: {verdict.notion} {found}; {graph}; {self.assumption}"

    def to_dict(self) -> dict[str, Any]:
        """As JSON-ready values."""
        return {
            "shape": self.shape,
            "kind": self.kind,
            "scheme": self.scheme,
            "modules": self.count,
            "notion": self.verdict.notion,
            "holds": self.verdict.holds,
            "crnverifier": self.verdict.second,
            "equals_peppercorn": not self.differences,
            "condensed_reactions": self.reactions,
            "dropped": list(self.verdict.dropped),
            "assumption": self.assumption,
            "fault": self.fault or None,
            "seconds": round(self.seconds, 3),
        }


def named(text: str, gates: Iterable[str]) -> tuple[str, ...]:
    """The gates that a text mentions, by their own name or by that of a complex grown from them."""
    words = set(_WORD.findall(text))
    return tuple(g for g in gates if any(w == g or w.startswith(f"{g}_") for w in words))


def where(gates: Iterable[str], reaction: str) -> str:
    """``J0, F0 (A -> B)``."""
    listed = ", ".join(gates)
    return f"{listed} ({reaction})" if listed else reaction
