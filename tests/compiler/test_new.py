"""``strandgrad new``: what it chooses for a table, what it refuses, and that it overwrites nothing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from compiler import cli
from compiler.design import load_design
from compiler.metrics import survival
from compiler.starter import plan, shares
from compiler.starter_folder import samples, start
from compiler.training import trainer
from designs import locate

IRIS = locate("iris") / "iris.csv"
WDBC = locate("breast-cancer") / "wdbc.csv"
TASKS = {
    "petals": (IRIS, "petal_width", "sepal_length,petal_length"),
    "tumours": (WDBC, "diagnosis", "area_worst,smoothness_worst"),
    "flowers": (IRIS, "species", "sepal_width,petal_width"),
}
"""A number, two classes and three, from two features each."""


def new(*args: object) -> Result:
    """Run ``strandgrad new args``."""
    return CliRunner().invoke(cli.cli, ["new", *map(str, args)], prog_name="strandgrad")


def table(folder: Path, text: str) -> Path:
    """A CSV file."""
    path = folder / "given.csv"
    path.write_text(text)
    return path


def rows(cell: str, n: int = 12) -> str:
    """A table whose target is ``cell`` with ``{i}`` counted."""
    return "a,b,y\n" + "".join(f"{i},{i * i % 7},{cell.format(i=i, two=i % 2, three=i % 3)}\n" for i in range(n))


@pytest.mark.parametrize("name", TASKS)
def test_a_design_of_a_real_table_learns_formally_and_in_a_pot(name: str, tmp_path: Path) -> None:
    """The third level, DNA, is tried by tests/docs, and in full by the tutorial."""
    data, target, inputs = TASKS[name]
    result = new(tmp_path / name, "--data", data, "--target", target, "--inputs", inputs)
    assert result.exit_code == 0, result.output
    whole = load_design(tmp_path / name)
    few = {part: tuple(a[:25] for a in whole.data.part(part)) for part in ("train", "validation")}
    design = whole.on(whole.data.with_parts(**few))
    formal = trainer("formal")(design, epochs=1)
    kept = survival(trainer("clocked")(design, epochs=1), formal).value
    assert kept is not None
    assert 0.9 < kept < 1.1
    assert formal.validation_loss[-1] < 0.9 * formal.validation_loss[0]


def test_a_regression_is_scaled_and_says_what_its_output_means(tmp_path: Path) -> None:
    data, target, inputs = TASKS["petals"]
    made = start(tmp_path / "petals", data, target, tuple(inputs.split(",")))
    design = load_design(tmp_path / "petals")
    text = (tmp_path / "petals" / "design.toml").read_text()
    assert (made.columns.kind, design.data.train_x.shape, design.training.epochs) == ("regression", (100, 2), 2)
    assert np.allclose(design.data.train_x.mean(axis=0), 0)
    assert (design.data.train_y.min(), design.data.train_y.max()) == (0.0, 1.0)
    low, width = 0.1, 2.4
    assert f"the target is {low} + {width} * output" in text
    widths = low + width * np.vstack([design.data.train_y, design.data.validation_y, design.data.test_y])
    raw = np.loadtxt(IRIS, delimiter=",", skiprows=1, usecols=3)
    assert np.allclose(np.sort(widths[:, 0]), np.sort(raw))
    assert max(map(len, text.splitlines())) <= 120


def test_classes_become_labels_and_outputs(tmp_path: Path) -> None:
    two = plan(*TASKS["tumours"][:2])
    assert (two.columns.kind, two.columns.classes, two.outputs) == ("binary", ("benign", "malignant"), 1)
    three = plan(*TASKS["flowers"][:2])
    assert (three.columns.kind, three.outputs) == ("classes", 3)
    assert three.columns.inputs == ("sepal_length", "sepal_width", "petal_length", "petal_width")
    numbered = plan(table(tmp_path, rows("{three}", 30)), "y", kind="classes")
    assert numbered.columns.classes == ("0", "1", "2")


def test_what_is_attainable_is_least_squares_on_the_validation_rows(tmp_path: Path) -> None:
    """A target that is linear in the inputs is fitted exactly; one independent of them is not."""
    exact = plan(table(tmp_path, "a,b,y\n" + "".join(f"{i},{i * i % 7},{2 * i - i * i % 7}\n" for i in range(20))), "y")
    assert exact.attainable == pytest.approx(1.0)


def test_tables_of_several_outputs_name_their_columns_and_weights_need_not_fit(tmp_path: Path) -> None:
    data, target, inputs = TASKS["flowers"]
    assert new(tmp_path / "flowers", "--data", data, "--target", target, "--inputs", inputs).exit_code == 0
    args = ["train", str(tmp_path / "flowers"), "--level", "reference", "--epochs", "1", "-o", str(tmp_path / "out")]
    result = CliRunner().invoke(cli.cli, args)
    assert result.exit_code == 0, result.output
    assert "Theta" not in result.stdout
    header, first, *_ = (tmp_path / "out" / "reference-validation.csv").read_text().splitlines()
    assert header.split(",")[2:6] == ["setosa", "versicolor", "virginica", "before setosa"]
    assert len(header.split(",")) == len(first.split(",")) == 11


def test_columns_that_teach_nothing_are_left_out_and_named(tmp_path: Path) -> None:
    text = "who,a,same,y\n" + "".join(f"n{i},{i},7,{3 * i}\n" for i in range(12))
    result = new(tmp_path / "d", "--data", table(tmp_path, text), "--target", "y")
    assert "Left out: who, which holds no numbers.\nLeft out: same, which is the same in every row." in result.output
    assert load_design(tmp_path / "d").data.inputs == ("a",)


def test_large_tables_train_on_as_many_rows_as_a_pot_can_feed() -> None:
    assert shares(30) == (0.7, 0.3)
    assert shares(100_000) == (0.001, 0.001, 0.998)
    for rows_ in (142, 143, 150, 333, 999):
        assert sum(shares(rows_)) == pytest.approx(1)


def test_without_data_the_example_is_whole(tmp_path: Path) -> None:
    result = new(tmp_path / "first")
    assert result.exit_code == 0, result.output
    assert sorted(p.name for p in (tmp_path / "first").iterdir()) == ["design.toml", "samples.csv"]
    assert (tmp_path / "first" / "samples.csv").read_text() == samples()
    assert load_design(tmp_path / "first").name == "first"
    assert f"strandgrad compare {tmp_path}/first -o {tmp_path}/first/out" in result.output


def test_a_table_may_stay_where_it_lies(tmp_path: Path) -> None:
    path = table(tmp_path, rows("{i}"))
    assert new(tmp_path / "deep" / "d", "--data", path, "--target", "y", "--reference").exit_code == 0
    assert [p.name for p in (tmp_path / "deep" / "d").iterdir()] == ["design.toml"]
    assert 'file = "../../given.csv"' in (tmp_path / "deep" / "d" / "design.toml").read_text()
    assert len(load_design(tmp_path / "deep" / "d").data.train_x) == 8


def test_nothing_is_overwritten_and_no_part_is_left(tmp_path: Path) -> None:
    place = tmp_path / "mine"
    place.mkdir()
    (place / "design.toml").write_text("precious")
    result = new(place)
    assert result.exit_code == 2
    assert "exists already, and nothing is overwritten; choose another name" in result.output
    assert (place / "design.toml").read_text() == "precious"
    bad = table(tmp_path, rows("{i}") + "13,oops,1\n")
    assert new(tmp_path / "other", "--data", bad, "--target", "y").exit_code == 2
    assert sorted(p.name for p in tmp_path.iterdir()) == ["given.csv", "mine"]


@pytest.mark.parametrize(
    ("text", "args", "sentence"),
    [
        (rows("{i}"), ["--target", "z"], "no column 'z'; the columns are a, b, y"),
        (rows("{i}"), [], "Name the column to be learnt by --target."),
        (rows("{i}") + "13,oops,1\n", ["--target", "y"], "given.csv:14: b = 'oops' is not a number"),
        (rows("{i}", 5), ["--target", "y"], "5 rows are too few to train and to judge by; give at least 10"),
        (rows("{three}"), ["--target", "y"], "which may be amounts or classes; say which by --kind"),
        (rows("4"), ["--target", "y", "--kind", "regression"], "y is 4 in every row; there is nothing to learn"),
        (rows("c"), ["--target", "y"], "every row is of class 'c'"),
        (rows("c{three}"), ["--target", "y", "--kind", "binary"], "y has 3 classes (c0, c1, c2); use --kind classes"),
        (rows("c{two}"), ["--target", "y", "--kind", "classes"], "use --kind binary"),
        (rows("c{i}", 40), ["--target", "y"], "y has 40 classes, above 10; is it --kind regression?"),
        (rows("c{i}", 10), ["--target", "y"], "1 rows of class 'c0' are too few; give at least 4"),
        ("a,y\n" + "1,2\n" * 12, ["--target", "y", "--inputs", "a"], "a is 1 in every row and tells nothing"),
        ("n,y\n" + "p,2\n" * 12, ["--target", "y"], "no column but 'y' holds numbers that vary"),
        ("", ["--target", "y"], "the data file is empty"),
    ],
)  # fmt: skip
def test_what_makes_no_task_is_refused(text: str, args: list[str], sentence: str, tmp_path: Path) -> None:
    result = new(tmp_path / "d", "--data", table(tmp_path, text), *args)
    assert result.exit_code == 2, result.output
    assert sentence in " ".join(result.output.split())
    assert not (tmp_path / "d").exists()


def test_names_and_options_without_a_table_are_refused(tmp_path: Path) -> None:
    assert "cannot name a design; use letters, digits, - and _" in new(tmp_path / "a b").output
    assert "--target is about a table; give it by --data" in new(tmp_path / "d", "--target", "y").output
    assert "there is no file" in new(tmp_path / "d", "--data", tmp_path / "no.csv", "--target", "y").output.replace(
        "cannot read the data file (No such file or directory)", "there is no file"
    )


NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\r\n\0"), min_size=1, max_size=8).map(str.strip)


@given(a=NAMES.filter(bool), c=NAMES.filter(bool))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_column_and_class_name_survives_the_design_file(a: str, c: str, tmp_path: Path) -> None:
    """Names come from the user's file: quotes, backslashes, tabs, DEL and other scripts stay what they are."""
    import csv
    import io
    import secrets

    if a in ("y", "b") or c == "off":
        return
    out = io.StringIO()
    csv.writer(out).writerows([[a, "b", "y"], *([i, i * i % 5, c if i % 2 else "off"] for i in range(20))])
    path = tmp_path / "t.csv"
    path.write_bytes(out.getvalue().encode())
    place = tmp_path / secrets.token_hex(8)
    start(place, path, "y", (a, "b"))
    design = load_design(place)
    assert design.data.inputs == (a, "b")
    assert set(design.data.classes) == {c, "off"}
