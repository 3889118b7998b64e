"""Neural ODE dynamics: ``dz/dt = f(z, x; theta, beta, h)``, its adjoint and its gradient, as polynomials.

In: the text of ``f`` and the dimension. Out: :class:`Dynamics`, frozen, with everything a derivation into reactions
or a numerical training run needs. The adjoint and gradient follow by symbolic differentiation:

    da/dt = -a^T df/dz        dg/dt = -a^T df/dtheta        (backwards in time, from T to 0)

and the feedback phase runs forwards, so every sign flips (arXiv 2409.00034, Table 4: "reversed parity").
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import sympy as sp

from compiler.grammar import Expr, Symbols, parse, symbols


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


@dataclass(frozen=True)
class Feedback:
    """The feedback phase in forward time: ``dz/ds``, ``da/ds`` (length d each) and ``dg/ds`` (one per parameter)."""

    states: tuple[Expr, ...]
    adjoint: tuple[Expr, ...]
    gradient: tuple[Expr, ...]


@dataclass(frozen=True)
class Dynamics:
    """A parsed ``f``. ``f`` has d components; ``used`` names the letters that occur in the text.

    ``trained_bias`` makes the scalar ``h`` a parameter. ``parameters`` lists the trained symbols in the order theta,
    Theta (row by row), beta, h; ``constants`` holds ``h`` if it is fixed.
    """

    text: str
    dimension: int
    f: tuple[Expr, ...]
    used: tuple[str, ...]
    trained_bias: bool = False

    @cached_property
    def symbols(self) -> Symbols:
        """The symbols by name."""
        return symbols(self.dimension)

    @property
    def states(self) -> tuple[Expr, ...]:
        """``z1 ... zd``."""
        return self.symbols.table["z"]

    @property
    def inputs(self) -> tuple[Expr, ...]:
        """``x1 ... xd``."""
        return self.symbols.table["x"]

    @cached_property
    def adjoints(self) -> tuple[Expr, ...]:
        """``a1 ... ad``."""
        return tuple(sp.Symbol(f"a{i + 1}", real=True) for i in range(self.dimension))

    @cached_property
    def groups(self) -> tuple[tuple[str, tuple[Expr, ...]], ...]:
        """The trained symbols by name, in parameter order."""
        names = ("theta", "Theta", "beta", "h") if self.trained_bias else ("theta", "Theta", "beta")
        return tuple((n, self.symbols.table[n]) for n in names if n in self.used)

    @cached_property
    def parameters(self) -> tuple[Expr, ...]:
        """All trained symbols, flat."""
        return tuple(s for _, group in self.groups for s in group)

    @property
    def constants(self) -> tuple[Expr, ...]:
        """``(h,)`` if ``f`` uses a fixed bias, else ``()``."""
        return self.symbols.table["h"] if "h" in self.used and not self.trained_bias else ()

    @cached_property
    def order(self) -> tuple[Expr, ...]:
        """Every symbol that can be a reactant, in the order reactants are written: x, z, a, parameters, h."""
        return self.inputs + self.states + self.adjoints + self.parameters + self.constants

    @cached_property
    def feedback(self) -> Feedback:
        """Adjoint and gradient by differentiation, signs reversed so that they run forwards in time."""
        products = [sp.expand(a * f) for a, f in zip(self.adjoints, self.f, strict=True)]
        sums: dict[Expr, list[Expr]] = {s: [] for s in self.states + self.parameters}
        for product in products:
            for s in sorted(product.free_symbols & sums.keys(), key=self.order.index):
                sums[s].append(sp.diff(product, s))
        return Feedback(
            states=tuple(sp.expand(-f) for f in self.f),
            adjoint=tuple(sp.expand(sp.Add(*sums[s])) for s in self.states),
            gradient=tuple(sp.expand(sp.Add(*sums[s])) for s in self.parameters),
        )

    @cached_property
    def static_adjoint(self) -> bool:
        """Whether the adjoint does not move in the feedback phase (``f`` does not depend on z)."""
        return all(e == 0 for e in self.feedback.adjoint)

    @cached_property
    def needs_states_back(self) -> bool:
        """Whether the feedback phase must retrace z: its adjoint or gradient reads it."""
        moving = self.feedback.adjoint + self.feedback.gradient
        return any(e.free_symbols & set(self.states) for e in moving)

    def monomials(self, expression: Expr) -> tuple[Monomial, ...]:
        """The monomials of an expanded polynomial of these symbols, in lexicographic order of :attr:`order`."""
        if expression == 0:
            return ()
        present = [s for s in self.order if s in expression.free_symbols]
        if not present:
            return (Monomial(float(expression), ()),)
        terms = sp.Poly(expression, *present).terms()
        return tuple(
            Monomial(float(c), tuple(s for s, n in zip(present, powers, strict=True) for _ in range(n)))
            for powers, c in terms
        )


def dynamics(text: str, dimension: int, *, trained_bias: bool = False, source: str = "<dynamics>") -> Dynamics:
    """Parse ``text`` for a state of ``dimension`` components.

    Raises :class:`~dsd.errors.TextError`, located in ``source``, if it is not a polynomial of the grammar.
    """
    f, used = parse(text, symbols(dimension), source)
    return Dynamics(text.strip(), dimension, f, used, trained_bias)
