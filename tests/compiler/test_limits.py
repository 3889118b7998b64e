"""Designs and tables that are meant to exhaust the machine, or to run code, are refused in a sentence."""

from __future__ import annotations

import ast
import csv
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from compiler.cli import cli
from compiler.design import load_design, parse_design
from compiler.dynamics import dynamics
from compiler.sweep import variation
from dsd.errors import InputError

Write = Callable[..., Path]
ROOT = Path(__file__).parents[2]

HOSTILE_TEXTS = [
    ("z**999999999", "the degree exceeds 8"),
    ("(x + z)**50", "the degree exceeds 8"),
    ("((((9**8)**8)**8)**8)**8*x", "beyond 1e-30 to 1e30"),
    ("((((9*x**0)**8)**8)**8)*x", "beyond 1e-30 to 1e30"),
    ("((1/9**8)**8)**8*x", "beyond 1e-30 to 1e30"),
    ("9" * 390 + "*x", "too many digits"),
    ("1e300*x", "a number here"),
    ("x*1e20*1e20", "beyond 1e-30 to 1e30"),
    ("(" * 100_000 + "x" + ")" * 100_000, "take 200001 characters"),
    ("(" * 30 + "x" + ")" * 30, "too many nested parentheses"),
    ("(x + z + theta + beta + h + 1 + x*z)**8", "may expand to|the degree exceeds"),
    ("__import__('os').system('true')", "a function call is not a polynomial"),
    ("(lambda: x)()", "a function call is not a polynomial"),
    ("x.__class__", "outside the grammar"),
    ("[x for x in x]", "outside the grammar"),
    ("(y := x)", "outside the grammar"),
    ("f'{x}'", "outside the grammar"),
    ("x**(9**9)", "does not give a polynomial"),
]


@pytest.mark.parametrize(("text", "said"), HOSTILE_TEXTS, ids=[text[:24] for text, _ in HOSTILE_TEXTS])
def test_dynamics_beyond_measure(text: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        dynamics(text, 2)


@pytest.mark.parametrize(
    ("text", "hidden"), [("theta*x", 10**9), ("(z + theta + beta)**5", 100), ("(z + theta + beta)**8", 2)]
)
def test_states_beyond_measure(text: str, hidden: int) -> None:
    with pytest.raises(InputError, match=r"lower (the degree, or )?hidden"):
        dynamics(text, 2, hidden=hidden)


def test_no_text_is_ever_evaluated() -> None:
    """No module calls what would run, or let SymPy parse, text from a file."""
    banned = {"eval", "exec", "compile", "sympify", "S", "parse_expr", "lambdify", "__import__", "literal_eval"}
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for package in ("dsd", "clock", "compiler")
        for path in sorted((ROOT / package).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and _called(node) in banned and not _of_regex(node)
    ]
    assert found == []


def _called(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def _of_regex(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Name) and call.func.value.id == "re"


DESIGN = """
[design]
name = "{name}"
[data]
{data}
[model]
dynamics = "theta*x"
T = {T}
learning_rate = 0.5
hidden = {hidden}
[model.parameters]
theta = [1.0, 1.0]
[training]
epochs = {epochs}
"""
GOOD = {"name": "d", "data": 'generator = "linreg"', "T": 0.5, "hidden": 2, "epochs": 1}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"T": "1e308"}, r"\[model\] T = 1e\+308: .* write a number of at most 10000"),
        ({"T": "1" + "0" * 400}, r"\[model\] T"),
        ({"hidden": 10**9}, r"\[model\] hidden = 1000000000: .* at most 1000"),
        ({"epochs": 10**12}, r"\[training\] epochs = 1000000000000: .* at most 100000"),
        ({"epochs": "9" * 5000}, "not valid TOML"),
        ({"data": 'generator = "linreg"\nn_train = 1000000000'}, "n_train = 1000000000"),
        ({"data": 'generator = "linreg"\nrange = [-1e308, 1e308]'}, r"\[data\] range"),
        ({"data": 'file = "a\\u0000b"\ninputs = ["x1", "x2"]'}, "cannot name a data file"),
        ({"data": 'file = "/dev/zero"\ninputs = ["x1", "x2"]'}, "larger than 64 MiB"),
        ({"data": 'file = "' + "a" * 300 + '"\ninputs = ["x1", "x2"]'}, "cannot read the data file"),
        ({"name": "con"}, "is the name of a device on Windows"),
        ({"name": "d" * 200}, "has 200 characters"),
        ({"name": "../d"}, "use letters, digits, - and _"),
        ({"name": "\\u001b[2J"}, "use letters, digits, - and _"),
    ],
)
def test_designs_beyond_measure(change: dict[str, object], said: str) -> None:
    parse_design(DESIGN.format(**GOOD), "d.toml")
    with pytest.raises(InputError, match=said) as caught:
        parse_design(DESIGN.format(**GOOD | change), "d.toml")
    assert len(str(caught.value)) < 6000


def test_a_device_is_no_design() -> None:
    with pytest.raises(InputError, match="/dev/zero is a device or a pipe"):
        load_design("/dev/zero")


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("split,x1,x2,y\ntrain,1,2," + "9" * 200_000 + "\n", r"data\.csv:2: field larger than field limit"),
        ("x" * 200_000 + "\n", r"data\.csv:1: field larger"),
        ("split,x1,x2,y\ntrain,1,2,\x00\n", r"data\.csv:2"),
        ('split,x1,x2,y\ntrain,1,2,"3\n', r"data\.csv"),
        ("split,x1,x2,y\ntrain,1,2,1e999\n", "is not finite"),
    ],
)
def test_tables_beyond_measure(write: Write, rows: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        load_design(write(rows=rows))


def test_rows_and_classes_are_counted(monkeypatch: pytest.MonkeyPatch, write: Write) -> None:
    rows = "split,x1,x2,y\nval,1,1,1\n" + "train,1,1,1\n" * 20
    load_design(write(rows=rows))
    monkeypatch.setattr("compiler.tables.MAX_ROWS", 20)
    with pytest.raises(InputError, match=r"data\.csv:22: the table has more than 20 rows"):
        load_design(write(rows=rows))


def test_more_classes_than_outputs_can_have(tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text("x1,x2,y\n" + "".join(f"1,2,{i}.5\n" for i in range(101)))
    data = 'file = "d.csv"\ninputs = ["x1", "x2"]\n[task]\nkind = "multiclass"'
    with pytest.raises(InputError, match="101 classes, more than 100; is y a measurement"):
        parse_design(DESIGN.format(**GOOD | {"data": data}), tmp_path / "d.toml")


@pytest.mark.parametrize("text", ["d=1..1000000000000", "d=3..inf", "d=1e300..1e301", "d=1e300", "T=1..inf"])
def test_ranges_beyond_measure(text: str) -> None:
    with pytest.raises(InputError, match="--vary"):
        variation(text)


def test_the_command_line_says_so_too(tmp_path: Path) -> None:
    """One message, exit code 2, no traceback, and not the megabyte that was wrong."""
    (tmp_path / "a.crn").write_text("A" * 2**20 + " -> \x1b[31m")
    for arguments in (["simulate", str(tmp_path / "a.crn"), "--until", "1"], ["size", str(tmp_path / "a.crn")]):
        result = CliRunner().invoke(cli, arguments)
        assert result.exit_code == 2
        assert re.search(r"^Error: ", result.stderr, re.MULTILINE)
        assert len(result.stderr) < 3000
        assert "\x1b" not in result.stderr
    (tmp_path / "b.crn").write_text("A -> B")
    few = CliRunner().invoke(cli, ["simulate", str(tmp_path / "b.crn"), "--until", "1", "--every", "1e-300"])
    assert few.exit_code == 2
    assert "rows of 2 species; sample less" in few.stderr


def test_columns_may_have_any_name(tmp_path: Path) -> None:
    """Names from a table reach tables, figures and the terminal: none of them is markup there."""
    names = ["a, b", '"$x^{', "[red]=1+1"]
    with (tmp_path / "d.csv").open("w", newline="") as file:
        csv.writer(file).writerows([names, *([1.0, 2.0, 5.0], [2.0, 1.0, 4.0], [1.0, 1.0, 3.0])])
    spelled = [name.replace('"', '\\"') for name in names]
    data = f'file = "d.csv"\ninputs = ["{spelled[0]}", "{spelled[1]}"]\ntarget = ["{spelled[2]}"]'
    (tmp_path / "design.toml").write_text(DESIGN.format(**GOOD | {"data": data}))
    out = tmp_path / "out"
    result = CliRunner().invoke(cli, ["train", str(tmp_path), "--level", "formal", "-o", str(out)])
    assert result.exit_code == 0, result.output
    with (out / "formal-validation.csv").open(newline="") as file:
        header, *rows = csv.reader(file)
    assert header == [*names, "before", "after"]
    assert {len(row) for row in rows} == {5}
