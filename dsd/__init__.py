"""The chemistry: reaction networks and how they move, strands and gates, and the lowering of one to the other.

Public names are resolved when they are first used, so that importing the package costs nothing. A function that has
its module's name is imported from there: ``from dsd.lower import lower``; likewise network, expand, size, simulate.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dsd.domains import Domain, Duplex, complement
    from dsd.errors import InputError, MappingError, SimulationError, StrandgradError, TextError
    from dsd.expand import Composition, Expansion
    from dsd.files import read_text, write_atomic, write_json_atomic
    from dsd.integrate import Engine, Leg, Tolerance
    from dsd.interpretation import Interpretation, identity
    from dsd.kinetics import MassAction, mass_action
    from dsd.lowering import Lowering
    from dsd.mapping import Mapped, Mapping, solve
    from dsd.network import NANOMOLAR, UNITLESS, Dose, Network, Reaction, Species, Threshold, Units
    from dsd.pil import parse_pil, print_pil
    from dsd.rates import Profile, profile
    from dsd.sequences.design import Candidate, design_sequences
    from dsd.sequences.record import Sequences, parse_sequences, print_sequences
    from dsd.sequences.rules import Rules
    from dsd.size import Size
    from dsd.syntax import parse_crn, print_crn
    from dsd.system import Complex, Strand, System
    from dsd.trajectory import Trajectory, read_csv

_NAMES = {
    "domains": ("Domain", "Duplex", "complement"),
    "errors": ("InputError", "MappingError", "SimulationError", "StrandgradError", "TextError"),
    "expand": ("Composition", "Expansion"),
    "files": ("read_text", "write_atomic", "write_json_atomic"),
    "integrate": ("Engine", "Leg", "Tolerance"),
    "interpretation": ("Interpretation", "identity"),
    "kinetics": ("MassAction", "mass_action"),
    "lowering": ("Lowering",),
    "mapping": ("Mapped", "Mapping", "solve"),
    "network": ("NANOMOLAR", "UNITLESS", "Dose", "Network", "Reaction", "Species", "Threshold", "Units"),
    "pil": ("parse_pil", "print_pil"),
    "rates": ("Profile", "profile"),
    "sequences.design": ("Candidate", "design_sequences"),
    "sequences.record": ("Sequences", "parse_sequences", "print_sequences"),
    "sequences.rules": ("Rules",),
    "size": ("Size",),
    "syntax": ("parse_crn", "print_crn"),
    "system": ("Complex", "Strand", "System"),
    "trajectory": ("Trajectory", "read_csv"),
}
_HOME = {name: module for module, names in _NAMES.items() for name in names}

__all__ = [
    "NANOMOLAR",
    "UNITLESS",
    "Candidate",
    "Complex",
    "Composition",
    "Domain",
    "Dose",
    "Duplex",
    "Engine",
    "Expansion",
    "InputError",
    "Interpretation",
    "Leg",
    "Lowering",
    "Mapped",
    "Mapping",
    "MappingError",
    "MassAction",
    "Network",
    "Profile",
    "Reaction",
    "Rules",
    "Sequences",
    "SimulationError",
    "Size",
    "Species",
    "Strand",
    "StrandgradError",
    "System",
    "TextError",
    "Threshold",
    "Tolerance",
    "Trajectory",
    "Units",
    "complement",
    "design_sequences",
    "identity",
    "mass_action",
    "parse_crn",
    "parse_pil",
    "parse_sequences",
    "print_crn",
    "print_pil",
    "print_sequences",
    "profile",
    "read_csv",
    "read_text",
    "solve",
    "write_atomic",
    "write_json_atomic",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
