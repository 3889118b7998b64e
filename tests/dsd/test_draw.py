"""Pictures: every part is there and named, colours agree between pictures, and nothing lies on anything else."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsd.closure import Closure
from dsd.domains import Duplex, Top
from dsd.draw import parts
from dsd.draw_circuit import circuit
from dsd.draw_folded import Tooth, teeth
from dsd.draw_layout import NODE_ROW, ROW, layout
from dsd.draw_pathway import forward, pathway
from dsd.draw_strand import FAINT, GAP, Look, canvas, draw_duplex, power, readable, rendered
from dsd.errors import InputError
from dsd.kernel import parse_kernel
from dsd.lower import Lowering, lower
from dsd.network import NANOMOLAR, Network, Reaction, Species, network
from dsd.palette import domain_colours
from dsd.system import BOTTOM, System

SVG = "{http://www.w3.org/2000/svg}"


def words(svg: str) -> list[str]:
    """Every text of a picture, in order."""
    return [e.text or "" for e in ElementTree.fromstring(svg).iter(f"{SVG}text")]


@pytest.fixture(scope="module")
def plain() -> Network:
    """Inputs A and B make C, C is handed on by O2, two rails annihilate, D is flushed by O3."""
    return network(
        [
            Reaction(("A", "B"), ("C", "A", "B"), stage="N1"),
            Reaction(("C", "O2"), ("D", "O2"), stage="N2"),
            Reaction(("D", "O3"), ("O3",), stage="N3"),
            Reaction(("E", "O3"), ("A", "O3"), stage="N3"),
            Reaction(("D", "C"), (), stage="fast"),
            Reaction(("O1", "O2"), ("O2", "O2"), stage="clock"),
            Reaction(("O2", "O3"), ("O3", "O3"), stage="clock"),
            Reaction(("O3", "O1"), ("O1", "O1"), stage="clock"),
        ],
        [Species("A", 1.0), Species("B", 1.0), *(Species(o, 1.0, "clock") for o in ("O1", "O2", "O3"))],
        meta=[("design", "example")],
    )


@pytest.fixture(scope="module")
def system() -> System:
    reactions = [
        Reaction(("X",), ("Y", "X"), 1e-4), Reaction(("X", "Y"), (), 2e-4), Reaction((), ("X",), 1e-9),
        Reaction(("X", "X"), ("X", "X", "X"), 1e-5),
    ]  # fmt: skip
    return lower(network(reactions, [Species("X", 20.0)], units=NANOMOLAR), Lowering())[0]


def test_a_duplex_as_svg() -> None:
    """One top strand x t of an open duplex [t] x.t: colours by domain, 3' ends right above and left below."""
    drawing = canvas(120, 40)
    draw_duplex(drawing, Look({"t": 20, "x": 50}, {"t": "#ff0000", "x": "#0000ff"}), 10, 20, DUPLEX)
    lines = re.findall(r'<path d="M([\d.,-]+) L([\d.,-]+)" stroke="(#\w+)"', rendered(drawing))
    assert lines == [
        ("32,25.5", "98,25.5", "#c4c9d1"),
        ("10,31.0", "30,31.0", "#ff0000"), ("30,31.0", "80,31.0", "#0000ff"), ("80,31.0", "100,31.0", "#ff0000"),
        ("10,31.0", "17,35.5", "#ff0000"),
        ("30,20", "80,20", "#0000ff"), ("80,20", "97.0,20", "#ff0000"), ("97.0,20", "90.0,15.5", "#ff0000"),
    ]  # fmt: skip
    assert words(rendered(drawing)) == ["t*", "x", "t"]
    assert GAP == 11.0


DUPLEX = Duplex(("t", "x", "t"), (Top(1, ("x", "t")),))


def test_the_sheet_names_every_part_that_is_supplied(system: System) -> None:
    svg = parts(system, "small")
    found = [e.text or "" for e in ElementTree.fromstring(svg).iter(f"{SVG}text") if e.get("fill") == FAINT]
    for c in system.complexes:
        assert sum(w.startswith(f"{c.role} {c.name}, ") for w in found) == 1
    for s in system.strands:
        name = s.name if s.role == "signal" else f"{s.role} {s.name}"
        supplied = s.role == "signal" or (s.initial > 0 and s.role != BOTTOM)
        assert sum(w == name or w.startswith(f"{name}, ") for w in found) == supplied, s.name
    assert [w for w in words(svg) if "→" in w] == [
        "1.  X → Y + X",
        "2.  X + Y → ∅",
        "3.  ∅ → X",
        "4.  X + X → X + X + X",
    ]


def test_no_two_parts_of_a_large_sheet_touch() -> None:
    """Three hundred signals: names stay at 9 px or more, and captions stand apart."""
    ring = [Reaction((f"S{i}", f"S{(i + 1) % 300}"), (f"S{(i + 1) % 300}",) * 2, 1e-6) for i in range(300)]
    large, _ = lower(network(ring, [Species(f"S{i}", 1.0) for i in range(300)], units=NANOMOLAR), Lowering())
    svg = parts(large)
    assert min(float(s) for s in re.findall(r'font-size="([\d.]+)"', svg)) >= 9
    places = re.findall(r'<text x="([\d.]+)" y="([\d.]+)" font-size="9"', svg)
    assert len(places) == len(set(places)) == 300 + 600 + 300 + 300 + 1
    rows = Counter(y for _, y in places)
    for y in rows:
        xs = sorted(float(x) for x, row in places if row == y)
        assert all(b - a > 60 for a, b in pairwise(xs))


def test_storyboards_follow_each_gate_to_its_end(system: System) -> None:
    """A join takes its inputs in order, then the helper; a fork the translator, reverse strands, the end strand."""
    closure, names = Closure(system), {s.domains: s.name for s in system.strands}
    paths = {c.name: [names[s.strand] for s in forward(system, closure, c)] for c in system.complexes}
    assert paths == {
        "J0": ["X", "H0"], "F0": ["T0", "Y_r", "X_r", "End"], "A1": ["X", "Y"], "A1m": ["Y", "X"],
        "S2": ["I2", "X_r", "End"], "J3": ["X", "X", "H3"], "F3": ["T3", "X_r", "X_r", "X_r", "End"],
    }  # fmt: skip
    found = words(pathway(system, 0))
    assert found[0] == "1.  X → Y + X"
    assert [w for w in found if w.split()[0] in ("join", "fork")] == ["join J0", "fork F0"]
    assert found.count("10⁶ /M/s") == 6
    assert found.count("spent") == 2
    assert "T0 · translator" in found
    with pytest.raises(InputError, match=r"^there is no reaction 9; this system has 4 reactions$"):
        pathway(system, 8)


def test_a_circuit_shows_what_gates_what(plain: Network) -> None:
    found = layout(plain)
    assert found.lanes == ("N1", "N2", "N3")
    assert found.ring == ("O1", "O2", "O3")
    assert dict(found.home) == {"A": 0, "B": 0, "C": 1, "D": 2, "E": 2}
    assert {p for p in found.places if p[0] == "A"} == {("A", 0), ("A", 3)}
    assert [n.gate for n, _ in found.nodes] == ["", "O2", "O3"]
    assert found.nodes[0][0].catalysts == (("A", 0), ("B", 0))
    assert found.sinks == ((("D", 2), "O3"),)
    assert found.pairs == ((("D", 2), ("C", 1)),)
    names = words(circuit(plain))
    assert Counter(names) == Counter(
        ["example", "O1", "O2", "O3", "N1", "N2", "O2", "N3", "O3", *"ABCDEA", "∅", names[-1]]
    )


def test_colours_are_those_of_the_strands() -> None:
    """A species' box and its strand's long domain, in three different pictures."""
    net = network([Reaction(("A",), ("B",), 1e-4)], [Species("A", 9.0)], units=NANOMOLAR)
    system, _ = lower(net, Lowering())
    colour = domain_colours(system)
    assert len({colour["A"], colour["B"], colour["t"]}) == 3
    for svg in (parts(system), pathway(system, 0), circuit(net)):
        fills = {e.text: e.get("fill") for e in ElementTree.fromstring(svg).iter(f"{SVG}text")}
        assert fills.get("A") in (colour["A"], FAINT)
        assert colour["A"] in svg
        assert colour["B"] in svg


SPECIES = st.sampled_from([f"S{i}" for i in range(9)])
SIDE = st.lists(SPECIES, max_size=3).map(tuple)
REACTIONS = st.lists(st.builds(Reaction, SIDE, SIDE, stage=st.sampled_from(["N1", "N2", "N3"])), min_size=1, max_size=9)


@settings(max_examples=60, deadline=None)
@given(REACTIONS)
def test_no_species_or_reaction_lies_on_another(reactions: list[Reaction]) -> None:
    net = network(reactions)
    found = layout(net)
    for rows, gap in (
        ([(c, y) for (_, c), y in found.places.items()], ROW),
        ([(n.lane, y) for n, y in found.nodes], NODE_ROW),
    ):
        for column in {c for c, _ in rows}:
            ys = sorted(y for c, y in rows if c == column)
            assert all(b - a >= gap - 1e-6 for a, b in pairwise(ys))
    named = {s for s, _ in found.places if not s.startswith(">")}
    assert named == {s for r in reactions for s in r.species}
    assert circuit(net) == circuit(net)


def test_numbers_and_reactions_as_words() -> None:
    assert (power(1e6), power(7.6e5), power(1.4)) == ("10⁶", "7.6·10⁵", "1.4")
    assert (readable("A + B ->"), readable("-> A")) == ("A + B → ∅", "∅ → A")


def test_gates_with_free_ends_are_combs() -> None:
    """The first output gate of A + B -> C: its strand lies on the bottom by the history, its other half slants away."""
    comb = teeth(parse_kernel("h0_0( x2a( x2b x2c + ) ) x1c*"))
    assert comb == (Tooth(1, (), ("h0_0", "x2a"), ("x2b", "x2c")),)
    held = teeth(parse_kernel("h x( y + z( w + ) ) t*"))
    assert held == (Tooth(1, ("h",), ("x",), ("y",)), Tooth(2, (), ("z",), ("w",)))


@pytest.mark.parametrize("kernel", ["a( t( b ) )", "a( b c( + ) x )", "a( + ) b( + )", "a b"])
def test_other_structures_are_written_instead(kernel: str) -> None:
    """A hairpin, a strand bound at both of its ends, two bottoms, and a strand alone."""
    assert teeth(parse_kernel(kernel)) is None
