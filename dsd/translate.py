"""All gate schemes under one roof: those of nicked duplexes, the four-domain one, and Nuskell's.

In: a network, and a :class:`~dsd.lowering.Lowering` that names the scheme. Out: a :class:`System`.
"""

from __future__ import annotations

from dsd.buffering import buffering
from dsd.errors import InputError, MappingError
from dsd.folded_lower import lower_folded
from dsd.kernel_system import KernelSystem
from dsd.lower import lower
from dsd.lowering import Lowering
from dsd.mapping import ordered, solve
from dsd.network import Network
from dsd.schemes import SCHEMES, four_domain, nuskell
from dsd.schemes.two_domain import Toehold, universal_toehold
from dsd.system import System

HELD = 0.5
"""The most that four-domain gates may hold of a signal where the time unit is free: gamma is 2 then."""


def is_folded(scheme: str) -> bool:
    """Whether a scheme is one whose gates are no nicked duplexes."""
    return scheme == four_domain.NAME or scheme.startswith(nuskell.PREFIX)


def scheme_names() -> tuple[str, ...]:
    """Every scheme that can be used here: ours, and Nuskell's where it can be imported."""
    return (*SCHEMES, four_domain.NAME, *(nuskell.names() if nuskell.installed() else ()))


def check_scheme(name: str) -> None:
    """Raise :class:`InputError` for an unknown scheme, or one of Nuskell's where that is not installed."""
    if name not in (*SCHEMES, four_domain.NAME) and (
        not name.startswith(nuskell.PREFIX) or name not in nuskell.names()
    ):
        known = nuskell.names() if nuskell.installed() else (f"{nuskell.PREFIX}NAME",)
        raise InputError(f"no gate scheme '{name}'; choose one of {', '.join((*SCHEMES, four_domain.NAME, *known))}")


def kernel_system(scheme: str, network: Network, toehold_nt: int = 5, long_nt: int = 15) -> KernelSystem:
    """The gates of a scheme that :func:`is_folded`, for whatever rates.

    Raises :class:`InputError` for an unknown scheme, or where Nuskell is not installed.
    """
    if scheme == four_domain.NAME:
        return four_domain.build(network, toehold_nt, long_nt)
    return nuskell.build(network, scheme)


def translate(network: Network, options: Lowering, assign: Toehold = universal_toehold) -> System:
    """The DNA system of a network by the scheme of ``options``; raises as :func:`~dsd.lower.lower` does.

    ``assign`` names toeholds in gates of nicked duplexes; other schemes have their own.
    """
    return lower_folded(network, options) if is_folded(options.scheme) else lower(network, options, assign)[0]


def check_rates(network: Network, options: Lowering) -> None:
    """Raise :class:`MappingError` where the scheme's gates cannot run as fast as the network asks.

    Of four-domain gates nothing is asked that holds back more than :data:`HELD` of a signal; Nuskell's have no rates.
    """
    if options.scheme == four_domain.NAME:
        if (gamma := buffering(ordered(network, options), options).gamma) > 1 / (1 - HELD):
            raise MappingError(f"gates hold back {1 - 1 / gamma:.2g} of every signal; raise unit_s")
    elif not is_folded(options.scheme):
        solve(network, options)
