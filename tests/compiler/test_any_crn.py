"""Any network, by every scheme of ours: compiled, measured, exported; and Nuskell's where it can be imported."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from compiler import plain
from compiler.cli import cli
from compiler.schema import Dna
from dsd.expand import expand
from dsd.export.formats import FORMATS, Subject, export
from dsd.pil import parse_pil, print_pil
from dsd.schemes import SCHEMES, nuskell
from dsd.simulate import simulate
from dsd.size import size
from dsd.syntax import parse_crn

DATA = Path(__file__).parents[1] / "data"
SINGLE = [x for x in (DATA / "test_crns.txt").read_text().splitlines() if "->" in x and not x.startswith("#")]
MORE = [
    "A + B + C -> C + D",
    "A + B + C + D -> A + E",
    "2A + 2B -> 4C [k = 3]",
    "A + B <=> C + D [kf = 2, kr = 0.5]",
    "A <=> ",
    "A -> A",
    "A + A <=> B; B + A -> B + B; B ->",
]
"""Order up to four, reversible, with rates, catalytic, repeated."""

needs_nuskell = pytest.mark.skipif(not nuskell.installed(), reason="Nuskell is not importable; it is not on PyPI")


def run(*words: object) -> Result:
    return CliRunner().invoke(cli, [str(w) for w in words])


@pytest.mark.parametrize("text", [*SINGLE, *MORE])
@pytest.mark.parametrize("scheme", [*SCHEMES, "four-domain"])
def test_every_network_becomes_dna_by_every_scheme(scheme: str, text: str) -> None:
    """The system reads back, every formal species is a signal of it, and each formal reaction has a module."""
    network = parse_crn(text)
    system = plain.to_dna(network, Dna(scheme=scheme))
    assert parse_pil(print_pil(system)) == system
    assert {system.interpretation(s.name) for s in system.strands if s.role == "signal"} == {
        (x,) for x in network.names
    }
    assert len([m for m in system.modules if m.kind != "buffer"]) == len(network.reactions)
    expansion = expand(system)
    found = size(system, expansion)
    assert found.signal_strands == len(network.species)
    assert found.reactions == len(expansion.network.reactions) > 0
    subject = Subject("any", plain=expansion.network)
    assert "<listOfReactions>" in str(export(FORMATS["sbml"], subject)["any.xml"])


@pytest.fixture
def crn(tmp_path: Path) -> Path:
    path = tmp_path / "any.crn"
    path.write_text("@units nM s\n@species: A = 8, B = 4\nA + B -> B + B [k = 2e-4]\nB -> C [k = 0.001]\n")
    return path


def test_a_file_is_compiled_and_simulated_by_the_four_domain_scheme(crn: Path, tmp_path: Path) -> None:
    """By command line: what is free of A follows the formal A, and the network is the same from the file."""
    pil, csv = tmp_path / "any.pil", tmp_path / "any.csv"
    assert run("compile", crn, "--to", "dsd", "--scheme", "four-domain", "-o", pil).exit_code == 0
    assert run("simulate", pil, "--until", "2000s", "--every", "1000s", "-o", csv).exit_code == 0
    header, first, *_, last = csv.read_text().splitlines()
    column = header.split(",").index("A [nM]")
    assert float(first.split(",")[column]) == pytest.approx(8 / (1 - 0.2))  # all of it free, sigma / qmax = 0.2
    formal = simulate(parse_crn(crn.read_text()), 2000.0).y[-1, 0]
    assert float(last.split(",")[column]) == pytest.approx(formal, rel=0.01)
    network = run("compile", crn, "--to", "network", "--scheme", "four-domain").output
    assert network == run("compile", pil, "--to", "network").output
    assert parse_crn(network).level == "network"


def test_a_file_is_measured_by_any_scheme(crn: Path, tmp_path: Path) -> None:
    found = json.loads(run("size", crn, "--scheme", "four-domain", "--json").output)
    assert found["given"] == {"species": 3, "reactions": 2, "by_reactants": {"1": 1, "2": 1}}
    assert (found["dsd"]["gate_complexes"], found["dsd"]["signal_strands"]) == (6, 3)  # two G, two T, two buffers
    shown = run("size", crn)
    assert "any.crn as two-domain-irreversible gates" in shown.output
    pil = tmp_path / "any.pil"
    assert run("compile", crn, "--to", "dsd", "-o", pil).exit_code == 0
    assert json.loads(run("size", pil, "--json").output)["given"] is None


def test_a_file_is_exported_and_drawn_by_another_scheme(crn: Path, tmp_path: Path) -> None:
    """What sets rates by toehold strengths has no sequences to order, and says so."""
    out = tmp_path / "out"
    found = run("export", crn, "--scheme", "four-domain", "-f", "pil", "-f", "sbml", "-f", "catalyst", "-o", out)
    assert found.exit_code == 0, found.output
    assert sorted(p.name for p in out.iterdir()) == ["any.jl", "any.pil", "any.xml", "manifest.json"]
    refused = run("export", crn, "--scheme", "four-domain", "-f", "order", "-o", tmp_path / "no")
    assert (refused.exit_code, "whole toeholds bind alike" in refused.output) == (2, True)
    bare = run("export", crn, "--scheme", "four-domain", "-f", "scadnano", "-o", tmp_path / "no")
    assert (bare.exit_code, "G0 is no duplex of nicks" in bare.output) == (2, True)
    drawn = run("draw", crn, "--scheme", "four-domain", "-o", tmp_path / "drawn")
    assert drawn.exit_code == 0, drawn.output
    assert "buffer L2" in (tmp_path / "drawn" / "parts.svg").read_text()


def test_gates_of_any_structure_are_verified_from_their_file(crn: Path, tmp_path: Path) -> None:
    pil = tmp_path / "any.pil"
    run("compile", crn, "--to", "dsd", "--scheme", "four-domain", "-o", pil)
    found = run("verify", pil)
    assert found.exit_code == 0, found.output
    broken = tmp_path / "broken.pil"
    broken.write_text(pil.read_text().replace("T0 = h0_0( x1a( x1b x1c +", "T0 = h0_0( x1a( x2b x1c +"))
    assert broken.read_text() != pil.read_text()
    refused = run("verify", broken)
    assert refused.exit_code in (1, 2)
    assert "T0" in refused.output


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (
            ["compile", "--to", "dsd", "--scheme", "magic"],
            "no gate scheme 'magic'; choose one of two-domain-irreversible",
        ),
        (["compile", "--to", "dsd", "--scheme", "nuskell:magic"], "nuskell"),
        (["draw", "--scheme", "four-domain", "--what", "pathway", "-o", "x"], "has no such picture; use a two-domain"),
    ],
)
def test_bad_input_of_schemes(crn: Path, words: list[str], sentence: str) -> None:
    name, *options = words
    found = run(name, crn, *options)
    assert found.exit_code == 2
    assert sentence in found.output


def test_files_of_gates_take_no_scheme(crn: Path, tmp_path: Path) -> None:
    pil = tmp_path / "any.pil"
    run("compile", crn, "--to", "dsd", "-o", pil)
    for words in (
        ["compile", pil, "--to", "network"],
        ["size", pil],
        ["export", pil, "-f", "pil", "-o", tmp_path / "x"],
    ):
        found = run(*words, "--scheme", "four-domain")
        assert (found.exit_code, "holds gates of a scheme already; leave the scheme out" in found.output) == (2, True)


def test_a_designs_clocked_network_becomes_four_domain_gates() -> None:
    """The pot at the least power of two of slowdown at which gates hold back no more than half of a signal."""
    found = run("compile", "linreg2d-minimal", "--to", "dsd", "--scheme", "four-domain")
    assert found.exit_code == 0, found.output
    system = parse_pil(found.output)
    assert 1 < float(system.get("gamma")) <= 2
    assert {system.interpretation(s.name) for s in system.strands if s.role == "signal"} > {("O1",), ("O2",), ("O3",)}


@needs_nuskell
@pytest.mark.parametrize("scheme", ["soloveichik2010", "chen2013_2D_JF_var1", "srinivas2015", "qian2011_3D_var1"])
def test_nuskells_gates_are_systems_like_ours(crn: Path, tmp_path: Path, scheme: str) -> None:
    """Compiled twice to one text, read back, verified, measured, exported, drawn, and simulated to the end."""
    pil = tmp_path / "any.pil"
    texts = [run("compile", crn, "--to", "dsd", "--scheme", f"nuskell:{scheme}").output for _ in range(2)]
    assert texts[0] == texts[1]
    pil.write_text(texts[0])
    system = parse_pil(texts[0])
    assert print_pil(system) == texts[0]
    assert run("verify", pil).exit_code == 0
    assert json.loads(run("size", pil, "--json").output)["scheme"] == f"nuskell:{scheme}"
    assert run("export", pil, "-f", "pil", "-f", "sbml", "-o", tmp_path / "out").exit_code == 0
    assert run("draw", pil, "--what", "parts", "-o", tmp_path / "parts.svg").exit_code == 0
    expansion = expand(system)
    names = ("A", "B", "C")
    end = simulate(expansion.network, 1e6, every=1e6).project(expansion.interpretation, names).y[-1]
    assert end[1] == pytest.approx(0.0, abs=1e-3)  # all B has become C, with what little it made of A
    assert 4.0 < end[2] < 4.5
    assert (
        3.5 < end[0] < 4.5
    )  # gates at 100 nM hold the other half of A, and what they hold means nothing that is known
