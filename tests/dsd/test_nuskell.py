"""Nuskell's schemes: what is said where it is missing, and, where it can be imported, what it makes of a reaction."""

from __future__ import annotations

import sys

import pytest

from dsd.errors import InputError
from dsd.kernel_system import SEARCHED, verify_kernel
from dsd.schemes import nuskell
from dsd.syntax import parse_crn

needs_nuskell = pytest.mark.skipif(not nuskell.installed(), reason="Nuskell is not importable; it is not on PyPI")


def test_without_nuskell_one_message_says_where_to_find_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nuskell.dsdcompiler.compiler", None)
    monkeypatch.setitem(sys.modules, "nuskell", None)
    assert not nuskell.installed()
    with pytest.raises(InputError, match=r"find it at https://github\.com/DNA-and-Natural-Algorithms-Group/nuskell"):
        nuskell.build(parse_crn("A -> B"), "nuskell:soloveichik2010")


@needs_nuskell
def test_an_unknown_scheme_names_the_known_ones() -> None:
    with pytest.raises(InputError, match="no scheme 'nuskell:magic'; Nuskell has nuskell:cardelli2011_FJ, "):
        nuskell.build(parse_crn("A -> B"), "nuskell:magic")


@needs_nuskell
@pytest.mark.parametrize(
    ("scheme", "holds"),
    [("soloveichik2010", True), ("srinivas2015", True), ("chen2013_2D_JF_var1", True), ("chen2013_2D_JF", False)],
)
def test_verdicts_are_those_of_nuskells_own_snapshots(scheme: str, holds: bool) -> None:
    (report,), _ = verify_kernel(nuskell.build(parse_crn("A + B -> C"), f"nuskell:{scheme}"))
    assert report.verdict.notion == SEARCHED
    assert report.ok is holds
    assert "(A + B -> C): no interpretation was found in 5 tries" in report.fault or holds


@needs_nuskell
def test_species_may_have_any_name() -> None:
    """Nuskell itself refuses names that start with f, i or w."""
    system = nuskell.build(parse_crn("food + water -> ice"), "nuskell:soloveichik2010")
    assert [name for name, _ in system.modules[0].signals] == ["food", "water", "ice"]
