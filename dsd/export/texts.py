"""Strandgrad's own texts among the exports: kernel notation and reaction networks."""

from __future__ import annotations

from collections.abc import Mapping

from dsd.network import Network
from dsd.pil import print_pil
from dsd.syntax import print_crn
from dsd.system import System


def pil(system: System, name: str = "network", sequences: Mapping[str, str] | None = None) -> str:
    """Kernel notation with its ``#:`` comments (:mod:`dsd.pil`)."""
    return print_pil(system)


def crn(network: Network, name: str = "network") -> str:
    """Reactions, initial state and doses (:mod:`dsd.syntax`)."""
    return print_crn(network)
