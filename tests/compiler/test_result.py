"""The DNA of the minimal circuit as it is checked in, made anew by the commands of ``make result`` and compared."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from compiler import cli

ROOT = Path(__file__).parents[2]
RESULT = ROOT / "designs/linreg2d-minimal/dna"
NUMBER = re.compile(r"(?<!\w)\d+(?:\.\d+)?(?:e[-+]?\d+)?")


def recipe() -> list[list[str]]:
    """The commands of the Makefile, as arguments of ``strandgrad``."""
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    target = re.search(r"^RESULT := (.+)$", text, re.MULTILINE)
    assert target
    lines = re.search(r"^result: .*\n((?:\t.*\n)+)", text, re.MULTILINE)
    assert lines
    return [line.replace("$(RESULT)", target[1]).split()[1:] for line in lines[1].splitlines()]


def test_the_checked_in_result_is_what_the_commands_make(tmp_path: Path) -> None:
    """Calibration measures two rates by simulation, so that numbers agree to its accuracy and all else exactly."""
    for arguments in recipe():
        moved = [a.replace(str(RESULT.relative_to(ROOT)), str(tmp_path)) for a in arguments]
        done = CliRunner().invoke(cli.cli, moved, prog_name="strandgrad")
        assert done.exit_code == 0, done.output
    names = {p.name for p in RESULT.iterdir()}
    assert {p.name for p in tmp_path.iterdir()} == names
    manifests = [json.loads((folder / "manifest.json").read_text(encoding="utf-8")) for folder in (RESULT, tmp_path)]
    for key in ("name", "digest", "seed", "candidates"):
        assert manifests[0][key] == manifests[1][key]
    for name in sorted(names - {"manifest.json"}):
        kept, made = ((folder / name).read_text(encoding="utf-8") for folder in (RESULT, tmp_path))
        assert NUMBER.sub("#", made) == NUMBER.sub("#", kept), name
        numbers = [[float(n) for n in NUMBER.findall(t)] for t in (made, kept)]
        # Pictures and tables show rounded numbers, whose last digit may go either way.
        rounded = name.endswith((".svg", "-order.csv", "-protocol.csv", "-protocol.md"))
        assert numbers[0] == pytest.approx(numbers[1], rel=2e-2 if rounded else 1e-4), name


def test_the_checked_in_result_is_small() -> None:
    assert sum(p.stat().st_size for p in RESULT.iterdir()) < 1_000_000
