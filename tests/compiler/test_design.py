"""Design files: what is read, and what is said about mistakes."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from compiler.design import load_design
from dsd.errors import InputError

Write = Callable[..., Path]


def complaint(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        load_design(path)
    return str(caught.value).replace(str(path.parent), "")


def test_a_design_loads_by_file_by_folder_and_by_name(write: Write) -> None:
    path = write()
    assert load_design(path).name == "line"
    assert load_design(path.parent).digest == load_design(path).digest
    assert load_design("linreg2d").model.dynamics == "theta*x + h"


def test_defaults_stand_for_what_a_file_leaves_out(write: Write) -> None:
    design = load_design(write())
    assert (design.training.epochs, design.clock.gating, design.dna.profile) == (5, "operand", "ideal")
    assert design.neural.state_rails == "auto"
    assert not any(design.neural.signed_inputs)


def test_an_unknown_name_lists_what_is_shipped() -> None:
    with pytest.raises(InputError, match=r"no design at 'linreg'.*shipped are .*linreg2d, linreg2d-minimal"):
        load_design("linreg")


def test_every_problem_of_a_file_is_listed_at_once(write: Write) -> None:
    path = write(("T = 0.5", "T = -0.5"), ("learning_rate", "learning_rat"), ("[model.rails]", "[clok]\n[model.rails]"))
    assert complaint(path) == (
        "/design.toml: 4 problems\n"
        "  [model] T = -0.5: input should be greater than 0; write a number above 0\n"
        "  [model] learning_rate: missing; add it\n"
        "  [model] learning_rat: unknown key; did you mean 'learning_rate'?\n"
        "  [clok]: unknown section; did you mean 'clock'?"
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("T = 0.5", "T = nan"), "[model] T = nan: input should be a finite number; write a finite number"),
        (("T = 0.5", 'T = "a"'), "[model] T = 'a': input should be a valid number"),
        (("T = 0.5", "T 0.5"), "not valid TOML: Expected '=' after a key"),
        (('"theta*x + h"', '"theta*x + h + exp(z)"'), "[model] dynamics:1:15: a function call is not a polynomial"),
        (('"theta*x + h"', '"theta*x"'), "[model.bias] h: dynamics = 'theta*x' does not use h; drop it"),
        (('"theta*x + h"', '"theta*x + beta + h"'), "[model.parameters] beta: missing, but dynamics"),
        (("[0.3, 0.4]", "[0.3]"), "[model.parameters] theta = (0.3,): wrong shape for 2 inputs; give 2"),
        (("[0.3, 0.4]", "[0.3, -1]"), "theta = (0.3, -1.0): a negative concentration on a single rail; give"),
        (('theta = "single"', 'theta = "one"'), "[model.rails] theta = 'one': input should be 'auto', 'single' or"),
        (("h = 0.1", "h = 0.1\n[dna]\nfork_nM = -2"), "[dna] fork_nM = -2: input should be greater than 0"),
        (("h = 0.1", "h = 0.1\n[clock]\ntrough = 1"), "[clock] trough = 1: input should be less than 1"),
        (("T = 0.5", 'T = 0.5\ncircuit = "minimal"'), ""),
        (("T = 0.5", "T = 0.5\ndimension = 3"), "[model] dimension = 3: there are 2 inputs; drop the key"),
        (('"data.csv"', '"none.csv"'), "[data] file = 'none.csv': /none.csv: cannot read the data file"),
        (('"x2"]', '"x3"]'), "[data] file = 'data.csv': /data.csv: no column 'x3'; the columns are split, x1, x2, y"),
    ],
)
def test_a_mistake_is_answered_with_file_key_value_and_remedy(
    write: Write, change: tuple[str, str], message: str
) -> None:
    path = write(change)
    if not message:  # a minimal circuit is fine for an f without z
        assert load_design(path).circuit().adjoints[0].name == "A"
        return
    assert message in complaint(path)
    assert complaint(path).startswith("/design.toml: ")


def test_data_that_is_not_finite_names_design_file_and_line(write: Write) -> None:
    path = write(rows="split,x1,x2,y\ntrain,1,nan,3\nval,1,1,1\n")
    expected = "/design.toml: [data] file = 'data.csv': /data.csv:2: x2 = nan is not finite; correct or drop the row"
    assert complaint(path) == expected


def test_negative_data_take_two_rails_unless_the_design_forbids_it(write: Write) -> None:
    rows = "split,x1,x2,y\ntrain,1,-2,3\nval,1,1,-1\n"
    circuit = load_design(write(rows=rows)).circuit()
    assert [rail.dual for rail in circuit.inputs] == [False, True]
    assert [rail.dual for rail in circuit.states] == [False, True]
    assert circuit.targets[0].dual
    path = write(('theta = "single"', 'theta = "single"\nx = "single"'), rows=rows)
    assert "[model.rails] x = 'single': the data has negative x2" in complaint(path)


def test_the_digest_follows_content_not_place_or_layout(write: Write, tmp_path: Path) -> None:
    path = write()
    digest = load_design(path).digest
    other = tmp_path / "elsewhere"
    other.mkdir()
    shutil.copy(tmp_path / "data.csv", other)
    (other / "design.toml").write_text("# a comment\n" + path.read_text())
    assert load_design(other).digest == digest
    assert load_design(write(("T = 0.5", "T = 0.6"))).digest != digest
    assert load_design(write(rows="split,x1,x2,y\ntrain,1,2,3\nval,1,1,1\n")).digest != digest


def test_a_design_is_amended_by_dotted_keys(write: Write) -> None:
    design = load_design(write()).amended({"model.T": 0.4, "clock.gating": "per-reaction"})
    assert (design.model.T, design.clock.gating, design.model.learning_rate) == (0.4, "per-reaction", 0.1)
    with pytest.raises(InputError, match=re.escape("[model] TT: unknown key; did you mean 'T'?")):
        design.amended({"model.TT": 1})
