"""What a text of dynamics may come to: its length, its nesting, its numbers, its degree, its monomials.

In: text, or a number in it. Out: what is wrong with it and the remedy, or None. Only the last two limits need the
polynomials themselves; :mod:`compiler.grammar` keeps to them while it reads, before anything is multiplied out.
"""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp

from compiler.symbols import Expr

MAX_LENGTH = 400
MAX_DEPTH = 20
MAX_DEGREE = 8

MAX_TERMS = 2000
"""Monomials of a text, of all components together; the largest shipped design has 55."""

MAX_PATTERNS = 10_000
"""Choices of a rail for every factor, of all monomials together; each becomes several reactions.
The largest shipped design has 310."""

MAX_NUMBER = sp.Integer(10) ** 30
"""Numbers and coefficients lie between this and its inverse, or are 0: 9**8**8 would fill the memory."""

_BITS = 4 * int(MAX_NUMBER).bit_length()


@dataclass(frozen=True)
class Value:
    """A scalar, vector or matrix of polynomials (``entries`` row by row) with bounds on its degree and length."""

    shape: tuple[int, ...]
    entries: tuple[Expr, ...]
    degree: int
    terms: int


def text_problem(text: str) -> tuple[int, str, str] | None:
    """Position, fact and remedy for a text that is not to be parsed at all."""
    if not text.strip():
        return 0, "the dynamics are empty", "write a polynomial, for example theta*x + h"
    if len(text) > MAX_LENGTH or "\n" in text:
        return 0, f"the dynamics take {len(text)} characters", f"write one line of at most {MAX_LENGTH}"
    depth = 0
    for i, char in enumerate(text):
        depth += (char == "(") - (char == ")")
        if depth > MAX_DEPTH:
            return i, "too many nested parentheses", f"nest at most {MAX_DEPTH} deep"
        if char == "^":
            return i, "'^' is not a power here", "write ** for a power: z**2"
    return None


def number_problem(number: Expr) -> tuple[str, str] | None:
    """Fact and remedy for a rational number other than 0 that is beyond the limit, or much longer than it."""
    if number.p.bit_length() > _BITS or number.q.bit_length() > _BITS:
        return "a number here has too many digits", "write 17 digits at most; no rate has more"
    if number and not 1 / MAX_NUMBER <= abs(number) <= MAX_NUMBER:
        return "a number here is beyond 1e-30 to 1e30", "choose units that make it smaller"
    return None
