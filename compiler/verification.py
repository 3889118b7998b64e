"""Do the gates of a source do what they claim?

In: the name of a design, or the path of a ``.toml``, ``.crn`` or ``.pil`` file. Out: a :class:`Verification`.

Gates are built from the reactions alone (:mod:`dsd.structural`), so a design is verified whether or not concentrations
meet its rates; a reaction without products is verified in both of the forms that a pot may give it.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from compiler import pipeline, plain
from compiler.design import load_design
from compiler.texts import Given, Source, circuit, read_source, reread
from dsd.errors import InputError
from dsd.folded_modules import kernel_of
from dsd.kernel_system import KernelSystem, verify_kernel
from dsd.lowering import Lowering
from dsd.network import NANOMOLAR, Network
from dsd.structural import structural
from dsd.system_report import PAIRS, SystemReport, verify_gates
from dsd.translate import check_scheme, is_folded, kernel_system
from dsd.verify import Cache


@dataclass(frozen=True)
class Verification:
    """What was found for ``source``; ``gating`` is empty for anything that has no clock."""

    source: str
    gating: str
    report: SystemReport

    @property
    def ok(self) -> bool:
        """Nothing is wrong."""
        return self.report.ok

    def to_dict(self) -> dict[str, Any]:
        """As JSON-ready values."""
        return {"source": self.source, "gating": self.gating or None, **self.report.to_dict()}


def verify(
    source: Given,
    *,
    gating: str | None = None,
    scheme: str | None = None,
    design: str | None = None,
    pairs: int = PAIRS,
    seed: int = 0,
    cache: Cache | None = None,
) -> Verification:
    """Verify every gate shape of ``source``, and its gates together.

    It is a design, a network, a system, or the name or path of one.

    ``scheme`` and ``gating`` replace the design's. ``pairs`` is how many shapes of pairs are enumerated together, 0 for
    none; ``seed`` draws them where there are more. ``cache`` keeps the shapes that are right for other sources.
    Raises :class:`InputError` for a source that holds no gates, and where a scheme is asked of a file that has one.
    """
    start = replace(read_source(source, load_design(design) if design else None), gating=gating)
    return verify_source(start, scheme=scheme, pairs=pairs, seed=seed, cache=cache)


def verify_source(
    start: Source, *, scheme: str | None = None, pairs: int = PAIRS, seed: int = 0, cache: Cache | None = None
) -> Verification:
    """As :func:`verify`, for a source that was opened."""
    dosed: tuple[str, ...] = ()
    if scheme:
        check_scheme(scheme)
        if start.system:
            raise InputError(f"{start.name} holds gates of a scheme already; leave the scheme out")
    if start.system and start.system.folded:
        return _verify_kernel(start, kernel_of(start.system))
    if is_folded(scheme or start.dna.scheme) and not start.system:
        return _verify_kernel(start, kernel_system(scheme or start.dna.scheme, network_of(start)))
    if start.system:
        systems = [start.system]
    else:
        network, options = _unmapped(start, scheme)
        systems, dosed = [structural(network, options, joined)[0] for joined in (False, True)], options.dosed
    if not systems[0].modules:
        raise InputError(f"{start.name} holds no gates; give a design, a .crn with reactions, or a .pil with modules")
    report = verify_gates(systems[0], systems[1:], dosed=dosed, pairs=pairs, seed=seed, cache=cache)
    return Verification(start.name, "" if start.level in ("plain", "dsd") else start.clock.gating, report)


def network_of(start: Source) -> Network:
    """The network of a ``.crn``, or the clocked one of a design or formal file, as its gates bind its species."""
    if start.system:
        raise InputError(f"{start.name} holds gates of a scheme already; give a design or a .crn")
    network, options = _unmapped(start, Lowering().scheme)  # whichever: their gates bind in one order
    return structural(network, options)[1]


def _verify_kernel(start: Source, system: KernelSystem) -> Verification:
    """The shapes of a scheme whose gates are no nicked duplexes; its gates together are not looked at."""
    begin = time.perf_counter()
    shapes, _ = verify_kernel(system)
    report = SystemReport(system.scheme, len(system.modules), shapes, (), None, None, time.perf_counter() - begin)
    return Verification(start.name, "" if start.level in ("plain", "dsd") else start.clock.gating, report)


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


def proof(design: Given) -> dict[str, Any]:
    """The report on a design's gates for a comparison, without pairs, or under ``reason`` why there is none."""
    try:
        return verify(design, pairs=0).to_dict()
    except InputError as error:
        return {"ok": None, "reason": str(error)}


def summary(proved: Mapping[str, Any]) -> str:
    """What :func:`proof` found, in one line."""
    if proved["ok"] is None:
        return f"Gates are not verified: {proved['reason']}"
    held = sum(s["fault"] is None for s in proved["shapes"])
    return f"Gates: {held} of {len(proved['shapes'])} shapes are verified; strandgrad verify shows each."
