"""The displacement rule on single duplexes."""

from dsd.displacement import displace, landing, matches
from dsd.schemes import irreversible, two_domain
from dsd.schemes.two_domain import universal_toehold as t

TOEHOLDS = frozenset({"t"})
LENGTHS = {"t": 5, "x": 20, "i": 20, "r": 20}
JOIN = irreversible.join(("x",), "i", "r", t)


def test_a_signal_displaces_a_reverse_strand_whose_toehold_opens():
    assert matches(JOIN, ("t", "x"), 0)
    assert landing(JOIN, ("t", "x"), 0, LENGTHS) == 5
    step = displace(JOIN, ("t", "x"), 0, TOEHOLDS)
    assert str(step.after) == "t.x [t] i r.t"
    assert step.freed == (("x", "t"),)


def test_a_helper_displaces_two_strands_and_cannot_be_pushed_out():
    bound = displace(JOIN, ("t", "x"), 0, TOEHOLDS).after
    step = displace(bound, ("t", "i", "r"), 2, TOEHOLDS)
    assert str(step.after) == "t.x t.i.r [t]"
    assert step.freed == (("i",), ("r", "t"))
    assert landing(step.after, ("r", "t"), 4, LENGTHS) == 5
    assert displace(step.after, ("r", "t"), 4, TOEHOLDS) is None


def test_a_covered_toehold_does_not_count():
    fork = two_domain.fork((), "r", "i", t)
    assert str(fork) == "i t.r [t]"
    assert landing(fork, ("t", "r"), 1, LENGTHS) == 0
    assert not matches(fork, ("t", "x"), 1)
