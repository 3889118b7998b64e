"""Kinetics profiles: rates of strand displacement by toehold length.

In: toehold lengths in nt. Out: second-order rate constants in /M/s, the unit of the literature; :func:`per_nM`
converts at the boundary to the /nM/s of networks. A profile is data plus two small functions:

- ``displacement(n, long_nt)``: an invader with an n-nt toehold displaces strands that cannot come back;
- ``exchange(n, m, long_nt)``: it displaces a strand which can come back by the m-nt toehold it leaves open.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from dsd.errors import InputError

RT = 0.001987 * 298.15
"""kcal/mol at 25 degrees C."""

TOELESS = 1.40
"""/M/s, displacement without a toehold: Zhang & Winfree, J. Am. Chem. Soc. 131:17303 (2009), n = 0."""

ZHANG_DISPLACEMENT = {
    0: 1.40, 1: 8.17, 2: 144.0, 3: 1.08e3, 4: 5.05e4, 5: 9.64e5, 6: 2.36e6, 7: 3.22e6, 8: 3.15e6, 9: 2.77e6,
    10: 2.83e6, 15: 4.78e6,
}  # fmt: skip
"""/M/s by toehold length n: Zhang & Winfree 2009, as tabulated in Peppercorn's ``zhang2009_rates.py``."""

ZHANG_EXCHANGE = {
    (4, 4): 2.1e4, (5, 5): 3.45e5, (5, 6): 9.7e4, (5, 7): 3.6e3, (6, 5): 1.48e6, (6, 6): 4.05e5, (6, 7): 1.6e5,
    (7, 7): 4.7e5,
}  # fmt: skip
"""/M/s by (n, m), invading and leaving toehold: same source."""


@dataclass(frozen=True, slots=True)
class Profile:
    """Rates in /M/s by toehold lengths and branch-migration length in nt; ``source`` says where they come from."""

    name: str
    displacement: Callable[[int, int], float]
    exchange: Callable[[int, int, int], float]
    toeless: float
    source: str

    def rate(self, n: int, m: int, long_nt: int) -> float:
        """Any step: toeless for n = 0, irreversible for m = 0, an exchange otherwise."""
        if n == 0:
            return self.toeless
        return self.exchange(n, m, long_nt) if m else self.displacement(n, long_nt)


def per_nM(rate_per_M: float) -> float:
    """/M/s as /nM/s."""
    return rate_per_M * 1e-9


def _ideal_displacement(n: int, long_nt: int) -> float:
    return 1e6


def _ideal_exchange(n: int, m: int, long_nt: int) -> float:
    return 1e6


def zhang_displacement(n: int, long_nt: int = 20) -> float:
    """The measured k(n); between 10 and 15 nt interpolated in the logarithm, constant beyond."""
    if n in ZHANG_DISPLACEMENT:
        return ZHANG_DISPLACEMENT[n]
    if n > 15:
        return ZHANG_DISPLACEMENT[15]
    part = (n - 10) / 5
    return math.exp((1 - part) * math.log(ZHANG_DISPLACEMENT[10]) + part * math.log(ZHANG_DISPLACEMENT[15]))


def zhang_exchange(n: int, m: int, long_nt: int = 20) -> float:
    """The measured k(n, m) where it is tabulated, else :func:`exchange_fit`."""
    return ZHANG_EXCHANGE.get((n, m)) or exchange_fit(n, m)


def exchange_fit(n: int, m: int) -> float:
    """Toehold exchange by the reduced three-step model, a *fit*, not a measurement.

    ``k = kf / (1 + (kf/kb) e^(dG(n)/RT) + e^((dG(n) - dG(m))/RT))`` with ``dG(n) = 1.9 - 1.81 n`` kcal/mol,
    kf = 2.0e6 /M/s and kb = 5.7 /s, fitted to the 54 rates of Zhang & Winfree 2009 (rms error 0.36 in log10).
    """
    kf, kb = 2.0e6, 5.7
    unbinding = (kf / kb) * math.exp((1.9 - 1.81 * n) / RT)
    return kf / (1 + unbinding + math.exp(1.81 * (m - n) / RT))


def peppercorn_displacement(n: int, long_nt: int = 20) -> float:
    """Peppercorn's condensed rate: bind, then migrate before the toehold opens."""
    bind, migrate = _peppercorn_bind(n), _peppercorn_migrate(long_nt)
    return bind * migrate / (migrate + _peppercorn_open(n))


def peppercorn_exchange(n: int, m: int, long_nt: int = 20) -> float:
    """Peppercorn's condensed rate: bind, migrate (either way), then the leaving toehold opens."""
    bind, migrate = _peppercorn_bind(n), _peppercorn_migrate(long_nt)
    back, leave = _peppercorn_open(n), _peppercorn_open(m)
    return bind * migrate * leave / ((back + migrate) * (leave + migrate) - migrate * migrate)


def toehold_dissociation_nM(n: int) -> float:
    """Dissociation constant of a bare toehold of n nt: Peppercorn's opening over its binding rate, in nM."""
    return 1e9 * _peppercorn_open(n) / _peppercorn_bind(n)


def _peppercorn_bind(n: int) -> float:
    return 3e5 * n  # /M/s: 3e5 per nucleotide, Peppercorn's default


def _peppercorn_open(n: int) -> float:
    return _peppercorn_bind(n) * math.exp((1.9 - 1.7 * n) / RT)  # /s: -1.7 kcal/mol/nt, +1.9 to initiate


def _peppercorn_migrate(long_nt: int) -> float:
    return 1 / (3e-3 * long_nt)  # /s: 3 ms to initiate three-way migration, divided by length, as Peppercorn does


CHEN_EXCHANGE = (7.92e3, 1.21e5, 5.02e5, 1.27e4, 5.65e4, 7.44e4, 1.34e3)
"""/M/s, forward rates of the exchanges J1 to J3 and F1 to F4 as fitted in :mod:`dsd.chen2013`, steps of one gate."""

CHEN_SEAL = 9.77e5
"""/M/s, the one irreversible step of that gate, F5: same source."""


def _chen_displacement(n: int, long_nt: int) -> float:
    return CHEN_SEAL


def _chen_exchange(n: int, m: int, long_nt: int) -> float:
    return math.exp(math.fsum(map(math.log, CHEN_EXCHANGE)) / len(CHEN_EXCHANGE))


IDEAL = Profile("ideal", _ideal_displacement, _ideal_exchange, TOELESS, "1e6 /M/s for every step")
LITERATURE = Profile("literature", zhang_displacement, zhang_exchange, TOELESS, "Zhang & Winfree 2009")
PEPPERCORN = Profile(
    "peppercorn", peppercorn_displacement, peppercorn_exchange, TOELESS, "Peppercorn 1.1 default rate model, condensed"
)
CHEN2013 = Profile(
    "chen2013", _chen_displacement, _chen_exchange, TOELESS,
    "Chen et al. 2013, one bimolecular gate as measured: the geometric mean of its exchanges, and its sealing step",
)  # fmt: skip
PROFILES = {p.name: p for p in (IDEAL, LITERATURE, CHEN2013, PEPPERCORN)}


def profile(name: str) -> Profile:
    """The profile of that name, or one with all its rates multiplied: ``literature*0.42``, as a fit gives it.

    Raises :class:`InputError` for an unknown name or a factor that is no number above 0.
    """
    base, times, factor = name.partition("*")
    if base not in PROFILES:
        raise InputError(f"no kinetics profile '{name}'; choose one of {', '.join(PROFILES)}")
    if not times:
        return PROFILES[base]
    try:
        return scaled(PROFILES[base], float(factor))
    except ValueError:
        raise InputError(f"kinetics profile '{name}': '{factor}' is no number; write {base}*0.5") from None


def scaled(base: Profile, factor: float) -> Profile:
    """``base`` with every rate multiplied; raises :class:`InputError` for a factor that is not above 0."""
    if not (math.isfinite(factor) and factor > 0):
        raise InputError(f"kinetics profile '{base.name}*{factor:g}': multiply by a number above 0")
    return Profile(
        f"{base.name}*{factor:.6g}",
        lambda n, long_nt: factor * base.displacement(n, long_nt),
        lambda n, m, long_nt: factor * base.exchange(n, m, long_nt),
        factor * base.toeless,
        f"{base.source}, times {factor:.6g}",
    )
