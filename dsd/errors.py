"""The errors Strandgrad raises on purpose. Each message names the offender, the fact and the remedy."""

from __future__ import annotations


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
        self.text, self.fact, self.remedy = text, fact, remedy
        caret = " " * (column - 1) + "^"
        super().__init__(f"{source}:{line}:{column}: {fact}\n  {text}\n  {caret}\n  {remedy}")


class SimulationError(StrandgradError):
    """An integration could not go on; ``time`` is where it stopped (network time units)."""

    def __init__(self, message: str, time: float) -> None:
        self.time = time
        super().__init__(message)


class MappingError(StrandgradError):
    """No concentrations satisfy the constraints of a lowering; the message names the constraint to relax."""
