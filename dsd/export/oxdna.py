"""System with sequences -> oxDNA's topology and configuration, through scadnano.

One copy of every complex and free strand, in the idealised geometry of scadnano; relax it before use.
"""

from __future__ import annotations

from dsd.export.scadnano import design
from dsd.sequences.record import Sequences
from dsd.system import System


def configuration(system: System, name: str, sequences: Sequences) -> str:
    """The ``.dat`` text: box, and position and orientation of every nucleotide."""
    text: str = design(system, sequences).to_oxdna_format(warn_duplicate_strand_names=False)[0]
    return text


def topology(system: System, name: str, sequences: Sequences) -> str:
    """The ``.top`` text: strand, base and neighbours of every nucleotide."""
    text: str = design(system, sequences).to_oxdna_format(warn_duplicate_strand_names=False)[1]
    return text
