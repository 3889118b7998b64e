"""How a family of circuits grows with the dimension of its input: a formal network for every dimension, counted.

In: dimensions. Out: :class:`Growth` per family. Nothing is extrapolated: each point is derived and counted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from compiler.dynamics import dynamics
from compiler.model import Model
from compiler.neural import derive, paper_count
from dsd.errors import InputError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST = 256
"""Largest dimension: a full matrix has its square of weights."""
MOST_WEIGHTS = 40_000
"""Circuits with more are not derived: counting them would take many minutes and gigabytes."""


@dataclass(frozen=True)
class Family:
    """One kind of circuit: the ``text`` of f, and options of its derivation."""

    title: str
    text: str
    per_rail: bool = False
    first_order: bool = False
    shared: bool = False
    single: bool = False
    bias: bool = False

    @property
    def matrix(self) -> bool:
        """Whether weights grow with the square of the dimension."""
        return "Theta" in self.text


FAMILIES: Mapping[str, Family] = MappingProxyType(
    {
        "linear": Family("θ⊙x + h, single rail", "theta*x + h", single=True, bias=True),
        "linear-minimal": Family("θ⊙x, shared adjoint", "theta*x", shared=True, single=True),
        "quadratic": Family("θ⊙x − z²/2, full gradient", "theta*x - 0.5*z**2", per_rail=True),
        "quadratic-first-order": Family(
            "θ⊙x − z²/2, first order", "theta*x - 0.5*z**2", per_rail=True, first_order=True
        ),
        "quadratic-matrix": Family("Θx − 0.15 z²", "Theta @ x - 0.15*z**2", per_rail=True),
        "quadratic-matrix-first-order": Family(
            "Θx − 0.15 z², first order", "Theta @ x - 0.15*z**2", per_rail=True, first_order=True
        ),
        "cubic": Family("Θx − z³/6", "Theta @ x - z**3 / 6"),
        "relu": Family("h + z⊙(Θx + β) − z²/2", "h + z*(Theta @ x + beta) - 0.5*z**2", per_rail=True, bias=True),
    }
)
"""By name, in the order of the table."""


@dataclass(frozen=True)
class Growth:
    """Species and reactions of a family, as the paper counts them, for each of ``dimensions``."""

    family: str
    dimensions: tuple[int, ...]
    species: tuple[int, ...]
    reactions: tuple[int, ...]

    @property
    def exponent(self) -> float | None:
        """Slope of log reactions over log dimension between the two largest dimensions; None for fewer than two."""
        from math import log

        if len(self.dimensions) < 2:
            return None
        return log(self.reactions[-1] / self.reactions[-2]) / log(self.dimensions[-1] / self.dimensions[-2])


def dimensions(text: str) -> tuple[int, ...]:
    """``"1..64"`` as 1, 2, 4, ..., 64; ``"1,3,5"`` as it stands. Raises :class:`InputError` for anything else."""
    try:
        given = sorted(int(part) for part in text.split(".." if ".." in text else ","))
    except ValueError:
        raise InputError(f"--dimensions = '{text}': no dimensions; write for example 1..64, or 2,3,5") from None
    if not (given[0] >= 1 and given[-1] <= MOST) or (".." in text and len(given) != 2):
        raise InputError(f"--dimensions = '{text}': out of range; give dimensions from 1 to {MOST}")
    if ".." not in text:
        return tuple(dict.fromkeys(given))
    low, high = given
    return tuple(dict.fromkeys([d for i in range(9) if (d := low * 2**i) < high] + [high]))


def count(name: str, dimension: int) -> tuple[int, int]:
    """(species, reactions) of a family's circuit at one dimension, as the paper counts."""
    family = FAMILIES[name]
    f = dynamics(family.text, dimension, per_rail=family.per_rail, first_order=family.first_order)
    model = Model(
        dynamics=f,
        # Any weights of both signs will do: what is counted does not depend on them.
        initial=tuple((1.0 if family.single or i % 2 else -1.0) for i in range(len(f.parameters))),
        signed_inputs=(False,) * dimension,
        h=0.1 if family.bias else 0.0,
        signed_weights=not family.single,
        shared=family.shared,
    )
    return paper_count(derive(model).network)


def growth(name: str, sizes: Sequence[int], report: Callable[[str], None] | None = None) -> Growth:
    """Derive and count a family at every size that is not too large for it."""
    kept = [d for d in sizes if (d * d if FAMILIES[name].matrix else d) <= MOST_WEIGHTS]
    found = []
    for d in kept:
        if report:
            report(f"{name}, d = {d}")
        found.append(count(name, d))
    return Growth(name, tuple(kept), tuple(s for s, _ in found), tuple(r for _, r in found))


def csv_table(table: Sequence[Growth]) -> str:
    """``family,dimension,species,reactions``, one line a point."""
    lines = ["family,dimension,species,reactions"]
    for g in table:
        points = zip(g.dimensions, g.species, g.reactions, strict=True)
        lines += [f"{g.family},{d},{s},{r}" for d, s, r in points]
    return "\n".join(lines) + "\n"


def draw(ax: Axes, table: Sequence[Growth]) -> None:
    """Reactions over dimension, both axes logarithmic, a line a family with its slope at the end."""
    from compiler.figures import CYCLE

    ax.set_prop_cycle(**CYCLE)
    for g in table:
        slope = "" if g.exponent is None else f"  (slope {g.exponent:.2f})"
        ax.plot(g.dimensions, g.reactions, marker="o", markersize=3, label=f"{FAMILIES[g.family].title}{slope}")
    ax.set_xscale("log", base=2)
    ax.set_yscale("log")
    ax.set(xlabel="dimension d of the input", ylabel="reactions", title="Size of the formal circuit")
    ax.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
    ax.legend(fontsize=8)
