"""Styles of series: colours in light and dark, dashes and markers, the same as in the figures that are saved.

In: the styles of :mod:`compiler.figures`. Out: CSS rules, and the markers as SVG.
"""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from compiler.figures import PHASES, STYLES

DASHES = {"-": "none", "--": "7 4", ":": "2 4"}
SHAPES = {
    "s": '<rect x="-4" y="-4" width="8" height="8"/>',
    "o": '<circle r="3.4"/>',
    "^": '<path d="M0,-4.4L4.2,3.4H-4.2Z"/>',
    "v": '<path d="M0,4.4L4.2,-3.4H-4.2Z"/>',
    "D": '<path d="M0,-4.2L4.2,0L0,4.2L-4.2,0Z"/>',
    "x": '<path d="M-3,-3L3,3M-3,3L3,-3" fill="none"/>',
}
DARK = {"#000000": "#f2f4f6", "#0072B2": "#56B4E9", "#999999": "#8a929b", "#D55E00": "#ff7f2a", "#009E73": "#1fc49a"}
"""Colours that need another on a dark page: Okabe and Ito's nearest, or the same hue lighter."""


@dataclass(frozen=True)
class Style:
    """How a series looks; ``dash`` as in CSS, ``shape`` a key of ``SHAPES``."""

    key: str
    color: str
    dash: str
    width: float
    shape: str
    opacity: float = 1.0


def styles() -> tuple[Style, ...]:
    """All styles: the levels, the phases of a clock, the draws of a fault, the classes of a task."""
    levels = [
        Style(k, s["color"], DASHES[s["linestyle"]], s["linewidth"], s["marker"], s.get("alpha", 1.0))
        for k, s in STYLES.items()
    ]
    phases = [Style(f"phase{i + 1}", c, DASHES[d], 1.8, "osD"[i]) for i, (c, d) in enumerate(PHASES)]
    others = [Style("mean", "#0072B2", "none", 1.8, "o"), Style("worst", "#0072B2", "2 4", 1.6, "x")]
    shapes = zip(("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#999999", "#000000"), "osDv^x", strict=True)
    classes = [Style(f"class{i}", c, "none", 1.4, s) for i, (c, s) in enumerate(shapes)]
    return (*levels, *phases, *others, *classes)


def rules() -> Markup:
    """CSS: the colour of every style, in light and in dark, and how its lines are drawn."""
    light = "".join(f"--s-{s.key}:{s.color};" for s in styles())
    dark = "".join(f"--s-{s.key}:{DARK.get(s.color, s.color)};" for s in styles())
    drawn = "".join(
        f".s-{s.key}{{--c:var(--s-{s.key});--dash:{s.dash};--w:{s.width:g};--o:{s.opacity:g}}}\n" for s in styles()
    )
    return Markup(f":root{{{light}}}\n@media (prefers-color-scheme:dark){{:root{{{dark}}}}}\n{drawn}")


def markers() -> Markup:
    """One definition for each style, centred on the origin."""
    return Markup("".join(f'<g id="mark-{s.key}">{SHAPES[s.shape]}</g>' for s in styles()))
