"""Verified gates together: no shared domains, no reaction that only happens in company."""

from __future__ import annotations

from dataclasses import replace

from dsd.composition import crosstalk, pair_faults, shared_domains
from dsd.domains import complement, tiled
from dsd.lowering import Lowering
from dsd.network import Reaction, network
from dsd.structural import structural
from dsd.system import Strand, System

CIRCUIT = (
    Reaction(("O1", "X"), ("O1", "Y")),
    Reaction(("O2", "Y"), ("O2", "X")),
    Reaction(("O1", "O2"), ("O2", "O2")),
    Reaction(("O2", "O1"), ("O1", "O1")),
    Reaction(("Xp", "Xn"), ()),
    Reaction(("X",), ("Xp",)),
    Reaction(("X",), ("Xp", "Xn")),
)


def gates(*reactions: Reaction) -> System:
    """The gates of some reactions."""
    return structural(network(reactions), Lowering())[0]


def with_fork(system: System, gate: str, words: str) -> System:
    """Another fork in place of ``gate``."""
    fork = tiled((tuple(w.strip("[]").split(".")), not w.startswith("[")) for w in words.split())
    return replace(
        system,
        strands=(*system.strands, Strand("other_bottom", complement(fork.bottom), "bottom")),
        complexes=tuple(replace(c, shape=fork) if c.name == gate else c for c in system.complexes),
    )


TWO = gates(Reaction(("A",), ("B",)), Reaction(("C",), ("D",)))


def test_gates_of_a_circuit_keep_apart() -> None:
    system = gates(*CIRCUIT)
    assert shared_domains(system) == ()
    assert crosstalk(system) == ()


def test_a_fork_that_listens_to_another_translator_talks_across() -> None:
    mutant = with_fork(TWO, "F1", "e t.D t.r0 [t]")
    assert crosstalk(mutant) == (
        "F1 + T0 -> F1_1 + W0",
        "F1_1 + W0 -> F1 + T0",
        "F1_1 + D_r -> F1_2 + D",
        "F1_2 + D -> F1_1 + D_r",
        "F1_2 + End -> F1_w + End_b",
    )
    assert shared_domains(mutant) == ("J0, F0 (A -> B) and J1, F1 (C -> D): the inner long domain r0 is in both",)


def test_a_gate_has_no_business_with_the_domain_of_a_stranger() -> None:
    mutant = with_fork(TWO, "F1", "e t.A t.r1 [t]")
    assert shared_domains(mutant) == ("J1, F1 (C -> D): the long domain A is that of A, no part of it",)


def test_a_long_domain_that_stands_for_two_species_is_found() -> None:
    table = tuple((name, ("B", "X") if name == "B" else formal) for name, formal in TWO.interpretation.table)
    mutant = replace(TWO, interpretation=replace(TWO.interpretation, table=table))
    assert shared_domains(mutant) == ("J0, F0 (A -> B): the long domain B stands for B and X",)


def test_pairs_that_share_a_signal_are_enumerated_in_one_tube() -> None:
    """An exchange, a transfer and an annihilation meet in X and Y: three pairs, none with a reaction of its own."""
    together = Reaction(("O", "X"), ("O", "Y")), Reaction(("Y",), ("X",)), Reaction(("X", "Y"), ())
    found = pair_faults(gates(*together))
    assert (found.pairs, found.shapes, found.checked, found.faults) == (3, 3, 3, ())
    assert str(found) == (
        "Pairs that share a signal: 3, of 3 shapes, 3 enumerated in one tube, no unintended reactions"
    )


def test_pairs_of_one_shape_are_enumerated_once() -> None:
    chain = [Reaction((a,), (b,)) for a, b in zip("ABCDE", "BCDEF", strict=True)]
    found = pair_faults(gates(*chain))
    assert (found.pairs, found.shapes, found.checked) == (4, 1, 1)
    assert pair_faults(gates(*CIRCUIT), limit=1, seed=3).checked == 1


def test_a_pair_that_talks_is_named_with_its_reaction() -> None:
    system = gates(Reaction(("A",), ("B",)), Reaction(("A",), ("D",)))
    found = pair_faults(with_fork(system, "F1", "e t.D t.r0 [t]"))
    assert found.faults[0].startswith("J0, F0 (A -> B) with J1, F1 (A -> D): [")
    assert found.faults[0].endswith("happens only together")
