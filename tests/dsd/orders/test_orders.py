"""What is ordered and mixed: laws over random networks, and files read back."""

from __future__ import annotations

import csv
import io
from collections import Counter

import numpy as np
import openpyxl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dsd.errors import InputError, MappingError
from dsd.lower import lower
from dsd.lowering import Lowering
from dsd.network import Dose, Reaction, Species, network
from dsd.orders.lines import lint, needs, order
from dsd.orders.prices import Prices, default_prices, parse_prices
from dsd.orders.protocol import LEAST_UL, enough_uL, protocol
from dsd.orders.protocol_text import markdown, table
from dsd.orders.sheets import bulk, fasta, plates, wells
from dsd.schemes import SCHEMES
from dsd.sequences.letters import reverse_complement
from dsd.sequences.record import Sequences
from dsd.system import FUELS, System

NAMES = st.lists(st.sampled_from("ABCD"), max_size=2)
REACTIONS = st.lists(st.tuples(NAMES, NAMES, st.floats(1e-7, 1e-5)), min_size=1, max_size=3)


@st.composite
def systems(draw: st.DrawFn) -> System:
    """A few random reactions in gates, under either scheme, with one toehold or a palette of two."""
    reactions = [Reaction(tuple(r), tuple(p), k) for r, p, k in draw(REACTIONS) if r or p]
    options = Lowering(scheme=draw(st.sampled_from(sorted(SCHEMES))), long_nt=draw(st.integers(10, 24)))
    start = [Species(n, draw(st.floats(0, 50))) for n in "AB"]
    assume(reactions)
    palette = draw(st.booleans())
    try:
        return lower(network(reactions, start), options, lambda domain: "s" if palette and domain < "B" else "t")[0]
    except MappingError:
        assume(False)
        raise


def drawn(system: System, seed: int) -> Sequences:
    """Random letters for every domain: the laws are about structures, not about good sequences."""
    generator = np.random.default_rng(seed)
    return Sequences(tuple((d.name, "".join(generator.choice(list("ACT"), d.length))) for d in system.domains))


def volumes_add_up(system: System, volume: float, stock: float) -> None:
    p = protocol(system, volume, stock)
    assert p.total_uL == pytest.approx(volume, rel=1e-12)
    assert all(a.volume_uL >= 0 for a in p.additions)
    for a in p.additions:
        if a.stock_uM:
            assert a.stock_uM * a.volume_uL * 1000 == pytest.approx(a.final_nM * volume, rel=1e-9)
    buffered = sum(a.volume_uL for a in p.additions if a.step == "gate")
    stocks = sum(a.volume_uL for a in p.additions if a.step == "buffer")
    assert stocks * 10 + buffered == pytest.approx(volume, rel=1e-12)
    for tube, c in zip(p.anneals, system.complexes, strict=True):
        assert tube.strand_uL * stock == pytest.approx(tube.complex_uM * tube.total_uL)
        assert tube.buffer_uL * 10 == pytest.approx(tube.total_uL)
        pipetted = sum(a.volume_uL for a in p.additions if a.name == c.name and a.stock_uM == tube.complex_uM)
        assert tube.total_uL >= pipetted


@given(systems(), st.integers(0, 99))
@settings(max_examples=60, deadline=None)
def test_every_duplex_is_complementary_and_every_strand_is_ordered_once(system: System, seed: int) -> None:
    made = drawn(system, seed)
    lines = order(system, made, default_prices(), needs(system, 50.0))
    names = Counter(line.name for line in lines)
    assert set(names.values()) == {1}
    ordered = {line.name: line.sequence for line in lines}
    for c in system.complexes:
        *tops, bottom = (ordered[system.strand_of[s].name] for s in c.duplex.strands)
        under = reverse_complement(bottom)
        for top, text in zip(c.duplex.tops, tops, strict=True):
            start = sum(system.lengths[d.rstrip("*")] for d in c.duplex.bottom[: top.offset])
            assert under[start : start + len(text)] == text
        assert len(bottom) == sum(system.lengths[d.rstrip("*")] for d in c.duplex.bottom)
    supplied = {s.name for s in system.strands if s.initial > 0 or s.role in ("signal", *FUELS)}
    assert supplied <= set(names)
    # 5' to 3': the letters of the domains in the order of the strand, complements reversed.
    for s in system.strands:
        if s.name in ordered:
            assert ordered[s.name] == "".join(made.spell((d,)) for d in s.domains)


@given(systems(), st.floats(20, 5000), st.floats(300, 3000))
@settings(max_examples=60, deadline=None)
def test_volumes_add_up_and_amounts_are_those_of_the_system(system: System, volume: float, stock: float) -> None:
    try:
        protocol(system, volume, stock)
    except InputError as error:
        # The stock that the message asks for is enough.
        stock = 1.001 * float(str(error).split("too thin")[1].split("dissolve strands at ")[1].split(" ")[0])
    volumes_add_up(system, volume, stock)


@pytest.fixture(scope="module")
def catalyst() -> System:
    formal = network([Reaction(("C", "X"), ("C", "Y"), 1e-4)], [Species("C", 20.0)], doses=[Dose("X", 5.0, 60.0)])
    return lower(formal, Lowering())[0]


def test_fuels_come_last_and_small_volumes_are_diluted_where_there_is_room(catalyst: System) -> None:
    p = protocol(catalyst, 100.0, 1000.0)
    steps = [a.step for a in p.additions]
    assert steps == ["water", "buffer", "gate", "gate", "signal", *["fuel"] * 5]
    assert p.small == 0
    signal = p.additions[4]
    assert (signal.name, signal.volume_uL) == ("C", LEAST_UL)
    assert signal.stock_uM == pytest.approx(20.0 * 100 / 1000 / LEAST_UL)
    assert [(d.name, d.when, d.amount_nM, d.volume_uL) for d in p.doses] == [("X", "at 60 s", 5.0, 0.1)]
    tiny = protocol(catalyst, 2.0, 1000.0)
    assert tiny.small == 8
    assert protocol(catalyst, enough_uL(tiny) * 1.001, 1000.0).small == 0
    assert f"mix {enough_uL(tiny):.4g} µL" in markdown(tiny, "x")


def test_thin_stocks_are_refused_with_the_stock_that_would_do(catalyst: System) -> None:
    with pytest.raises(InputError, match=r"stocks of 1 µM are too thin: .* dissolve strands at [\d.]+ µM or more"):
        protocol(catalyst, 50.0, 1.0)
    with pytest.raises(InputError, match="a volume of 0 µL makes no protocol; give a number above 0"):
        protocol(catalyst, 0.0, 1000.0)


def test_the_protocol_as_a_table_adds_up(catalyst: System) -> None:
    p = protocol(catalyst, 50.0, 1000.0)
    rows = list(csv.DictReader(io.StringIO(table(p))))
    pot = [r for r in rows if r["tube"] == "pot" and not r["step"].startswith("dose")]
    assert sum(float(r["volume_uL"]) for r in pot) == pytest.approx(50.0, rel=1e-5)
    tubes = {r["tube"] for r in rows} - {"pot"}
    assert tubes == {c.name for c in catalyst.complexes}
    page = markdown(p, "a catalyst")
    assert page.startswith("# Mixing protocol: a catalyst\n")
    assert "| | sum | | 50 | |" in page


def test_sheets_read_back(catalyst: System) -> None:
    made = drawn(catalyst, 1)
    lines = order(catalyst, made, default_prices(), needs(catalyst, 50.0)) * 8
    assert len(lines) > 96
    rows = list(csv.DictReader(io.StringIO(bulk(lines))))
    assert [(r["Name"], r["Sequence"]) for r in rows] == [(n.name, n.sequence) for n in lines]
    assert [t for t in fasta(lines).splitlines() if not t.startswith(">")] == [n.sequence for n in lines]
    book = openpyxl.load_workbook(io.BytesIO(plates(lines)))
    assert book.sheetnames == ["Plate 1", "Plate 2"]
    read = [row for sheet in book for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert next(book["Plate 2"].iter_rows(values_only=True)) == ("Well Position", "Name", "Sequence")
    assert [(name, text) for _, name, text in read] == [(n.name, n.sequence) for n in lines]
    assert [well for well, _, _ in read][:13] == [f"A{i}" for i in range(1, 13)] + ["B1"]
    assert plates(lines) == plates(lines)


def test_wells_fill_a_plate_row_by_row() -> None:
    assert wells(98)[94:] == ((1, "H11"), (1, "H12"), (2, "A1"), (2, "A2"))


PRICES = """\
date = "2026-01-01"
currency = "$"
[[scale]]
name = "small"
max_nt = 50
per_base = 0.2
yield_nmol = 5
[[scale]]
name = "large"
max_nt = 90
per_base = 0.5
yield_nmol = 20
[[purification]]
name = "desalted"
max_nt = 60
per_strand = 0
recovery = 1
[[purification]]
name = "PAGE"
max_nt = 100
per_strand = 60
recovery = 0.5
"""


@pytest.fixture(scope="module")
def prices() -> Prices:
    return parse_prices(PRICES)


@pytest.mark.parametrize(
    ("length", "need", "scale", "purification", "syntheses", "price", "too_long"),
    [
        (25, 1.0, "small", "desalted", 1, 5.0, False),
        (25, 11.0, "large", "desalted", 1, 12.5, False),  # three small ones cost 15
        (55, 1.0, "large", "desalted", 1, 27.5, False),
        (70, 11.0, "large", "PAGE", 2, 2 * (35 + 60), False),
        (95, 0.0, "large", "PAGE", 1, 47.5 + 60, True),
    ],
)
def test_prices_by_hand(
    prices: Prices,
    length: int,
    need: float,
    scale: str,
    purification: str,
    syntheses: int,
    price: float,
    too_long: bool,
) -> None:
    c = prices.choose(length, need)
    assert (c.scale, c.purification, c.syntheses, c.too_long) == (scale, purification, syntheses, too_long)
    assert c.price == pytest.approx(price)


def test_strands_beyond_the_vendors_limit_are_named(catalyst: System, prices: Prices) -> None:
    lines = order(catalyst, drawn(catalyst, 1), prices, needs(catalyst, 50.0))
    assert [text.split(";")[0] for text in lint(lines, prices)] == [
        f"strand {name} has 100 nt and the price table ends at 90 nt" for name in ("J0_bottom", "F0_bottom")
    ]
    assert lint(order(catalyst, drawn(catalyst, 1), default_prices(), {}), default_prices()) == ()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("date", "day", "unknown key day; known are date, currency"),
        ("per_base = 0.2", "per_base = -1", r"\[\[scale\]\] small: per_base = -1; write a number >= 0"),
        ("max_nt = 50", "nt = 50", r"\[\[scale\]\] has the keys name, nt, .*; give each name, max_nt, per_base"),
        ("recovery = 0.5", 'recovery = "0.5"', r"PAGE: recovery = '0.5'; write a number above 0"),
        ('currency = "$"', "currency = $", "not valid TOML"),
    ],
)
def test_price_tables_that_cannot_be_used(old: str, new: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        parse_prices(PRICES.replace(old, new, 1))
    with pytest.raises(InputError, match=r"no \[\[scale\]\]; list at least one"):
        parse_prices('date = "2026-01-01"\n')


def test_needs_count_bound_strands_and_what_a_run_adds(catalyst: System) -> None:
    found = needs(catalyst, 10.0, {"J0": 7.0, "C_r": 3.0})
    gate = next(c for c in catalyst.complexes if c.name == "J0").initial
    assert found["J0_bottom"] == pytest.approx((gate + 7.0) * 1e-5)
    assert found["C_r"] == pytest.approx((1000.0 + 3.0 + gate + 7.0) * 1e-5)
    assert found["C"] == pytest.approx((20.0 + next(c for c in catalyst.complexes if c.name == "F0").initial) * 1e-5)
