"""Tables of samples."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from compiler.datasets import Columns, read
from compiler.design import load_design
from dsd.errors import InputError

COLUMNS = Columns(("x1", "x2"), ("y",), "split")


def table(folder: Path, text: str) -> Path:
    path = folder / "data.csv"
    path.write_text(text)
    return path


def test_rows_keep_their_order_and_cannot_be_written(tmp_path: Path) -> None:
    data = read(table(tmp_path, "y,x2,x1,split\n3,2,1,train\n6,5,4,val\n9,8,7,train\n"), COLUMNS)
    assert np.array_equal(data.train_x, [[1, 2], [7, 8]])
    assert np.array_equal(data.train_y, [[3], [9]])
    assert np.array_equal(data.validation_x, [[4, 5]])
    with pytest.raises(ValueError, match="read-only"):
        data.train_x[0, 0] = 0.0


def test_without_a_split_every_row_trains_and_validates(tmp_path: Path) -> None:
    data = read(table(tmp_path, "x1,x2,y\n1,2,3\n"), Columns(("x1", "x2"), ("y",)))
    assert np.array_equal(data.train_x, data.validation_x)


def test_the_authors_linreg2d_data_has_41_training_and_101_validation_rows() -> None:
    data = load_design("linreg2d").data
    assert (data.train_x.shape, data.validation_y.shape) == ((41, 2), (101, 1))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the data file is empty; give it a header line"),
        ("split,x1,x2,y\n", "no rows with split = 'train'; it has no rows"),
        ("split,x1,x2,y\ntrain,1,2,3\n", "no rows with split = 'val'; it has train"),
        ("split,x1,x_2,y\ntrain,1,2,3\n", "no column 'x2'; did you mean 'x_2'"),
        ("split,x1,y\ntrain,1,3\n", "no column 'x2'; the columns are split, x1, y"),
        ("split,x1,x2,y\ntrain,1,nan,3\n", r"data.csv:2: x2 = nan is not finite; correct or drop the row"),
        ("split,x1,x2,y\ntrain,1,2,3\nval,1,inf,3\n", r"data.csv:3: x2 = inf is not finite"),
        ("split,x1,x2,y\ntrain,1,two,3\n", r"data.csv:2: x2 = 'two' is not a number"),
        ("split,x1,x2,y\ntrain,1,2\n", r"data.csv:2: y = '' is not a number"),
    ],
)
def test_unusable_tables_are_refused_with_line_and_column(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read(table(tmp_path, text), COLUMNS)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none.csv: cannot read the data file \(No such file or directory\)"):
        read(tmp_path / "none.csv", COLUMNS)
