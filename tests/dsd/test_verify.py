"""Every gate shape has the network that Peppercorn finds, and implements its reaction; broken gates are found out."""

from dataclasses import replace

import pytest

from dsd.bisimulation import without
from dsd.crosscheck import structures
from dsd.domains import Duplex, complement, tiled
from dsd.errors import InputError
from dsd.expand import expand
from dsd.lower import Lowering, lower
from dsd.modules import module_shape, module_system
from dsd.network import NANOMOLAR, Network, Reaction, Species, describe, network
from dsd.peppercorn import enumerate_structures
from dsd.rates import PEPPERCORN
from dsd.system import Strand, System
from dsd.verify import compare_networks, shape_of, verify_modules, verify_shape, verify_system

SHAPES = [
    # What a clocked regression circuit is made of.
    (("X",), ("Y",)),
    (("B",), ("B", "Z1", "Z2")),
    (("O", "X"), ("O",)),
    (("O", "X"), ("O", "Y")),
    (("O", "Z"), ("O", "A1", "A2")),
    (("X", "P"), ("Z", "X", "P")),
    (("A", "B"), ("B", "B")),
    (("A", "B"), ()),
    ((), ("A",)),
    # Its relatives.
    (("X",), ("Y", "Z")),
    (("A", "B"), ("C",)),
    (("A", "A"), ("B",)),
    (("A", "B", "C"), ("C", "D")),
    (("X",), ()),
]


@pytest.mark.parametrize(("reactants", "products"), SHAPES)
def test_irreversible_gates_are_strictly_bisimilar(reactants, products):
    report = verify_shape(Reaction(reactants, products))
    assert report.verdict.notion == "CRN bisimulation"
    assert report.verdict.counterexample == ""
    assert report.differences == ()
    assert report.ok


@pytest.mark.parametrize(("reactants", "products"), SHAPES)
def test_reversible_gates_are_bisimilar_once_they_commit(reactants, products):
    report = verify_shape(Reaction(reactants, products), Lowering(scheme="two-domain"))
    assert report.ok
    assert len(report.verdict.dropped) == (1 if reactants and products else 0)


@pytest.mark.parametrize(
    ("reactants", "products"), [(("X",), ("Y",)), (("O", "X"), ("O",)), (("O", "Z"), ("O", "A1", "A2"))]
)
def test_a_fork_may_end_with_the_strand_of_an_input_it_uses_up(reactants, products):
    used = reactants[-1]
    report = verify_shape(Reaction(reactants, products), Lowering(dosed=(used,)))
    assert report.shape.endswith(f", end {'AB'[len(reactants) - 1]}")
    assert report.ok


@pytest.mark.parametrize("reactants", [("X",), ("A", "B")])
def test_slow_annihilators_and_sinks_are_joins(reactants):
    assert verify_shape(Reaction(reactants, ()), slow=True).ok


@pytest.mark.parametrize(("toehold", "long"), [(4, 15), (6, 20), (7, 25)])
def test_lengths_change_rates_as_in_peppercorn(toehold, long):
    """The ``peppercorn`` profile is compared rate by rate inside the report."""
    assert verify_shape(Reaction(("A", "B"), ("C",)), Lowering(toehold_nt=toehold, long_nt=long)).ok


def test_a_report_reads_as_a_sentence():
    assert str(verify_shape(Reaction((), ("X",)))) == (
        "-> A: CRN bisimulation holds; network equals Peppercorn's; assuming that gates and fuels last and remote"
        " toeholds do not react, that S0 + I0 -> S0_1 + W0 + B0 starts without a toehold"
    )


def test_shapes_forget_names_but_not_order():
    assert shape_of(Reaction(("O1", "X2"), ("O1", "Y2"))) == "A + B -> A + C"
    assert shape_of(Reaction(("X2", "O1"), ("O1", "Y2"))) == "A + B -> B + C"
    assert shape_of(Reaction(("X", "X"), ())) == "A + A ->"
    assert shape_of(Reaction(("O", "X"), ("O",)), dosed=("X", "O")) == "A + B -> A, end B"


def lowered(*reactions: tuple[tuple[str, ...], tuple[str, ...]], scheme: str = "two-domain-irreversible") -> System:
    formal = formal_network(*reactions)
    return lower(formal, Lowering(scheme=scheme, min_gate_nM=0.0))[0]


def formal_network(*reactions: tuple[tuple[str, ...], tuple[str, ...]]) -> Network:
    return network([Reaction(r, p, 1e-6) for r, p in reactions], units=NANOMOLAR)


def rebuilt(system: System, gate: str, duplex: Duplex, **domains: str) -> System:
    """The system with another duplex in place of one gate, and other ``domains`` for the strands named."""
    bottom = Strand("other_bottom", complement(duplex.bottom), "bottom")
    strands = [replace(s, domains=tuple(domains[s.name].split())) if s.name in domains else s for s in system.strands]
    return replace(
        system,
        complexes=tuple(replace(c, shape=duplex) if c.name == gate else c for c in system.complexes),
        strands=(*strands, bottom),
    )


def gate(words: str) -> Duplex:
    """``[t] x1.t i r.t`` as :class:`Duplex` prints it."""
    return tiled((tuple(w.strip("[]").split(".")), not w.startswith("[")) for w in words.split())


def verdict_on(system: System, reactants: tuple[str, ...], products: tuple[str, ...], modular: bool = False) -> str:
    """The counterexample; ``modular``: all is well but modularity, which crnverifier is not asked about."""
    report = verify_system(system, (Reaction(reactants, products),), "mutant")
    # A wrong gate still has the network Peppercorn finds: what is wrong is what it does.
    assert report.differences == ()
    assert not report.ok
    assert report.verdict.second is modular
    assert not report.verdict.holds
    return report.verdict.counterexample


def test_the_reversible_scheme_is_not_strictly_bisimilar():
    system = lowered((("A", "B"), ("C",)), scheme="two-domain")
    strict = replace(system, meta=(("scheme", "two-domain-irreversible"),))
    assert verdict_on(strict, ("A", "B"), ("C",)) == "J0_3 + T0 -> J0_2 means C -> A + B, which is no formal reaction"


def test_a_fork_that_forgets_an_output_is_found_out():
    system = lowered((("A",), ("B", "C")))
    mutant = rebuilt(system, "F0", gate("e t.B t.r0 [t]"))
    assert verdict_on(mutant, ("A",), ("B", "C")) == "no species means exactly C"


def test_a_fork_that_releases_an_output_twice_is_found_out():
    system = lowered((("A",), ("B",)))
    mutant = rebuilt(system, "F0", gate("e t.B t.B t.r0 [t]"))
    assert verdict_on(mutant, ("A",), ("B",)) == "T0 -> F0_1 + W0 means B -> B + B, which is no formal reaction"


def test_a_fork_that_does_not_take_the_translator_is_found_out():
    system = lowered((("A",), ("B",)))
    mutant = rebuilt(system, "F0", gate("e t.B t.i0 [t]"), W0="t i0")
    assert verdict_on(mutant, ("A",), ("B",), modular=True) == "T0 means B but cannot turn into signals that do"


def test_a_join_that_misses_an_input_is_found_out():
    system = lowered((("A", "B"), ("A", "C")))
    mutant = rebuilt(system, "J0", gate("[t] A.t i0 r0.t"))
    assert verdict_on(mutant, ("A", "B"), ("A", "C")) == "no species means exactly B"


def test_an_annihilator_that_never_seals_is_found_out():
    system = lowered((("A",), ()))
    mutant = rebuilt(system, "A0", gate("[t] A.t"), A_b="A t")
    assert verdict_on(mutant, ("A",), ()) == "A0_1 + A_b -> A means -> A, which is no formal reaction"


def test_a_source_whose_initiator_can_be_driven_out_is_found_out():
    """Without the bare strand ``<i>`` the released ``<t r>`` comes straight back and takes an owed output away."""
    system = lowered(((), ("A",)))
    mutant = rebuilt(system, "S0", gate("e t.A t.r0"), I0="r0")
    assert verdict_on(mutant, (), ("A",)) == "S0_1 + W0 -> means A ->, which is no formal reaction"


def test_a_missing_step_shows_as_a_difference():
    system = lowered((("A", "B"), ("C",)))
    expansion = expand(system, PEPPERCORN)
    structure = structures(system, expansion)
    theirs = enumerate_structures(
        [structure[x] for x in ("A", "B", "C", "A_r", "B_r", "C_r", "H0", "End", "J0", "F0")], system.domains
    )
    kept = [r for r in expansion.network if describe(r) != "J0_1 + A_r -> J0 + A"]
    faster = [replace(r, k=2 * r.k) if describe(r) == "J0_2 + B_r -> J0_1 + B" else r for r in kept]
    found = compare_networks(replace(expansion.network, reactions=tuple(faster)), structure, theirs)
    assert list(map(str, found)) == [
        "A + J0 | A_r + J0_1: -> here, <=> in Peppercorn",
        "B_r + J0_2 | B + J0_1: 9.075e+05 /M/s here, 4.537e+05 /M/s in Peppercorn",
    ]


CIRCUIT = (
    (("O1", "X"), ("O1", "Y")),
    (("O2", "Y"), ("O2", "X")),
    (("O1", "O2"), ("O2", "O2")),
    (("O2", "O1"), ("O1", "O1")),
    (("Xp", "Xn"), ()),
    (("X",), ("Xp",)),
    (("X",), ("Xp", "Xn")),
)


def test_the_shape_of_a_module_forgets_the_names_of_domains():
    system = lowered(*CIRCUIT)
    shapes = [module_shape(module_system(system, i)) for i in range(len(CIRCUIT))]
    assert shapes[0] == shapes[1]
    assert shapes[2] == shapes[3]
    assert shapes[4] == (
        "[t1] d1.t1 d2; [t1] d2.t1 d1; reverse <d1 t1>; reverse <d2 t1>; signal <t1 d1>; signal <t1 d2>;"
        " waste <d1>; waste <d2>"
    )


def test_a_circuit_is_verified_once_a_shape():
    formal = formal_network(*CIRCUIT)
    reports = verify_modules(lowered(*CIRCUIT), formal)
    assert [r.shape for r in reports] == ["A + B -> A + C", "A + B -> B + B", "A + B ->", "A -> B", "A -> B + C"]
    assert all(r.ok for r in reports)


def test_gates_that_share_signals_are_right_together():
    """One transfer, one flush and one annihilation in one tube: Peppercorn sees no reaction across them either."""
    together = (("O", "X"), ("O", "Y")), (("O", "X"), ("O",)), (("X", "Y"), ())
    report = verify_system(lowered(*together), formal_network(*together).reactions, "three gates")
    assert report.ok
    assert report.reactions == 28


def test_modules_belong_to_their_network():
    with pytest.raises(InputError, match="module 0 is A -> B, not in this network; give the network that was lowered"):
        verify_modules(lowered((("A",), ("B",))), formal_network((("A",), ("C",))))


def test_rails_with_roles_get_both_annihilators():
    formal = network(
        [Reaction(("A", "B"), (), 1e-6)], [Species("A", 0, "state"), Species("B", 0, "state")], units=NANOMOLAR
    )
    system, _ = lower(formal, Lowering(min_gate_nM=0.0))
    assert [c.name for c in system.complexes] == ["A0", "A0m"]
    (report,) = verify_modules(system, formal)
    assert report.ok
    assert report.reactions == len(without(expand(system).network, ())) == 6
