"""Gate geometry: duplexes in the top sense, exposed toeholds in brackets."""

import pytest

from dsd.errors import InputError
from dsd.schemes import irreversible, scheme, two_domain
from dsd.schemes.annihilator import annihilator
from dsd.schemes.source import initiator, source
from dsd.schemes.two_domain import universal_toehold as t


def test_signals_and_their_reverse_strands():
    assert two_domain.signal("x", t) == ("t", "x")
    assert two_domain.reverse("x", t) == ("x", "t")


def test_joins():
    assert str(two_domain.join(("x", "y"), "", "r", t)) == "[t] x.t y.t r.t"
    assert str(irreversible.join(("x", "y"), "i", "r", t)) == "[t] x.t y.t i r.t"
    assert str(irreversible.join(("x",), "i", "r", t)) == "[t] x.t i r.t"


def test_helpers_cover_what_they_release():
    assert two_domain.helper("", "r", t) == ("t", "r")
    assert irreversible.helper("i", "r", t) == ("t", "i", "r")


def test_forks_release_the_first_output_first():
    assert str(two_domain.fork(("y1", "y2"), "r", "e", t)) == "e t.y2 t.y1 t.r [t]"
    assert str(two_domain.fork((), "r", "e", t)) == "e t.r [t]"


def test_annihilators_and_sinks():
    assert str(annihilator(("x", "y", "z"), t)) == "[t] x.t y.t z"
    assert str(annihilator(("x",), t)) == "[t] x"


def test_a_source_has_no_exposed_toehold():
    gate = source(("y1", "y2"), "i", "r", "e", t)
    assert str(gate) == "e t.y2 t.y1 t.r i"
    assert gate.exposed == ()
    assert initiator("i", "r") == ("r", "i")


def test_toeholds_come_from_an_assignment():
    def by_name(domain):
        return f"t{domain[0]}"

    assert str(two_domain.fork(("y",), "r", "e", by_name)) == "e ty.y tr.r [tr]"


def test_an_unknown_scheme_lists_the_known_ones():
    with pytest.raises(InputError, match="no gate scheme 'seesaw'; choose one of two-domain-irreversible, two-domain"):
        scheme("seesaw")
