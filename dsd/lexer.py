"""A cursor over one line of text: what text formats are read with, and where located errors come from.

Patterns are tried at the cursor, so what a piece of text is depends on where it stands: in ``2E1 -> B`` the left side
is two of the species E1, while in ``[k = 2E1]`` the rate is twenty.
"""

from __future__ import annotations

import difflib
import json
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

from dsd.errors import TextError

_BLANKS = re.compile(r"[ \t\r\f\v]*")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?(?![0-9.])")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_CHUNK = re.compile(r"[^\s,;:=#+@\[\]{}]+|.")
_NUMERAL = re.compile(r"[^\s,;=#\[\]{}]+")

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_']*")
"""A species name."""

WORD = re.compile(r"[A-Za-z0-9_.\-]+")
"""Text that needs no quotes: a stage, a role, a key."""


@dataclass(slots=True)
class Cursor:
    """A position ``pos`` (from 0) in the one line ``text``, which is line number ``line`` (from 1) of ``source``."""

    source: str
    line: int
    text: str
    pos: int = 0

    def mark(self) -> int:
        """Move over blanks and return the position."""
        match = _BLANKS.match(self.text, self.pos)
        assert match is not None
        self.pos = match.end()
        return self.pos

    @property
    def done(self) -> bool:
        """Whether only blanks are left."""
        return self.mark() == len(self.text)

    def match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Match the pattern past blanks and move over it, or stay and return None."""
        match = pattern.match(self.text, self.mark())
        if match is not None:
            self.pos = match.end()
        return match

    def take(self, pattern: re.Pattern[str]) -> str:
        """The text that matches past blanks, or ``""``."""
        match = self.match(pattern)
        return match[0] if match else ""

    def symbol(self, symbol: str) -> bool:
        """Move over ``symbol`` if it comes next."""
        if not self.text.startswith(symbol, self.mark()):
            return False
        self.pos += len(symbol)
        return True

    def rest(self) -> str:
        """The rest of the line without blanks around it; the cursor moves to the end."""
        start, self.pos = self.pos, len(self.text)
        return self.text[start:].strip()

    def expect(self, symbol: str, remedy: str) -> None:
        """Move over ``symbol``; raises TextError if something else comes."""
        if not self.symbol(symbol):
            raise self.error(f"expected {symbol} but found {self.found()}", remedy)

    def name(self, remedy: str) -> str:
        """A species name; raises TextError if there is none."""
        name = self.take(NAME)
        if not name:
            raise self.error(f"expected a species but found {self.found()}", remedy)
        return name

    def word(self, remedy: str) -> str:
        """A bare word or a quoted text; raises TextError if there is neither."""
        at = self.mark()
        if self.text.startswith('"', at):
            quoted = self.take(_STRING)
            if (value := unquoted(quoted)) == quoted:
                raise self.error("this quoted text is not closed or not valid", 'write it as in "two words"', at)
            return value
        word = self.take(WORD)
        if not word:
            raise self.error(f"expected a word but found {self.found()}", remedy)
        return word

    def number(self, what: str, *, signed: bool = False) -> float:
        """A finite number, at least 0 unless ``signed``; ``what`` (``a rate``) begins the TextError it may raise."""
        at = self.mark()
        if self.done:
            raise self.error(f"{what} is missing", "write a number such as 10, 0.5 or 1e-3")
        text = self.take(_NUMBER)
        if not text:
            wrong = _NUMERAL.match(self.text, at)
            shown = f"'{wrong[0]}'" if wrong else self.found()
            raise self.error(f"{shown} is not a finite number", "write a number such as 10, 0.5 or 1e-3", at)
        value = float(text)
        if not math.isfinite(value):
            raise self.error(f"{text} is too large for a number", "write a number below 1e308", at)
        if value < 0 and not signed:
            raise self.error(f"{what} is {text}, which is negative", "write a number >= 0", at)
        return value

    def found(self) -> str:
        """What comes next, for messages."""
        chunk = _CHUNK.match(self.text, self.mark())
        return f"'{chunk[0]}'" if chunk else "the end of the line"

    def error(self, fact: str, remedy: str, at: int | None = None) -> TextError:
        """The error to raise for what stands at position ``at`` (by default, past the blanks here)."""
        column = (self.mark() if at is None else at) + 1
        return TextError(self.source, self.line, column, self.text.replace("\t", " "), fact, remedy)


def quoted(text: str) -> str:
    """Text for the rest of a line: as it is where that can be read back, else as a JSON string."""
    plain = text.isprintable() and text == text.strip() and not text.startswith('"')
    return text if plain else json.dumps(text)


def quoted_word(text: str) -> str:
    """Text for one word of a line: as it is where that can be read back, else as a JSON string."""
    return text if WORD.fullmatch(text) else json.dumps(text)


def unquoted(text: str) -> str:
    """The inverse of :func:`quoted`; text that is no JSON string stands for itself."""
    if text.startswith('"'):
        try:
            value = json.loads(text)
        except ValueError:
            return text
        return value if isinstance(value, str) else text
    return text


def did_you_mean(word: str, known: Iterable[str], otherwise: str) -> str:
    """``did you mean ...?`` when a known word is close, else ``otherwise``."""
    words = list(known)
    # The search takes time with the product of lengths: nobody mistypes one name of thousands by a letter.
    close = difflib.get_close_matches(word, words, n=1) if len(word) < 100 and len(words) < 2000 else []
    return f"did you mean {close[0]}?" if close else otherwise
