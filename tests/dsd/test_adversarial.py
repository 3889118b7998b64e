"""What integrators are known to fail at: every method gives the right answer, or says that it cannot.

References: F. Mazzia and C. Magherini, Test Set for Initial Value Problem Solvers, release 2.4 (2008): HIRES (II-1),
ROBER (II-10), OREGO (II-9), VDPOL; E. Hairer and G. Wanner, Solving Ordinary Differential Equations II, section
IV.10, which states the same problems.
"""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from dsd.errors import InputError
from dsd.integrate import Engine, Method, Tolerance
from dsd.network import Network, Reaction, network
from dsd.syntax import parse_crn

METHODS: tuple[Method, ...] = ("ndf", "dense", "krylov")
every_method = pytest.mark.parametrize("method", METHODS)

ROBERTSON = parse_crn("A @initial 1\nA -> B [k = 0.04]\n2 B -> B + C [k = 3e7]\nB + C -> A + C [k = 1e4]")

HIRES = parse_crn("""
@species: Y1 = 1, Y2, Y3, Y4, Y5, Y6, Y7, Y8 = 0.0057
-> Y1 [k = 0.0007]
Y1 -> Y2 [k = 1.71]
Y2 -> Y1 [k = 0.43]
Y2 -> Y4 [k = 8.32]
Y3 -> Y1 [k = 8.32]
Y3 -> Y4 [k = 1.71]
Y4 -> Y3 [k = 0.43]
Y4 -> Y6 [k = 0.69]
Y5 -> Y3 [k = 0.035]
Y5 -> Y6 [k = 1.71]
Y6 -> Y5 [k = 0.43]
Y6 + Y8 -> Y7 [k = 280]
Y7 -> Y6 + Y8 [k = 0.69]
Y7 -> Y5 + Y8 [k = 0.43]
Y7 -> Y8 [k = 0.69]
""")

OREGONATOR = network(
    [
        Reaction(("Y2",), ("Y2", "Y1"), 77.27),
        Reaction(("Y1",), ("Y1", "Y1"), 77.27),
        Reaction(("Y1", "Y1"), ("Y1",), 77.27 * 8.375e-6),
        Reaction(("Y1", "Y2"), ("Y2",), 77.27),
        Reaction(("Y3",), ("Y3", "Y2"), 1 / 77.27),
        Reaction(("Y2",), (), 1 / 77.27),
        Reaction(("Y1", "Y2"), ("Y1",), 1 / 77.27),
        Reaction(("Y1",), ("Y1", "Y3"), 0.161),
        Reaction(("Y3",), (), 0.161),
    ],
    parse_crn("@species: Y1 = 1, Y2 = 2, Y3 = 3").species,
)

PUBLISHED = {
    "ROBER": (
        ROBERTSON, 1e11, Tolerance(1e-9, 1e-18),
        [0.2083340149701255e-7, 0.8333360770334713e-13, 0.9999999791665050],
    ),
    "HIRES": (
        HIRES, 321.8122, Tolerance(1e-9, 1e-14),
        [0.7371312573325668e-3, 0.1442485726316185e-3, 0.5888729740967575e-4, 0.1175651343283149e-2,
         0.2386356198831331e-2, 0.6238968252742796e-2, 0.2849998395185769e-2, 0.2850001604814231e-2],
    ),
    "OREGO": (
        OREGONATOR, 360.0, Tolerance(1e-9, 1e-12),
        [0.1000814870318523e1, 0.1228178521549917e4, 0.1320554942846706e3],
    ),
}  # fmt: skip


@every_method
@pytest.mark.parametrize("name", PUBLISHED)
def test_published_stiff_problems(name: str, method: Method) -> None:
    net, until, tolerance, expected = PUBLISHED[name]
    engine = Engine(net, tolerance, method)
    end = engine.run(0.0, engine.initial, until).state
    assert end == pytest.approx(expected, rel=2e-5, abs=1e-28)


def van_der_pol(stiffness: float, annihilation: float) -> Network:
    """y' = z, z' = stiffness ((1 - y^2) z - y), each variable the difference of two rails that annihilate.

    Annihilation takes as much from one rail as from the other: the differences obey van der Pol's equation exactly.
    """
    pairs = {True: "p", False: "n"}
    reactions = [Reaction((f"Z{s}",), (f"Z{s}", f"Y{s}"), 1.0) for s in "pn"]
    reactions += [Reaction((f"Z{s}",), (f"Z{s}", f"Z{s}"), stiffness) for s in "pn"]
    reactions += [Reaction((f"Y{s}",), (f"Y{s}", f"Z{pairs[s == 'n']}"), stiffness) for s in "pn"]
    for a, b, c in itertools.product("pn", repeat=3):
        into = pairs[(a == b) != (c == "p")]
        cubic = (f"Y{a}", f"Y{b}", f"Z{c}")
        reactions.append(Reaction(cubic, (*cubic, f"Z{into}"), stiffness))
    reactions += [Reaction((f"{v}p", f"{v}n"), (), annihilation) for v in "YZ"]
    return network(reactions, parse_crn("@species: Yp = 2, Yn, Zp, Zn").species)


@every_method
def test_van_der_pols_relaxation_oscillator_in_rails(method: Method) -> None:
    """VDPOL at a stiffness of 1e6, over three of its jumps."""
    engine = Engine(van_der_pol(1e6, 1e9), Tolerance(1e-9, 1e-14, floor=1e-9), method)
    yp, yn, zp, zn = engine.run(0.0, engine.initial, 2.0).state
    assert yp - yn == pytest.approx(0.1706167732170483e1, rel=1e-4)
    assert zp - zn == pytest.approx(-0.8928097010247975, rel=1e-4)


@every_method
def test_rates_over_eighteen_decades(method: Method) -> None:
    """A <=> B equilibrates at once (1e9), B leaks out at 1e-9: A + B falls as exp(-1e-9 t / 2)."""
    net = parse_crn("A @initial 1\nA <=> B [kf = 1e9, kr = 1e9]\nB -> C [k = 1e-9]")
    engine = Engine(net, Tolerance(1e-8, 1e-12), method)
    a, b, c = engine.run(0.0, engine.initial, 1e9).state
    assert c == pytest.approx(1 - math.exp(-0.5), rel=1e-5)
    assert a == pytest.approx(b, rel=1e-6)


@every_method
def test_autocatalysis_from_nothing_stays_nothing(method: Method) -> None:
    engine = Engine(parse_crn("A @initial 1\nA + B -> 2 B [k = 1e3]"), Tolerance(1e-8, 1e-24), method)
    assert engine.run(0.0, engine.initial, 1e6).state.tolist() == [1.0, 0.0]


@every_method
def test_autocatalysis_from_a_seed_is_logistic(method: Method) -> None:
    """B' = A B with A + B = 1 + b: B = (1 + b) / (1 + exp(-(1 + b) t) / b)."""
    engine = Engine(parse_crn("A @initial 1\nA + B -> 2 B"), Tolerance(1e-9, 1e-24), method)
    b, t = 1e-12, 30.0
    end = engine.run(0.0, np.array([1.0, b]), t).state
    assert end[1] == pytest.approx((1 + b) / (1 + np.exp(-(1 + b) * t) / b), rel=1e-6)


@every_method
@pytest.mark.parametrize("text", ["A @initial 2", "A @initial 2\nA -> B [k = 0]", "@species: A = 2, B, C"])
def test_nothing_happens_where_nothing_can(text: str, method: Method) -> None:
    """One species, a rate of zero, no reactions."""
    engine = Engine(parse_crn(text), method=method)
    assert engine.run(0.0, engine.initial, 1e6).state[0] == 2.0


@every_method
def test_an_empty_network_is_refused(method: Method) -> None:
    with pytest.raises(InputError, match=r"^the network has no species; nothing can be simulated; add a reaction or a"):
        Engine(network([]), method=method)
