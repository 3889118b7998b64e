"""Polynomials as tables of monomials, differentiated term by term.

In: expanded SymPy polynomials. Out: monomials in the order in which reactants are written, their derivatives, and SymPy
expressions again. A table is what reactions are made from, and it stays fast where a matrix has thousands of entries.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import sympy as sp

from compiler.symbols import Expr

Terms = dict[tuple[Expr, ...], Expr]
"""Factors (each as often as it occurs, in order) -> coefficient, a SymPy number."""


@dataclass(frozen=True)
class Monomial:
    """``coefficient * prod(factors)``; a factor that occurs n times is listed n times."""

    coefficient: float
    factors: tuple[Expr, ...]

    def __str__(self) -> str:
        """``-0.3*z1*z1`` and the like: the sign and any coefficient other than 1, then the factors."""
        size = abs(self.coefficient)
        parts = [] if size == 1 and self.factors else [f"{size:.12g}"]
        return ("-" if self.coefficient < 0 else "") + "*".join(parts + [str(s) for s in self.factors])


class Order:
    """The order of the symbols, by which factors and monomials are sorted."""

    def __init__(self, symbols: Sequence[Expr]) -> None:
        self.place = {s: i for i, s in enumerate(symbols)}

    def terms(self, expression: Expr) -> Terms:
        """The monomials of an expanded polynomial."""
        found: Terms = {}
        for term in sp.Add.make_args(expression):
            coefficient, rest = term.as_coeff_Mul()
            powers = rest.as_powers_dict() if rest != 1 else {}
            factors = [s for s, n in powers.items() for _ in range(int(n))]
            add(found, tuple(sorted(factors, key=self.place.__getitem__)), coefficient)
        return found

    def sort(self, terms: Terms) -> tuple[tuple[tuple[Expr, ...], Expr], ...]:
        """The terms in lexicographic order: the higher power of the earlier symbol first, the constant last."""
        end = len(self.place)
        return tuple(sorted(terms.items(), key=lambda item: [*(self.place[s] for s in item[0]), end]))

    def monomials(self, expression: Expr) -> tuple[Monomial, ...]:
        """The monomials of an expanded polynomial in lexicographic order."""
        return tuple(Monomial(float(c), factors) for factors, c in self.sort(self.terms(expression)))

    def times(self, terms: Terms, symbol: Expr) -> Terms:
        """The product of a polynomial and a symbol."""
        return {tuple(sorted((*f, symbol), key=self.place.__getitem__)): c for f, c in terms.items()}


def add(terms: Terms, factors: tuple[Expr, ...], coefficient: Expr) -> None:
    """Add one monomial to a table; what cancels is dropped."""
    total = terms.get(factors, sp.Integer(0)) + coefficient
    if total == 0:
        terms.pop(factors, None)
    else:
        terms[factors] = total


def gradient(terms: Terms, magnitudes: Mapping[Expr, Expr]) -> dict[Expr, Terms]:
    """The derivatives of a polynomial by every symbol that occurs in it.

    ``magnitudes`` maps a state to the symbol of its absolute value, which always comes with the state itself:
    ``d(z^k |z|)/dz = (k + 1) z^(k-1) |z|``.
    """
    absolute = {m: s for s, m in magnitudes.items()}
    found: dict[Expr, Terms] = {}
    for factors, c in terms.items():
        for symbol in dict.fromkeys(factors):
            if symbol in absolute:
                continue
            power = factors.count(symbol) + (factors.count(magnitudes[symbol]) if symbol in magnitudes else 0)
            at = factors.index(symbol)
            add(found.setdefault(symbol, {}), factors[:at] + factors[at + 1 :], c * power)
    return found


def total(tables: Iterable[Terms]) -> Terms:
    """The sum of polynomials."""
    found: Terms = {}
    for table in tables:
        for factors, c in table.items():
            add(found, factors, c)
    return found


def expression(terms: Terms, sign: int = 1) -> Expr:
    """A table as a SymPy polynomial, times ``sign``."""
    return sp.Add(*(sp.Mul(sign * c, *factors) for factors, c in terms.items()))
