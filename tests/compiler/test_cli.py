"""The command line: what each command prints and writes, and what it says about mistakes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from compiler import cli
from dsd.pil import parse_pil, print_pil
from dsd.syntax import parse_crn, print_crn
from dsd.trajectory import read_csv

Write = Callable[..., Path]

DECAY = "@units nM s\n@dose 1 B at 60\nA -> B [k = 0.01]\nA @initial 2\n"


def run(*args: object) -> Result:
    """Run ``strandgrad args``."""
    return CliRunner().invoke(cli.cli, [str(a) for a in args], prog_name="strandgrad")


def done(*args: object) -> str:
    """The output of a run that must succeed."""
    result = run(*args)
    assert result.exit_code == 0, result.output
    return result.stdout


def complaint(*args: object) -> str:
    """The one message of a run that must be refused."""
    result = run(*args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Traceback" not in result.stderr
    return result.stderr


@pytest.fixture
def decay(tmp_path: Path) -> Path:
    """A small network in nM and s."""
    path = tmp_path / "decay.crn"
    path.write_text(DECAY)
    return path


def test_the_overview_lists_every_command_and_an_example() -> None:
    text = done("--help")
    flat = " ".join(text.split())
    for name, line in cli.COMMANDS.items():
        assert f" {name} {line}" in flat
    assert "strandgrad compare linreg2d -o out" in text


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_every_command_has_help_with_an_example_that_fits_a_screen(name: str) -> None:
    text = done(name, "--help")
    assert re.search(rf"Examples?:\n  (  )?strandgrad {name} ", text)
    assert len(text.splitlines()) <= 30
    assert max(map(len, text.splitlines())) <= 80


def test_the_version_is_printed() -> None:
    assert re.fullmatch(r"strandgrad \d\S*\n", done("--version"))


def test_an_unknown_command_names_the_known_ones() -> None:
    assert f"No command 'trian'; the commands are {', '.join(cli.COMMANDS)}." in complaint("trian")


# compile


def test_a_design_is_printed_as_a_formal_network(write: Write) -> None:
    text = done("compile", write(), "--to", "formal")
    network = parse_crn(text)
    assert network.level == "formal"
    assert print_crn(network) == text
    assert "X1 + P1 -> Z1 + X1 + P1 [k = 1, stage = N1]" in text


def test_a_file_of_any_level_compiles_on_to_the_same_text(tmp_path: Path) -> None:
    out = {level: tmp_path / name for level, name in (("clocked", "c.crn"), ("dsd", "d.pil"), ("network", "n.crn"))}
    for level, path in out.items():
        done("compile", "linreg2d", "--to", level, "-o", path)
    system = parse_pil(out["dsd"].read_text())
    assert print_pil(system) == out["dsd"].read_text()
    assert done("compile", out["clocked"], "--to", "dsd") == out["dsd"].read_text()
    assert done("compile", out["dsd"], "--to", "network") == out["network"].read_text()
    assert done("compile", out["network"], "--to", "network") == out["network"].read_text()


def test_a_formal_file_can_be_clocked_without_its_design(write: Write, tmp_path: Path) -> None:
    formal = tmp_path / "formal.crn"
    done("compile", write(), "--to", "formal", "-o", formal)
    assert parse_crn(done("compile", formal, "--to", "clocked")).level == "clocked"


def test_a_pot_doses_the_chosen_sample_at_each_clock_event(write: Write) -> None:
    text = done("compile", write(), "--to", "clocked", "--sample", 2)
    assert re.search(r"^@dose 2 X1 when O3 falls [\d.]+$", text, re.MULTILINE)
    assert re.search(r"^@dose 5 Y when O3 falls [\d.]+$", text, re.MULTILINE)
    message = complaint("compile", write(), "--to", "clocked", "--sample", 3)
    assert "--sample 3: " in message
    assert "has 2 training rows; give one of them" in message


def test_a_plain_network_in_nM_and_s_becomes_dna(decay: Path, tmp_path: Path) -> None:
    decay.write_text("@units nM s\nA -> B [k = 0.001]\nA @initial 2\n")
    system = parse_pil(done("compile", decay, "--to", "dsd"))
    assert [s.name for s in system.strands if s.role == "signal"] == ["A", "B"]
    decay.write_text("A -> B")
    assert parse_pil(done("compile", decay, "--to", "dsd")).modules[0].text == "A -> B"
    assert f"{decay} states no level; it cannot be compiled to clocked" in complaint(
        "compile", decay, "--to", "clocked"
    )


def test_a_later_level_does_not_compile_back(decay: Path) -> None:
    decay.write_text("@level network\n" + DECAY)
    message = complaint("compile", decay, "--to", "formal")
    assert message == (
        f"Error: {decay} is at level network; it cannot be compiled to formal; "
        "give a design or a file of an earlier level\n"
    )


def test_an_error_in_a_file_shows_line_and_column(decay: Path) -> None:
    decay.write_text("A -> B [k = 1]\nA -> -> B\n")
    assert f"{decay}:2:6: " in complaint("compile", decay, "--to", "dsd")


# simulate


def test_a_simulation_is_a_csv_table_with_units_and_doses(decay: Path) -> None:
    """A(t) = 2 exp(-t/100); the dose of B gives two rows at 60 s."""
    found = read_csv(done("simulate", decay, "--until", "2min", "--every", "30s"))
    assert found.t.tolist() == [0, 30, 60, 60, 90, 120]
    assert found["A"][-1] == pytest.approx(2 * 0.301194211912, rel=1e-4)
    assert found["A"][-1] + found["B"][-1] == pytest.approx(3, rel=1e-9)


def test_a_simulation_is_written_and_drawn(decay: Path, tmp_path: Path) -> None:
    csv, plot = tmp_path / "t.csv", tmp_path / "out" / "t.svg"
    assert done("simulate", decay, "--until", 100, "-o", csv, "--plot", plot) == ""
    assert len(read_csv(csv.read_text())) == 1002
    assert "concentration [nM]" in plot.read_text()


def test_a_dna_file_simulates_as_its_network(decay: Path, tmp_path: Path) -> None:
    decay.write_text("@units nM s\nA -> B [k = 0.001]\nA @initial 2\n")
    pil = tmp_path / "decay.pil"
    done("compile", decay, "--to", "dsd", "-o", pil)
    found = read_csv(done("simulate", pil, "--until", "1h", "--every", "1h"))
    assert found["B"][-1] > 1


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("--until", "soon"), "--until = 'soon' is no time; write for example 10h, 60s or 5min"),
        (("--until", "5 weeks"), "--until = '5 weeks': 'weeks' is no time unit; use ms, s, min, h, d"),
        (("--until", "0s"), "--until = '0s' is no time above 0; write for example 10h, 60s or 5min"),
        (("--until", "9s", "--every", "-1s"), "--every = '-1s' is no time"),
        (("--until", "9s", "--species", "A,C"), "--species: no species 'C' in this network; it has A, B"),
        (("--until", "9s", "--plot", "a.gif"), "--plot = 'a.gif': no kind of figure ends in .gif"),
    ],
)
def test_wrong_options_of_a_simulation(decay: Path, args: tuple[str, ...], message: str) -> None:
    assert message in complaint("simulate", decay, *args)


def test_a_unitless_network_takes_plain_numbers(decay: Path) -> None:
    decay.write_text("A -> B\nA @initial 1")
    assert len(read_csv(done("simulate", decay, "--until", 2, "--every", "0.5"))) == 5
    message = complaint("simulate", decay, "--until", "10h")
    assert message == ("Error: --until = '10h': this network has no time unit; write a plain number, such as 500\n")


# train, compare, size


def test_training_leaves_metrics_tables_and_figures(write: Write, tmp_path: Path) -> None:
    out = tmp_path / "out"
    text = done("train", write(), "--level", "reference", "--epochs", 2, "-o", out)
    assert "reference: no survival; survival is measured against formal, which was not trained" in text
    assert text.endswith(f"The report is in {out}.\n")
    assert sorted(p.name for p in out.iterdir()) == [
        "metrics.json", "reference-validation.csv", "reference-weights.csv", "result.png", "result.svg",
    ]  # fmt: skip
    entry = json.loads((out / "metrics.json").read_text())["levels"]["reference"]
    assert (len(entry["train_loss"]), len(entry["validation_loss"]), entry["iterations"]) == (2, 3, 4)
    weights = (out / "reference-weights.csv").read_text().splitlines()
    assert weights[:2] == ["iteration,theta1,theta2", "0,0.3,0.4"]
    assert len(weights) == 1 + 5


def test_a_comparison_passes_or_fails_its_check(write: Write, tmp_path: Path) -> None:
    args = ("--levels", "formal,reference", "--jobs", 1, "-o", tmp_path / "out")
    text = done("compare", write(), *args)
    assert text.index("reference") < text.index("formal")
    result = run("compare", write(("[model.rails]", "[check]\nsurvival_min = 1.5\n[model.rails]")), *args)
    assert result.exit_code == 1
    assert "Check failed: formal survives at 1.0000, below survival_min = 1.5." in result.stderr


def test_a_level_that_fails_leaves_the_others(write: Write, tmp_path: Path) -> None:
    """A weight that must fall below zero breaks the single rail of the formal level only."""
    rows = "split,x1,x2,y\ntrain,2.0,1.0,0.1\nval,1.5,1.5,5.5\n"
    path, out = write(("learning_rate = 0.1", "learning_rate = 0.2"), rows=rows), tmp_path / "out"
    result = run("compare", path, "--levels", "reference,formal", "--epochs", 1, "-o", out)
    assert result.exit_code == 1
    assert "formal failed: iteration 1: " in result.stdout
    found = json.loads((out / "metrics.json").read_text())
    assert list(found["levels"]) == ["reference"]
    assert list(found["failed"]) == ["formal"]
    assert found["partial"]["formal"]["validation_loss"] == found["levels"]["reference"]["validation_loss"][:1]
    assert (out / "formal-weights.csv").read_text() == "iteration,theta1,theta2\n0,0.3,0.4\n"


def test_training_that_blows_up_names_iteration_and_species_and_leaves_its_history(
    write: Write, tmp_path: Path
) -> None:
    rows = "split,x1,x2,y\ntrain,0.1,0.2,6.0\ntrain,1.0,2.0,50.0\ntrain,1.0,2.0,50.0\nval,0.1,0.1,1\n"
    changes = (
        ('"theta*x + h"', '"theta*z**2"'), ("[model.bias]\nh = 0.1\n", ""), ('theta = "single"', 'theta = "dual"'),
        ("learning_rate = 0.1", "learning_rate = 3.0"),
    )  # fmt: skip
    out = tmp_path / "out"
    for level, species in (("formal", "stage N1: Z2"), ("reference", "the neural ODE blew up at t = ")):
        message = complaint("train", write(*changes, rows=rows), "--level", level, "-o", out)
        assert message.startswith(f"Error: iteration 3: {species}" if level == "reference" else "Error: iteration 3, ")
        assert species in message
        assert message.endswith(f"\nThe history so far is in {out}.\n")
        found = json.loads((out / "metrics.json").read_text())
        assert found["levels"] == {}
        assert found["failed"][level] in message
        partial = found["partial"][level]
        assert (partial["iterations"], partial["train_loss"], len(partial["unfinished_epoch"])) == (2, [], 2)
        assert len((out / f"{level}-weights.csv").read_text().splitlines()) == 1 + 3
        assert (out / f"{level}-validation.csv").is_file()


def test_an_unknown_level_is_refused(tmp_path: Path) -> None:
    message = complaint("compare", "linreg2d", "--levels", "formal,dna", "-o", tmp_path)
    assert "'dna' is no level; give some of reference,formal,clocked,dsd" in message


def test_ctrl_c_ends_with_130_and_a_sentence(write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("compiler.training.reference.train_reference", interrupted)
    result = run("train", write(), "--level", "reference", "-o", tmp_path / "out")
    assert result.exit_code == 130
    assert result.stderr == "\nStopped; no file is half written. The same command begins anew.\n"
    assert not (tmp_path / "out").exists()


def test_sizes_as_a_table_and_as_json() -> None:
    text = done("size", "linreg2d")
    for line in ("formal reactions", "clocked reactions by reactants", "total strands, µM", "a pot: price", "occluded"):
        assert line in text
    found = json.loads(done("size", "linreg2d", "--json"))
    assert list(found["strategies"]) == ["operand", "per-reaction"]
    assert found["bill"]["use"] is None


@pytest.mark.parametrize(
    ("change", "rows", "message"),
    [
        ((("T = 0.5", "T = 0.5\nrate = 1"),), None, "[model] rate: unknown key; "),
        ((("0.3, 0.4", "-0.3, 0.4"),), None, "[model.parameters] theta = (-0.3, 0.4): a negative concentration"),
        ((("theta*x + h", "exp(x)*theta + h"),), None, "[model] dynamics:1:1: a function call is not a polynomial"),
        ((("data.csv", "none.csv"),), None, "[data] file = 'none.csv': "),
        ((), "split,x1,x2,y\ntrain,1,nan,2\nval,1,1,1\n", "x2 = nan is not finite; correct or drop the row"),
        ((), "split,x1,x2,y\n", "no rows; give it at least one"),
        ((("T = 0.5", "T 0.5"),), None, "not valid TOML: "),
    ],
)
@pytest.mark.parametrize("command", [("compile", "--to", "formal"), ("train", "--level", "formal", "-o", "out")])
def test_a_wrong_design_is_one_message_with_file_key_and_remedy(
    write: Write, command: tuple[str, ...], change: tuple[tuple[str, str], ...], rows: str | None, message: str
) -> None:
    path = write(*change, rows=rows) if rows else write(*change)
    text = complaint(command[0], path, *command[1:])
    assert text.startswith(f"Error: {path}: ")
    assert message in text
    assert len(text.splitlines()) <= 4


def test_a_place_that_cannot_be_written_is_named(decay: Path) -> None:
    message = complaint("simulate", decay, "--until", "9s", "-o", decay / "t.csv")
    assert f"{decay}/t.csv cannot be written: " in message
