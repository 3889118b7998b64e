"""DNA system -> the same with fluorescent reporters, and the load that they add, by simulation.

In: a :class:`System` and the signals to be seen. Out: a :class:`System` with a reporter gate for each, and the strands
it needs (:mod:`dsd.schemes.reporter`); or :class:`Load` for each, measured on both systems.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from dsd.domains import Domain, complement
from dsd.errors import InputError
from dsd.expand import expand
from dsd.integrate import default_tolerance
from dsd.lexer import did_you_mean
from dsd.network import Network
from dsd.pot import fresh
from dsd.schemes import reporter
from dsd.simulate import simulate
from dsd.system import BOTTOM, Complex, Strand, System
from dsd.trajectory import Trajectory


@dataclass(frozen=True, slots=True)
class Load:
    """What a reporter does to its signal over a run: peaks and time averages in nM, without it and with it.

    ``lit_peak`` and ``lit_mean`` are of the reporter in its lit form. ``rise`` and ``rise_with`` are when the signal
    first rises through half its peak, in s; None where it does not. Of a clock species, they tell how much later it is.
    """

    signal: str
    peak: float
    peak_with: float
    mean: float
    mean_with: float
    lit_peak: float
    lit_mean: float
    rise: float | None
    rise_with: float | None


def with_reporters(
    system: System, signals: Iterable[str], *, reporter_nM: float = 5.0, quencher_nM: float = 50.0, kind: str = "live"
) -> System:
    """Add a reporter for each signal, ``reporter_nM`` of it, and ``quencher_nM`` of a live one's quencher strand.

    Of a scarce signal a live reporter holds ``reporter_nM / quencher_nM`` per free molecule, a tenth by default. Raises
    :class:`InputError` for a name that is no signal or is named twice, an unknown kind, and concentrations that cannot
    be.
    """
    if kind not in ("live", "endpoint"):
        raise InputError(f"no kind of reporter is called '{kind}'; choose live or endpoint")
    for name, nM in (("reporter_nM", reporter_nM), ("quencher_nM", quencher_nM)):
        if not 0 < nM < np.inf:
            raise InputError(f"{name} is {nM}; give a concentration above 0")
    names = tuple(signals)
    known = {s.name: s for s in system.strands if s.role == "signal"}
    for name in names:
        if name not in known:
            remedy = did_you_mean(name, known, f"it has {', '.join(list(known)[:12])}")
            raise InputError(f"no signal '{name}' in this system; {remedy}")
        if names.count(name) > 1:
            raise InputError(f"signal {name} is to be reported twice; name it once")
    for name in names:
        system = _with(system, known[name], reporter_nM, quencher_nM, kind)
    return system


def _with(system: System, signal: Strand, reporter_nM: float, quencher_nM: float, kind: str) -> System:
    """One reporter more. An endpoint reporter may be a sink's gate already; it then gets more of it."""
    (front, x), lengths = signal.domains, system.lengths
    domains, tail = system.domains, ""
    if kind == "live":
        tail = next((d.name for d in domains if d.name == "s" and d.toehold), "") or fresh("s", lengths)
        if tail not in lengths:
            domains = (Domain(tail, lengths[front], True), *domains)
        duplex = reporter.live(x, tail, lambda _: front)
    else:
        duplex = reporter.endpoint(x, lambda _: front)
    if any(c.duplex == duplex for c in system.complexes):
        raise InputError(f"{signal.name} has such a gate already; report it once, or by the other kind")
    taken = {s.name for s in system.strands} | {c.name for c in system.complexes}
    name = fresh(f"Rep_{signal.name}", taken)
    top = Strand(fresh(f"{name}_q", taken), reporter.quencher(x, tail), "quencher", quencher_nM if tail else 0.0)
    bottom = Strand(fresh(f"{name}_bottom", taken), complement(duplex.bottom), BOTTOM)
    new = tuple(s for s in (top, bottom) if s.domains not in system.strand_of)
    gate = Complex(name, duplex, "reporter", reporter_nM, signal.name)
    return replace(system, domains=domains, strands=system.strands + new, complexes=(*system.complexes, gate))


def loads(
    system: System, reported: System, until: float, progress: Callable[[float, float], None] | None = None
) -> tuple[Load, ...]:
    """Simulate both systems for ``until`` s and compare every signal that has a reporter."""
    gates = [c for c in reported.complexes if c.role == "reporter"]
    if not gates:
        raise InputError("this system has no reporters; add some first")
    networks = [expand(s).network for s in (system, reported)]
    before, after = (
        simulate(n, until, every=until / 1000, tolerance=default_tolerance(n, 1e-6), progress=progress)
        for n in networks
    )
    return tuple(_load(gate.latch, before, after, _lit(gate, networks[1])) for gate in gates)


def _lit(gate: Complex, network: Network) -> str:
    """The species that the reporter becomes when its signal is in it."""
    (after,) = {r.products[0] for r in network if r.reactants[0] == gate.name}
    return after


def _load(signal: str, before: Trajectory, after: Trajectory, lit: str) -> Load:
    """Averages on a thousand equal intervals."""
    t = np.linspace(0.0, before.t[-1], 1001)
    x, y, z = (np.interp(t, run.t, run[name]) for run, name in ((before, signal), (after, signal), (after, lit)))
    peaks, means = ([float(v) for v in pick] for pick in zip(*((c.max(), c.mean()) for c in (x, y, z)), strict=True))
    return Load(
        signal, peaks[0], peaks[1], means[0], means[1], lit_peak=peaks[2], lit_mean=means[2],
        rise=_rise(t, x), rise_with=_rise(t, y),
    )  # fmt: skip


def _rise(t: NDArray[np.float64], x: NDArray[np.float64]) -> float | None:
    """When x first comes through half its peak from below."""
    half = x.max() / 2
    found = np.flatnonzero((x[:-1] < half) & (x[1:] >= half))
    if not len(found):
        return None
    i = found[0]
    return float(t[i] + (half - x[i]) / (x[i + 1] - x[i]) * (t[i + 1] - t[i]))
