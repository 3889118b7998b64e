"""Strandgrad's own texts among the exports: kernel notation, reaction networks, sequences of domains."""

from __future__ import annotations

from dsd.network import Network
from dsd.pil import print_pil
from dsd.sequences.record import Sequences, print_sequences
from dsd.syntax import print_crn
from dsd.system import System


def pil(system: System, name: str = "network", sequences: Sequences | None = None) -> str:
    """Kernel notation with its ``#:`` comments (:mod:`dsd.pil`)."""
    return print_pil(system)


def crn(network: Network, name: str = "network") -> str:
    """Reactions, initial state and doses (:mod:`dsd.syntax`)."""
    return print_crn(network)


def sequences(system: System, name: str, sequences: Sequences) -> str:
    """The table of domains and their nucleotides (:mod:`dsd.sequences.record`)."""
    return print_sequences(sequences)
