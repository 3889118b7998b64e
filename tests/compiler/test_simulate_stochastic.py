"""``strandgrad simulate --stochastic``: molecules in a volume, reproducible by their seed."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from compiler import cli
from compiler.commands.volumes import litres
from dsd.errors import InputError
from dsd.trajectory import read_csv

DECAY = "@units nM s\n@dose 1 B at 60\nA -> B [k = 0.01]\nA @initial 2\n"
ARGS = ("--until", "2min", "--every", "30s", "--stochastic")


@pytest.fixture
def decay(tmp_path: Path) -> Path:
    path = tmp_path / "decay.crn"
    path.write_text(DECAY)
    return path


def simulate(*args: object) -> Result:
    return CliRunner().invoke(cli.cli, ["simulate", *map(str, args)], prog_name="strandgrad")


def test_molecules_in_a_volume(decay: Path) -> None:
    """1 nM in 1e-14 l are 6.02 molecules: 12 of A, and 6 of B at 60 s."""
    result = simulate(decay, *ARGS, "--volume", "1e-14L", "--seed", 3)
    assert (result.exit_code, result.stderr) == (0, "")
    found = read_csv(result.stdout)
    assert found.t.tolist() == [0, 30, 60, 60, 90, 120]
    counts = found.y * 6.02214076
    assert counts == pytest.approx(counts.round(), abs=1e-9)
    assert counts.sum(axis=1).round().tolist() == [12, 12, 12, 18, 18, 18]
    assert simulate(decay, *ARGS, "--volume", "10 fL", "--seed", 3).stdout == result.stdout
    assert simulate(decay, *ARGS, "--volume", "10 fL", "--seed", 4).stdout != result.stdout


def test_molecules_in_a_unitless_network(decay: Path) -> None:
    decay.write_text("A -> B\nA @initial 1")
    result = simulate(decay, "--until", 1, "--every", 1, "--stochastic", "--molecules", 10, "--seed", 1)
    assert read_csv(result.stdout)["A"].tolist()[0] == 1.0
    said = "Error: --volume = '1fL': this network has no concentration unit; give --molecules instead\n"
    assert simulate(decay, "--until", 1, "--stochastic", "--volume", "1fL").stderr == said


def test_quasi_equilibrium_warns_where_it_is_doubtful(decay: Path) -> None:
    """B is made from D at 100 nM/s and drains L no slower than the exchange lets go of it."""
    text = (
        "@units nM s\n@species: A = 9, R = 90, J = 90, B, D = {}\nJ + A <=> L + R [kf = 1, kr = 1]\nD -> B\nL + B -> C"
    )
    decay.write_text(text.format(90))
    doubtful = simulate(decay, "--until", "5s", "--stochastic", "--volume", "10fL", "--quasi")
    assert (doubtful.exit_code, "Warning: exchange was only " in doubtful.stderr) == (0, True)
    decay.write_text(text.format(1))
    assert simulate(decay, "--until", "5s", "--stochastic", "--volume", "10fL", "--quasi").stderr == ""


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("--volume", "1fL"), "--volume is for a stochastic run; add --stochastic, or leave it out"),
        (("--seed", 0), "--seed is for a stochastic run; add --stochastic, or leave it out"),
        (("--quasi",), "--quasi is for a stochastic run; add --stochastic, or leave it out"),
        (("--stochastic",), "--stochastic needs one size, --volume or --molecules; here for example --volume 1e-12L"),
        (("--stochastic", "--volume", "3"), "--volume = '3' is no volume; write for example 1e-15L, 1fL or 5pL"),
        (("--stochastic", "--molecules", "0"), "--molecules = 0.0: give a number above 0"),
    ],
)
def test_wrong_options_of_a_stochastic_run(decay: Path, args: tuple[str, ...], message: str) -> None:
    result = simulate(decay, "--until", "9s", *args)
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", f"Error: {message}\n")


def test_volumes() -> None:
    assert [litres(text) for text in ("1e-15L", "1fL", "5 pl", "2µL", ".5 uL")] == [1e-15, 1e-15, 5e-12, 2e-6, 5e-7]
    for text in ("0L", "-1L", "1 m3", "L", "1e400L"):
        with pytest.raises(InputError, match=" is no volume; "):
            litres(text)
