"""``strandgrad sequences``: the folder it leaves, and what it refuses."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from compiler import cli
from compiler.design import load_design
from dsd.lower import lower
from dsd.lowering import Lowering
from dsd.network import Reaction, network
from dsd.pil import print_pil
from dsd.sequences.record import parse_sequences

Write = Callable[..., Path]


def run(*args: object) -> Result:
    """Run ``strandgrad sequences args``."""
    return CliRunner().invoke(cli.cli, ["sequences", *map(str, args)], prog_name="strandgrad")


@pytest.fixture
def pil(tmp_path: Path) -> Path:
    """One reaction in gates."""
    system, _ = lower(network([Reaction(("X",), ("Y",), 1e-2)]), Lowering(long_nt=15))
    path = tmp_path / "one.pil"
    path.write_text(print_pil(system))
    return path


def test_a_file_is_ordered(pil: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = run(pil, "--seed", 3, "--candidates", 1, "-o", out)
    assert result.exit_code == 0, result.output
    assert "set 1 (chosen)" in result.stdout
    assert "DNA Mathews 2004, no G-T pairs, 25 °C, 1.021 M NaCl, ViennaRNA" in result.stdout
    names = ["order.csv", "plates.xlsx", "protocol.csv", "protocol.md", "quality.md", "sequences.csv", "strands.fasta"]
    assert sorted(p.name for p in out.iterdir()) == names
    made = parse_sequences((out / "sequences.csv").read_text())
    rows = list(csv.DictReader(io.StringIO((out / "order.csv").read_text())))
    assert rows[0]["Sequence"] == made.spell(("t", "X"))
    printed = run(pil, "--seed", 3, "--candidates", 1)
    assert printed.stdout == (out / "sequences.csv").read_text()
    assert "| gap |" in (out / "quality.md").read_text()


def test_rules_and_fixed_sequences_come_from_the_design(pil: Path, write: Write) -> None:
    section = '\n[sequences]\ncandidates = 1\n\n[sequences.fixed]\nt = "ccttc"\n'
    design = write(('[model.rails]\ntheta = "single"\n', '[model.rails]\ntheta = "single"\n' + section))
    result = run(pil, "--seed", 3, "--design", design)
    assert result.exit_code == 0, result.output
    made = parse_sequences(result.stdout)
    assert made.domain["t"] == "CCTTC"


def test_a_design_without_the_section_keeps_its_hash(write: Write) -> None:
    plain = load_design(write()).digest
    changed = ('[model.rails]\ntheta = "single"\n', '[model.rails]\ntheta = "single"\n\n[sequences]\n')
    assert load_design(write((changed[0], changed[1] + "max_run = 3\n"))).digest == plain
    assert load_design(write((changed[0], changed[1] + "max_run = 4\n"))).digest != plain


@pytest.mark.parametrize(
    ("section", "message"),
    [
        (
            "gc_min = 2.0",
            "[sequences] gc_min = 2.0: input should be less than or equal to 1; write a number of at most 1",
        ),
        ("gcmin = 0.2", "[sequences] gcmin: unknown key; did you mean 'gc_min'?"),
        ("gc_min = 0.9", "[sequences] gc_min = 0.9 and gc_max = 0.55 are no window; write 0 <= gc_min <= gc_max <= 1"),
        ('alphabet = "ACB"', "[sequences] alphabet = 'ACB' is no alphabet; write two to four of the letters ACGT"),
        ('forbidden = ["XY"]', "[sequences] forbidden word 'XY' is 'XY'; write it with the letters A, C, G, T"),
    ],
)
def test_a_section_that_cannot_be_used_is_refused(write: Write, section: str, message: str) -> None:
    path = write(('[model.rails]\ntheta = "single"\n', f'[model.rails]\ntheta = "single"\n\n[sequences]\n{section}\n'))
    result = run(path, "--seed", 1)
    assert result.exit_code == 2
    assert message in " ".join(result.stderr.split())
    assert "Traceback" not in result.stderr


def test_refusals_leave_nothing_behind(pil: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    for args, message in (
        (("--stock", 1, "-o", out), "strand stocks of 1 µM are too thin"),
        (("-o", pil), "is a file; name a folder to write to"),
        (("--prices", tmp_path / "none.toml", "-o", out), "there is no file"),
    ):
        result = run(pil, "--seed", 1, *args)
        assert (result.exit_code, result.stdout) == (2, "")
        assert message in result.stderr
    assert not out.exists()


def test_a_missing_library_is_named_with_its_group(pil: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    from dsd.sequences import energy

    energy._vienna.cache_clear()
    energy.tables.cache_clear()
    monkeypatch.setitem(sys.modules, "RNA", None)
    result = run(pil, "--seed", 1)
    assert result.exit_code == 2
    assert "RNA is not installed; run: pip install 'strandgrad[seq]'" in result.stderr
