"""The text of a dynamics function, read into SymPy polynomials component by component.

In: text such as ``theta*x + h``, and the names it may use with their lengths. Out: one polynomial per component.

The text is parsed by Python's own ``ast`` and walked against a whitelist of node types; it is never evaluated. Lower
case names are vectors and multiply elementwise, ``h`` is a scalar, ``Theta`` a matrix that may only stand left of
``@``. Greek letters and the signs for the elementwise product and minus are read as their ASCII
forms. Length, nesting, degree and number of monomials are bounded, so that no text can exhaust the machine.

Grammar (blanks are free between tokens; precedence is Python's)::

    dynamics = sum ;
    sum      = product { ( "+" | "-" ) product } ;
    product  = [ "-" ] ( matrix | factor ) { "*" factor | "/" number } ;
    matrix   = "Theta" "@" vector ;                   elsewhere than first in a product, put it in parentheses
    factor   = atom [ "**" digit ] ;
    atom     = number | vector | "h" | "(" sum ")" ;
    vector   = "theta" | "beta" | "x" | "z" ;         and the letters of other blocks of the state
    number   = whole [ "." digit { digit } ] ;
    whole    = "0" | ( "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" ) { digit } ;
"""

from __future__ import annotations

import ast
import math
import warnings
from collections.abc import Callable
from math import comb

import sympy as sp

from compiler.grammar_limits import MAX_DEGREE, MAX_PATTERNS, MAX_TERMS, Value, number_problem, text_problem
from compiler.symbols import Expr, Symbols
from dsd.errors import TextError

_ASCII = str.maketrans({"θ": "theta", "Θ": "Theta", "β": "beta"})
_SIGNS = str.maketrans({"⊙": "*", "·": "*", "−": "-", "×": "*"})


def parse(text: str, known: Symbols, source: str = "<dynamics>") -> tuple[tuple[Expr, ...], tuple[str, ...]]:
    """Parse ``text`` into one expanded polynomial per component, and the names it uses in the order of ``known``.

    Raises :class:`TextError` with the column for anything outside the grammar: calls, division by a variable,
    exponents that are not whole numbers, unknown names, shapes that do not fit, text beyond the limits.
    """
    plain = text.translate(_SIGNS).strip()
    reader = _Reader(known, plain, source)
    reader.check_size()
    value = reader.visit(reader.tree())
    n = known.hidden
    if value.shape == ():
        value = Value((n,), value.entries * n, value.degree, value.terms)
    if len(value.shape) != 1:
        raise reader.error(0, "the dynamics are a matrix", "multiply the matrix into a vector: Theta @ x")
    if value.shape != (n,):
        remedy = f"map it to the state by Theta @ x, or drop hidden = {n}"
        raise reader.error(0, f"the dynamics have length {value.shape[0]}, the state has length {n}", remedy)
    if value.terms * n > MAX_TERMS:
        fact = f"{n} states of up to {value.terms} monomials each are more than {MAX_TERMS}"
        raise reader.error(0, fact, "shorten the dynamics, or lower hidden")
    found = tuple(sp.expand(e) for e in value.entries)
    patterns = 0
    for term in (t for e in found for t in sp.Add.make_args(e)):
        coefficient, factors = term.as_coeff_Mul()
        reader.check_number(0, coefficient)
        patterns += 2 ** sum(int(n) for n in factors.as_powers_dict().values() if factors != 1)
    if patterns > MAX_PATTERNS:
        fact = f"on two rails each, the factors of these monomials have {patterns} signs, more than {MAX_PATTERNS}"
        raise reader.error(0, fact, "lower the degree, or hidden")
    return found, tuple(n for n in known.names if n in reader.used)


class _Reader:
    def __init__(self, known: Symbols, text: str, source: str) -> None:
        self.known, self.text, self.source = known, text, source
        self.used: dict[str, None] = {}

    def error(self, offset: int, fact: str, remedy: str) -> TextError:
        """The error at UTF-8 byte ``offset``, which is how ``ast`` counts."""
        column = len(self.text.encode()[:offset].decode(errors="ignore")) + 1
        return TextError(self.source, 1, column, self.text, fact, remedy)

    def check_size(self) -> None:
        if problem := text_problem(self.text):
            at, fact, remedy = problem
            raise self.error(len(self.text[:at].encode()), fact, remedy)

    def check_number(self, offset: int, number: Expr) -> None:
        if problem := number_problem(number):
            raise self.error(offset, *problem)

    def tree(self) -> ast.expr:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return ast.parse(self.text, mode="eval").body
        except SyntaxError as error:
            # The parser counts from 1 and reports 0 when the text ends too early.
            column = error.offset - 1 if error.offset else len(self.text)
            at = len(self.text[:column].encode())
            raise self.error(at, "this is not an expression", _SYNTAX_REMEDY) from None
        except (ValueError, MemoryError, RecursionError):
            raise self.error(0, "this is not an expression", _SYNTAX_REMEDY) from None

    def visit(self, node: ast.expr) -> Value:
        """The value of a node; the only recursion, and the length of the text bounds it."""
        match node:
            case ast.Constant(value=bool() | complex()):
                raise self.error(node.col_offset, f"{node.value!r} is not a real number", "use a decimal number")
            case ast.Constant(value=int() | float() as number) if isinstance(number, int) or math.isfinite(number):
                return self._checked(node, Value((), (sp.Rational(str(number)),), 0, 1))
            case ast.Name(id=name):
                return self._name(node, name)
            case ast.UnaryOp(op=ast.UAdd() | ast.USub() as op, operand=operand):
                inner = self.visit(operand)
                return inner if isinstance(op, ast.UAdd) else _map(inner, lambda e: -e)
            case ast.BinOp(left=left, op=ast.Pow(), right=right):
                return self._power(node, self.visit(left), right)
            case ast.BinOp(left=left, op=op, right=right):
                return self._binary(node, op, self.visit(left), self.visit(right))
            case ast.Call():
                remedy = "use sums, products and whole powers only; approximate the function by a polynomial"
                raise self.error(node.col_offset, "a function call is not a polynomial", remedy)
            case _:
                raise self.error(node.col_offset, "this is outside the grammar of dynamics", _SYNTAX_REMEDY)

    def _checked(self, node: ast.expr, value: Value) -> Value:
        """The value; if it holds numbers, not variables, each within the limit, before a power makes them larger."""
        if value.degree:
            return value
        for number in dict.fromkeys(value.entries):
            self.check_number(node.col_offset, number)
        return Value(value.shape, value.entries, 0, 1)

    def _name(self, node: ast.expr, name: str) -> Value:
        name = name.translate(_ASCII)
        if name not in self.known.names:
            raise self.error(node.col_offset, f"'{name}' is not a known name", f"use {', '.join(self.known.names)}")
        self.used[name] = None
        return Value(self.known.shapes[name], self.known.table[name], 1, 1)

    def _power(self, node: ast.expr, base: Value, exponent: ast.expr) -> Value:
        if not (isinstance(exponent, ast.Constant) and type(exponent.value) is int and exponent.value >= 0):
            remedy = "write a whole number of at least 0 as the exponent"
            raise self.error(exponent.col_offset, "this exponent does not give a polynomial", remedy)
        n = exponent.value
        if n > MAX_DEGREE or base.degree * n > MAX_DEGREE:
            raise self.error(
                exponent.col_offset, f"the degree exceeds {MAX_DEGREE}", f"keep every monomial within {MAX_DEGREE}"
            )
        if len(base.shape) == 2:
            raise self.error(
                node.col_offset, "a matrix has no power here", "multiply it into a vector first: (Theta @ x)**2"
            )
        terms = comb(base.terms + n - 1, n)
        self._bound(node, base.degree * n, terms)
        return self._checked(node, Value(base.shape, tuple(e**n for e in base.entries), base.degree * n, terms))

    def _bound(self, node: ast.expr, degree: int, terms: int) -> None:
        if degree > MAX_DEGREE:
            raise self.error(
                node.col_offset, f"the degree exceeds {MAX_DEGREE}", f"keep every monomial within {MAX_DEGREE}"
            )
        if terms > MAX_TERMS:
            raise self.error(node.col_offset, f"this may expand to {terms} monomials", f"keep it within {MAX_TERMS}")

    def _binary(self, node: ast.expr, op: ast.operator, left: Value, right: Value) -> Value:
        match op:
            case ast.Add() | ast.Sub():
                sign = 1 if isinstance(op, ast.Add) else -1
                return self._combine(node, left, right, lambda a, b: a + sign * b, max, left.terms + right.terms)
            case ast.Mult():
                return self._combine(node, left, right, lambda a, b: a * b, int.__add__, left.terms * right.terms)
            case ast.Div():
                if right.degree or right.shape != () or right.entries[0] == 0:
                    remedy = "divide by a number other than 0 only; a quotient of variables has no reactions"
                    raise self.error(node.col_offset, "this division does not give a polynomial", remedy)
                return self._checked(node, _map(left, lambda e: e / right.entries[0]))
            case ast.MatMult():
                return self._product(node, left, right)
            case _:
                raise self.error(
                    node.col_offset, "this operator is outside the grammar of dynamics", "use + - * / ** and @"
                )

    def _combine(
        self,
        node: ast.expr,
        left: Value,
        right: Value,
        combine: Callable[[Expr, Expr], Expr],
        degree: Callable[[int, int], int],
        terms: int,
    ) -> Value:
        if 2 in (len(left.shape), len(right.shape)):
            raise self.error(
                node.col_offset, "a matrix only multiplies a vector", "write Theta @ x, or theta*x elementwise"
            )
        if left.shape and right.shape and left.shape != right.shape:
            fact = f"a vector of length {left.shape[0]} meets one of length {right.shape[0]}"
            raise self.error(node.col_offset, fact, "map x to the state by Theta @ x")
        total = degree(left.degree, right.degree)
        self._bound(node, total, terms)
        size = max(len(left.entries), len(right.entries))
        a, b = left.entries * (size // len(left.entries)), right.entries * (size // len(right.entries))
        shape = left.shape or right.shape
        value = Value(shape, tuple(combine(p, q) for p, q in zip(a, b, strict=True)), total, terms)
        return self._checked(node, value)

    def _product(self, node: ast.expr, left: Value, right: Value) -> Value:
        if len(left.shape) != 2 or len(right.shape) != 1:
            raise self.error(
                node.col_offset, "@ needs a matrix left and a vector right", "write Theta @ x or Theta @ z"
            )
        rows, columns = left.shape
        if right.shape != (columns,):
            fact = f"a matrix of {rows} x {columns} meets a vector of length {right.shape[0]}"
            raise self.error(node.col_offset, fact, "multiply Theta into x, or drop hidden and padding")
        terms = columns * left.terms * right.terms
        self._bound(node, left.degree + right.degree, terms)
        parts = [left.entries[i * columns : (i + 1) * columns] for i in range(rows)]
        entries = tuple(sp.Add(*(m * v for m, v in zip(row, right.entries, strict=True))) for row in parts)
        return Value((rows,), entries, left.degree + right.degree, terms)


_SYNTAX_REMEDY = "write a polynomial of theta, Theta, beta, x, z, h and numbers, for example theta*x + h"


def _map(value: Value, function: Callable[[Expr], Expr]) -> Value:
    return Value(value.shape, tuple(function(e) for e in value.entries), value.degree, value.terms)
