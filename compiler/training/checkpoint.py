"""Checkpoints: all that a training run needs to go on as if it had never stopped, bit for bit.

In: what tells a run from others (:class:`Run`), and between two iterations the state of its learner and its record.
Out: one file, and the same state from it.

The file is a NumPy archive without pickles: arrays as they are in memory, everything else as one JSON text, where
Python writes floats so that they read back exactly. An integrator carries nothing from one dose to the next, so between
iterations there is no state but this. Another machine, or other versions of the libraries, may round differently.
"""

from __future__ import annotations

import json
import time
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import numpy as np

from dsd.errors import InputError
from dsd.files import write_atomic

State = Mapping[str, Any]
"""Arrays, and JSON-ready values, by name."""

Parts = Mapping[str, State]
"""States by whose they are: ``learner``, ``record``."""

PAUSE, SHARE = 10.0, 50.0
"""Seconds of training between two checkpoints at least, and seconds for each second that the last one took to write:
checkpoints then cost at most 2 % of the time."""

FORMAT = 1

_SPOILT = (
    OSError, ValueError, LookupError, TypeError, EOFError, MemoryError, RuntimeError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip
"""What the readers of archives, arrays and JSON raise for bytes that are none; RuntimeError has NotImplementedError
(a compression that does not exist) and RecursionError among it."""


@runtime_checkable
class Resumable(Protocol):
    """A learner whose state can be taken out between two iterations, and put into another of its kind."""

    def snapshot(self) -> State:
        """Everything that a later iteration or inference depends on, and that the history needs."""

    def restore(self, state: State) -> None:
        """Go on from such a snapshot."""


@dataclass(frozen=True)
class Run:
    """What tells a training run from others: two that agree in all of it train to the same weights."""

    level: str
    digest: str
    seed: int
    epochs: int
    version: str

    def differing(self, about: Mapping[str, Any]) -> str:
        """In what a checkpoint, by what it is ``about``, is of another run: ``seed 1, not 2``; empty if in nothing."""
        names = {"digest": "design (by its hash)"}
        other = {key: value for key, value in asdict(self).items() if about.get(key) != value}
        if "seed" in other:
            other.pop("digest", None)  # the seed is part of a design, and says more
        return "; ".join(f"{names.get(k, k)} {_short(about.get(k))}, not {_short(v)}" for k, v in other.items())


def place(folder: str | Path, level: str) -> Path:
    """The file of a level's checkpoint in a folder of results."""
    return Path(folder) / f"checkpoint-{level}.npz"


class Checkpoints:
    """Where one run keeps its checkpoint, and when it writes it.

    ``every`` counts iterations; None leaves it to the time that writing takes (``PAUSE``, ``SHARE``). With ``resume``
    the run goes on from the file, which must then be there; without, the file must not be there.
    """

    def __init__(self, path: str | Path, *, every: int | None = None, resume: bool = False) -> None:
        self.path, self.every, self.resume = Path(path), every, resume
        self.run: Run | None = None
        self.iteration: int | None = None
        self._written, self._cost = time.perf_counter(), 0.0

    def begin(self, run: Run) -> Parts | None:
        """The state to go on from, None at a fresh start of ``run``.

        Raises :class:`InputError` for a checkpoint that is missing, unwanted, spoilt, or of another run.
        """
        self.run = run
        if not self.resume:
            if self.path.exists():
                raise InputError(
                    f"{self.path} is the checkpoint of a run that was not finished; go on with it by --resume, "
                    f"or delete it, or choose another folder"
                )
            return None
        if not self.path.exists():
            raise InputError(f"there is no checkpoint {self.path} to go on from; leave --resume out to train anew")
        about, parts = read(self.path)
        differing = run.differing(about)
        if differing:
            raise InputError(
                f"{self.path} is the checkpoint of another run: {differing}; resume with what it was begun with, "
                f"or train anew in another folder"
            )
        self.iteration = int(about["iteration"])
        return parts

    def offer(self, iteration: int, parts: Callable[[], Parts], *, last: bool = False) -> None:
        """Write a checkpoint if one is due after ``iteration`` iterations, or if it is the ``last`` of the run."""
        if self.run and (last or self._due(iteration)):
            begun = time.perf_counter()
            write(self.path, {**asdict(self.run), "iteration": iteration}, parts())
            self._written = time.perf_counter()
            self._cost, self.iteration = self._written - begun, iteration

    def _due(self, iteration: int) -> bool:
        if self.every is not None:
            return iteration - (self.iteration or 0) >= self.every
        return time.perf_counter() - self._written >= max(PAUSE, SHARE * self._cost)

    def remove(self) -> None:
        """Delete the file, once the run's results are safe."""
        self.path.unlink(missing_ok=True)

    def hint(self) -> str:
        """A sentence for a run that stopped: how it can go on; empty if there is no checkpoint."""
        if self.run is None or not self.path.exists():
            return ""
        # The file knows best: whatever stopped the run may have come in the middle of writing.
        iteration = read(self.path)[0]["iteration"]
        return f"The checkpoint {self.path} is at iteration {iteration}; the same command with --resume goes on."


def write(path: Path, about: Mapping[str, object], parts: Parts) -> None:
    """Write a checkpoint whole or not at all."""
    arrays: dict[str, Any] = {}
    texts: dict[str, dict[str, Any]] = {}
    for part, state in parts.items():
        arrays |= {f"{part}/{name}": value for name, value in state.items() if isinstance(value, np.ndarray)}
        texts[part] = {name: value for name, value in state.items() if not isinstance(value, np.ndarray)}
    text = json.dumps({"format": FORMAT, "about": about, "parts": texts})
    content = BytesIO()
    np.savez(content, json=np.array(text), **arrays)
    write_atomic(path, content.getvalue())


def read(path: Path) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """What a checkpoint is about, and its states; raises :class:`InputError` if it cannot be read."""
    try:
        with np.load(path, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
        head = json.loads(str(arrays.pop("json")))
        if head["format"] != FORMAT:
            raise ValueError("its format is not this version's")
        parts: dict[str, dict[str, Any]] = head["parts"]
        for name, value in arrays.items():
            part, _, key = name.partition("/")
            parts[part][key] = value
    except _SPOILT as error:
        raise InputError(f"{path} is no checkpoint that can be read ({error}); delete it and train anew") from None
    return dict(head["about"]), parts


def _short(value: object) -> str:
    """A hash by its first digits."""
    text = str(value)
    return text[:12] if len(text) == 64 else text
