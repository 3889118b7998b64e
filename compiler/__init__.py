"""From a line of mathematics to a chemical reaction network that learns, and from there to DNA and an answer.

Public names are resolved when they are first used, so that importing the package costs nothing. A function that has
its module's name is imported from there: ``from compiler.compare import compare``.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from compiler.circuit import Circuit, circuit_of
    from compiler.compare import Outcome
    from compiler.datasets import Dataset
    from compiler.design import Design, load_design
    from compiler.metrics import Survival, slopes, survival
    from compiler.neural import derive
    from compiler.pipeline import Clocked, Lowered
    from compiler.report.page import write_report
    from compiler.texts import compiled
    from compiler.training import LEVELS, trainer
    from compiler.training.history import History

    __version__: str

_NAMES = {
    "circuit": ("Circuit", "circuit_of"),
    "compare": ("Outcome",),
    "datasets": ("Dataset",),
    "design": ("Design", "load_design"),
    "metrics": ("Survival", "slopes", "survival"),
    "neural": ("derive",),
    "pipeline": ("Clocked", "Lowered"),
    "report.page": ("write_report",),
    "texts": ("compiled",),
    "training": ("LEVELS", "trainer"),
    "training.history": ("History",),
}
_HOME = {name: module for module, names in _NAMES.items() for name in names}

__all__ = [
    "LEVELS",
    "Circuit",
    "Clocked",
    "Dataset",
    "Design",
    "History",
    "Lowered",
    "Outcome",
    "Survival",
    "circuit_of",
    "compiled",
    "derive",
    "load_design",
    "slopes",
    "survival",
    "trainer",
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
