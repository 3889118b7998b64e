"""What a report is made of: sections of charts, tables, pictures and notes, as plain data.

In: what a section has to say. Out: records that one template renders, so that every text is escaped in one place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

Cell = str | Markup
"""Text, a number as text, or a drawing."""


@dataclass(frozen=True)
class Table:
    """``rows`` of as many cells as ``columns`` has headings; ``folded`` hides it behind its title."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    folded: bool = False
    note: str = ""

    kind = "table"

    @property
    def words(self) -> tuple[bool, ...]:
        """For each column whether it holds words, which are set to the left, rather than numbers."""
        columns = zip(*self.rows, strict=True) if self.rows else [() for _ in self.columns]
        return tuple(any(str(cell)[:1].isalpha() or isinstance(cell, Markup) for cell in column) for column in columns)


@dataclass(frozen=True)
class Note:
    """A paragraph; ``commands`` are set as code below it."""

    text: str
    commands: tuple[str, ...] = ()

    kind = "note"


@dataclass(frozen=True)
class Picture:
    """A drawing in colours of its own, as a data URI; ``alt`` says what it shows."""

    title: str
    alt: str
    uri: str
    folded: bool = False

    kind = "picture"


@dataclass(frozen=True)
class Chart:
    """A drawn chart: its SVG, the values behind it for the script, and the same values as a table.

    ``name`` is unique on the page. ``keyed`` names the levels whose lines it shows, if they can be switched off, and
    ``scrubbed`` says whether its x axis is the iteration. ``focus`` gives the keyboard a cursor of its own.
    """

    name: str
    title: str
    svg: Markup
    data: Mapping[str, Any]
    table: Table | None = None
    legend: tuple[tuple[str, str], ...] = ()
    focus: bool = True

    kind = "chart"


@dataclass(frozen=True)
class Charts:
    """Charts side by side where there is room; ``small`` ones take a third of the width, others half of it."""

    charts: tuple[Chart, ...]
    small: bool = False

    kind = "charts"


Block = Table | Note | Picture | Chart | Charts


@dataclass(frozen=True)
class Section:
    """A part of the page: ``lead`` says in words what ``blocks`` show; ``training`` puts it under the scrubber."""

    name: str
    title: str
    lead: str = ""
    blocks: tuple[Block, ...] = ()
    training: bool = False
    data: Mapping[str, Any] = field(default_factory=dict)


def missing(name: str, title: str, why: str, *commands: str) -> Section:
    """A section that has nothing to show yet: one line, and the command that adds it."""
    return Section(name, title, blocks=(Note(why, commands),))


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[Cell]], **more: Any) -> Table:
    """A table from any sequences; raises :class:`ValueError` for a row of another length than the headings."""
    for row in rows:
        if len(row) != len(columns):
            raise ValueError(f"'{title}' has {len(columns)} columns and a row of {len(row)}")
    return Table(title, tuple(columns), tuple(tuple(row) for row in rows), **more)
