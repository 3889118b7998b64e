"""The four-domain scheme: its gates, its verdicts, its size beside Nuskell's, and faults that are found."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from dsd.kernel import parse_kernel, print_kernel
from dsd.kernel_system import KernelSystem, enumerate_module, verify_kernel
from dsd.scheme_bench import schemes
from dsd.schemes import nuskell
from dsd.schemes.four_domain import build
from dsd.syntax import parse_crn

DATA = Path(__file__).parents[1] / "data"
SINGLE = [x for x in (DATA / "test_crns.txt").read_text().splitlines() if "->" in x and not x.startswith("#")]


def gates(text: str) -> list[str]:
    """Fuels of the first reaction, as text."""
    return [f"{name} = {print_kernel(s)}" for name, s in build(parse_crn(text)).modules[0].fuels]


def test_the_gates_of_a_bimolecular_reaction() -> None:
    assert gates("A + B -> C") == [
        "G0 = x0b( x0c( x1a( + x1b( x1c( h0_0 x2a + ) ) ) ) ) x0a*",
        "B0_0 = x0b x0c x1a",
        "T0 = h0_0( x2a( x2b x2c + ) ) x1c*",
    ]


def test_the_gates_of_other_orders() -> None:
    assert gates("A ->") == ["G0 = x0b( x0c( + ) ) x0a*"]
    assert gates("-> A") == [
        "G0 = s0b( s0c( h0_0 x0a + ) ) s0a*",
        "T0 = h0_0( x0a( x0b x0c + ) ) s0c*",
        "I0 = s0h s0a s0b s0c",
    ]
    assert gates("A + A + A ->")[1:] == ["B0_0 = x0b x0c x0a"]


@pytest.mark.parametrize("text", [*SINGLE, "A + B + C -> C + D", "A + B + C + D -> A + E"])
def test_every_reaction_is_strictly_bisimilar(text: str) -> None:
    (report,), _ = verify_kernel(build(parse_crn(text)))
    assert report.fault == ""
    assert report.verdict.notion == "CRN bisimulation"


def test_a_bimolecular_reaction_takes_four_condensed_steps() -> None:
    """X1 + L <-> H + B, X2 + H -> O, O + T -> products, as the scheme's rate equations have them."""
    system = build(parse_crn("A + B -> C"))
    assert len(enumerate_module(system, system.modules[0])) == 4


def mutant(text: str, gate: str, kernel: str) -> KernelSystem:
    """The system with another structure for a fuel of its first reaction."""
    system = build(parse_crn(text))
    m = system.modules[0]
    fuels = tuple((n, parse_kernel(kernel) if n == gate else s) for n, s in m.fuels)
    return replace(system, modules=(replace(m, fuels=fuels),))


@pytest.mark.parametrize(
    ("gate", "kernel", "fault"),
    [
        (
            "T0",
            "h0_0( x2a( x2b x2c + ) ) x0c*",
            "means C but cannot turn into signals that do",
        ),
        ("G0", "x0b( x0c( x2a( + x1b( x1c( h0_0 x2a + ) ) ) ) ) x0a*", "no species means exactly B"),
        ("G0", "x0b( x0c( + x1b( x1c( h0_0 x2a + ) ) ) ) x0a*", "no species means exactly B"),
        ("T0", "h0_0( x0a( x0b x0c + ) ) x1c*", "means A -> C, which is no formal reaction"),
    ],
)
def test_gates_with_a_fault_are_rejected(gate: str, kernel: str, fault: str) -> None:
    """Another toehold on the output gate, on the input gate, none for the second input, another output."""
    (report,), _ = verify_kernel(mutant("A + B -> C", gate, kernel))
    assert not report.ok
    assert report.fault.startswith("G0, B0_0, T0 (A + B -> C): ")
    assert fault in report.fault


def test_the_schemes_side_by_side(monkeypatch: pytest.MonkeyPatch) -> None:
    """The unclocked regression circuit. Nuskell's soloveichik2010 has 28 + 53 domains too, 89 strands and 3,660 nt."""
    monkeypatch.setattr(nuskell, "installed", lambda: False)
    rows = {row.scheme: row for row in schemes(parse_crn((DATA / "linreg_yardstick.crn").read_text()))}
    assert list(rows) == ["two-domain-irreversible", "two-domain", "four-domain"]
    four = rows["four-domain"]
    assert (four.toehold_domains, four.long_domains, four.strands, four.nucleotides) == (28, 53, 87, 3650)
    assert (four.fuels, four.complexes) == (34, 26)
    strict = rows["two-domain-irreversible"]
    assert (strict.fuels, strict.strands, strict.toehold_domains, strict.long_domains) == (55, 110, 1, 39)
    assert all(row.ok for row in rows.values())
    assert [row.notion for row in rows.values()] == [
        "CRN bisimulation",
        "CRN bisimulation without the reverse of the committing step",
        "CRN bisimulation",
    ]
