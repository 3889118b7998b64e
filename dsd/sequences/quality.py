"""What a set of sequences is worth, measured: composition, structure, intended and unintended duplexes.

In: a system and its sequences. Out: :class:`Quality`, energies in kcal/mol. Unintended are a long domain on another's
complement, and either sense on its like. Pairs are computed by the compiled recursion on ViennaRNA's loop energies
(:mod:`dsd.sequences.duplex`); all intended and the worst unintended ones by ViennaRNA itself as well, and
``recursion_error`` is the largest difference (rounding, unless something is wrong).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from dsd.sequences.duplex import energies
from dsd.sequences.energy import conditions, duplex, fold, tables
from dsd.sequences.letters import common_word, gc, nearest, reverse_complement
from dsd.sequences.record import Sequences
from dsd.system import System

CHECKED = 200
"""How many of the worst unintended pairs ViennaRNA computes too."""


@dataclass(frozen=True)
class Quality:
    """Figures of a set of sequences. Energies are those of duplexes of long domains, but for ``toehold_*`` and ``mfe``.

    ``on_*`` are intended duplexes, ``off_*`` unintended ones: the worst of all, and the 1 % quantile and mean over all
    ordered pairs of a domain with another's complement, where a pair that no duplex gains energy for counts as 0.
    ``same_sense_worst`` is the worst of either sense on its like, a domain on itself included. ``gap`` is
    ``off_worst - on_weakest``. ``mfe`` holds (strand, energy) of every full strand on its own. ``hamming`` is the least
    distance, None where there are no two domains to compare; ``common`` the longest word in two domains, or in one and
    another's complement.
    """

    long_domains: int
    gc: tuple[float, float, float]
    on_weakest: float
    on_strongest: float
    off_worst: float
    off_worst_pair: tuple[str, str]
    off_one_percent: float
    off_mean: float
    same_sense_worst: float
    hamming: int | None
    common: str
    mfe: tuple[tuple[str, float], ...]
    toehold_on: tuple[float, float]
    toehold_off_worst: float
    recursion_error: float
    recursion_checked: int
    conditions: str

    @property
    def gap(self) -> float:
        """From the weakest intended to the strongest unintended duplex, kcal/mol."""
        return self.off_worst - self.on_weakest

    @property
    def spread(self) -> float:
        """From the strongest to the weakest intended duplex, kcal/mol."""
        return self.on_weakest - self.on_strongest

    @property
    def mfe_worst(self) -> tuple[str, float]:
        """The strand with most structure."""
        return min(self.mfe, key=lambda item: item[1])

    def to_dict(self) -> dict[str, Any]:
        """As JSON-ready values."""
        return {"gap": self.gap, "spread": self.spread, **asdict(self), "mfe": dict(self.mfe)}


def quality(system: System, sequences: Sequences) -> Quality:
    """Measure a set of sequences for a system with at least one long domain."""
    names = [d.name for d in system.domains if not d.toehold]
    words = [sequences.domain[n] for n in names]
    on, off, one_percent, mean, same, worst = _pairs(words)
    error, checked = _recursion_error(words, on, worst)
    shares = [gc(w) for w in words]
    short = [sequences.domain[d.name] for d in system.domains if d.toehold]
    toehold_on, toehold_off = _toeholds(short)
    return Quality(
        long_domains=len(names),
        gc=(min(shares), float(np.mean(shares)), max(shares)),
        on_weakest=float(on.max()),
        on_strongest=float(on.min()),
        off_worst=off,
        off_worst_pair=_named(worst[0], names) if worst else ("", ""),
        off_one_percent=one_percent,
        off_mean=mean,
        same_sense_worst=same,
        hamming=nearest(tuple(words)),
        common=common_word(tuple(words)),
        mfe=tuple((s.name, fold(text)[1]) for s, text in sequences.strands(system)),
        toehold_on=toehold_on,
        toehold_off_worst=toehold_off,
        recursion_error=error,
        recursion_checked=checked,
        conditions=str(conditions()),
    )


_Pair = tuple[float, int, int, str]
"""Energy, rows of the two domains, and the sense: cross, same, or complements."""


def _pairs(words: list[str]) -> tuple[np.ndarray[Any, Any], float, float, float, float, list[_Pair]]:
    t = tables()
    others = [reverse_complement(w) for w in words]
    cross = energies(words, others, t)
    on = np.diag(cross).copy()
    outside = ~np.eye(len(words), dtype=np.bool_)
    apart = np.minimum(cross[outside], 0.0)
    worst = _lowest(np.where(outside, cross, np.inf), "cross")
    same = 0.0
    for sense, strands in (("same", words), ("complements", others)):
        lowest = _lowest(energies(strands, strands, t), sense)
        same = min(same, lowest[0][0])
        worst += lowest
    worst = [pair for pair in sorted(worst) if pair[0] < 0][:CHECKED]
    off = worst[0][0] if worst else 0.0
    if not len(apart):
        return on, off, 0.0, 0.0, same, worst
    return on, off, float(np.quantile(apart, 0.01)), float(apart.mean()), same, worst


def _lowest(matrix: np.ndarray[Any, Any], sense: str) -> list[_Pair]:
    order = np.argsort(matrix, axis=None, kind="stable")[:CHECKED]
    rows, columns = np.unravel_index(order, matrix.shape)
    return [(float(matrix[i, j]), int(i), int(j), sense) for i, j in zip(rows, columns, strict=True)]


def _recursion_error(words: list[str], on: np.ndarray[Any, Any], worst: list[_Pair]) -> tuple[float, int]:
    """How far the compiled recursion is from ViennaRNA at most (kcal/mol), and over how many pairs."""
    errors = [abs(duplex(w, reverse_complement(w)) - e) for w, e in zip(words, on, strict=True)]
    for e, i, j, sense in worst:
        a = reverse_complement(words[i]) if sense == "complements" else words[i]
        b = words[j] if sense == "same" else reverse_complement(words[j])
        errors.append(abs(duplex(a, b) - e))
    return float(max(errors)), len(errors)


def _named(pair: _Pair, names: list[str]) -> tuple[str, str]:
    _, i, j, sense = pair
    first, second = ("*" if sense == "complements" else ""), ("" if sense == "same" else "*")
    return names[i] + first, names[j] + second


def _toeholds(words: list[str]) -> tuple[tuple[float, float], float]:
    """Weakest and strongest intended duplex of toeholds, and their worst unintended one."""
    if not words:
        return (0.0, 0.0), 0.0
    t = tables()
    cross = energies(words, [reverse_complement(w) for w in words], t)
    on = np.diag(cross).copy()
    np.fill_diagonal(cross, 0.0)
    return (float(on.max()), float(on.min())), float(min(cross.min(), energies(words, words, t).min(), 0.0))
