"""Trajectories: lookup, interpolation, projection, CSV and plots."""

import matplotlib as mpl
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from matplotlib.figure import Figure

from dsd.errors import InputError, TextError
from dsd.interpretation import Interpretation
from dsd.network import NANOMOLAR, UNITLESS
from dsd.trajectory import Trajectory, read_csv

mpl.use("Agg")

# A falls from 2 to 0 in 2 s; at 1 s a dose of 10 makes two rows.
RUN = Trajectory(("A", "B"), [0.0, 1.0, 1.0, 2.0], [[2.0, 0.0], [1.0, 0.0], [11.0, 0.0], [10.0, 4.0]], NANOMOLAR)


def test_a_species_is_a_column_and_the_last_row_is_final():
    assert RUN["A"].tolist() == [2.0, 1.0, 11.0, 10.0]
    assert RUN.final == {"A": 10.0, "B": 4.0}
    with pytest.raises(InputError, match="no species a in this trajectory; it has A, B"):
        RUN["a"]


def test_states_between_rows_are_interpolated_and_a_dose_counts_from_its_time():
    assert RUN.at(0.5).tolist() == [1.5, 0.0]
    assert RUN.at(1.0).tolist() == [11.0, 0.0]
    assert RUN.at([1.5, 2.0]).tolist() == [[10.5, 2.0], [10.0, 4.0]]
    with pytest.raises(InputError, match=r"time 3 is outside of the trajectory; it runs from 0 to 2 \[s\]"):
        RUN.at([1.0, 3.0])


def test_arrays_are_copies_that_cannot_be_changed():
    t = np.array([0.0, 1.0])
    run = Trajectory(("A",), t, np.zeros((2, 1)))
    t[0] = 5.0
    assert run.t[0] == 0.0
    with pytest.raises(ValueError, match="read-only"):
        run.y[0, 0] = 1.0


def test_projection_reads_the_run_in_formal_species():
    formal = RUN.project(Interpretation((("A", ("X", "X")), ("B", ("X", "Y")))), ("X", "Y"))
    assert formal.names == ("X", "Y")
    assert formal.final == {"X": 24.0, "Y": 4.0}
    assert formal.units == NANOMOLAR


def test_runs_are_joined_without_repeating_the_shared_row():
    more = Trajectory(("A", "B"), [2.0, 3.0], [[10.0, 4.0], [9.0, 5.0]], NANOMOLAR)
    dosed = Trajectory(("A", "B"), [3.0, 4.0], [[20.0, 5.0], [19.0, 6.0]], NANOMOLAR)
    assert RUN.concat(more, dosed).t.tolist() == [0, 1, 1, 2, 3, 3, 4]
    with pytest.raises(InputError, match="the times of a trajectory run backwards"):
        more.concat(RUN)
    with pytest.raises(InputError, match="differ in species or units"):
        RUN.concat(Trajectory(("A", "B"), [2.0], [[0.0, 0.0]], UNITLESS))


@pytest.mark.parametrize(
    ("t", "y", "sentence"),
    [
        ([0, 1], [[1.0]], r"a trajectory of 1 species has times \(2,\) and values \(1, 1\); give \(M,\) and \(M, 1\)"),
        ([], np.zeros((0, 1)), "with M >= 1"),
        ([1, 0], [[1], [1]], "the times of a trajectory run backwards or are not finite; sort the rows by time"),
        ([0, np.nan], [[1], [1]], "the times of a trajectory run backwards or are not finite"),
        ([0, 1], [[1], [np.nan]], "A is nan at time 1; use finite values"),
    ],
)
def test_what_is_no_trajectory_is_refused(t, y, sentence):
    with pytest.raises(InputError, match=sentence):
        Trajectory(("A",), t, y)


def test_csv_has_units_in_its_header():
    assert RUN.to_csv() == "t [s],A [nM],B [nM]\n0.0,2.0,0.0\n1.0,1.0,0.0\n1.0,11.0,0.0\n2.0,10.0,4.0\n"


@given(arrays(np.float64, (3, 3), elements=st.floats(-1e300, 1e300)), st.sampled_from([UNITLESS, NANOMOLAR]))
def test_csv_reads_back_exactly(table, units):
    run = Trajectory(("A", "B"), np.sort(table[:, 0]), table[:, 1:], units)
    back = read_csv(run.to_csv())
    assert (back.names, back.units) == (run.names, run.units)
    assert np.array_equal(back.t, run.t)
    assert np.array_equal(back.y, run.y)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "A,B\n1,2\n",
            "run.csv:1:1: this is no header of a trajectory\n  A,B\n  ^\n  begin with t [s],X1 [nM],X2 [nM]",
        ),
        (
            "t,A\n0,1\n1,x\n",
            "run.csv:3:3: 'x' is not a number\n  1,x\n    ^\n  write a number such as 0.5 or 1e-3",
        ),
        (
            "t,A\n0\n",
            "run.csv:2:1: this row has 1 columns, the header has 2\n  0\n  ^\n"
            "  give every row a number for each column",
        ),
    ],
)
def test_other_csv_is_refused_where_it_goes_wrong(text, message):
    with pytest.raises(TextError) as caught:
        read_csv(text, "run.csv")
    assert str(caught.value) == message


def test_a_plot_has_labels_with_units():
    ax = Figure().add_subplot()
    RUN.plot(ax, ["B"])
    assert [line.get_label() for line in ax.lines] == ["B"]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("time [s]", "concentration [nM]")
