"""Files: whole or not at all, and errors that name the path."""

import os
import stat

import numpy as np
import pytest

from dsd import files
from dsd.errors import InputError
from dsd.files import read_text, write_atomic, write_json_atomic


def test_text_and_bytes_are_written_into_folders_that_are_made(tmp_path):
    write_atomic(tmp_path / "out" / "run" / "a.crn", "A -> B  # ŷ\n")
    write_atomic(str(tmp_path / "out" / "b.bin"), b"\x00\xff")
    assert read_text(tmp_path / "out" / "run" / "a.crn") == "A -> B  # ŷ\n"
    assert (tmp_path / "out" / "b.bin").read_bytes() == b"\x00\xff"


def test_a_crash_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / "metrics.json"
    write_atomic(path, "old")

    def crash(_):
        raise KeyboardInterrupt

    monkeypatch.setattr(files.os, "fsync", crash)
    with pytest.raises(KeyboardInterrupt):
        write_atomic(path, "new")
    assert [(p.name, p.read_text()) for p in tmp_path.iterdir()] == [("metrics.json", "old")]


def test_permissions_and_links_are_kept(tmp_path):
    path, link = tmp_path / "a.txt", tmp_path / "link.txt"
    write_atomic(path, "one")
    path.chmod(0o640)
    link.symlink_to(path)
    write_atomic(link, "two")
    assert link.is_symlink()
    assert path.read_text() == "two"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_new_file_has_the_permissions_of_any_new_file(tmp_path):
    (tmp_path / "plain").touch()
    write_atomic(tmp_path / "atomic", "")
    assert (tmp_path / "atomic").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_a_device_is_written_to_and_stays_a_device():
    write_atomic(os.devnull, "gone")
    assert stat.S_ISCHR(os.stat(os.devnull).st_mode)


def test_places_that_cannot_be_written_are_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError) as caught:
        write_atomic(tmp_path / "file" / "a.crn", "A -> B")
    assert str(caught.value).startswith(f"{tmp_path}/file/a.crn cannot be written: ")
    assert str(caught.value).endswith("; choose a folder you can write to")
    with pytest.raises(InputError, match=f"{tmp_path} is a folder; name a file in it"):
        write_atomic(tmp_path, "A -> B")


def test_files_that_cannot_be_read_are_named(tmp_path):
    with pytest.raises(InputError, match=f"there is no file {tmp_path}/a.crn; check the path"):
        read_text(tmp_path / "a.crn")
    with pytest.raises(InputError, match=f"{tmp_path} is a folder; name a file in it"):
        read_text(tmp_path)
    (tmp_path / "latin.crn").write_bytes(b"A -> B # caf\xe9")
    with pytest.raises(InputError, match=r"latin.crn is not UTF-8 text \(byte 12\); save it as UTF-8"):
        read_text(tmp_path / "latin.crn")


def test_line_breaks_and_byte_order_marks_of_other_editors_are_read(tmp_path):
    (tmp_path / "a.crn").write_bytes(b"\xef\xbb\xbfA -> B\r\nB -> C\r\n")
    assert read_text(tmp_path / "a.crn") == "A -> B\nB -> C\n"


def test_json_keeps_its_order_and_takes_numpy_values(tmp_path):
    write_json_atomic(tmp_path / "m.json", {"loss": np.array([0.5, 0.25]), "epochs": np.int64(2)})
    assert read_text(tmp_path / "m.json") == '{\n  "loss": [\n    0.5,\n    0.25\n  ],\n  "epochs": 2\n}\n'


@pytest.mark.parametrize("value", [float("nan"), np.array([np.inf]), {1, 2}])
def test_what_json_cannot_hold_is_refused_before_a_file_is_touched(tmp_path, value):
    with pytest.raises(InputError, match=r"m\.json cannot be written as JSON"):
        write_json_atomic(tmp_path / "m.json", value)
    assert list(tmp_path.iterdir()) == []
