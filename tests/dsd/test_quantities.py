"""Units: exact factors, and errors that say how to write it."""

from fractions import Fraction

import pytest

from dsd.errors import InputError
from dsd.network import NANOMOLAR, UNITLESS, Units
from dsd.quantities import concentration_scale, rate_scale, rate_unit, time_scale


def test_factors_are_exact():
    assert concentration_scale("uM", NANOMOLAR) == concentration_scale("µM", NANOMOLAR) == 1000
    assert time_scale("h", NANOMOLAR) == 3600
    assert float(1_000_000 * rate_scale("/M/s", 2, NANOMOLAR)) == 1e-3
    assert rate_scale("/M^2/min", 3, Units("mM", "s")) == Fraction(1, 60 * 10**6)
    assert rate_scale("pM / h", 0, NANOMOLAR) == Fraction(1, 3600 * 1000)


@pytest.mark.parametrize(("order", "unit"), [(0, "nM/s"), (1, "/s"), (2, "/nM/s"), (3, "/nM^2/s")])
def test_the_units_own_rate_has_the_factor_one(order, unit):
    assert rate_unit(order, NANOMOLAR) == unit
    assert rate_scale(unit, order, NANOMOLAR) == 1


@pytest.mark.parametrize(
    ("expression", "order", "units", "sentence"),
    [
        ("/M", 2, NANOMOLAR, "/M is no unit for a rate of order 2; write it in /nM/s"),
        ("/m/s", 2, NANOMOLAR, "'m' is no concentration unit; use M, mM, uM, nM, pM"),
        ("M M/s", 0, NANOMOLAR, "M M/s is no unit; write units such as /M/s, /M^2/s, nM/s or /s"),
        (
            "/M/s",
            2,
            UNITLESS,
            "'M' is given, but this network has no concentration unit; drop it or start with '@units nM s'",
        ),
    ],
)
def test_wrong_rate_units_are_refused(expression, order, units, sentence):
    with pytest.raises(InputError) as caught:
        rate_scale(expression, order, units)
    assert str(caught.value) == sentence
