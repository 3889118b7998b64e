"""Every text that was ever a finding, and the seeds of the fuzzers: refused in a sentence, or read and printed."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from fuzz_targets import HERE, TARGETS, accepted

FILES = sorted(path for target in TARGETS for path in (HERE / "corpus" / target).iterdir())


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_the_corpus(path: Path) -> None:
    read = accepted(path.parent.name, path.read_bytes().decode("utf-8", "ignore"))
    assert read or path.name.startswith("found-")


@pytest.mark.parametrize("target", TARGETS)
def test_some_seconds_of_fuzzing(target: str, tmp_path: Path) -> None:
    """``make fuzz`` runs the same for ten minutes."""
    fuzz = [sys.executable, str(HERE / "fuzz.py"), target, "--seconds", "6", "--seed", "1", "--keep", str(tmp_path)]
    done = subprocess.run(fuzz, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert done.returncode == 0, done.stdout + done.stderr
    counts = re.findall(r"(\d+) inputs in \d+ s, (\d+) of them read, 0 findings", done.stdout)
    assert counts, done.stdout
    print(done.stdout)
