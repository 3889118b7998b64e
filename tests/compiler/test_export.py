"""The commands export and draw: what they leave behind, and one sentence for what they cannot use."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from compiler import cli
from compiler.compilation import compiled


def run(*args: object) -> Result:
    return CliRunner().invoke(cli.cli, [str(a) for a in args], prog_name="strandgrad")


@pytest.fixture(scope="module")
def pil(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A single reaction as DNA, in a file."""
    folder = tmp_path_factory.mktemp("pil")
    (folder / "plain.crn").write_text("@units nM s\n@species: X = 20.0\n\nX -> Y [k = 0.0001]\n")
    path = folder / "plain.pil"
    path.write_text(compiled(str(folder / "plain.crn"), "dsd"), encoding="utf-8")
    return path


def test_a_pil_goes_to_every_format_with_sequences_of_a_seed(pil: Path, tmp_path: Path) -> None:
    result = run("export", pil, "--all", "--seed", 3, "--candidates", 1, "--zip", "-o", tmp_path)
    assert (result.exit_code, result.stdout) == (0, f"18 files are in {tmp_path}; manifest.json lists them.\n")
    manifest = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    assert (manifest["name"], manifest["source"], manifest["seed"]) == ("plain", "plain.pil", 3)
    assert manifest["left_out"] == {}
    packed = (tmp_path / "plain.zip").read_bytes()
    for lost in ("plain.zip", "plain.sc"):
        (tmp_path / lost).unlink()
    assert run("export", pil, "--all", "--seed", 3, "--candidates", 1, "--zip", "-o", tmp_path).exit_code == 0
    assert (tmp_path / "plain.zip").read_bytes() == packed
    given = tmp_path / "given"
    result = run("export", pil, "-f", "genbank", "--sequences", tmp_path / "plain.csv", "-o", given)
    assert result.exit_code == 0, result.output
    assert (given / "plain.gb").read_text(encoding="utf-8") == (tmp_path / "plain.gb").read_text(encoding="utf-8")


def test_the_help_names_every_format() -> None:
    from dsd.export.formats import FORMATS

    listed = run("export", "--help").stdout.partition("Formats:")[2]
    assert set(FORMATS) == set(listed.replace(";", "").replace(".", "").split()) - {"of", "DNA", "with", "nucleotides"}


def test_a_network_is_exported_as_it_is(pil: Path, tmp_path: Path) -> None:
    result = run("export", pil.with_suffix(".crn"), "--all", "-o", tmp_path)
    assert (result.exit_code, sorted(p.name for p in tmp_path.iterdir())) == (
        0, ["manifest.json", "plain.ant", "plain.crn", "plain.jl", "plain.xml"],
    )  # fmt: skip
    assert "Left out: pil needs strands, and plain is a network; compile it to dsd first.\n" in result.stderr


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["-f", "sbmi"], "Error: --format: no format 'sbmi'; did you mean sbml?"),
        (["-f", "pil"], "Error: pil needs strands, and plain is a network; compile it to dsd first"),
        (
            ["-f", "sbml", "--sequences", "x.csv"],
            "Error: {crn} has no domains that --sequences could spell; compile it",
        ),
        ([], "Error: Give --format once or more, or --all; one of the two."),
        (["--all", "-f", "crn"], "Error: Give --format once or more, or --all; one of the two."),
        (
            ["--all", "--sequences", "x.csv", "--seed", "1"],
            "Error: --seed and --candidates are of sequences",
        ),
    ],
)
def test_bad_input_of_export(pil: Path, tmp_path: Path, options: list[str], sentence: str) -> None:
    crn = pil.with_suffix(".crn")
    result = run("export", crn, *options, "-o", tmp_path / "out")
    assert result.exit_code == 2
    assert sentence.format(crn=crn) in result.output
    assert not (tmp_path / "out").exists()


def test_pictures_in_a_folder_or_a_file(pil: Path, tmp_path: Path) -> None:
    result = run("draw", pil, "-o", tmp_path)
    assert (result.exit_code, result.stdout) == (0, f"parts.svg, pathway-1.svg are in {tmp_path}.\n")
    assert run("draw", pil.with_suffix(".crn"), "-o", tmp_path / "one.svg").exit_code == 0
    assert all("<svg" in (tmp_path / n).read_text(encoding="utf-8") for n in ("parts.svg", "pathway-1.svg", "one.svg"))


@pytest.mark.parametrize(
    ("suffix", "options", "sentence"),
    [
        (
            ".pil",
            ["--what", "circuit"],
            "Error: --what circuit: {path} has no such picture; give its design or its .crn",
        ),
        (".crn", ["--what", "parts"], "Error: --what parts: {path} has no such picture; compile it to dsd first"),
        (".pil", ["--reaction", "2"], "Error: there is no reaction 2; this system has 1 reactions"),
    ],
)
def test_bad_input_of_draw(pil: Path, tmp_path: Path, suffix: str, options: list[str], sentence: str) -> None:
    path = pil.with_suffix(suffix)
    result = run("draw", path, *options, "-o", tmp_path / "out")
    assert (result.exit_code, result.output.splitlines()[-1]) == (2, sentence.format(path=path))
    assert not (tmp_path / "out").exists()


def test_one_file_holds_one_picture(pil: Path, tmp_path: Path) -> None:
    result = run("draw", pil, "-o", tmp_path / "a.svg")
    assert result.exit_code == 2
    assert "is one file for 2 pictures; choose one by --what, or name a folder" in result.output


def test_reporters_are_added_and_weighed(pil: Path, tmp_path: Path) -> None:
    path = tmp_path / "reported.pil"
    result = run("reporters", pil, "--signals", "X,Y", "--until", "2h", "--json", "-o", path)
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert [load["signal"] for load in found] == ["X", "Y"]
    assert found[1]["mean_with"] < found[1]["mean"]
    assert "Rep_Y = Y( s( + ) ) t* @initial 5.0 nM #: reporter latch=Y\n" in path.read_text(encoding="utf-8")
    table = run("reporters", pil, "--signals", "Y", "--until", "2h").stdout
    assert "first rise, s" in table
    result = run("reporters", pil, "--signals", "Z")
    assert (result.exit_code, result.output) == (2, "Error: no signal 'Z' in this system; it has X, Y\n")
