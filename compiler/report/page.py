"""The page: all sections in their order, in one file that loads nothing.

In: a folder of results, and its design if it is at hand. Out: ``report.html`` in it.

Every text goes through Jinja2 with autoescape on. The policy in the page's head lets a browser run its one script and
load nothing at all, so neither a name in a data file nor a drawing can do more than be shown.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from compiler.design import Design
from compiler.report.blocks import Block, Chart, Charts, Section
from compiler.report.facts import design_of, gathered
from compiler.report.figure import figures
from compiler.report.folder import Results, read_folder
from compiler.report.sections import (
    circuit,
    clock,
    cost,
    decisions,
    fuel,
    gates,
    levels,
    losses,
    mapping,
    provenance,
    robustness,
    verdict,
    verification,
    weights,
)
from compiler.report.style import markers, rules
from compiler.report.text import LEVELS
from dsd.errors import InputError
from dsd.files import read_text, write_atomic

FILE = "report.html"
HERE = Path(__file__).parent

SECTIONS: tuple[Callable[[Results], Section | None], ...] = (
    levels.section, losses.section, weights.section, decisions.section, clock.section, circuit.section, gates.section,
    cost.section, fuel.section, verification.section, mapping.section, robustness.section, provenance.section,
)  # fmt: skip
"""In the order of the page."""


def write_report(folder: str | Path, design: Design | None = None, *, source: str | None = None) -> Path:
    """Write ``report.html`` into a folder of ``compare`` or ``train``, figures that are its own, and return its path.

    Boundaries, circuit, mapping and cost need the design: the one given, that of ``source``, or the one that the folder
    names; where it is not at hand, or has changed since, they are left out and the page says why. Raises
    :class:`InputError` for a folder without results, files of it that cannot be read, and a ``source`` that is another
    design.
    """
    results = read_folder(Path(folder))
    absent = ""
    if design is None:
        design, absent = design_of(results, source)
    facts = gathered(results, design)
    results = replace(results, facts=facts)
    try:
        text, drawn = page(results, "" if facts else absent), figures(results)
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        fact = f"{type(error).__name__}: {error}"
        raise InputError(
            f"the files in {folder} are not what this version writes ({fact}); delete report.json and try again, or "
            f"train again"
        ) from error
    for name, content in drawn.items():
        write_atomic(Path(folder) / name, content)
    write_atomic(Path(folder) / FILE, text)
    return Path(folder) / FILE


def page(r: Results, absent: str = "") -> str:
    """The HTML of a report; the same results give the same text. ``absent`` is why there are no facts."""
    found = [s for make in SECTIONS if (s := make(r)) is not None]
    script, css = read_text(HERE / "static" / "report.js"), read_text(HERE / "static" / "report.css") + rules()
    last = max((level.entry["iterations"] for level in r.levels), default=0)
    environment = Environment(
        loader=PackageLoader("compiler.report", "templates"), autoescape=select_autoescape(("html",)),
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    return environment.get_template("page.html").render(
        title=str(r.facts.get("about", {}).get("name") or r.provenance.get("design") or r.folder.name),
        description=r.facts.get("about", {}).get("description", ""),
        verdict=verdict.verdict(r),
        before=[s for s in found if not s.training and s.name == "levels"],
        training=[s for s in found if s.training],
        after=[s for s in found if not s.training and s.name != "levels"],
        levels=[(level.name, LEVELS[level.name]) for level in r.levels],
        iterations=last,
        absent=absent,
        command=f"strandgrad report {r.place} --design DESIGN",
        data={"iterations": last, "charts": _charts(found)},
        css=Markup(css), script=Markup(script), markers=markers(),
        policy=f"default-src 'none'; img-src data:; style-src '{_hash(css)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'",
    )  # fmt: skip


def _charts(sections: Iterable[Section]) -> dict[str, Any]:
    """What the script knows of every chart, by its name."""

    def within(blocks: Iterable[Block]) -> Iterable[Chart]:
        for block in blocks:
            if isinstance(block, Charts):
                yield from block.charts
            elif isinstance(block, Chart):
                yield block

    return {c.name: dict(c.data) for s in sections for c in within(s.blocks)}


def _hash(text: str) -> str:
    """A script or style as a content policy names it."""
    return "sha256-" + b64encode(sha256(text.encode()).digest()).decode()
