"""Many formats at once: what is written, what is kept of a run that was stopped, and a zip of the same bytes."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dsd.errors import InputError
from dsd.export import bundle
from dsd.export.bundle import libraries, standing, write, zipped
from dsd.export.formats import FORMATS, Subject, export, named
from dsd.files import write_atomic
from dsd.network import Network
from dsd.pil import parse_pil
from dsd.sequences.record import Sequences
from dsd.system import System

FACTS = {"strandgrad": "0", "digest": "abc", "seed": 5}
CHEAP = tuple(FORMATS[n] for n in ("pil", "crn", "antimony", "visual-dsd", "genbank"))


@pytest.fixture
def subject(system: System, sequences: Sequences) -> Subject:
    return Subject("small", system, sequences=sequences)


def test_every_format_is_written_and_listed(tmp_path: Path, subject: Subject) -> None:
    manifest = write(tmp_path, subject, FORMATS.values(), FACTS, given={"design.toml": "[design]\n"})
    suffixes = {suffix for f in FORMATS.values() for suffix, _ in f.files}
    names = {"design.toml", *(f"small{suffix}" for suffix in suffixes)}
    assert set(manifest["files"]) == names
    assert {p.name for p in tmp_path.iterdir()} == names | {"manifest.json"}
    assert json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8")) == manifest
    assert all(manifest["files"][n]["bytes"] == (tmp_path / n).stat().st_size > 0 for n in names)
    assert sorted(manifest["libraries"]) == ["biopython", "networkx", "openpyxl", "python-libsbml", "sbol3", "scadnano"]
    assert manifest["left_out"] == {}


def test_a_zip_is_the_same_bytes_each_time_and_makes_itself_again(tmp_path: Path, subject: Subject) -> None:
    """The kernel text and the sequences in it give every other file of it again."""
    chosen = (*CHEAP, FORMATS["sequences"])
    first = zipped(tmp_path / "a", write(tmp_path / "a", subject, chosen, FACTS))
    assert zipped(tmp_path / "b", write(tmp_path / "b", subject, reversed(chosen), FACTS)) == first
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        files = {name: archive.read(name).decode() for name in archive.namelist()}
        assert {i.date_time for i in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert list(files) == sorted(files)
    from dsd.sequences.record import parse_sequences

    again = Subject("small", parse_pil(files["small.pil"]), sequences=parse_sequences(files["small.csv"]))
    for format in chosen:
        for name, content in export(format, again).items():
            assert content == files[name]


def test_a_stopped_run_goes_on(tmp_path: Path, subject: Subject, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopped while it writes the third file, all that is there is whole; the next run makes only what is missing."""
    made: list[str] = []

    def count(path: Path, content: Any) -> None:
        if Path(path).name == "small.ant" and "small.ant" not in made:
            made.append("small.ant")
            raise KeyboardInterrupt
        made.append(Path(path).name)
        write_atomic(path, content)

    monkeypatch.setattr(bundle, "write_atomic", count)
    with pytest.raises(KeyboardInterrupt):
        write(tmp_path, subject, CHEAP, FACTS)
    assert {p.name for p in tmp_path.iterdir()} == {"small.pil", "small.crn", "manifest.json"}
    assert set(json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))["files"]) == {
        "small.pil",
        "small.crn",
    }
    made.clear()
    made.append("small.ant")
    manifest = write(tmp_path, subject, CHEAP, FACTS)
    assert made[1:] == ["small.ant", "small.dsd", "small.gb"]
    assert len(manifest["files"]) == 5


def test_what_was_touched_or_has_other_facts_is_made_again(tmp_path: Path, subject: Subject) -> None:
    write(tmp_path, subject, CHEAP, FACTS)
    good = (tmp_path / "small.pil").read_text(encoding="utf-8")
    assert standing(tmp_path, "small.pil", FACTS) == good
    assert standing(tmp_path, "small.pil", {**FACTS, "seed": 6}) is None
    (tmp_path / "small.pil").write_text("spoiled")
    assert standing(tmp_path, "small.pil", FACTS) is None
    write(tmp_path, subject, CHEAP, FACTS)
    assert (tmp_path / "small.pil").read_text(encoding="utf-8") == good
    (tmp_path / "manifest.json").write_text("[]")
    assert write(tmp_path, subject, CHEAP, FACTS)["name"] == "small"


def test_what_a_subject_lacks_is_left_out_with_the_reason(tmp_path: Path, network_small: Network) -> None:
    manifest = write(tmp_path, Subject("x", plain=network_small), FORMATS.values(), {})
    assert set(manifest["files"]) == {"x.crn", "x.xml", "x.ant", "x.jl"}
    assert manifest["left_out"]["pil"] == "pil needs strands, and x is a network; compile it to dsd first"
    with pytest.raises(InputError, match=r"^sbol needs strands, and x is a network; compile it to dsd first$"):
        export(FORMATS["sbol"], Subject("x", plain=network_small))


def test_sequences_must_fit(system: System, sequences: Sequences) -> None:
    short = Sequences((("t", "ACCA"), *sequences.table[1:]))
    with pytest.raises(InputError, match=r"^domain t is 5 nt long, its sequence ACCA 4; design sequences for this v"):
        Subject("x", system, sequences=short)
    with pytest.raises(InputError, match=r"^domain t has no sequence"):
        Subject("x", system, sequences=Sequences(sequences.table[1:]))
    with pytest.raises(InputError, match=r"^genbank needs nucleotides, and x has none; design sequences first$"):
        export(FORMATS["genbank"], Subject("x", system))


def test_unknown_formats_and_missing_libraries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match=r"^--format: no format 'sbmi'; did you mean sbml\?$"):
        named("sbmi")
    real = bundle.find_spec
    monkeypatch.setattr(bundle, "find_spec", lambda name: None if name in ("Bio", "sbol3") else real(name))
    with pytest.raises(
        InputError, match=r"^biopython, sbol3 are not installed; run: pip install 'strandgrad\[export,seq\]'$"
    ):
        libraries(FORMATS.values())


def test_what_cannot_be_mixed_is_left_out_unless_asked_for(tmp_path: Path, subject: Subject) -> None:
    thin = replace(subject, stock_uM=1.0)
    manifest = write(tmp_path, thin, [FORMATS["protocol"], FORMATS["fasta"]], {}, strict=False)
    assert set(manifest["files"]) == {"small.fasta"}
    assert manifest["left_out"]["protocol"].startswith("strand stocks of 1 µM are too thin")
    with pytest.raises(InputError, match="strand stocks of 1 µM are too thin"):
        write(tmp_path, thin, [FORMATS["protocol"]], {})


def test_a_folder_that_cannot_be_written(tmp_path: Path, subject: Subject) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be written: File exists; choose a folder you can write to"):
        write(tmp_path / "file", subject, CHEAP, FACTS)


@pytest.mark.parametrize("name", ["../small", "/tmp/small", "small\n", "CON", "C:small", "a\\b"])
def test_no_file_leaves_its_folder(tmp_path: Path, subject: Subject, name: str) -> None:
    """Neither written nor packed: a manifest may come from anywhere."""
    with pytest.raises(InputError, match="cannot name a file"):
        write(tmp_path, replace(subject, name=name), CHEAP, FACTS)
    with pytest.raises(InputError, match="cannot name a file"):
        write(tmp_path, subject, CHEAP, FACTS, given={name: "x"})
    with pytest.raises(InputError, match="cannot name a file"):
        zipped(tmp_path, {"files": {name: {}}})
    assert not any(tmp_path.iterdir())


def test_files_that_differ_in_letter_case_only_are_refused(tmp_path: Path, subject: Subject) -> None:
    with pytest.raises(InputError, match=r"SMALL\.pil and small\.pil differ in letter case only"):
        write(tmp_path, subject, CHEAP, FACTS, given={"SMALL.pil": "x"})


def test_a_manifest_cannot_name_files_elsewhere(tmp_path: Path, subject: Subject) -> None:
    """What an earlier manifest lists beside its folder is not read, nor listed again."""
    (tmp_path / "secret").write_text("x")
    folder = tmp_path / "out"
    manifest = write(folder, subject, CHEAP, FACTS)
    digest = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"  # of "x"
    (folder / "manifest.json").write_text(json.dumps({**manifest, "files": {"../secret": {"sha256": digest}}}))
    assert standing(folder, "../secret", FACTS) is None
    assert "../secret" not in write(folder, subject, CHEAP, FACTS)["files"]
    (folder / "manifest.json").write_text("[" * 200_000)
    assert write(folder, subject, CHEAP, FACTS) == manifest
