"""The speed benchmark: all integrators train the same, and the table says how fast."""

from __future__ import annotations

from compiler.bench_formal import Timing, bench, table
from compiler.design import load_design


def test_every_integrator_trains_to_the_same_weights() -> None:
    timings = bench(load_design("linear2d"), iterations=3, others=2)
    assert [t.integrator for t in timings] == ["Strandgrad", "CVODE BDF", "SciPy LSODA", "SciPy BDF"]
    assert [t.iterations for t in timings] == [3, 2, 2, 2]
    assert max(t.error for t in timings) < 1e-6


def test_the_table_extrapolates_to_a_whole_training() -> None:
    text = table((Timing("Strandgrad", 1.5, 300, 2e-14), Timing("SciPy BDF", 100.0, 5, 1e-11)), 6464)
    assert text == (
        "integrator    ms/iteration      6464 iterations, s  weight error\n"
        "Strandgrad            1.50                     9.7       2.0e-14\n"
        "SciPy BDF           100.00                   646.4       1.0e-11"
    )
