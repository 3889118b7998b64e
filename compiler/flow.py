"""A neural ODE ``dz/dt = f(z, x; theta, beta, h)`` as polynomials, with its adjoint and its gradient.

In: polynomials, one per state. Out: :class:`Dynamics`, frozen, with everything a derivation into reactions
or a numerical training run needs. The adjoint and gradient follow by symbolic differentiation:

    da/dt = -a^T df/dz        dg/dt = -a^T df/dtheta        (backwards in time, from T to 0)

and the feedback phase runs forwards, so every sign flips (arXiv 2409.00034, Table 4: "reversed parity").
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import sympy as sp

from compiler.polynomial import Monomial, Order, Terms, expression, gradient, total
from compiler.symbols import Expr, Symbols
from dsd.errors import InputError


@dataclass(frozen=True)
class Feedback:
    """The feedback phase in forward time: ``dz/ds``, ``da/ds`` (one per state) and ``dg/ds`` (one per parameter)."""

    states: tuple[Expr, ...]
    adjoint: tuple[Expr, ...]
    gradient: tuple[Expr, ...]


@dataclass(frozen=True)
class Instead:
    """Other dynamics for a part of the feedback phase: their text, and a polynomial for each state."""

    text: str
    f: tuple[Expr, ...]


@dataclass(frozen=True)
class Options:
    """What is made of ``f`` beyond its text.

    ``trained_bias`` makes the scalar ``h`` a parameter, ``masked`` entries of Theta are zero and not trained,
    ``first_order`` freezes states and adjoint in the feedback phase, ``per_rail`` reads an even power ``-c z^q`` as
    ``-c |z| z^(q-1)``, which lowers either rail of z by itself.
    ``states`` are retraced, and ``adjoint`` is differentiated for the adjoint, in place of ``f``: both give another
    direction than the gradient's. The states of the blocks ``held`` keep their last value in the feedback phase while
    the adjoint moves, or are retraced at the share ``retrace`` of their speed: where the flow contracts, retracing it
    is unstable, and the adjoint forgets all but the end.
    """

    trained_bias: bool = False
    masked: frozenset[Expr] = field(default_factory=frozenset)
    first_order: bool = False
    per_rail: bool = False
    states: Instead | None = None
    adjoint: Instead | None = None
    held: frozenset[str] = frozenset()
    retrace: float = 0.0


@dataclass(frozen=True)
class Dynamics:
    """A parsed ``f`` for an input x of length d.

    The state is a vector ``z``, or several blocks of one length, the last of which a trained output layer may follow:
    ``states`` has them one after another, and ``f`` a component for each. ``used`` names the letters that occur in
    the text. ``parameters`` lists the trained symbols in the order theta, Theta (row by row), beta, h, W; ``constants``
    holds ``h`` if it is fixed.
    """

    text: str
    dimension: int
    f: tuple[Expr, ...]
    used: tuple[str, ...]
    symbols: Symbols
    options: Options = Options()

    @cached_property
    def states(self) -> tuple[Expr, ...]:
        """``z1 ... zn``, or the blocks one after another, then the trained outputs ``yhat1 ...``."""
        return tuple(s for name in (*self.symbols.blocks, "yhat") for s in self.symbols.table[name])

    @property
    def inputs(self) -> tuple[Expr, ...]:
        """``x1 ... xd``."""
        return self.symbols.table["x"]

    @property
    def trained_output(self) -> bool:
        """Whether the outputs are states of their own, with trained weights W."""
        return bool(self.symbols.table["yhat"])

    @cached_property
    def adjoints(self) -> tuple[Expr, ...]:
        """The adjoint of each state: ``a1`` of z1, ``ah1`` of h1, ``ayhat1`` of an output."""
        names = (str(s) for s in self.states)
        return tuple(sp.Symbol("a" + n.removeprefix("z"), real=True) for n in names)

    @cached_property
    def magnitudes(self) -> Mapping[Expr, Expr]:
        """State -> the symbol of its absolute value, for the states whose powers are read per rail."""
        if not self.options.per_rail:
            return {}
        return {s: sp.Symbol(f"|{s}|", real=True) for s in self.states}

    @cached_property
    def groups(self) -> tuple[tuple[str, tuple[Expr, ...]], ...]:
        """The trained symbols by name, in parameter order."""
        names = ("theta", "Theta", "beta", "h") if self.options.trained_bias else ("theta", "Theta", "beta")
        table, masked = self.symbols.table, self.options.masked
        found = [(n, tuple(s for s in table[n] if s not in masked)) for n in names if n in self.used and n in table]
        return (*found, *([("W", table["W"])] if self.trained_output else []))

    @cached_property
    def parameters(self) -> tuple[Expr, ...]:
        """All trained symbols, flat."""
        return tuple(s for _, group in self.groups for s in group)

    @property
    def constants(self) -> tuple[Expr, ...]:
        """``(h,)`` if ``f`` uses a fixed bias, else ``()``."""
        fixed = "h" in self.used and "h" not in self.symbols.blocks and not self.options.trained_bias
        return self.symbols.table["h"] if fixed else ()

    @cached_property
    def order(self) -> tuple[Expr, ...]:
        """Every symbol that can be a reactant, in the order reactants are written: x, z, a, parameters, h."""
        states = [v for s in self.states for v in ([s, self.magnitudes[s]] if self.magnitudes else [s])]
        return (*self.inputs, *states, *self.adjoints, *self.parameters, *self.constants)

    @cached_property
    def feedback(self) -> Feedback:
        """Adjoint and gradient by differentiation, signs reversed so that they run forwards in time."""
        options, order = self.options, self._order
        slopes = self._pulled_back(self.f)
        gradients = tuple(slopes[s] for s in self.parameters)
        if options.first_order:
            still = (sp.Integer(0),) * len(self.states)
            return Feedback(still, still, gradients)
        held = {s for name in options.held for s in self.symbols.table[name]}
        back = options.states.f if options.states else self.f
        slow = sp.Rational(repr(options.retrace))
        back = tuple(sp.expand(slow * f) if s in held else f for s, f in zip(self.states, back, strict=True))
        moving = self._pulled_back(options.adjoint.f) if options.adjoint else slopes
        return Feedback(
            states=tuple(expression(order.terms(f), -1) for f in back),
            adjoint=tuple(moving[s] for s in self.states),
            gradient=gradients,
        )

    def _pulled_back(self, f: tuple[Expr, ...]) -> dict[Expr, Expr]:
        """``a^T df/ds`` for every state and parameter ``s``."""
        sums: dict[Expr, list[Terms]] = {s: [] for s in self.states + self.parameters}
        for a, component in zip(self.adjoints, f, strict=True):
            for s, terms in gradient(self._order.terms(component), self.magnitudes).items():
                if s in sums:
                    sums[s].append(self._order.times(terms, a))
        return {s: expression(total(tables)) for s, tables in sums.items()}

    def holding(self, blocks: Iterable[str], retrace: float = 0.0) -> Dynamics:
        """The same dynamics, whose feedback phase holds the states of these blocks instead of retracing them.

        With ``retrace`` above 0 it retraces them at that share of their speed.

        Raises :class:`InputError` for a block that the state does not have.
        """
        held = frozenset(blocks)
        if unknown := sorted(held - set(self.symbols.blocks)):
            there = ", ".join(self.symbols.blocks)
            raise InputError(f"the state has no block {unknown[0]} to hold; its blocks are {there}")
        return replace(self, options=replace(self.options, held=held, retrace=retrace))

    @cached_property
    def static_adjoint(self) -> bool:
        """Whether the adjoint does not move in the feedback phase (``f`` does not depend on z, or it is frozen)."""
        return all(e == 0 for e in self.feedback.adjoint)

    @cached_property
    def states_back(self) -> tuple[Expr, ...]:
        """The states the feedback phase must retrace: those its adjoint or gradient reads, and what those read."""
        moving = self.feedback.adjoint + self.feedback.gradient
        states = dict(zip(self.states, self.feedback.states, strict=True))
        needed: set[Expr] = set()
        more = {self.plain(s) for e in moving for s in e.free_symbols} & states.keys()
        while more:
            needed |= more
            more = {self.plain(s) for z in more for s in states[z].free_symbols} & states.keys() - needed
        return tuple(s for s in self.states if s in needed)

    @property
    def needs_states_back(self) -> bool:
        """Whether the feedback phase must retrace any state."""
        return bool(self.states_back)

    def plain(self, symbol: Expr) -> Expr:
        """The state that the symbol of an absolute value belongs to; any other symbol itself."""
        return self._absolute.get(symbol, symbol)

    def monomials(self, expression: Expr) -> tuple[Monomial, ...]:
        """The monomials of an expanded polynomial of these symbols, in lexicographic order of :attr:`order`."""
        return () if expression == 0 else self._order.monomials(expression)

    @cached_property
    def _order(self) -> Order:
        return Order(self.order)

    @cached_property
    def _absolute(self) -> Mapping[Expr, Expr]:
        return {m: s for s, m in self.magnitudes.items()}
