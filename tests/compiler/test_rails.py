"""Table 2 of the paper: monomials into reactions on single and dual rails."""

from __future__ import annotations

import pytest

from compiler.polynomial import Monomial
from compiler.rails import Rail, reactions
from dsd.errors import InputError
from dsd.network import describe

X, Y, Z = Rail("X"), Rail("Y"), Rail("Z")
XD, YD, ZD = Rail("X", True), Rail("Y", True), Rail("Z", True)


def lines(target: Rail, coefficient: float, *factors: Rail) -> list[str]:
    found = reactions(target, Monomial(coefficient, ()), factors, stage="N1", what="z")
    return [f"{describe(r)} [{r.k:g}]" for r in found]


def test_type_1_is_one_catalytic_reaction() -> None:
    assert lines(Z, 1, X, Y) == ["X + Y -> Z + X + Y [1]"]


def test_type_2_is_four_reactions_of_type_1() -> None:
    assert lines(ZD, 1, XD, YD) == [
        "Xp + Yp -> Zp + Xp + Yp [1]",
        "Xp + Yn -> Zn + Xp + Yn [1]",
        "Xn + Yp -> Zn + Xn + Yp [1]",
        "Xn + Yn -> Zp + Xn + Yn [1]",
    ]


def test_type_3_swaps_the_rails_of_the_product() -> None:
    assert lines(ZD, -1, XD, YD) == [
        "Xp + Yp -> Zn + Xp + Yp [1]",
        "Xp + Yn -> Zp + Xp + Yn [1]",
        "Xn + Yp -> Zp + Xn + Yp [1]",
        "Xn + Yn -> Zn + Xn + Yn [1]",
    ]


def test_type_4_is_autocatalysis_and_type_5_decay() -> None:
    assert lines(Z, 1, Z, Z) == ["Z + Z -> Z + Z + Z [1]"]
    assert lines(Z, -0.5, Z, Z) == ["Z + Z -> Z [0.5]"]


def test_a_dual_rail_power_is_exact_and_removes_the_rail_that_is_there() -> None:
    # -(Zp - Zn)^3 = -Zp^3 + 3 Zp^2 Zn - 3 Zp Zn^2 + Zn^3
    assert lines(ZD, -1, ZD, ZD, ZD) == [
        "Zp + Zp + Zp -> Zp + Zp [1]",
        "Zp + Zp + Zn -> Zp + Zp [3]",
        "Zp + Zn + Zn -> Zn + Zn [3]",
        "Zn + Zn + Zn -> Zn + Zn [1]",
    ]


def test_three_dual_factors_give_eight_reactions() -> None:
    assert len(lines(ZD, 1, XD, YD, Rail("W", True))) == 8


def test_a_negative_cross_effect_needs_two_rails() -> None:
    with pytest.raises(InputError, match=r"dz/dt has the term -1, which would push the single-rail Z below zero"):
        lines(Z, -1, X)


def test_a_rail_splits_and_reads_values() -> None:
    assert ZD.split(-2.0) == {"Zp": 0.0, "Zn": 2.0}
    assert ZD.read({"Zp": 1.0, "Zn": 3.0}) == -2.0
    with pytest.raises(InputError, match="X has a single rail and cannot hold -2"):
        X.split(-2.0)


def test_the_note_names_monomial_and_type() -> None:
    (r,) = reactions(Z, Monomial(0.3, ()), (X,), stage="N1", what="z1", scale=0.5)
    assert (r.note, r.k, r.stage) == ("dz1/dt has 0.3 (Type I)", 0.15, "N1")
