"""Control parameters: how they are read, what they change, and what a sweep leaves."""

from __future__ import annotations

import pytest
from matplotlib.figure import Figure

from compiler import __version__
from compiler.design import load_design
from compiler.sweep import changed, draw, jobs, points, rows, variation
from compiler.tasks.tidy import tidy
from dsd.errors import InputError


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("T=0.5,0.2", (0.2, 0.5)),
        ("eta=0.1..0.7", (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7)),
        ("d=3..5", (3, 4, 5)),
        ("alpha=0,0.3", (0, 0.3)),
    ],
)
def test_values_are_read_as_a_list_or_a_range(text: str, expected: tuple[float, ...]) -> None:
    assert variation(text).values == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("mu=1", "no parameter 'mu'; vary T, eta, alpha, d"),
        ("T", "no numbers after '='; write for example T=0.2,0.5"),
        ("T=-1", "give at most 100 finite numbers above 0"),
        ("T=nan", "give at most 100 finite numbers above 0"),
        ("d=2.5", "a dimension is a whole number"),
    ],
)
def test_values_that_are_none_are_refused(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        variation(text)


def test_each_parameter_changes_its_key() -> None:
    design = load_design("relu-xor")
    assert changed(design, "T", 0.3).model.T == 0.3
    assert changed(design, "eta", 0.2).model.learning_rate == 0.2
    assert changed(design, "alpha", 0.25).model.dynamics == "h + z*(Theta @ x + beta) - 0.25*z**2"
    longer = changed(design, "d", 5)
    assert (longer.model.padding, longer.model.parameters.beta) == ((0.2,) * 3, (0.1,) * 5)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("cubic-xor", "Theta @ x - 0.5*z**3"), ("hidden-xor", {"h": "Theta @ x", "z": "h*z - 0.5*z**2"})],
)
def test_alpha_is_the_coefficient_of_the_last_power(text: str, expected: object) -> None:
    assert changed(load_design(text), "alpha", 0.5).model.dynamics == expected


def test_a_design_without_the_parameter_says_so() -> None:
    design = load_design("linear2d")
    with pytest.raises(InputError, match="dynamics = 'theta\\*x' do not end in a damping term"):
        changed(design, "alpha", 0.1)
    with pytest.raises(InputError, match="only a design that pads x"):
        changed(design, "d", 4)
    with pytest.raises(InputError, match="d = 2: the data have 2 inputs and one is padding; give at least 3"):
        changed(load_design("cubic-xor"), "d", 2)


def test_points_keep_values_seeds_and_failures() -> None:
    variations = [variation("T=0.2,0.4")]
    records = [
        {
            "train_loss": [2.0, 1.0],
            "validation_loss": [3.0, 0.5],
            "sets": {"validation": {"score": 0.9}},
            "measure": "accuracy",
            "iterations": 5,
            "training_s": 0.5,
            "error": None,
        },
        {"error": "it blew up"},
    ]
    wanted = jobs(load_design("linear2d"), variations, [7], level="formal", epochs=2)
    assert len(wanted) == 2
    found = points(variations, [7], records)
    one, two = (f"linear2d,{job.design.digest},{__version__},formal,7,T" for job in wanted)
    assert tidy(rows(found, wanted, records)).splitlines() == [
        "design,digest,version,level,seed,parameter,value,epochs,run,train_loss,validation_loss,measure,"
        "validation_score,iterations,training_s,error",
        f"{one},0.2,2,linear2d-T0.2-seed7,1.0,0.5,accuracy,0.9,5,0.5,",
        f"{two},0.4,2,linear2d-T0.4-seed7,,,,,,,it blew up",
    ]
    ax = Figure().subplots()
    draw(ax, "T", found, 0.8)
    assert [line.get_label() for line in ax.lines if not line.get_label().startswith("_")] == [
        "training",
        "validation",
        "failed",
    ]
