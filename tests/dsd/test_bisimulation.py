"""The three conditions of CRN bisimulation (Johnson, Dong & Winfree 2019), and modularity, one by one."""

import pytest

from dsd.bisimulation import counterexample, without
from dsd.network import Reaction
from dsd.peppercorn import crnverifier_bisimulation


def reactions(*texts: str) -> tuple[Reaction, ...]:
    """``"A + B -> C"`` as reactions."""
    sides = [[side.replace("+", " ").split() for side in text.split("->")] for text in texts]
    return tuple(Reaction(tuple(left), tuple(right)) for left, right in sides)


def verdict(formal, implementation, meaning, signals=()):
    """The counterexample; crnverifier must agree on whether there is one."""
    found = counterexample(formal, implementation, meaning, signals)
    if not signals:
        assert crnverifier_bisimulation(formal, implementation, meaning) is (found == "")
    return found


A_B_TO_C = reactions("A + B -> C")
MODULE = reactions("a -> j", "j -> a", "j + b -> k", "k -> j + b", "k -> T + w", "T -> c")
MEANING = {"a": ("A",), "b": ("B",), "c": ("C",), "j": ("A",), "k": ("A", "B"), "T": ("C",), "w": ()}


def test_a_join_and_fork_are_bisimilar():
    assert verdict(A_B_TO_C, MODULE, MEANING) == ""
    assert verdict(A_B_TO_C, MODULE, MEANING, signals=("a", "b", "c")) == ""


def test_atomic():
    formal = reactions("A -> B", "C -> C + A")
    assert verdict(formal, reactions("a -> b"), {"a": ("A",), "b": ("B",)}) == "no species means exactly C"


def test_delimiting():
    meaning = MEANING | {"k": ("A",)}
    assert verdict(A_B_TO_C, MODULE, meaning) == "j + b -> k means A + B -> A, which is no formal reaction"


def test_permissive_when_a_state_is_stuck():
    stuck = reactions("a -> j", "j -> a", "a -> x", "j + b -> k", "k -> T", "T -> c")
    meaning = {s: MEANING.get(s, ("A",)) for r in stuck for s in r.species}
    assert verdict(A_B_TO_C, stuck, meaning) == "from {b, x}, which means A + B, A + B -> C cannot happen"


def test_permissive_may_need_what_a_silent_loop_makes():
    """g is made only while a waits as j: the search must collect it, however many turns that takes."""
    loop = reactions("a -> j", "j -> a + g", "a + g + g + g -> b")
    assert counterexample(reactions("A -> B"), loop, {"a": ("A",), "j": ("A",), "b": ("B",)}) == ""


def test_a_reversible_implementation_is_not_one_of_an_irreversible_reaction():
    both = reactions("a -> b", "b -> a")
    meaning = {"a": ("A",), "b": ("B",)}
    assert verdict(reactions("A -> B"), both, meaning) == "b -> a means B -> A, which is no formal reaction"
    assert verdict(reactions("A -> B", "B -> A"), both, meaning) == ""


def test_a_source_is_bisimilar_from_nothing():
    assert verdict(reactions("-> A"), reactions("-> f", "f -> a", "a -> f"), {"a": ("A",), "f": ("A",)}) == ""


def test_modular_asks_for_a_way_back_to_signals():
    """A correct module that never gives C back as a signal would starve its neighbours."""
    hoard = MODULE[:-1]
    meaning = MEANING | {"w": ()}
    assert verdict(A_B_TO_C, hoard, meaning) == ""
    found = verdict(A_B_TO_C, hoard, meaning, signals=("a", "b", "c"))
    assert found == "T means C but cannot turn into signals that do"


def test_fuels_are_taken_out_on_both_sides():
    bare = without(reactions("a + g -> j + f", "j + f -> a + g", "f -> g"), fuels=("f", "g"))
    assert [(r.reactants, r.products) for r in bare] == [(("a",), ("j",)), (("j",), ("a",))]


@pytest.mark.parametrize("first", range(len(MODULE)))
def test_the_order_of_reactions_does_not_matter(first):
    turned = MODULE[first:] + MODULE[:first]
    assert verdict(A_B_TO_C, turned, MEANING) == ""
