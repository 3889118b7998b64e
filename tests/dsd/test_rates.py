"""Kinetics profiles against the numbers they come from."""

import math

import numpy as np
import pytest

from dsd.chen2013 import RATES
from dsd.errors import InputError
from dsd.rates import (
    IDEAL,
    LITERATURE,
    PEPPERCORN,
    ZHANG_DISPLACEMENT,
    ZHANG_EXCHANGE,
    exchange_fit,
    per_nM,
    profile,
)


def test_units():
    assert per_nM(1e6) == pytest.approx(1e-3)


def test_ideal_is_one_rate_everywhere_but_toeless():
    assert [IDEAL.rate(n, m, 20) for n, m in [(5, 5), (7, 0), (4, 6)]] == [1e6, 1e6, 1e6]
    assert IDEAL.rate(0, 5, 20) == 1.40


def test_literature_displacement_is_the_table_of_zhang_and_winfree():
    published = {0: 1.40, 1: 8.17, 2: 144, 3: 1.08e3, 4: 5.05e4, 5: 9.64e5, 6: 2.36e6, 10: 2.83e6, 15: 4.78e6}
    assert {n: LITERATURE.rate(n, 0, 20) for n in published} == published


def test_literature_exchange_is_the_table_of_zhang_and_winfree():
    published = {(5, 5): 3.45e5, (5, 6): 9.7e4, (5, 7): 3.6e3, (6, 5): 1.48e6, (6, 6): 4.05e5, (6, 7): 1.6e5}
    assert {nm: LITERATURE.rate(*nm, 20) for nm in published} == published


def test_displacement_between_and_beyond_the_table():
    assert ZHANG_DISPLACEMENT[10] < LITERATURE.displacement(12, 20) < ZHANG_DISPLACEMENT[15]
    assert LITERATURE.displacement(20, 20) == ZHANG_DISPLACEMENT[15]


def test_the_exchange_fit_stays_near_the_table():
    """The fit's rms error over all 54 published rates is 0.36 in log10; over the exchanges listed here as well."""
    errors = [math.log10(exchange_fit(n, m) / k) for (n, m), k in ZHANG_EXCHANGE.items()]
    assert math.sqrt(sum(e * e for e in errors) / len(errors)) < 0.45


def test_the_fit_meets_the_table_within_its_stated_scatter():
    """Displacement is exchange whose leaving toehold is 0; rms error in log10 over the whole table at most 0.36."""
    errors = [math.log10(exchange_fit(n, 0) / k) for n, k in ZHANG_DISPLACEMENT.items()]
    errors += [math.log10(exchange_fit(n, m) / k) for (n, m), k in ZHANG_EXCHANGE.items()]
    assert math.sqrt(sum(e * e for e in errors) / len(errors)) <= 0.36
    assert max(map(abs, errors)) < 0.8


def test_exchange_slows_down_with_the_leaving_toehold():
    rates = [exchange_fit(6, m) for m in range(3, 10)]
    assert rates == sorted(rates, reverse=True)


def test_peppercorn_at_the_usual_lengths():
    """Condensed rates that Peppercorn 1.1.1 prints for two-domain gates of 5 nt toeholds and 20 and 15 nt bodies."""
    assert PEPPERCORN.rate(5, 5, 20) == pytest.approx(4.5e5, rel=0.02)
    assert PEPPERCORN.rate(5, 0, 20) == pytest.approx(6.5e5, rel=0.02)
    assert PEPPERCORN.rate(5, 5, 15) == pytest.approx(5.0e5, rel=0.02)
    assert PEPPERCORN.rate(5, 0, 15) == pytest.approx(7.6e5, rel=0.02)


def test_an_unknown_profile_lists_the_known_ones():
    with pytest.raises(
        InputError, match="no kinetics profile 'fast'; choose one of ideal, literature, chen2013, peppercorn"
    ):
        profile("fast")


def test_chen_2013_has_the_means_of_the_fitted_steps() -> None:
    """Exchanges J1 to J3 and F1 to F4 of the measured consensus gate, and its one irreversible step F5."""
    steps = [RATES[step][0] for step in ("J1", "J2", "J3", "F1", "F2", "F3", "F4")]
    assert profile("chen2013").exchange(5, 5, 20) == pytest.approx(float(np.prod(steps)) ** (1 / 7))
    assert profile("chen2013").rate(5, 0, 20) == RATES["F5"][0]
    assert RATES["F5"][1] == 0.0
