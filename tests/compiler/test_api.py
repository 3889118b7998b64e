"""The package from a script: every public function, on one page."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from compiler import (
    LEVELS,
    Checkpoints,
    Comparison,
    Compilation,
    Design,
    History,
    compare,
    compile_design,
    export_design,
    load_design,
    train,
    verify,
)
from dsd import InputError, parse_crn, parse_pil

Write = Callable[..., Path]


def test_a_design_is_loaded_by_name_or_path(write: Write) -> None:
    design = load_design("linreg2d")
    assert isinstance(design, Design)
    assert load_design(write()).data.inputs == design.data.inputs == ("x1", "x2")
    with pytest.raises(InputError, match="linreg3d"):
        load_design("linreg3d")


def test_a_design_is_compiled_to_every_level() -> None:
    """Levels are data that prints and parses back; each is made once."""
    made = compile_design("linreg2d-minimal")
    assert isinstance(made, Compilation)
    assert len(made.formal.reactions) < len(made.clocked.reactions) < len(made.network.reactions)
    assert made.system is made.system
    assert parse_crn(made.text("clocked")) == made.clocked
    assert parse_pil(made.text("dsd")) == made.system
    assert made.size.reactions == len(made.network.reactions)
    assert made.expansion.interpretation("T0") == made.clocked.reactions[0].products
    assert compile_design("linreg2d-minimal", gating="per-reaction").clocked != made.clocked


def test_any_network_is_compiled_by_any_scheme() -> None:
    """From a network, or from a later level of its own."""
    network = parse_crn("A + B -> B + B; B -> A")
    ours, four = compile_design(network), compile_design(network, scheme="four-domain")
    assert (ours.system.get("scheme"), four.system.get("scheme")) == ("two-domain-irreversible", "four-domain")
    assert four.verify(pairs=0).ok
    again = compile_design(four.system)
    assert again.network == four.network
    with pytest.raises(InputError, match="the network states no level; it cannot be compiled to clocked"):
        _ = ours.clocked
    with pytest.raises(InputError, match="the system is at level dsd; it cannot be compiled to formal"):
        again.text("formal")
    with pytest.raises(InputError, match="no level 'dna'; the levels are formal, clocked, dsd, network"):
        ours.text("dna")


def test_a_design_is_trained_at_one_level(write: Write, tmp_path: Path) -> None:
    """The levels are reference, formal, clocked and dsd; progress is told of every iteration."""
    assert LEVELS == ("reference", "formal", "clocked", "dsd")
    told: list[tuple[int, int]] = []
    history = train(write(), "formal", epochs=3, progress=lambda done, total: told.append((done, total)))
    assert isinstance(history, History)
    assert history.validation_loss[-1] < history.validation_loss[0]
    assert told[-1] == (history.iterations, history.iterations)
    kept = train(load_design(write()), "formal", epochs=3, checkpoints=Checkpoints(tmp_path / "run.npz", every=1))
    assert kept.weights == history.weights
    with pytest.raises(InputError, match="no level 'dna'; the levels are reference, formal, clocked, dsd-reduced, dsd"):
        train(write(), "dna")


def test_levels_are_compared(write: Write) -> None:
    """A comparison says whether learning survived; its metrics are what the command writes."""
    found = compare(write(), ("reference", "formal"), epochs=2)
    assert isinstance(found, Comparison)
    assert list(found.histories) == ["reference", "formal"]
    assert found.survival["formal"] == 1.0
    assert (found.failures, found.gates) == ({}, None)
    assert found.ok == (not found.faults)
    assert json.loads(json.dumps(found.metrics))["levels"]["formal"]["survival"] == 1.0


def test_gates_are_verified() -> None:
    """Of a design, a network, a system, or a file of one."""
    found = verify(parse_crn("A + B -> C"), pairs=0)
    assert found.ok
    assert [(s.shape, s.verdict.notion) for s in found.report.shapes] == [("A + B -> C", "CRN bisimulation")]


def test_a_design_is_exported(write: Write, tmp_path: Path) -> None:
    """By the names of formats, or in every one that it can be written in; the manifest lists the files."""
    network = parse_crn("A -> B")
    manifest = export_design(network, tmp_path, ["sbml", "catalyst"])
    assert sorted(manifest["files"]) == ["network.jl", "network.xml"]
    assert "<listOfReactions>" in (tmp_path / "network.xml").read_text()
    manifest = export_design(network, tmp_path / "dna", ["pil"], scheme="two-domain")
    assert parse_pil((tmp_path / "dna" / "network.pil").read_text()).get("scheme") == "two-domain"
    with pytest.raises(InputError, match="pil needs strands, and network is a network; compile it to dsd first"):
        export_design(network, tmp_path, ["pil"])
