"""Mutation testing of the verifier: gates with one fault each are all rejected, by gate and reaction.

Faults that change no meaning are not listed: a fork without its end strand, or a join whose inputs bind in another
order, still does what its reaction says.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest

from dsd.domains import Domain, Duplex, complement, tiled
from dsd.interpretation import Interpretation
from dsd.lowering import Lowering
from dsd.network import Reaction, network
from dsd.structural import structural
from dsd.system import Strand, System
from dsd.system_report import verify_gates
from dsd.verify import Cache

CIRCUIT = [
    Reaction(("O", "X"), ("O", "Y")),  # J0 F0
    Reaction(("A", "B"), ("C",)),  # J1 F1
    Reaction(("X",), ("Xp", "Xn")),  # J2 F2
    Reaction(("Xp", "Xn"), ()),  # A3 A3m
    Reaction(("Y",), ()),  # A4
    Reaction((), ("Z",)),  # S5
    Reaction(("Z", "Z"), ("Z",)),  # J6 F6
]

KNOWN: Cache = {}
"""Shapes that are right, so that every mutant costs what is wrong with it."""

Build = Callable[[System], System]


@cache
def circuit(scheme: str) -> System:
    """The unharmed gates."""
    return structural(network(CIRCUIT), Lowering(scheme=scheme))[0]


def duplex(words: str) -> Duplex:
    """``[t] A.t i1 r1.t`` as a :class:`Duplex` prints it."""
    return tiled((tuple(w.strip("[]").split(".")), not w.startswith("[")) for w in words.split())


def gate(name: str, words: str, **more: str) -> Build:
    """Another duplex in place of a gate; strands it needs that have no name, by name."""

    def build(s: System) -> System:
        new = duplex(words)
        named = {x.domains for x in s.strands}
        added = {"bottom_": complement(new.bottom)} | {n: tuple(d.split()) for n, d in more.items()}
        strands = [Strand(n, d, "bottom" if n == "bottom_" else "waste") for n, d in added.items() if d not in named]
        complexes = tuple(replace(c, shape=new) if c.name == name else c for c in s.complexes)
        return replace(s, strands=(*s.strands, *strands), complexes=complexes)

    return build


def strand(name: str, words: str) -> Build:
    """Other domains for a strand."""

    def build(s: System) -> System:
        return replace(
            s, strands=tuple(replace(x, domains=tuple(words.split())) if x.name == name else x for x in s.strands)
        )

    return build


def absent(name: str) -> Build:
    """A strand that was forgotten."""

    def build(s: System) -> System:
        return replace(
            s, strands=tuple(replace(x, role="waste", initial=0.0) if x.name == name else x for x in s.strands)
        )

    return build


def toehold(base: Build) -> Build:
    """A second toehold ``u`` for the gate that ``base`` builds."""

    def build(s: System) -> System:
        return base(replace(s, domains=(Domain("u", 5, True), *s.domains)))

    return build


def meaning(name: str, *formal: str) -> Build:
    """Another interpretation of a strand."""

    def build(s: System) -> System:
        table = tuple((n, formal if n == name else m) for n, m in s.interpretation.table)
        return replace(s, interpretation=Interpretation(table))

    return build


def latch(name: str, other: str) -> Build:
    """Another strand that is to say what a gate means."""

    def build(s: System) -> System:
        return replace(s, complexes=tuple(replace(c, latch=other) if c.name == name else c for c in s.complexes))

    return build


def module(index: int, **change: object) -> Build:
    """A module that claims something else."""

    def build(s: System) -> System:
        return replace(s, modules=tuple(replace(m, **change) if m.index == index else m for m in s.modules))  # type: ignore[arg-type]

    return build


def sharing(s: System) -> System:
    """C is ``<u B>``, with a toehold of its own but the long domain of B."""
    fork = duplex("e u.B t.r1 [t]")
    other = {"C": ("u", "B"), "C_r": ("B", "u"), "F1_bottom": complement(fork.bottom)}
    return replace(
        s,
        domains=(Domain("u", 5, True), *s.domains),
        strands=tuple(replace(x, domains=other.get(x.name, x.domains)) for x in s.strands),
        complexes=tuple(replace(c, shape=fork) if c.name == "F1" else c for c in s.complexes),
    )


def both(*builds: Build) -> Build:
    """One fault that shows in several parts."""

    def build(s: System) -> System:
        for b in builds:
            s = b(s)
        return s

    return build


BUILT: dict[str, tuple[int, str, Build]] = {
    # forks
    "a swapped output": (1, "F1", gate("F1", "e t.A t.r1 [t]")),
    "an output of another reaction": (1, "F1", gate("F1", "e t.Y t.r1 [t]")),
    "an output too few": (2, "F2", gate("F2", "e t.Xp t.r2 [t]")),
    "an output twice": (1, "F1", gate("F1", "e t.C t.C t.r1 [t]")),
    "a catalyst that is not given back": (0, "F0", gate("F0", "e t.Y t.r0 [t]")),
    "a fork for another translator": (1, "F1", gate("F1", "e t.C t.i1 [t]", W_="t i1")),
    "a fork without its toehold": (1, "F1", gate("F1", "e t.C t.r1")),
    "a fork with the wrong toehold": (1, "F1", toehold(gate("F1", "e t.C t.r1 [u]"))),
    "an output behind the wrong toehold": (1, "F1", toehold(gate("F1", "e u.C t.r1 [t]", U="u C"))),
    "a fork that ends with a stranger": (1, "F1", gate("F1", "X t.C t.r1 [t]", X_b="X")),
    # joins
    "a join that misses an input": (1, "J1", gate("J1", "[t] A.t i1 r1.t")),
    "a join that takes an input twice": (1, "J1", gate("J1", "[t] A.t A.t B.t i1 r1.t")),
    "a join for another input": (1, "J1", gate("J1", "[t] A.t C.t i1 r1.t")),
    "a join without its toehold": (1, "J1", gate("J1", "A.t B.t i1 r1.t")),
    "a join with the wrong toehold": (1, "J1", toehold(gate("J1", "[u] A.t B.t i1 r1.t"))),
    "a toehold inside a join that no input opens": (1, "J1", toehold(gate("J1", "[t] A.u B.t i1 r1.t", V="A u"))),
    "a join without its inner barrier": (1, "J1", gate("J1", "[t] A.t B.t r1.t")),
    "a join with the translator of another": (1, "J1", gate("J1", "[t] A.t B.t i1 r0.t")),
    "a dimer that one molecule opens": (6, "F6", gate("J6", "[t] Z.t i6 r6.t")),
    # strands
    "a helper for another join": (1, "J1", strand("H1", "t i0 r1")),
    "a helper without its barrier": (1, "J1", strand("H1", "t r1 i1")),
    "a missing helper": (1, "J1", absent("H1")),
    "a missing reverse strand": (1, "F1", absent("C_r")),
    "a reverse strand with the wrong domain": (1, "F1", strand("C_r", "C C")),
    "a missing initiator": (5, "S5", absent("I5")),
    "two signals that share a long domain": (1, "F1", sharing),
    # annihilators, sinks, sources
    "an annihilator that misses one rail": (3, "A3", gate("A3", "[t] Xp")),
    "an annihilator that never seals": (3, "A3", gate("A3", "[t] Xp.t Xn.t")),
    "an annihilator for another pair": (3, "A3m", gate("A3m", "[t] Xn.t Y")),
    "an annihilator that takes one rail twice": (3, "A3", gate("A3", "[t] Xp.t Xp")),
    "a sink for another species": (4, "A4", gate("A4", "[t] X", X_b="X")),
    "a sink that gives back": (4, "A4", gate("A4", "[t] Y.t", Y_back="Y t")),
    "a source that gives another species": (5, "S5", gate("S5", "e t.Y t.r5 i5")),
    "a source that gives two": (5, "S5", gate("S5", "e t.Z t.Z t.r5 i5")),
    "a source that gives nothing": (5, "S5", gate("S5", "e t.r5 i5")),
    "a source that can be driven back": (5, "S5", both(gate("S5", "e t.Z t.r5"), strand("I5", "r5"))),
    # what is said of them
    "a wrong meaning of a signal": (1, "F1", meaning("C", "A")),
    "a wrong meaning of a translator": (1, "J1", meaning("T1", "A")),
    "a meaning forgotten": (0, "J0", meaning("T0")),
    "a wrong latch": (1, "J1", latch("J1", "A_r")),
    "a module that claims another reaction": (1, "J1", module(1, text="A + B -> C + C")),
    "a module with the gates of another": (1, "J0", module(1, gates=("J0", "F1"))),
}  # fmt: skip


@pytest.mark.parametrize("fault", BUILT)
def test_gates_with_a_fault_are_rejected(fault: str) -> None:
    index, name, build = BUILT[fault]
    mutant = build(circuit("two-domain-irreversible"))
    (m,) = [m for m in mutant.modules if m.index == index]
    faults = verify_gates(mutant, pairs=0, cache=KNOWN).faults
    assert [told for told in faults if name in told.partition("(")[0] and f"({m.text})" in told], faults


REVERSIBLE = {
    "an output too few": (2, "F2", gate("F2", "e t.Xp t.r2 [t]")),
    "a join that misses an input": (1, "J1", gate("J1", "[t] A.t r1.t")),
    "a missing helper": (1, "J1", absent("H1")),
    "a fork that hands its translator on": (1, "F1", gate("F1", "e t.C t.r0 [t]")),
}


@pytest.mark.parametrize("fault", REVERSIBLE)
def test_the_relaxed_notion_rejects_faults_too(fault: str) -> None:
    index, name, build = REVERSIBLE[fault]
    mutant = build(circuit("two-domain"))
    (m,) = [m for m in mutant.modules if m.index == index]
    faults = verify_gates(mutant, pairs=0, cache=KNOWN).faults
    assert [told for told in faults if name in told.partition("(")[0] and f"({m.text})" in told], faults


def test_the_unharmed_circuit_passes() -> None:
    for scheme in ("two-domain-irreversible", "two-domain"):
        report = verify_gates(circuit(scheme), pairs=0, cache=KNOWN)
        assert report.faults == ()
        assert len(report.shapes) == len(CIRCUIT)


def test_at_least_thirty_faults_are_seeded() -> None:
    assert len(BUILT) + len(REVERSIBLE) >= 45
