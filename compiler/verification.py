"""Do the gates do what they claim? Everything :mod:`dsd.verify` and :mod:`dsd.composition` can say of one source.

In: the name of a design, or the path of a ``.toml``, ``.crn`` or ``.pil`` file. Out: a :class:`Verification`.

Gates are built from the reactions alone (:mod:`dsd.structural`), so a design is verified whether or not concentrations
meet its rates; a reaction without products is verified in both of the forms that a pot may give it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from compiler import pipeline, plain
from compiler.texts import Source, circuit, opened, reread
from dsd.composition import Pairs, crosstalk, pair_faults, shared_domains
from dsd.conservation import Conservation, conservation
from dsd.errors import InputError
from dsd.lowering import Lowering
from dsd.network import NANOMOLAR, Network
from dsd.shape_report import ShapeReport
from dsd.structural import structural
from dsd.verify import Cache, verify_modules

PAIRS = 80
"""Shapes of pairs that are enumerated unless told otherwise: all those of a small design."""


@dataclass(frozen=True)
class Verification:
    """What was found for ``source``, which has ``modules`` reactions as gates of ``scheme``.

    ``gating`` is empty for anything that is no design. ``domains`` and ``crosstalk`` are the faults of
    :func:`~dsd.composition.shared_domains` and :func:`~dsd.composition.crosstalk`.
    """

    source: str
    gating: str
    scheme: str
    modules: int
    shapes: tuple[ShapeReport, ...]
    domains: tuple[str, ...]
    crosstalk: tuple[str, ...]
    pairs: Pairs | None
    conserved: Conservation
    seconds: float

    @property
    def faults(self) -> tuple[str, ...]:
        """Everything that is wrong, one sentence each, with gate and reaction."""
        return tuple(self._faults())

    def _faults(self) -> Iterator[str]:
        yield from (s.fault for s in self.shapes if not s.ok)
        yield from self.domains
        for told in self.crosstalk:
            yield f"{told} happens in the whole system, but in no module by itself"
        yield from self.pairs.faults if self.pairs else ()
        yield from self.conserved.faults

    @property
    def ok(self) -> bool:
        """Nothing is wrong."""
        return not self.faults

    def to_dict(self) -> dict[str, Any]:
        """As JSON-ready values."""
        return {
            "source": self.source,
            "gating": self.gating or None,
            "scheme": self.scheme,
            "modules": self.modules,
            "ok": self.ok,
            "shapes": [s.to_dict() for s in self.shapes],
            "composition": {
                "shared_domains": list(self.domains),
                "crosstalk": list(self.crosstalk),
                "pairs": self.pairs.to_dict() if self.pairs else None,
            },
            "conserved": self.conserved.to_dict(),
            "faults": list(self.faults),
            "seconds": round(self.seconds, 3),
        }


def verify(
    source: str,
    *,
    gating: str | None = None,
    scheme: str | None = None,
    design: str | None = None,
    pairs: int = PAIRS,
    seed: int = 0,
    cache: Cache | None = None,
) -> Verification:
    """Verify every gate shape of ``source``, and its gates together.

    ``scheme`` and ``gating`` replace the design's. ``pairs`` is how many shapes of pairs are enumerated together, 0 for
    none; ``seed`` draws them where there are more. ``cache`` keeps the shapes that are right for other sources.
    Raises :class:`InputError` for a source that holds no gates, and where a scheme is asked of a file that has one.
    """
    return verify_source(
        replace(opened(source, design), gating=gating), scheme=scheme, pairs=pairs, seed=seed, cache=cache
    )


def verify_source(
    start: Source, *, scheme: str | None = None, pairs: int = PAIRS, seed: int = 0, cache: Cache | None = None
) -> Verification:
    """As :func:`verify`, for a source that was opened."""
    begin = time.perf_counter()
    known: Cache = {} if cache is None else cache
    dosed: tuple[str, ...] = ()
    if start.system:
        if scheme:
            raise InputError(f"{start.name} holds gates of a scheme already; leave the scheme out")
        systems = [start.system]
    else:
        network, options = _unmapped(start, scheme)
        systems, dosed = [structural(network, options, joined)[0] for joined in (False, True)], options.dosed
    whole = systems[0]
    if not whole.modules:
        raise InputError(f"{start.name} holds no gates; give a design, a .crn with reactions, or a .pil with modules")
    found = {(r.shape, r.kind, r.gates): r for s in systems for r in verify_modules(s, None, dosed, known)}
    return Verification(
        source=start.name,
        gating="" if start.level in ("plain", "dsd") else start.clock.gating,
        scheme=whole.get("scheme"),
        modules=len(whole.modules),
        shapes=tuple(found.values()),
        domains=shared_domains(whole),
        crosstalk=crosstalk(whole),
        pairs=pair_faults(whole, pairs, seed) if pairs else None,
        conserved=conservation(whole),
        seconds=time.perf_counter() - begin,
    )


def _unmapped(start: Source, scheme: str | None) -> tuple[Network, Lowering]:
    """The network that becomes gates, and how it is lowered; its rates mean nothing."""
    dna = start.dna if scheme is None else start.dna.model_copy(update={"scheme": scheme})
    if start.level == "network":
        raise InputError(f"{start.name} is at level network, below its gates; give the .pil or an earlier level")
    if start.level == "plain":
        assert start.network is not None
        return start.network, plain.lowering(replace(start.network, units=NANOMOLAR), dna)
    if start.level == "clocked":
        assert start.network is not None
        pot = reread(start.network)
    else:
        pot = pipeline.join_clock(circuit(start), start.clock, 1.0, 1.0)
    seeded = pipeline.seeded_ring(pot, dna)
    return seeded, pipeline.lowering(seeded, dna, 1.0)
