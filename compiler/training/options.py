"""How a design is trained: the keywords that every trainer takes, and passes on to the loop."""

from __future__ import annotations

from typing import TypedDict

from compiler.training.checkpoint import Checkpoints
from compiler.training.history import Progress


class Options(TypedDict, total=False):
    """``epochs`` and ``seed`` replace the design's; ``progress(done, total)`` counts samples.

    ``checkpoints`` is where the run keeps its state, and whether it goes on from there. All of them may be left out.
    """

    epochs: int | None
    seed: int | None
    progress: Progress | None
    checkpoints: Checkpoints | None
