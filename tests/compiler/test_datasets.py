"""Samples of a design: tables, classes, splits, scaling, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler.datasets import Dataset, load
from compiler.design import load_design
from compiler.schema_data import Data, Task, problems
from dsd.errors import InputError

FLOWERS = "a,b,kind\n1,5,rose\n2,4,tulip\n3,3,aster\n4,2,rose\n5,1,tulip\n6,0,aster\n"
MANY = Task(kind="multiclass")
LILY = Task(kind="multiclass", classes=("rose", "tulip", "aster", "lily"))
TWO = Task(kind="binary")


def read(folder: Path, text: str, task: Task | None = None, **keys: Any) -> Dataset:
    (folder / "data.csv").write_text(text)
    given = {"file": "data.csv", "inputs": ["x1", "x2"], **keys}
    return load(folder, Data.model_validate(given), task or Task())


def flowers(folder: Path, task: Task, text: str = FLOWERS, **keys: Any) -> Dataset:
    return read(folder, text, task, inputs=["a", "b"], target="kind", **keys)


def test_rows_keep_their_order_and_cannot_be_written(tmp_path: Path) -> None:
    data = read(tmp_path, "y,x2,x1,split\n3,2,1,train\n6,5,4,val\n9,8,7,train\n0,0,0,test\n", split="split")
    assert np.array_equal(data.train_x, [[1, 2], [7, 8]])
    assert np.array_equal(data.train_y, [[3], [9]])
    assert np.array_equal(data.validation_x, [[4, 5]])
    assert np.array_equal(data.test_x, [[0, 0]])
    with pytest.raises(ValueError, match="read-only"):
        data.train_x[0, 0] = 0.0


def test_without_a_split_every_row_trains_and_validates(tmp_path: Path) -> None:
    data = read(tmp_path, "x1,x2,y\n1,2,3\n")
    assert np.array_equal(data.train_x, data.validation_x)
    assert len(data.test_x) == 0


def test_a_regression_may_have_several_targets(tmp_path: Path) -> None:
    data = read(tmp_path, "x1,x2,u,v\n1,2,3,4\n", target=["u", "v"])
    assert (data.targets, data.train_y.tolist()) == (("u", "v"), [[3.0, 4.0]])


def test_many_classes_are_one_output_each_in_sorted_order(tmp_path: Path) -> None:
    data = flowers(tmp_path, MANY)
    assert data.targets == data.classes == ("aster", "rose", "tulip")
    assert data.train_y[:3].tolist() == [[0, 1, 0], [0, 0, 1], [1, 0, 0]]


def test_classes_may_be_given_in_another_order_and_with_other_labels(tmp_path: Path) -> None:
    task = Task(kind="multiclass", classes=("tulip", "rose", "aster"), labels=(-1, 1))
    assert flowers(tmp_path, task).train_y[0].tolist() == [-1, 1, -1]


def test_two_classes_are_one_output_with_the_labels(tmp_path: Path) -> None:
    text = "a,b,kind\n1,2,no\n3,4,yes\n"
    data = flowers(tmp_path, Task(kind="binary", labels=(0, 4)), text)
    assert (data.classes, data.train_y.tolist()) == (("no", "yes"), [[0], [4]])


def test_numbered_classes_are_ordered_by_value(tmp_path: Path) -> None:
    assert flowers(tmp_path, MANY, "a,b,kind\n1,1,10\n2,2,9\n3,3,8\n").classes == ("8", "9", "10")


def test_scaling_takes_its_constants_from_the_training_rows_only(tmp_path: Path) -> None:
    text = "x1,x2,y,s\n0,1,0,train\n10,3,0,train\n20,2,0,val\n"
    data = read(tmp_path, text, split="s", scaling="minmax")
    assert data.train_x.tolist() == [[0, 0], [1, 1]]
    assert data.validation_x.tolist() == [[2, 0.5]]
    data = read(tmp_path, text, split="s", scaling="standard")
    assert data.train_x.tolist() == [[-1, -1], [1, 1]]
    assert data.validation_x.tolist() == [[3, 0]]


@given(seed=st.integers(0, 1000))
def test_fractions_part_the_rows_and_strata_keep_their_shares(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    folder = tmp_path_factory.mktemp("rows")
    rows = [f"{i},{i},{'ab'[i % 5 == 0]}" for i in range(50)]
    text = "a,b,kind\n" + "\n".join(rows) + "\n"
    data = flowers(folder, TWO, text, fractions=[0.6, 0.2, 0.2], stratified=True, seed=seed)
    parts = [data.train_x, data.validation_x, data.test_x]
    assert [len(p) for p in parts] == [30, 10, 10]
    assert sorted(np.concatenate(parts)[:, 0]) == list(range(50))
    assert [int(y.sum()) for y in (data.train_y, data.validation_y, data.test_y)] == [6, 2, 2]


def test_the_authors_linreg2d_data_has_41_training_and_101_validation_rows() -> None:
    data = load_design("linreg2d").data
    assert (data.train_x.shape, data.validation_y.shape) == ((41, 2), (101, 1))


def test_iris_has_fishers_rows_35_and_38() -> None:
    """Fisher 1936; the copy at UCI has 4.9,3.1,1.5,0.1 in both places."""
    lines = (load_design("iris").path.parent / "iris.csv").read_text().splitlines()
    assert len(lines) == 151
    assert (lines[35], lines[38]) == ("4.9,3.1,1.5,0.2,setosa", "4.9,3.6,1.4,0.1,setosa")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the data file is empty; give it a header line"),
        ("split,x1,x2,y\n", "data.csv: no rows; give it at least one"),
        ("split,x1,x2,y\ntrain,1,2,3\n", "no rows with split = 'val'; it has train"),
        ("split,x1,x_2,y\ntrain,1,2,3\n", "no column 'x2'; did you mean 'x_2'"),
        ("split,x1,y\ntrain,1,3\n", "no column 'x2'; the columns are split, x1, y"),
        ("split,x1,x2,x2,y\ntrain,1,2,2,3\n", "2 columns are called 'x2'; rename all but one"),
        ("split,x1,x2,y\ntrain,1,nan,3\n", r"data.csv:2: x2 = nan is not finite; correct or drop the row"),
        ("split,x1,x2,y\ntrain,1,2,3\nval,1,inf,3\n", r"data.csv:3: x2 = inf is not finite"),
        ("split,x1,x2,y\ntrain,1,two,3\n", r"data.csv:2: x2 = 'two' is not a number"),
        ("split,x1,x2,y\ntrain,1,,3\n", r"data.csv:2: x2 = '' is not a number"),
        ("split,x1,x2,y\ntrain,1,2\n", r"data.csv:2: the row has 3 cells, the header 4; correct or drop the row"),
    ],
)
def test_unusable_tables_are_refused_with_line_and_column(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read(tmp_path, text, split="split")


@pytest.mark.parametrize(
    ("task", "text", "keys", "message"),
    [
        (TWO, FLOWERS, {}, r'3 classes in training \(aster, rose, tulip\); use kind = "multiclass"'),
        (MANY, "a,b,kind\n1,1,rose\n", {}, "every training row is of class 'rose'; give rows of another class"),
        (MANY, "a,b,kind\n1,1,\n", {}, "data.csv:2: kind is empty; name the class, or drop the row"),
        (Task(kind="multiclass", classes=("rose", "tulip")), FLOWERS, {}, "data.csv:4: kind = 'aster' is not among"),
        (LILY, FLOWERS, {}, "no training row of class 'lily'"),
        (MANY, "a,b,kind\n1,1,x\n1,2,y\n", {"scaling": "minmax"}, "a is constant in the training rows and cannot"),
        (MANY, "a,b,kind\n1,1,x\n1,2,y\n", {"fractions": [0.9, 0.1]}, "2 rows leave none for validation"),
    ],
)  # fmt: skip
def test_unusable_classes_and_columns_are_refused(
    tmp_path: Path, task: Task, text: str, keys: dict[str, Any], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        flowers(tmp_path, task, text, **keys)


@pytest.mark.parametrize(
    ("data", "task", "message"),
    [
        ({}, {}, "[data]: it needs either file or generator; give one of them"),
        ({"file": "a.csv"}, {}, "[data] inputs: missing; list the input columns of the file"),
        ({"file": "a.csv", "inputs": "x", "noise": 1}, {}, "[data] noise: a file has no use for it; drop it"),
        ({"generator": "xor"}, {}, "[task] kind = 'regression': generator xor needs kind = \"binary\""),
        (
            {"generator": "xor", "split": "s"},
            {"kind": "binary"},
            "[data] split: a generator has no use for it; drop it",
        ),
        (
            {"generator": "xor"},
            {"kind": "binary", "threshold": 2},
            "[task] threshold = 2: it separates nothing; put it",
        ),
        (
            {"generator": "xor"},
            {"kind": "binary", "labels": [1, 0]},
            "[task] labels = [1.0, 0.0]: off must lie below on",
        ),
        (
            {"file": "a.csv", "inputs": "x", "fractions": [0.5, 0.6]},
            {},
            "they make 1.1; give parts above 0 that make 1",
        ),
        ({"generator": "linreg"}, {"labels": [0, 2]}, "[task] labels: a regression has none; drop it, or set kind"),
    ],
)
def test_contradictory_keys_are_named(data: dict[str, Any], task: dict[str, Any], message: str) -> None:
    found = problems(Data.model_validate(data), Task.model_validate(task))
    assert len(found) == 1
    assert message in found[0]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none.csv: cannot read the data file \(No such file or directory\)"):
        load(tmp_path, Data(file="none.csv", inputs=("x",)), Task())


def test_targets_are_scaled_by_the_training_rows_too(tmp_path: Path) -> None:
    text = "x1,x2,y,split\n0,1,10,train\n2,3,20,train\n1,5,25,val\n"
    data = read(tmp_path, text, split="split", target_scaling="minmax")
    assert data.train_y.tolist() == [[0.0], [1.0]]
    assert data.validation_y.tolist() == [[1.5]]
    assert data.train_x.tolist() == [[0, 1], [2, 3]]
    with pytest.raises(InputError, match="y is constant in the training rows and cannot be scaled"):
        read(tmp_path, text.replace("20", "10"), split="split", target_scaling="standard")
    classes = Data.model_validate({"file": "a.csv", "inputs": ["x1"], "target_scaling": "minmax"})
    assert problems(classes, TWO) == ["[data] target_scaling: classes have labels instead; drop it"]
