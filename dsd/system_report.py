"""Everything that can be said of a system's gates: each shape, the gates together, and what they conserve.

In: a lowered :class:`System`. Out: a :class:`SystemReport`, whose faults name gates and reactions.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from dsd.composition import Pairs, crosstalk, pair_faults, shared_domains
from dsd.conservation import Conservation, conservation
from dsd.errors import StrandgradError
from dsd.shape_report import ShapeReport, named, where
from dsd.system import System
from dsd.verify import Cache, verify_modules

PAIRS = 80
"""Shapes of pairs that are enumerated unless told otherwise: all those of a small design."""


@dataclass(frozen=True)
class SystemReport:
    """What was found for ``modules`` reactions as gates of ``scheme``.

    ``together`` holds the faults of :func:`~dsd.composition.shared_domains` and :func:`~dsd.composition.crosstalk`;
    ``pairs`` is None where none were asked for, ``conserved`` where the gates span no network.
    """

    scheme: str
    modules: int
    shapes: tuple[ShapeReport, ...]
    together: tuple[str, ...]
    pairs: Pairs | None
    conserved: Conservation | None
    seconds: float

    @property
    def faults(self) -> tuple[str, ...]:
        """Everything that is wrong, one sentence each, with gate and reaction."""
        return tuple(self._faults())

    def _faults(self) -> Iterator[str]:
        yield from (s.fault for s in self.shapes if not s.ok)
        yield from self.together
        yield from self.pairs.faults if self.pairs else ()
        yield from self.conserved.faults if self.conserved else ()

    @property
    def ok(self) -> bool:
        """Nothing is wrong."""
        return not self.faults

    def to_dict(self) -> dict[str, Any]:
        """As JSON-ready values."""
        return {
            "scheme": self.scheme,
            "modules": self.modules,
            "ok": self.ok,
            "shapes": [s.to_dict() for s in self.shapes],
            "together": list(self.together),
            "pairs": self.pairs.to_dict() if self.pairs else None,
            "conserved": self.conserved.to_dict() if self.conserved else None,
            "faults": list(self.faults),
            "seconds": round(self.seconds, 3),
        }


def verify_gates(
    system: System,
    others: Iterable[System] = (),
    *,
    dosed: Iterable[str] = (),
    pairs: int = PAIRS,
    seed: int = 0,
    cache: Cache | None = None,
) -> SystemReport:
    """Verify every gate shape of ``system``, and its gates together.

    ``others`` are forms that some of its gates may have instead; only their shapes are verified. ``dosed`` as in
    :class:`~dsd.lowering.Lowering`, for the names of shapes. ``pairs`` and ``seed`` as in
    :func:`~dsd.composition.pair_faults`, 0 for none; ``cache`` as in :func:`~dsd.verify.verify_modules`.
    """
    begin = time.perf_counter()
    known: Cache = {} if cache is None else cache
    dosed = tuple(dosed)
    shapes: dict[tuple[str, str, tuple[str, ...]], ShapeReport] = {}
    for each in (system, *others):
        for r in verify_modules(each, None, dosed, known):
            shapes.setdefault((r.shape, r.kind, r.gates), r)
    told = list(shared_domains(system))
    told += _held(lambda: _crosstalk(system), told) or ()
    paired = _held(lambda: pair_faults(system, pairs, seed), told) if pairs else None
    conserved = _held(lambda: conservation(system), told)
    return SystemReport(
        scheme=system.get("scheme"),
        modules=len(system.modules),
        shapes=tuple(shapes.values()),
        together=tuple(dict.fromkeys(told)),
        pairs=paired,
        conserved=conserved,
        seconds=time.perf_counter() - begin,
    )


def _crosstalk(system: System) -> tuple[str, ...]:
    """Crosstalk with the gates that take part and their reactions."""
    texts = {g: m.text for m in system.modules for g in m.gates}
    faults = []
    for told in crosstalk(system):
        gates = named(told, texts)
        reactions = dict.fromkeys(texts[g] for g in gates)
        faults.append(f"{where(gates, ' and '.join(reactions))}: {told} happens in no gate by itself")
    return tuple(faults)


T = TypeVar("T")


def _held(check: Callable[[], T], told: list[str]) -> T | None:
    """What a check finds; where gates are so wrong that it cannot be made, the reason goes among the faults."""
    try:
        return check()
    except StrandgradError as error:
        told.append(str(error))
        return None
