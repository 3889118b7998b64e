"""The errors Strandgrad raises on purpose. Each message names the offender, the fact and the remedy."""

from __future__ import annotations

WIDTH = 160
"""Most characters of a file's line that a message shows."""


def clipped(text: str, width: int = 400) -> str:
    """Text for a message: the middle of what is longer than ``width`` left out, no sign that a terminal would obey."""
    if len(text) > width:
        text = f"{text[: width // 2]} ... {text[-(width // 2) :]}"
    return "".join(c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in text)


def _window(text: str, at: int) -> tuple[str, int]:
    """The part of a line about position ``at`` that a message shows, and where the position is in it."""
    if len(text) <= WIDTH:
        return clipped(text), at
    start = max(0, min(at - WIDTH // 2, len(text) - WIDTH))
    left, right = "... " if start else "", " ..." if start + WIDTH < len(text) else ""
    return clipped(left + text[start : start + WIDTH] + right), at - start + len(left)


class StrandgradError(Exception):
    """Base of every deliberate error; the command line prints its message and exits with 2."""


class InputError(StrandgradError):
    """What the user gave cannot be used: a file, a key, a value, a line of text."""


class TextError(InputError):
    """A located error in a text format.

    Parameters: ``source`` a file name or ``"<text>"``; ``line`` and ``column`` count from 1; ``text`` is the
    offending line; ``fact`` says what is wrong and ``remedy`` what to write instead.
    """

    def __init__(self, source: str, line: int, column: int, text: str, fact: str, remedy: str) -> None:
        self.source, self.line, self.column = source, line, column
        self.text, self.fact, self.remedy = text, clipped(fact), clipped(remedy)
        shown, at = _window(text, column - 1)
        caret = " " * at + "^"
        super().__init__(f"{source}:{line}:{column}: {self.fact}\n  {shown}\n  {caret}\n  {self.remedy}")

    def __reduce__(self) -> tuple[type[TextError], tuple[str, int, int, str, str, str]]:
        """Pickled by what it was made from: a worker process hands its errors on."""
        return type(self), (self.source, self.line, self.column, self.text, self.fact, self.remedy)


class SimulationError(StrandgradError):
    """An integration could not go on; ``time`` is where it stopped (network time units)."""

    def __init__(self, message: str, time: float) -> None:
        self.time = time
        super().__init__(message)


class MappingError(StrandgradError):
    """No concentrations satisfy the constraints of a lowering; the message names the constraint to relax."""
