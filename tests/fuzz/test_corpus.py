"""Every text that was ever a finding, and the seeds of the fuzzers: refused in a sentence, or read and printed."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from fuzz import Session
from fuzz_targets import HERE, TARGETS, accepted

from dsd.errors import StrandgradError

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


@pytest.mark.parametrize(
    ("reader", "said"),
    [
        (lambda text: int(text), "ValueError"),
        (lambda text: "".join("x" for _ in iter(int, 1)), "HangError"),
        (lambda text: _refused(""), "AssertionError: an error says nothing"),
    ],
)
def test_a_defect_is_a_finding(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, reader: object, said: str
) -> None:
    """A traceback, a hang and an empty message are found, printed and kept, each once."""
    monkeypatch.setattr("fuzz_targets.TARGETS", {"crn": reader})
    monkeypatch.setattr("fuzz_targets.SECONDS", 0.05)
    session = Session("crn", tmp_path)
    for text in ("a", "b"):
        session.attempt(text)
    assert (session.run, session.read, len(session.findings)) == (2, 0, 1)
    assert said in capsys.readouterr().out
    assert [path.read_text() for path in tmp_path.iterdir()] == ["a"]


def _refused(message: str) -> None:
    raise StrandgradError(message)
