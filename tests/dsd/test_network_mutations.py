"""Mutation testing of the comparison with Peppercorn: a network with one fault is rejected, by gate and reaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from dsd.expand import Expansion, expand
from dsd.lowering import Lowering
from dsd.network import Reaction, describe, network
from dsd.rates import IDEAL, PEPPERCORN
from dsd.structural import structural
from dsd.verify import verify_system

REACTION = Reaction(("A", "B"), ("C",))
PART = structural(network([REACTION]), Lowering())[0]

Derive = Callable[[Expansion], Expansion]


def without(text: str) -> Derive:
    """A network that lacks a reaction."""
    return changed(text, lambda r: [])


def changed(text: str, into: Callable[[Reaction], list[Reaction]]) -> Derive:
    """A network with others in place of a reaction."""

    def derive(e: Expansion) -> Expansion:
        assert text in map(describe, e.network)
        reactions = [new for r in e.network for new in (into(r) if describe(r) == text else [r])]
        return replace(e, network=replace(e.network, reactions=tuple(reactions)))

    return derive


DERIVED: dict[str, Derive] = {
    "a dropped reverse step": without("J0_1 + A_r -> J0 + A"),
    "a dropped step": without("J0_1 + B -> J0_2 + B_r"),
    "a dropped irreversible step": without("F0_2 + End -> F0_w + End_b"),
    "a doubled rate": changed("J0 + A -> J0_1 + A_r", lambda r: [replace(r, k=2 * r.k)]),
    "the rate of another class": changed("F0_2 + End -> F0_w + End_b", lambda r: [replace(r, k=r.k / 2)]),
    "a step that runs back": changed(
        "J0_2 + H0 -> J0_w + B0 + T0", lambda r: [r, Reaction(r.products, r.reactants, 1e-18)]
    ),
    "a swapped product": changed("F0_1 + C_r -> F0_2 + C", lambda r: [replace(r, products=("F0_2", "A"))]),
    "a lost product": changed("J0_2 + H0 -> J0_w + B0 + T0", lambda r: [replace(r, products=("J0_w", "T0"))]),
    "a step too many": changed("J0 + A -> J0_1 + A_r", lambda r: [r, Reaction(("B", "J0"), ("J0_1", "B_r"), r.k)]),
}  # fmt: skip


@pytest.mark.parametrize("fault", DERIVED)
def test_a_derived_network_with_a_fault_is_rejected(fault: str) -> None:
    assert verify_system(PART, (REACTION,), "A + B -> C").ok
    report = verify_system(PART, (REACTION,), "A + B -> C", DERIVED[fault](expand(PART, PEPPERCORN)))
    report = replace(report, gates=("J0", "F0"), reaction="A + B -> C")
    assert report.fault.partition(" ")[0].rstrip(",") in ("J0", "F0")
    assert "(A + B -> C)" in report.fault
    assert "here" in report.fault or "is no formal reaction" in report.fault


def test_rates_of_another_profile_are_rejected() -> None:
    report = verify_system(PART, (REACTION,), "A + B -> C", expand(PART, IDEAL))
    assert "A + J0 | A_r + J0_1: 1e+06 /M/s here, 4.537e+05 /M/s in Peppercorn" in report.fault


def test_a_wrong_toehold_length_is_rejected() -> None:
    """The network of 5-nt toeholds is not that of the same gates with 6 nt."""
    longer = replace(PART, domains=tuple(replace(d, length=6) if d.toehold else d for d in PART.domains))
    report = verify_system(longer, (REACTION,), "A + B -> C", expand(PART, PEPPERCORN))
    assert report.verdict.holds
    assert len(report.differences) == 10
