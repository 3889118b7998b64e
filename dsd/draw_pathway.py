"""One reaction as a storyboard: what each of its gates goes through, strand in, strand out, until it is spent.

In: a :class:`System` and a reaction's index. Out: SVG text. A column a gate (join, then fork; annihilators and their
mirror image); between two states stand the strand that comes, the strands that leave, and the rate constant.
"""

from __future__ import annotations

from typing import Any

from dsd.closure import Closure
from dsd.displacement import Step
from dsd.domains import Duplex, Sequence
from dsd.draw_strand import (
    FAINT,
    GAP,
    INK,
    Look,
    canvas,
    draw_duplex,
    draw_strand,
    line,
    look,
    power,
    readable,
    rendered,
    svg,
    text,
)
from dsd.errors import InputError
from dsd.rates import profile
from dsd.system import Complex, Module, System

MARGIN, TOP, STATE, BETWEEN = 40.0, 112.0, 42.0, 104.0
"""Border, first state, height of a state and of the arrow below it, in pixels."""


def forward(system: System, closure: Closure, gate: Complex) -> list[Step]:
    """The steps from a fresh gate to a spent one, each by a strand that the fresh gate did not hold."""
    held = {top.domains for top in gate.duplex.tops}
    steps: list[Step] = []
    state, seen = gate.duplex, {gate.duplex}
    while True:
        onward = [s for s in closure.steps if s.before == state and s.strand not in held and s.after not in seen]
        if not onward:
            return steps
        steps.append(onward[0])
        state = onward[0].after
        seen.add(state)


def pathway(system: System, reaction: int, title: str = "") -> str:
    """The storyboard of the reaction with that index. Raises :class:`InputError` if there is none."""
    modules = {m.index: m for m in system.modules}
    if reaction not in modules:
        raise InputError(f"there is no reaction {reaction + 1}; this system has {len(modules)} reactions")
    module, closure, view = modules[reaction], Closure(system), look(system)
    gates = [c for c in system.complexes if c.name in module.gates]
    paths = [forward(system, closure, gate) for gate in gates]
    widths = [_column(view, gate, path) for gate, path in zip(gates, paths, strict=True)]
    rows = max(len(path) for path in paths)
    drawing = canvas(sum(widths) + MARGIN * (len(widths) + 1), TOP + rows * (STATE + BETWEEN) + STATE + MARGIN)
    text(drawing, title or _heading(module), MARGIN, 38, 16, text_anchor="start", font_weight="bold")
    x = MARGIN
    for gate, path, width in zip(gates, paths, widths, strict=True):
        _board(drawing, system, view, gate, path, x + width / 2)
        x += width + MARGIN
    return rendered(drawing)


def _heading(module: Module) -> str:
    return f"{module.index + 1}.  {readable(module.text)}"


def _column(view: Look, gate: Complex, path: list[Step]) -> float:
    """Width of a gate's column: the duplex, or the strands beside the arrows."""
    aside = max((view.width(d) for s in path for d in (s.strand, *s.freed)), default=0.0)
    return max(view.width(gate.duplex.bottom), 2 * aside + 150.0)


def _board(g: Any, system: System, view: Look, gate: Complex, path: list[Step], middle: float) -> None:
    """One gate's states, top to bottom, about the line x = middle."""
    text(g, f"{gate.role} {gate.name}", middle, TOP - 32, 12, font_weight="bold")
    y = TOP
    _state(g, view, gate.duplex, middle, y)
    for step in path:
        _turn(g, system, view, step, middle, y + STATE)
        y += STATE + BETWEEN
        _state(g, view, step.after, middle, y)
    text(g, "spent", middle, y + GAP + 26, 10, FAINT)


def _state(g: Any, view: Look, duplex: Duplex, middle: float, y: float) -> None:
    draw_duplex(g, view, middle - view.width(duplex.bottom) / 2, y, duplex)


def _turn(g: Any, system: System, view: Look, step: Step, middle: float, y: float) -> None:
    """The arrow from one state to the next, with what comes on its left and what leaves on its right."""
    top, foot = y + 8, y + BETWEEN - 30
    _arrow(g, middle - (4 if step.m else 0), top, foot)
    if step.m:
        _arrow(g, middle + 4, foot, top)
    kinetics = profile(system.get("profile", "ideal"))
    rate = kinetics.rate(step.n, step.m, step.long_nt)
    text(g, f"{power(rate)} /M/s", middle - 12, foot - 2, 9, FAINT, text_anchor="end")
    height = (top + foot) / 2
    _strand(g, system, view, step.strand, middle - 44 - view.width(step.strand), height - 2)
    _curve(g, middle - 38, height - 2, middle - 10, height + 12)
    for i, freed in enumerate(step.freed):
        at = height + 2 + 42 * (i - (len(step.freed) - 1) / 2)
        _strand(g, system, view, freed, middle + 44, at)
        _curve(g, middle + 10, height - 8, middle + 38, at)


def _strand(g: Any, system: System, view: Look, domains: Sequence, x: float, y: float) -> None:
    draw_strand(g, view, x, y, domains)
    strand = system.strand_of[domains]
    caption = strand.name if strand.role == "signal" else f"{strand.name} · {strand.role}"
    text(g, caption, x + view.width(domains) / 2, y + 14, 9, FAINT)


def _arrow(g: Any, x: float, y0: float, y1: float) -> None:
    way = 1 if y1 > y0 else -1
    line(g, x, y0, x, y1, INK, 1.4)
    line(g, x, y1, x - 4 * way, y1 - 6 * way, INK, 1.4)


def _curve(g: Any, x0: float, y0: float, x1: float, y1: float) -> None:
    """A thin arc, level at its ends."""
    path = svg().Path(stroke=FAINT, stroke_width=1.1, fill="none")
    path.M(round(x0, 1), round(y0, 1)).C(*(round(v, 1) for v in ((x0 + x1) / 2, y0, (x0 + x1) / 2, y1, x1, y1)))
    g.append(path)
