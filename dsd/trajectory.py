"""Trajectories: what a simulation returns, as data; with CSV text and a plot."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dsd.errors import InputError, TextError
from dsd.interpretation import Interpretation
from dsd.lexer import did_you_mean
from dsd.network import UNITLESS, Units

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_COLUMN = re.compile(r"(.*?)(?: \[(.*)\])?")


@dataclass(frozen=True, eq=False)
class Trajectory:
    """Concentrations over time.

    ``names`` are N species; ``t`` has shape (M,), time units, and never decreases (a dose gives two rows at one time,
    before and after it); ``y`` has shape (M, N), concentration units. M is at least 1. The arrays are kept as
    read-only copies. Raises InputError for shapes, times or values that no trajectory has.
    """

    names: tuple[str, ...]
    t: NDArray[np.float64]
    y: NDArray[np.float64]
    units: Units = UNITLESS

    def __post_init__(self) -> None:
        t, y = np.array(self.t, dtype=np.float64), np.array(self.y, dtype=np.float64)
        if t.ndim != 1 or not len(t) or y.shape != (len(t), len(self.names)):
            raise InputError(
                f"a trajectory of {len(self.names)} species has times {t.shape} and values {y.shape}; "
                f"give (M,) and (M, {len(self.names)}) with M >= 1"
            )
        if len(set(self.names)) < len(self.names):
            raise InputError("a trajectory names a species twice; give each column its own name")
        if not np.isfinite(t).all() or (np.diff(t) < 0).any():
            raise InputError("the times of a trajectory run backwards or are not finite; sort the rows by time")
        if not np.isfinite(y).all():
            row, column = np.argwhere(~np.isfinite(y))[0]
            raise InputError(f"{self.names[column]} is {y[row, column]} at time {t[row]:g}; use finite values")
        t.flags.writeable = y.flags.writeable = False
        object.__setattr__(self, "t", t)
        object.__setattr__(self, "y", y)

    @cached_property
    def index(self) -> dict[str, int]:
        """Column of each species."""
        return {name: i for i, name in enumerate(self.names)}

    def __len__(self) -> int:
        return len(self.t)

    def __getitem__(self, name: str) -> NDArray[np.float64]:
        """The concentrations of one species, shape (M,)."""
        if name not in self.index:
            remedy = did_you_mean(name, self.names, f"it has {', '.join(self.names[:12])}")
            raise InputError(f"no species {name} in this trajectory; {remedy}")
        column: NDArray[np.float64] = self.y[:, self.index[name]]
        return column

    def at(self, time: ArrayLike) -> NDArray[np.float64]:
        """The state at a time, shape (N,), or at K times, shape (K, N); linear between rows, after a dose at its time.

        Raises InputError outside of the trajectory.
        """
        asked = np.asarray(time, dtype=np.float64)
        outside = ~((asked >= self.t[0]) & (asked <= self.t[-1]))
        if outside.any():
            span = f"{self.t[0]:g} to {self.t[-1]:g} {_bracketed(self.units.time)}".strip()
            raise InputError(f"time {asked[outside].flat[0]:g} is outside of the trajectory; it runs from {span}")
        after = np.searchsorted(self.t, asked, side="right")
        before = after - 1
        after = np.minimum(after, len(self.t) - 1)
        step = self.t[after] - self.t[before]
        share = np.divide(asked - self.t[before], step, out=np.zeros_like(step), where=step > 0)[..., np.newaxis]
        row: NDArray[np.float64] = (1 - share) * self.y[before] + share * self.y[after]
        return row

    @property
    def final(self) -> dict[str, float]:
        """The last concentration of each species."""
        return dict(zip(self.names, self.y[-1].tolist(), strict=True))

    def project(self, interpretation: Interpretation, formal_names: Sequence[str]) -> Trajectory:
        """The same run in formal species: each is the total of what stands for it."""
        counts = interpretation.matrix(self.names, formal_names)
        return Trajectory(tuple(formal_names), self.t, self.y @ counts.T, self.units)

    def concat(self, *others: Trajectory) -> Trajectory:
        """This run followed by the others, which go on in time with the same species and units.

        A first row that repeats the row before it is left out. Raises InputError if they do not fit together.
        """
        times, rows, last = [self.t], [self.y], self
        for other in others:
            if (other.names, other.units) != (self.names, self.units):
                raise InputError("these trajectories differ in species or units; project or convert them first")
            repeated = int(other.t[0] == last.t[-1] and np.array_equal(other.y[0], last.y[-1]))
            times.append(other.t[repeated:])
            rows.append(other.y[repeated:])
            last = other
        return Trajectory(self.names, np.concatenate(times), np.concatenate(rows), self.units)

    def to_csv(self) -> str:
        """A header ``t [s],X1 [nM],...`` and a line for each row; numbers read back exactly."""
        time, concentration = _bracketed(self.units.time), _bracketed(self.units.concentration)
        header = [f"t {time}".strip(), *(f"{name} {concentration}".strip() for name in self.names)]
        rows = np.column_stack([self.t, self.y]).tolist()
        return "\n".join([",".join(header), *(",".join(map(repr, row)) for row in rows)]) + "\n"

    def plot(self, ax: Axes, names: Sequence[str] | None = None) -> None:
        """Draw the named species (all, unless given) into ``ax``, with labels, units and a legend."""
        for name in self.names if names is None else names:
            ax.plot(self.t, self[name], label=name)
        ax.set_xlabel(f"time {_bracketed(self.units.time)}".strip())
        ax.set_ylabel(f"concentration {_bracketed(self.units.concentration)}".strip())
        ax.legend()


def read_csv(text: str, source: str = "<text>") -> Trajectory:
    """The trajectory that :meth:`Trajectory.to_csv` wrote; raises TextError where ``text`` is none."""
    lines = text.splitlines()
    header = lines[0].split(",") if lines else []
    columns = [match.groups() for cell in header if (match := _COLUMN.fullmatch(cell.strip()))]
    units = {unit or "1" for _, unit in columns[1:]}
    if not columns or columns[0][0] != "t" or len(units) > 1:
        line = lines[0] if lines else ""
        raise TextError(source, 1, 1, line, "this is no header of a trajectory", "begin with t [s],X1 [nM],X2 [nM]")
    rows = [_read_row(source, i, line, len(columns)) for i, line in enumerate(lines[1:], start=2) if line.strip()]
    table = np.array(rows).reshape(-1, len(columns))
    own = Units(units.pop() if units else "1", columns[0][1] or "1")
    return Trajectory(tuple(str(name) for name, _ in columns[1:]), table[:, 0], table[:, 1:], own)


def _read_row(source: str, number: int, line: str, width: int) -> list[float]:
    cells, column, row = line.split(","), 1, []
    if len(cells) != width:
        fact = f"this row has {len(cells)} columns, the header has {width}"
        raise TextError(source, number, 1, line, fact, "give every row a number for each column")
    for cell in cells:
        try:
            row.append(float(cell))
        except ValueError:
            fact = f"'{cell.strip()}' is not a number"
            raise TextError(source, number, column, line, fact, "write a number such as 0.5 or 1e-3") from None
        column += len(cell) + 1
    return row


def _bracketed(unit: str) -> str:
    """``[nM]``, or nothing for a unitless quantity."""
    return "" if unit == "1" else f"[{unit}]"
