"""How long the way from reactions to an implementation network takes, as networks grow.

In: numbers of formal reactions. Out: a :class:`Compiled` for each: CPU seconds and peak memory.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dsd.expand import expand
from dsd.lower import lower
from dsd.lowering import Lowering
from dsd.network import Network, Reaction, Species, network
from dsd.syntax import parse_crn, print_crn

SIZES = (1_000, 2_000, 5_000, 10_000)


@dataclass(frozen=True)
class Compiled:
    """A formal network of ``reactions``, compiled from its text to a network of ``species`` and ``steps`` as text.

    ``memory_MB`` is the peak of the whole process so far.
    """

    reactions: int
    species: int
    steps: int
    cpu_s: float
    memory_MB: float


def formal_network(reactions: int, seed: int = 0) -> Network:
    """Random reactions A + B -> C + D among half as many species, slow enough for gates."""
    rng = np.random.default_rng(seed)
    size = max(4, reactions // 2)
    four = np.array([rng.choice(size, 4, replace=False) for _ in range(reactions)])
    rates = 10.0 ** rng.uniform(-7, -6, reactions)
    rows = zip(four.tolist(), rates.tolist(), strict=True)
    steps = [Reaction((f"S{a}", f"S{b}"), (f"S{c}", f"S{d}"), k) for (a, b, c, d), k in rows]
    return network(steps, [Species(f"S{i}", 1.0) for i in range(size)], level="formal")


def compiled(text: str) -> Compiled:
    """Compile the text of a formal network, and print what comes out."""
    before = time.process_time()
    formal = parse_crn(text)
    system, _ = lower(formal, Lowering())
    net = expand(system).network
    print_crn(net)
    used = time.process_time() - before
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
    return Compiled(len(formal.reactions), len(net.names), len(net.reactions), used, peak)


def speeds(sizes: Sequence[int]) -> tuple[Compiled, ...]:
    """One compilation for each number of reactions."""
    return tuple(compiled(print_crn(formal_network(n))) for n in sizes)


def table(found: Sequence[Compiled]) -> str:
    """The compilations as a Markdown table, with the exponent of reactions that fits the CPU seconds."""
    lines = [
        "| formal reactions | species | implementation reactions | CPU s | memory MB |",
        "|---:|---:|---:|---:|---:|",
    ]
    for c in found:
        lines.append(f"| {c.reactions:,} | {c.species:,} | {c.steps:,} | {c.cpu_s:.2f} | {c.memory_MB:.0f} |")
    if len(found) > 1:
        power = np.polyfit(np.log([c.reactions for c in found]), np.log([c.cpu_s for c in found]), 1)[0]
        lines += ["", f"CPU seconds grow as reactions^{power:.2f}."]
    return "\n".join(lines) + "\n"
