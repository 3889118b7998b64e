"""Parts of a system: what they hold, and that they do what the whole does."""

from __future__ import annotations

import pytest

from dsd.errors import InputError
from dsd.expand import expand
from dsd.lower import lower
from dsd.lowering import Lowering
from dsd.modules import joint_system
from dsd.network import Dose, Reaction, Species, network
from dsd.pil import parse_pil, print_pil

REACTIONS = [Reaction(("A", "B"), ("C",), 1e-5), Reaction(("C",), ("D",), 1e-3), Reaction(("A", "D"), (), 1e-4)]
SYSTEM, _ = lower(network(REACTIONS, [Species("A", 5.0)], doses=[Dose("B", 2.0, 60.0)]), Lowering())


def test_a_part_has_its_gates_and_the_strands_of_their_domains() -> None:
    part = joint_system(SYSTEM, {0})
    assert [c.name for c in part.complexes] == ["J0", "F0"]
    assert [s.name for s in part.strands if s.role == "signal"] == ["A", "B", "C"]
    assert [s.name for s in part.strands if s.role == "bottom"] == ["J0_bottom", "F0_bottom"]
    assert part.doses == ()
    assert parse_pil(print_pil(part)) == part


def test_parts_move_as_they_do_in_the_whole() -> None:
    """Every reaction of a part is one of the whole, at the same rate; all parts together are the whole."""
    whole = {(r.reactants, r.products, r.k) for r in expand(SYSTEM).network}
    part = {(r.reactants, r.products, r.k) for r in expand(joint_system(SYSTEM, {0, 2})).network}
    assert part < whole
    assert {(r.reactants, r.products, r.k) for r in expand(joint_system(SYSTEM, {0, 1, 2})).network} == whole


def test_unknown_modules_are_refused() -> None:
    with pytest.raises(InputError, match="the system has no module 7; it has 3, counted from 0"):
        joint_system(SYSTEM, {0, 7})
