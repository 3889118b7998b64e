"""From a line of mathematics to a chemical reaction network that learns, and from there to DNA and an answer.

Public names are resolved when they are first used, so that importing the package costs nothing::

    from compiler import compare, compile_design, export_design, load_design, train, verify

    design = load_design("linreg2d")                      # or the path of a design.toml
    history = train(design, "formal", epochs=1)           # History: losses, weights, predictions
    made = compile_design(design)                         # every level, made when it is asked for
    made.formal, made.clocked, made.system, made.network  # data that prints and parses
    assert verify(design, pairs=0).ok                     # the gates do what they claim
    found = compare(design, ["reference", "formal"])      # Comparison: histories, survival, faults
    export_design(design, "out", ["sbml", "pil"])         # files, and the manifest that lists them
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from compiler.circuit import Circuit, circuit_of
    from compiler.comparison import Comparison, Outcome, compare
    from compiler.compilation import Compilation, compile_design, compiled
    from compiler.datasets import Dataset
    from compiler.design import Design, load_design
    from compiler.exporting import export_design
    from compiler.metrics import Survival, slopes, survival
    from compiler.neural import derive
    from compiler.pipeline import Clocked, Lowered
    from compiler.report.page import write_report
    from compiler.training import EVERY_LEVEL, LEVELS, train, trainer
    from compiler.training.checkpoint import Checkpoints
    from compiler.training.history import History, TrainingError
    from compiler.verification import Verification, verify

    __version__: str

_NAMES = {
    "circuit": ("Circuit", "circuit_of"),
    "comparison": ("Comparison", "Outcome", "compare"),
    "compilation": ("Compilation", "compile_design", "compiled"),
    "datasets": ("Dataset",),
    "design": ("Design", "load_design"),
    "exporting": ("export_design",),
    "metrics": ("Survival", "slopes", "survival"),
    "neural": ("derive",),
    "pipeline": ("Clocked", "Lowered"),
    "report.page": ("write_report",),
    "training": ("EVERY_LEVEL", "LEVELS", "train", "trainer"),
    "training.checkpoint": ("Checkpoints",),
    "training.history": ("History", "TrainingError"),
    "verification": ("Verification", "verify"),
}
_HOME = {name: module for module, names in _NAMES.items() for name in names}

__all__ = [
    "EVERY_LEVEL",
    "LEVELS",
    "Checkpoints",
    "Circuit",
    "Clocked",
    "Comparison",
    "Compilation",
    "Dataset",
    "Design",
    "History",
    "Lowered",
    "Outcome",
    "Survival",
    "TrainingError",
    "Verification",
    "circuit_of",
    "compare",
    "compile_design",
    "compiled",
    "derive",
    "export_design",
    "load_design",
    "slopes",
    "survival",
    "train",
    "trainer",
    "verify",
    "write_report",
]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        return _version()
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})


def _version() -> str:
    """The installed version; a source tree that is not installed says so."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("strandgrad")
    except PackageNotFoundError:
        return "0+uninstalled"
