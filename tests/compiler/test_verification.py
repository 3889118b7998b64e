"""``strandgrad verify``: designs, networks and DNA files, what is printed and written, and what is refused."""

from __future__ import annotations

import json
import multiprocessing
import re
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from compiler import cli, plain
from compiler.bench.schemes import OVER, facts, kept
from compiler.bench.schemes import rows as tabulated
from compiler.schema import Dna
from compiler.texts import read_source
from compiler.verification import network_of, proof, summary, verify
from dsd.errors import MappingError
from dsd.files import write_json_atomic
from dsd.lowering import Lowering
from dsd.network import Reaction, network
from dsd.pil import parse_pil, print_pil
from dsd.scheme_bench import unfinished
from dsd.structural import structural
from dsd.syntax import parse_crn
from dsd.verify import Cache, verify_modules

CRNS = (Path(__file__).parents[1] / "data" / "test_crns.txt").read_text().splitlines()
SINGLE = [line for line in CRNS if "->" in line and not line.startswith("#")]

SHAPES: Cache = {}
"""Shapes verified so far."""


def run(*args: object) -> Result:
    """Run ``strandgrad args``."""
    return CliRunner().invoke(cli.cli, [str(a) for a in args], prog_name="strandgrad")


def test_the_test_set_has_17_basic_and_open_and_14_binary_networks() -> None:
    assert len(SINGLE) == 31


@pytest.mark.parametrize("text", SINGLE)
@pytest.mark.parametrize("scheme", ["two-domain-irreversible", "two-domain"])
def test_every_network_of_the_test_set_is_verified(text: str, scheme: str) -> None:
    """The irreversible scheme strictly; the other without the reverse of the step that commits, and only that."""
    net = parse_crn(text)
    for joined in (False, True):
        for report in verify_modules(structural(net, Lowering(scheme=scheme), joined)[0], cache=SHAPES):
            assert report.fault == ""
            strict = scheme == "two-domain-irreversible" or report.kind != "join"
            assert len(report.verdict.dropped) == (0 if strict else 1)


DESIGNS = ("linreg2d", "relu-xor")
"""A few; ``strandgrad verify`` of all others takes minutes."""


def test_every_shape_of_the_designs_is_verified() -> None:
    """Whether or not concentrations meet their rates; joins of three and four inputs are among them."""
    shapes: Cache = {}
    for gating in ("operand", "per-reaction"):
        for name in DESIGNS:
            found = verify(name, gating=gating, pairs=0, cache=shapes)
            assert found.report.faults == (), name
            assert found.report.conserved is not None
            assert found.report.conserved.laws == found.report.conserved.strands
    assert {r.shape.partition("->")[0].count("+") + 1 for r in shapes.values() if r.kind == "join"} == {1, 2, 3, 4}


def test_a_network_is_verified_and_reported(tmp_path: Path) -> None:
    crn, report = tmp_path / "any.crn", tmp_path / "report.json"
    crn.write_text("A + B <=> C [kf = 2, kr = 0.1]; 2 A -> D")
    found = run("verify", crn, "-o", report)
    assert found.exit_code == 0, found.output
    for line in (
        f"{crn}: 3 reactions as two-domain-irreversible gates",
        "Strands: 28 independent totals of 28 strands are conserved, and they are all there are.",
        "Together: no gate shares a long domain with a stranger, and no reaction is new.",
        "Pairs that share a signal: 3, of 3 shapes, 3 enumerated in one tube, no unintended reactions.",
        f"The report is in {report}.",
    ):
        assert line in found.stdout
    assert re.search(r"│ A \+ B -> C +│ join +│ +1 │ CRN bisimulation │ true +│ 10 equal", found.stdout)
    (told,) = json.loads(report.read_text())["verified"]
    assert (told["ok"], told["faults"], told["gating"]) == (True, [], None)
    assert [s["shape"] for s in told["shapes"]] == ["A + B -> C", "A -> B + C", "A + A -> B"]
    assert all(s["holds"] and s["crnverifier"] and s["equals_peppercorn"] for s in told["shapes"])


def test_a_dna_file_is_verified_as_it_stands(tmp_path: Path) -> None:
    """A join that lost an input, and helpers for another join: exit code 1, and the gate is named with its reaction."""
    good, bad = tmp_path / "good.pil", tmp_path / "bad.pil"
    system = structural(network([Reaction(("A", "B"), ("C",))]), Lowering())[0]
    good.write_text(print_pil(system))
    assert run("verify", good, "--pairs", 0).exit_code == 0
    bad.write_text(good.read_text().replace("H0 = t i0 r0", "H0 = t i0 i0"))
    assert parse_pil(bad.read_text()) != system
    found = run("verify", bad, "--pairs", 0)
    assert (found.exit_code, found.stderr) == (1, "")
    assert "FAULT: J0 (A + B -> C): no species means exactly C" in found.stdout


def test_the_reversible_scheme_says_what_it_leaves_out(tmp_path: Path) -> None:
    crn = tmp_path / "any.crn"
    crn.write_text("A -> B")
    found = verify(str(crn), scheme="two-domain")
    (report,) = found.report.shapes
    assert report.verdict.notion == "CRN bisimulation without the reverse of the committing step"
    assert report.premise == "that J0_2 + T0 -> J0_1 is left out"


def test_schemes_of_other_families_are_verified_shape_by_shape(tmp_path: Path) -> None:
    crn = tmp_path / "any.crn"
    crn.write_text("A + B -> C; D + E -> F; A ->")
    found = run("verify", crn, "--scheme", "four-domain")
    assert found.exit_code == 0, found.output
    assert f"{crn}: 3 reactions as four-domain gates" in found.stdout
    assert re.search(r"A \+ B -> C │ module │ +2 │ CRN bisimulation │ true +│ 4 its own", found.stdout)
    assert "Together" not in found.stdout


@pytest.mark.parametrize(
    ("text", "option", "message"),
    [
        ("@level network\n@units nM s\nA -> B", (), "is at level network, below its gates; give the .pil"),
        ("# nothing", (), "holds no gates; give a design, a .crn with reactions, or a .pil with modules"),
        ("A -> B", ("--scheme", "magic"), "no gate scheme 'magic'; choose one of two-domain-irreversible, two-domain"),
    ],
)
def test_what_cannot_be_verified_is_refused(tmp_path: Path, text: str, option: tuple[str, ...], message: str) -> None:
    crn = tmp_path / "any.crn"
    crn.write_text(text)
    found = run("verify", crn, *option)
    assert (found.exit_code, found.stdout) == (2, "")
    assert message in found.stderr


def test_a_file_with_gates_keeps_its_scheme(tmp_path: Path) -> None:
    pil = tmp_path / "gates.pil"
    pil.write_text(print_pil(structural(network([Reaction(("A",), ("B",))]), Lowering())[0]))
    assert (
        "holds gates of a scheme already; leave the scheme out" in run("verify", pil, "--scheme", "two-domain").stderr
    )


def test_a_comparison_reports_on_the_gates(write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    found = proof(str(write()))
    assert found["ok"] is True
    assert summary(found) == "Gates: 12 of 12 shapes are verified; strandgrad verify shows each."
    monkeypatch.setitem(sys.modules, "crnverifier", None)
    told = "Gates are not verified: crnverifier is not installed; run: pip install 'strandgrad[verify]'"
    assert summary(proof(str(write()))) == told


# any network to DNA


def test_a_network_without_units_becomes_dna_at_the_speed_of_gates() -> None:
    """Rates are relative then: doubling all of them halves the second, and nothing else changes."""
    once, twice = (
        plain.to_dna(parse_crn(f"A + B -> C [k = {k}]; C -> [k = {k}]\nA @initial 5"), Dna()) for k in (1, 2)
    )
    assert float(twice.get("unit_s")) == 2 * float(once.get("unit_s"))
    assert once.get("unit_nM") == "1.0"
    assert [replace(m, values=()) for m in once.modules] == [replace(m, values=()) for m in twice.modules]
    for one, two in zip(once.modules, twice.modules, strict=True):
        assert one["target"] == two["target"] == pytest.approx(one["achieved"])
    assert {s.name: s.initial for s in once.strands}["A"] == 5


def test_slow_rates_are_taken_in_nM_and_s() -> None:
    assert plain.to_dna(parse_crn("A -> B [k = 1e-4]"), Dna()).get("unit_s") == "1.0"


def test_stated_units_are_kept() -> None:
    """2 uM and 0.06 /uM/min are 2000 nM and 1e-6 /nM/s."""
    system = plain.to_dna(parse_crn("@units uM min\n@species: A = 2\nA + B -> C [k = 0.06]"), Dna())
    assert {s.name: s.initial for s in system.strands}["A"] == 2000
    assert system.modules[0]["target"] == pytest.approx(1e-6)
    with pytest.raises(MappingError, match="lower its rate"):
        plain.to_dna(parse_crn("@units uM min\nA + B -> C [k = 6000]"), Dna())


def test_the_dialect_of_translation_schemes_is_read_unchanged(tmp_path: Path) -> None:
    """Comments, several reactions a line, coefficients, rates, reversible arrows, empty sides, and sets of species."""
    crn = tmp_path / "nuskell.crn"
    crn.write_text(
        "# a comment\nA + 2C -> E [k = 13.78]; E + F <=> 2A  [kf = 13, kr = 14]\n"
        "<=> A  [kf = 15, kr = 6]\nB + B -> C  # [k = 1]\nformals = {A, B, C}\nsignals = {E}\nfuels = {F}\n"
    )
    found = run("compile", crn, "--to", "dsd")
    assert found.exit_code == 0, found.output
    texts = [m.text for m in parse_pil(found.stdout).modules]
    assert texts == ["A + C + C -> E", "E + F -> A + A", "A + A -> E + F", "-> A", "A ->", "B + B -> C"]


@pytest.fixture
def ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """No scheme of Nuskell's, installed or not."""
    monkeypatch.setattr("dsd.schemes.nuskell.installed", lambda: False)


@pytest.mark.usefixtures("ours")
def test_schemes_are_tabulated_side_by_side(tmp_path: Path) -> None:
    crn, out = tmp_path / "any.crn", tmp_path / "out"
    crn.write_text("A + B -> C")
    found = run("bench", "schemes", crn, "-o", out)
    assert found.exit_code == 0, found.output
    assert re.search(r"four-domain +│ +3 │ +8 │ +6 \+ 7 │", found.stdout)
    rows = (out / "schemes.csv").read_text().splitlines()
    assert rows[0].startswith("scheme,fuels,complexes,strands,toehold_domains,long_domains,nucleotides,species,")
    assert [row.split(",")[0] for row in rows[1:]] == ['"two-domain-irreversible"', '"two-domain"', '"four-domain"']
    told = json.loads((out / "schemes.json").read_text())
    assert [(row["verified"], row["shapes"], row["fault"]) for row in told["schemes"]] == [(1, 1, "")] * 3
    assert "[3/3] four-domain: " in found.stderr


@pytest.mark.usefixtures("ours")
def test_schemes_that_are_tabulated_already_are_not_built_again(tmp_path: Path) -> None:
    """A row that is there stands, whatever it says; those of another network, and given up sooner, do not."""
    crn, out = tmp_path / "any.crn", tmp_path / "out"
    crn.write_text("A -> B")
    wanted = facts(network_of(read_source(crn)), 5, 15)
    rows = [unfinished(s, "kept", 1.0) for s in ("two-domain-irreversible", "two-domain")]
    rows.append(unfinished("four-domain", f"{OVER} 5 s", 5.0))
    write_json_atomic(out / "schemes.json", {**wanted, "schemes": [r.as_dict() for r in rows]})
    assert list(kept(out / "schemes.json", wanted, 5.0)) == [r.scheme for r in rows]
    found = run("bench", "schemes", crn, "-o", out, "--limit", "60")
    assert "two-domain: kept" in found.stdout
    assert json.loads((out / "schemes.json").read_text())["schemes"][2]["verified"] == 1
    assert kept(out / "schemes.json", facts(parse_crn("A -> C"), 5, 15), 5.0) == {}


def test_a_scheme_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its process is ended, and the next scheme has a new one; the row says so."""
    monkeypatch.setattr("compiler.bench.schemes.scheme_names", lambda: ("four-domain", "two-domain"))
    slow, quick = tabulated(parse_crn("; ".join(f"A{i} + B{i} -> C{i} + D{i}" for i in range(60))), 1.0)
    assert (slow.scheme, slow.fault, slow.ok) == ("four-domain", "not done in 1 s", False)
    assert quick.scheme == "two-domain"
    assert multiprocessing.active_children() == []
