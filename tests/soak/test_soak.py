"""Long commands, killed and stopped: what they leave, what they say, how they go on."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from soak import main
from soak_drills import READERS, check_files, content, drills


def test_five_kills(capsys: pytest.CaptureFixture[str]) -> None:
    """``make soak`` kills ten times as often, and every long command."""
    assert main(["--kills", "5", "--drills", "formal,sweep,export", "--seed", "3"]) == 0
    said = capsys.readouterr().out
    assert re.search(r"5 kills in \d+ runs of 3 commands .* 0 commands failed", said), said


@pytest.mark.parametrize("name", ["x.json", "x.csv", "x.png", "x.zip", "x.svg", "x.npz", "x.md", "x.html"])
def test_half_a_file_is_noticed(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b'{"a": 1, "b')
    with pytest.raises(AssertionError, match="is not whole"):
        check_files(tmp_path)


def test_durations_are_left_out_of_what_is_compared(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"levels": [{"wall_s": 1.5, "loss": 2}]}')
    (tmp_path / "a.csv").write_text("loss,training_s\n2,1.5\n")
    assert content(tmp_path) == {"a.json": {"levels": [{"loss": 2}]}, "a.csv": [{"loss": "2"}]}
    assert ".json" in READERS


@pytest.mark.parametrize(
    ("name", "begun", "said"),
    [
        ("sweep", "runs/*.json", "finished runs are kept, and the same command goes on with the others"),
        ("compare", "checkpoint-*.npz", "the same command with --resume goes on from"),
        ("export", "manifest.json", "finished files are kept, and the same command goes on with the others"),
    ],
)
def test_ctrl_c_says_how_to_go_on(tmp_path: Path, name: str, begun: str, said: str) -> None:
    """Exit code 130, one line, whole files; the same for ``train`` in tests/compiler/test_checkpoint.py."""
    drill, out = drills(tmp_path)[name], tmp_path / "out"
    more = {"sweep": ("--seeds", "50"), "compare": ("--epochs", "5000"), "export": ("--format=scadnano",) * 3}[name]
    command = [sys.executable, "-m", "compiler.cli", *drill.arguments(out), *more]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    while process.poll() is None and not any(out.glob(begun)):
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, heard = process.communicate()
    if name == "export" and process.returncode == 0:
        pytest.skip("the export was over before it could be stopped")
    assert process.returncode == 130, heard
    assert [line for line in heard.splitlines() if line.startswith("Stopped")][-1].count(said) == 1
    assert "Traceback" not in heard
    check_files(out)
