"""Figures: what is drawn, with which labels, and that files come out the same every time."""

from __future__ import annotations

import pytest
from matplotlib.figure import Figure

from compiler.figures import clock_period, loss_curves, predictions, rendered, sheet, weights
from compiler.training.history import History

TARGET = ((1.0,), (3.0,))
TRACE = {"t": [0.0, 7200.0, 14400.0, 21600.0], "o": [[20, 0, 1], [1, 20, 0], [0, 1, 20], [20, 0, 1]]}


def history(level: str) -> History:
    """Two epochs of one sample with one weight."""
    return History(
        level, (0.5, 0.25), (4.0, 0.5, 0.2), ((0.1,), (0.2,), (0.3,)), ((0.1,), (0.2,), (0.3,)),
        ((0.0,), (1.0,)), ((1.1,), (2.9,)), 2, 1.0,
    )  # fmt: skip


RUNS = {"formal": history("formal"), "dsd": history("dsd").with_extra(trace=TRACE)}


def legend(figure: Figure) -> list[str]:
    """Texts of the only axes' legend."""
    found = figure.axes[0].get_legend()
    assert found is not None
    return [text.get_text() for text in found.get_texts()]


def test_loss_curves_have_a_line_a_level() -> None:
    figure = Figure()
    loss_curves(figure.subplots(), RUNS)
    assert legend(figure) == ["formal", "dsd", "training, mean of epoch"]
    assert figure.axes[0].get_lines()[0].get_ydata() == pytest.approx([4.0, 0.5, 0.2])


def test_weights_of_a_pot_are_called_effective() -> None:
    figure = Figure()
    weights(figure.subplots(), RUNS, ["theta1"])
    assert legend(figure) == ["formal", "dsd (effective)"]
    assert [text.get_text() for text in figure.axes[0].texts] == ["theta1"]


def test_a_clock_period_is_drawn_in_a_unit_that_suits_it() -> None:
    figure = Figure()
    clock_period(figure.subplots(), TRACE, time="s", concentration="nM")
    ax = figure.axes[0]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("time (h)", "concentration (nM)")
    assert ax.get_lines()[0].get_xdata() == pytest.approx([0, 2, 4, 6])
    clock_period(Figure().subplots(), TRACE)


def test_predictions_show_before_and_after() -> None:
    figure = Figure()
    predictions(figure.subplots(), RUNS["dsd"], TARGET)
    assert legend(figure) == ["ŷ = y", "before training", "after training"]


def test_a_sheet_renders_to_the_same_bytes() -> None:
    first, second = (rendered(sheet(RUNS, TARGET, ["theta1"], "line"), "svg") for _ in range(2))
    assert first == second
    assert b"One period of the clock, dsd" in first
    assert rendered(sheet({"formal": RUNS["formal"]}, TARGET, ["theta1"], "line"), "png").startswith(b"\x89PNG")
