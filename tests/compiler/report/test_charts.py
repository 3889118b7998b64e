"""Axes and what is drawn along them."""

from __future__ import annotations

import math

import matplotlib.ticker  # noqa: F401  so that no example waits for it
from hypothesis import given
from hypothesis import strategies as st

from compiler.report.axes import linear, logarithmic
from compiler.report.charts import Plot, Series, chart, thinned
from compiler.report.text import duration, number, percent, sentence, weight

finite = st.floats(-1e9, 1e9, allow_nan=False).map(lambda v: float(f"{v:.6g}"))
positive = st.floats(1e-9, 1e9).map(lambda v: float(f"{v:.6g}"))


@given(st.lists(finite, min_size=1, max_size=9))
def test_an_axis_has_its_values_and_ticks_within(values: list[float]) -> None:
    axis = linear("x", values)
    assert all(0.0 <= axis.share(v) <= 1.0 for v in values)
    assert all(0.0 <= axis.share(t) <= 1.0 for t in axis.ticks)
    assert list(axis.ticks) == sorted(axis.ticks)
    assert len(axis.ticks) >= 2


@given(st.lists(positive, min_size=1, max_size=9))
def test_a_logarithmic_axis_has_its_values_and_a_few_ticks_within(values: list[float]) -> None:
    axis = logarithmic("y", values)
    assert all(-1e-9 <= axis.share(v) <= 1.0 + 1e-9 for v in values)
    assert 2 <= len(axis.ticks) <= 8
    assert all(-1e-9 <= axis.share(t) <= 1.0 + 1e-9 for t in axis.ticks)


def test_ratios_are_distances_on_a_logarithmic_axis() -> None:
    axis = logarithmic("y", [0.1, 10.0])
    assert math.isclose(axis.share(1.0), 0.5)
    assert axis.ticks == (0.1, 1.0, 10.0)


def test_where_nothing_is_positive_the_axis_is_linear() -> None:
    assert not logarithmic("y", [0.0, -1.0]).log
    assert not logarithmic("y", [1.0, 1.2]).log


@given(st.lists(st.integers(-1000, 1000), min_size=1, max_size=900))
def test_thinning_loses_no_peak(values: list[int]) -> None:
    points = [(float(i), float(v)) for i, v in enumerate(values)]
    kept = thinned(points)
    assert len(kept) <= 204
    assert set(kept) <= set(points)
    assert (kept[0], kept[-1]) == (points[0], points[-1])
    assert max(v for _, v in kept) == max(values)
    assert min(v for _, v in kept) == min(values)
    assert [x for x, _ in kept] == sorted(x for x, _ in kept)


def test_a_line_goes_through_its_points() -> None:
    """At the corners of a plot of 10 by 10 units."""
    axis = linear("t <s>", [0.0, 10.0], pad=0)
    plot = Plot("p", "A & B", axis, axis, (Series("dsd", "DNA", ((0.0, 0.0), (10.0, 10.0))),))
    found = chart(plot, "rises")
    f = plot.frame
    assert f"M{f.left:g},{f.height - f.bottom:g}L{f.width - f.right:g},{f.top:g}" in found.svg
    assert "t &lt;s&gt;" in found.svg
    assert '<title id="p-title">A &amp; B</title><desc id="p-desc">rises</desc>' in found.svg
    assert found.data["series"] == [{"key": "dsd", "name": "DNA", "x": [0.0, 10.0], "y": [0.0, 10.0]}]


def test_numbers_as_they_are_read() -> None:
    assert [number(v) for v in (None, math.nan, 0.0, 1.0, 0.12345, 1234.5, 12345678.0, 2.5e-6, -0.5)] == [
        "–", "–", "0", "1", "0.1235", "1,234", "1.2·10⁷", "2.5·10⁻⁶", "−0.5",
    ]  # fmt: skip
    assert [percent(v) for v in (None, 0.9993, -1e-6, -0.25)] == ["–", "99.9 %", "0.0 %", "−25.0 %"]
    assert [duration(s) for s in (0.5, 59, 90, 7200, 86400 * 50)] == ["0.5 s", "59 s", "1.5 min", "2 h", "50 days"]
    assert [weight(n) for n in ("theta1", "Theta12", "beta2", "W11")] == ["θ1", "Θ12", "β2", "W11"]
    assert [sentence(s) for s in ("a fact", "Done.", "")] == ["A fact.", "Done.", ""]
