"""Monomials of polynomial ODEs into reactions, on single or dual rails.

In: a differential variable, a monomial of its right-hand side. Out: the reactions of arXiv 2409.00034, Table 2.

    Type I    dz/dt =  x y   all positive             X + Y -> Z + X + Y
    Type II   dz/dt =  x y   with k dual-rail factors  2^k reactions of Type I
    Type III  dz/dt = -x y   with k dual-rail factors  the same with the rails of Z swapped
    Type IV   dz/dt =  z^q                            q Z -> (q+1) Z
    Type V    dz/dt = -z^q                            q Z -> (q-1) Z

A dual-rail variable is the difference of two concentrations, ``z = Zp - Zn``. Where the monomial is a power of z
itself, a term that lowers z removes the rail that is there (Type V on each rail), which unlike the catalytic form
keeps both rails bounded and is just as exact: ``-z^3`` gives ``3Zp -> 2Zp``, ``2Zp + Zn -> 2Zp`` and so on.

Where powers are read *per rail*, all factors of one variable take the same rail: ``3Zp -> 2Zp`` and ``3Zn -> 2Zn``
alone, and ``|z|`` is whichever rail is there. Fast annihilation leaves one of them, so this is exact in its limit.
Rates are plain mass action, so a monomial's coefficient is the reaction's rate constant.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from compiler.polynomial import Monomial
from dsd.errors import InputError
from dsd.network import Reaction


@dataclass(frozen=True)
class Rail:
    """A variable as species: ``name`` alone, or ``<name>p`` and ``<name>n`` if it is ``dual``."""

    name: str
    dual: bool = False

    @property
    def pos(self) -> str:
        """The species that counts positively."""
        return f"{self.name}p" if self.dual else self.name

    @property
    def neg(self) -> str:
        """The species that counts negatively; raises :class:`InputError` for a single-rail variable."""
        if not self.dual:
            raise InputError(
                f"{self.name} has a single rail and cannot be negative; give it two rails in [model.rails]"
            )
        return f"{self.name}n"

    @property
    def species(self) -> tuple[str, ...]:
        """One or two species, positive first."""
        return (self.pos, self.neg) if self.dual else (self.pos,)

    def split(self, value: float) -> dict[str, float]:
        """Concentrations that stand for ``value``: ``max(0, v)`` and ``max(0, -v)``.

        Raises :class:`InputError` if the value is negative and the rail single.
        """
        if self.dual:
            return {self.pos: max(0.0, value), self.neg: max(0.0, -value)}
        if value < 0:
            raise InputError(f"{self.name} has a single rail and cannot hold {value:g}; give it two in [model.rails]")
        return {self.pos: value}

    def read(self, state: Mapping[str, float]) -> float:
        """The value that the concentrations of ``state`` stand for."""
        return state[self.pos] - (state[self.neg] if self.dual else 0.0)


def kind(target: Rail, monomial: Monomial, factors: Sequence[Rail]) -> str:
    """The row of Table 2 that a monomial falls under: ``"I"`` to ``"V"``."""
    own = bool(factors) and all(f == target for f in factors)
    if monomial.coefficient > 0:
        if own:
            return "IV"
        return "II" if any(f.dual for f in factors) else "I"
    return "V" if own or (target in factors and not target.dual) else "III"


@dataclass(frozen=True)
class Factor:
    """A factor of a monomial as a rail; ``magnitude`` means the absolute value, which has no sign to choose."""

    rail: Rail
    magnitude: bool = False


def sign_patterns(factors: Sequence[Factor], *, per_rail: bool = False) -> tuple[tuple[int, ...], ...]:
    """The rails that the factors of a monomial can take, +1 or -1 each: 2^k patterns for k dual-rail factors.

    ``per_rail`` lets the factors of one variable take the same rail: 2^k for k dual-rail variables.
    """
    if not per_rail:
        return tuple(product(*[(1, -1) if f.rail.dual else (1,) for f in factors]))
    rails = tuple(dict.fromkeys(f.rail for f in factors))
    choices = product(*[(1, -1) if r.dual else (1,) for r in rails])
    return tuple(tuple(choice[rails.index(f.rail)] for f in factors) for choice in choices)


def reactions(
    target: Rail,
    monomial: Monomial,
    factors: Sequence[Rail | Factor],
    *,
    stage: str,
    what: str,
    scale: float = 1.0,
    per_rail: bool = False,
) -> tuple[Reaction, ...]:
    """The reactions of one monomial of ``d(target)/dt``; ``factors`` are the rails of the monomial's factors in order.

    Sign patterns that give the same reaction are joined and their rates added; ``scale`` multiplies every rate;
    ``what`` names the differential variable in the note; ``per_rail`` is described above. Raises :class:`InputError`
    for a negative cross-effect on a single rail, which no mass-action reaction has.
    """
    parts = [f if isinstance(f, Factor) else Factor(f) for f in factors]
    own = all(f.rail == target or f.magnitude for f in parts)
    row = "V" if own and monomial.coefficient < 0 else kind(target, monomial, [f.rail for f in parts])
    note = f"d{what}/dt has {monomial} (Type {row})"
    spelled: dict[tuple[str, ...], tuple[tuple[str, ...], tuple[str, ...]]] = {}
    found: dict[tuple[tuple[str, ...], tuple[str, ...]], float] = {}
    for signs in sign_patterns(parts, per_rail=per_rail):
        flips = sum(s < 0 and not f.magnitude for f, s in zip(parts, signs, strict=True))
        positive = (monomial.coefficient > 0) == (flips % 2 == 0)
        reactants = tuple(f.rail.pos if s > 0 else f.rail.neg for f, s in zip(parts, signs, strict=True))
        products = _products(target, reactants, positive, own, what, monomial)
        # Zp*Zn and Zn*Zp are one reaction: keep the first spelling and add the rates.
        key = spelled.setdefault(tuple(sorted(reactants)), (reactants, products))
        found[key] = found.get(key, 0.0) + abs(monomial.coefficient)
    return tuple(Reaction(r, p, rate * scale, stage, note) for (r, p), rate in found.items())


def _products(
    target: Rail, reactants: tuple[str, ...], positive: bool, own: bool, what: str, monomial: Monomial
) -> tuple[str, ...]:
    """Products that move the target by +1 or -1 per firing and return every other reactant."""
    if not target.dual:
        if positive:
            return (target.pos, *reactants)
        if target.pos not in reactants:
            raise InputError(
                f"d{what}/dt has the term {monomial}, which would push the single-rail {target.name} below zero; "
                f"give it two rails in [model.rails]"
            )
        return _without(reactants, target.pos)
    lowered = target.neg if positive else target.pos
    if own and lowered in reactants:
        return _without(reactants, lowered)
    return (target.pos if positive else target.neg, *reactants)


def _without(names: tuple[str, ...], name: str) -> tuple[str, ...]:
    at = names.index(name)
    return names[:at] + names[at + 1 :]
